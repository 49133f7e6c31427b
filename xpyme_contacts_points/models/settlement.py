from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_compare, format_date

from odoo.addons.xpyme_contacts.tools import row_locks

from ..tools import period

SETTLER = "sales_team.group_sale_manager"


class PointsSettlement(models.Model):
    """A period of a customer that has become a voucher (seed 004: Vales por Puntos).

    It is what was settled, as it was then, and a lot of the voucher: what it gave and
    until when that can be used. Amounts are in the company's currency.
    """

    _name = "xpyme.points.settlement"
    _description = "Settlement of Points"
    _technicians_only_read = True
    _order = "date_to desc, id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    # Kept, not related: the amounts stay what they are, and of thousands that are
    # settled none is looked up or reckoned before it is made.
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    mode = fields.Selection(
        [("percent", "Percent of the sales"), ("points", "Value of the points")],
        required=True,
        readonly=True,
    )
    base = fields.Monetary(
        string="Sales", readonly=True, help="Of the period, with tax."
    )
    points = fields.Float(digits=(16, 2), readonly=True, help="Earned in the period.")
    voucher_percent = fields.Float(string="%", digits=(5, 2), readonly=True)
    point_value = fields.Float(
        string="Value of a Point", digits=(16, 4), readonly=True, aggregator=None
    )
    amount = fields.Monetary(string="Voucher", readonly=True)
    spent_amount = fields.Monetary(
        string="Spent", readonly=True, help="What is known to be spent."
    )
    lapsed_amount = fields.Monetary(
        string="Lapsed", readonly=True, help="What nobody used in time."
    )
    remaining_amount = fields.Monetary(
        string="Left",
        compute="_compute_remaining_amount",
        help="What is not known to be spent yet.",
    )
    expiration_date = fields.Date(
        string="Usable until", readonly=True, help="Empty: for ever."
    )
    card_id = fields.Many2one(
        "loyalty.card",
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The customer's voucher, to which the amount was added.",
    )
    state = fields.Selection(
        [
            ("done", "Settled"),
            # What comes late is counted in the running period all the same.
            ("empty", "Without Sales"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="done",
    )

    _period_uniq = models.UniqueIndex(
        "(company_id, partner_id, date_from, date_to) WHERE state = 'done'",
        "This period of the customer has just been settled.",
    )

    @api.depends("partner_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for settlement in self:
            settlement.display_name = self.env._(
                "%(customer)s, %(start)s to %(end)s",
                customer=settlement.partner_id.name,
                start=format_date(self.env, settlement.date_from),
                end=format_date(self.env, settlement.date_to),
            )

    @api.depends("amount", "spent_amount", "lapsed_amount", "state")
    def _compute_remaining_amount(self):
        for lot in self:
            gone = lot.spent_amount + lot.lapsed_amount
            lot.remaining_amount = lot.state == "done" and lot.amount - gone

    # === RIGHTS ===#

    @api.model
    def _check_may_settle(self):
        """:raise AccessError: settling is for sales administrators"""
        self._refuse_technician()
        if not (self.env.su or self.env.user.has_group(SETTLER)):
            raise AccessError(
                self.env._(
                    "Vouchers are given and taken back by sales administrators: ask "
                    "one of them."
                )
            )

    # === WORDS ===#

    def _tell(self):
        """What was settled, when and how much, as a sentence."""
        self.ensure_one()
        company = self.company_id
        day = company._to_local_day(self.create_date)
        return self.env._(
            "Settled from %(start)s to %(end)s on %(day)s: %(amount)s.",
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
            day=format_date(self.env, day),
            amount=company.currency_id.format(self.amount),
        )

    def _get_told_action(self):
        """Tells what was given; the screen behind is read anew."""
        total = self.currency_id.format(sum(self.mapped("amount")))
        if len(self) == 1:
            message = self.env._(
                "%(customer)s has a voucher of %(amount)s more.",
                customer=self.partner_id.name,
                amount=total,
            )
        else:
            message = self.env._(
                "Vouchers given: %(count)s, %(amount)s in all.",
                count=len(self),
                amount=total,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _prepare_history_vals(self, description):
        return {
            "description": description,
            "order_model": self._name,
            "order_id": self.id,
        }

    # === GIVING ===#

    @api.model
    def _give(self, vals_list, company):
        """Settle periods of one company, each onto its customer's voucher.

        :param vals_list: of the settlements, without their cards
        """
        customers = self.env["res.partner"]
        amounts = {
            customers.browse(vals["partner_id"]): vals["amount"] for vals in vals_list
        }
        cards = self.env["loyalty.card"]._top_up_vouchers(amounts, company)
        card_ids = {customer.id: card.id for customer, card in cards.items()}
        settlements = self.create(
            [{**vals, "card_id": card_ids[vals["partner_id"]]} for vals in vals_list]
        )
        by_card = {settlement.card_id: settlement for settlement in settlements}
        description = self.env._("Settlement of points")
        settlements.card_id._write_history(
            {card: settlement.amount for card, settlement in by_card.items()},
            lambda card: by_card[card]._prepare_history_vals(description),
        )
        settlements._date_cards()
        return settlements

    def _date_cards(self):
        """A card can be used as long as the lot that lives longest."""
        if not self:
            return
        today = self.company_id._get_local_today()
        lots = self._read_group(
            [
                ("card_id", "in", self.card_id.ids),
                ("state", "=", "done"),
                "|",
                ("expiration_date", "=", False),
                ("expiration_date", ">=", today),
            ],
            ["card_id"],
            ["expiration_date:max", "expiration_date:count", "__count"],
        )
        dates = defaultdict(list)
        for card, last, dated, count in lots:
            until = last if dated == count else False
            if card.expiration_date != until:
                dates[until].append(card.id)
        for until, card_ids in dates.items():
            self.card_id.browse(card_ids).expiration_date = until

    # === TAKING BACK ===#

    def action_cancel_settlement(self):
        """Take the voucher back; its period can be settled again.

        :raise UserError: some of it has been used or has lapsed
        """
        self._check_may_settle()
        self.check_access("read")
        # sudo: nobody writes settlements but this method, for whom may settle.
        for settlement in self.sudo().filtered(lambda s: s.state == "done"):
            row_locks.touch(settlement.partner_id)
            settlement._check_unspent()
            settlement.card_id._allot_spent()
            settlement.state = "cancelled"
            settlement.card_id._add_amounts(
                {settlement.card_id: -settlement.amount},
                lambda _card, taken=settlement: taken._prepare_history_vals(
                    self.env._("Settlement of points, cancelled")
                ),
            )
            settlement._date_cards()
            settlement._reopen_period()
        return True

    def _check_unspent(self):
        """:raise UserError: the voucher does not have the amount any more"""
        held = self.card_id.points * self.card_id.program_id._get_coin()
        rounding = self.currency_id.rounding
        is_spent = float_compare(held, self.amount, precision_rounding=rounding) < 0
        if self.lapsed_amount or is_spent:
            raise UserError(
                self.env._(
                    "The voucher of %(amount)s of %(customer)s cannot be taken back: "
                    "some of it has been used or has lapsed. %(held)s are left.",
                    amount=self.currency_id.format(self.amount),
                    customer=self.partner_id.display_name,
                    held=self.currency_id.format(held),
                )
            )

    def _reopen_period(self):
        """It is the customer's period again, unless another one was typed since."""
        customer = self.partner_id.with_company(self.company_id)
        own = (self.date_from, self.date_to)
        now = (customer.points_period_start, customer.points_period_end)
        if now == period.get_next(*own):
            customer._set_points_periods({own: customer})

    # === LAPSING ===#

    @api.model
    def _take_lapsed(self):
        """Each night: what nobody used in time goes off the vouchers."""
        # sudo: by the scheduled action, of all companies.
        lots = self.sudo()
        companies = lots._read_group(
            [("state", "=", "done"), ("expiration_date", "!=", False)], ["company_id"]
        )
        for (company,) in companies:
            lots._take_lapsed_of(company)

    @api.model
    def _take_lapsed_of(self, company, customers=None):
        """Of all the company's customers where none are given."""
        cards = self.env["loyalty.card"]
        vouchers = cards._read_vouchers(company, customers)
        lapsing = [v.card_id for v in vouchers.values() if v.lapsing > 0]
        if not lapsing:
            return
        cards = cards.browse(lapsing)
        cards._allot_spent()
        today = company._get_local_today()
        dead = cards.settlement_ids.filtered(
            lambda lot: lot.remaining_amount and lot._is_lapsed(today)
        )
        by_card = dead.grouped("card_id")
        cards._add_amounts(
            {
                card: -sum(lots.mapped("remaining_amount"))
                for card, lots in by_card.items()
            },
            lambda _card: {"description": self.env._("Lapsed: not used in time")},
        )
        for lot in dead:
            lot.lapsed_amount += lot.remaining_amount

    def _is_lapsed(self, today):
        self.ensure_one()
        return bool(self.expiration_date) and self.expiration_date < today

    # === MERGING ===#

    def _add_to(self, kept):
        """These settlements, of the period of ``kept``, become part of it."""
        if not self:
            return
        both = self | kept
        dates = both.mapped("expiration_date")
        kept.write(
            {
                **{
                    fname: sum(both.mapped(fname))
                    for fname in (
                        *("base", "points", "amount"),
                        *("spent_amount", "lapsed_amount"),
                    )
                },
                "expiration_date": all(dates) and max(dates),
            }
        )
        self.unlink()
