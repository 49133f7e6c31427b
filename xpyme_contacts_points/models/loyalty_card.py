from collections import namedtuple
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL, float_round, format_amount

from odoo.addons.xpyme_contacts.tools.inner import heard, inner

# What a customer has in a company: amounts in its currency, ``expires`` the day until
# which the next part can be used, ``lapsing`` what has lapsed and is still on the card.
Voucher = namedtuple("Voucher", "card_id code balance expires lapsing")
QUIETLY = {"loyalty_no_mail": True, "tracking_disable": True}
# What a document moves on a voucher, with whatever rights it is confirmed.
BY_DOCUMENT = inner("xpyme_voucher_by_document")
# Who may move vouchers by hand.
_MOVER = "sales_team.group_sale_manager"
_GUARDED = {
    *("active", "code", "expiration_date", "partner_id", "program_id"),
    *("points", "loose_points"),
}

_VOUCHERS = """
WITH card AS (
    SELECT card.id, card.partner_id, card.code,
           round((card.points * reward.discount)::numeric, 6) AS amount,
           round((COALESCE(card.loose_points, 0) * reward.discount)::numeric, 6)
               AS loose
      FROM loyalty_card card
      JOIN loyalty_program program ON program.id = card.program_id
       AND program.is_customer_voucher AND program.company_id = %(company)s
      JOIN loyalty_reward reward ON reward.program_id = program.id AND reward.active
     WHERE card.active AND %(condition)s
), part AS (
    SELECT id, card_id, expiration_date, COALESCE(spent_amount, 0) AS spent,
           amount - COALESCE(spent_amount, 0) - COALESCE(lapsed_amount, 0) AS remaining
      FROM xpyme_points_settlement WHERE state = 'done'
), lot AS (
    SELECT part.*, card.amount AS held, card.loose,
           COALESCE(part.expiration_date >= %(today)s, TRUE) AS lives,
           SUM(part.remaining) OVER (
               PARTITION BY card.id
               ORDER BY part.expiration_date DESC NULLS FIRST, part.id DESC
           ) - part.remaining AS later
      FROM card JOIN part ON part.card_id = card.id
), sum AS (
    SELECT card_id, held - loose - SUM(remaining) AS surplus,
           COALESCE(SUM(spent) FILTER (WHERE lives), 0) AS living_spent,
           COALESCE(SUM(remaining) FILTER (WHERE NOT lives), 0) AS dead,
           COALESCE(SUM(spent) FILTER (WHERE NOT lives), 0) AS dead_spent,
           MIN(expiration_date) FILTER (
               WHERE lives AND remaining > 0 AND later < held) AS expires
      FROM lot GROUP BY card_id, held, loose
)
SELECT card.partner_id, card.id, card.code, card.amount::float, sum.expires,
       COALESCE(
           GREATEST(sum.dead + LEAST(sum.surplus, 0), 0)
           + LEAST(GREATEST(sum.surplus - sum.living_spent, 0), sum.dead_spent),
           0)::float
  FROM card LEFT JOIN sum ON sum.card_id = card.id
"""


class LoyaltyCard(models.Model):
    """A customer's voucher: one card in each company, which settlements top up.

    Of two cards of one program the till takes the first only and says nothing. What
    each settlement gave, and until when it can be used, its lot says: the first to
    lapse is spent first. Spending is told of the card; which lots it was is noted
    (``_allot_spent``) before a lot comes or goes, when the others are still as they
    were.
    """

    _inherit = "loyalty.card"

    is_customer_voucher = fields.Boolean(related="program_id.is_customer_voucher")
    settlement_ids = fields.One2many(
        "xpyme.points.settlement",
        "card_id",
        help="What the voucher was given, and until when each part can be used.",
    )

    loose_points = fields.Float(
        readonly=True,
        copy=False,
        help="Of the points of a voucher, what was put on by hand: it does not lapse.",
    )

    # === RIGHTS ===#

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        cards._check_may_move()
        return cards

    def write(self, vals):
        if not _GUARDED.isdisjoint(vals):
            self._check_may_move()
        by_hand = self.browse()
        if "points" in vals and not self._is_moved_by_document():
            by_hand = self._filter_vouchers()
            by_hand._allot_spent()
        before = by_hand.mapped("points")
        result = super().write(vals)
        for card, points in zip(by_hand, before, strict=True):
            # sudo: ours to keep.
            card.sudo().loose_points += max(card.points - points, 0)
        if "program_id" in vals:
            self._check_may_move()
        return result

    def unlink(self):
        self._check_may_move()
        return super().unlink()

    def _check_may_move(self):
        """:raise AccessError: vouchers are given by settlements and used in documents,
        points that become vouchers are earned in documents; by hand both are moved by
        sales administrators"""
        vouchers = self._filter_vouchers()
        is_free = self.env.su or self._is_moved_by_document()
        if not vouchers and (is_free or not self._filter_points()):
            return
        self._refuse_technician()
        if is_free or self.env.user.has_group(_MOVER):
            return
        if vouchers:
            message = self.env._(
                "Vouchers are given by settlements and used in documents: ask a "
                "sales administrator to change one by hand."
            )
        else:
            message = self.env._(
                "Points are earned in documents: ask a sales administrator to change "
                "them by hand."
            )
        raise AccessError(message)

    def _filter_points(self):
        """Those with points that settlements count."""
        # sudo: as for vouchers.
        programs = self.sudo().program_id
        programs = programs.filtered(lambda one: one.program_type == "loyalty")
        return self.filtered(lambda card: card.program_id in programs)

    def _filter_vouchers(self):
        """Those that are vouchers: of thousands the few programs know it."""
        # sudo: which programs are of vouchers, for whoever works with their cards.
        programs = self.sudo().program_id.filtered("is_customer_voucher")
        return self.filtered(lambda card: card.program_id in programs)

    def _is_moved_by_document(self):
        return heard(self.env.context, "xpyme_voucher_by_document")

    # === RULES ===#

    @api.constrains("program_id", "partner_id", "active")
    def _check_voucher_owner(self):
        """:raise ValidationError: a voucher is nobody's, or somebody's second one"""
        # sudo: cards and customers of whichever company, to be judged only.
        vouchers = self.sudo()._filter_vouchers().filtered("active")
        for card in vouchers:
            owner = card.partner_id
            if not owner or owner != owner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "The voucher %s must be a customer's: choose them, not a "
                        "contact or an address.",
                        card.code,
                    )
                )
        if vouchers:
            vouchers._check_only_voucher()

    def _check_only_voucher(self):
        """:raise ValidationError: one of these vouchers is its customer's second"""
        double = self._read_group(
            [
                ("program_id", "in", self.program_id.ids),
                ("partner_id", "in", self.partner_id.ids),
            ],
            ["program_id", "partner_id"],
            having=[("__count", ">", 1)],
        )
        for _program, owner in double:
            raise ValidationError(
                self.env._(
                    "%s has a voucher already: settlements add to it.",
                    owner.display_name,
                )
            )

    @api.constrains("code", "program_id")
    def _check_voucher_code(self):
        """:raise ValidationError: the code of a voucher finds a customer"""
        codes = self._filter_vouchers().mapped("code")
        # sudo: codes of customers whom the user does not see.
        taken = self.env["xpyme.alternative.code"].sudo()
        taken = codes and taken.search([("name", "in", codes)], limit=1)
        if taken:
            raise ValidationError(
                self.env._(
                    "The code %(code)s is an alternative code of %(customer)s: give "
                    "the voucher another one.",
                    code=taken.name,
                    customer=taken.partner_id.display_name,
                )
            )

    def _format_points(self, points):
        """A voucher tells money, not cents."""
        if not self.is_customer_voucher:
            return super()._format_points(points)
        # sudo: what a point is worth, for whoever sees the card.
        program = self.program_id.sudo()
        amount = points * program._get_coin()
        return format_amount(self.env, amount, program.currency_id)

    # === VOUCHERS OF A COMPANY ===#

    @api.model
    def _read_vouchers(self, company, customers=None):
        """``{customer id: Voucher}``; of all customers where none are given.

        One statement, whatever the number of customers.
        """
        condition = SQL("TRUE")
        if customers is not None:
            if not customers:
                return {}
            condition = SQL("card.partner_id IN %s", customers._ids)
        self.flush_model(["points", "partner_id", "program_id", "active", "code"])
        self.env["xpyme.points.settlement"].flush_model()
        rows = self.env.execute_query(
            SQL(
                _VOUCHERS,
                company=company.id,
                today=company._get_local_today(),
                condition=condition,
            )
        )
        digits = company.sudo().currency_id.rounding
        return {
            customer_id: Voucher(
                card_id,
                code,
                float_round(amount - lapsing, precision_rounding=digits),
                expires,
                float_round(lapsing, precision_rounding=digits),
            )
            for customer_id, card_id, code, amount, expires, lapsing in rows
        }

    @api.model
    def _top_up_vouchers(self, amounts, company):
        """Put amounts on the customers' cards, made where there are none.

        :param amounts: ``{customer: amount}``
        :return: ``{customer: card}``
        """
        program = self.env["loyalty.program"]._get_voucher_program(company)
        customers = self.env["res.partner"].union(*amounts)
        quiet = self.with_context(**QUIETLY)
        owned = [("program_id", "=", program.id), ("partner_id", "in", customers.ids)]
        cards = quiet.search(owned)
        cards._allot_spent()
        cards._add_points({card: amounts[card.partner_id] for card in cards})
        lacking = customers - cards.partner_id
        codes = self._generate_free_codes(len(lacking))
        points = program._to_points_each(amounts)
        cards |= quiet.create(
            [
                {
                    "program_id": program.id,
                    "partner_id": customer.id,
                    "code": code,
                    "points": points[customer],
                }
                for customer, code in zip(lacking, codes, strict=True)
            ]
        )
        return {card.partner_id: card for card in cards}

    @api.model
    def _generate_free_codes(self, count):
        """Core's codes have 32 bits: of some thousands two may well be the same."""
        # sudo: cards of whichever company.
        cards = self.sudo().with_context(active_test=False)
        codes = set()
        while len(codes) < count:
            codes.update(self._generate_code() for _one in range(count - len(codes)))
            codes -= set(cards.search([("code", "in", list(codes))]).mapped("code"))
        return sorted(codes)

    def _add_amounts(self, amounts, prepare_history):
        """Put amounts on vouchers of one program, and into their history.

        :param amounts: ``{card: amount}``, below 0 to take it away
        :param prepare_history: method that gives the other values of a card's line
        """
        self._add_points(amounts)
        self._write_history(amounts, prepare_history)

    def _add_points(self, amounts):
        for card, points in self.program_id._to_points_each(amounts).items():
            card.with_context(**QUIETLY, **BY_DOCUMENT).points = float_round(
                card.points + points, precision_rounding=1
            )

    def _write_history(self, amounts, prepare_history):
        """As ``_add_amounts``, of what stands on the cards already."""
        lines = []
        for card, points in self.program_id._to_points_each(amounts).items():
            side = "issued" if points > 0 else "used"
            lines.append(
                {"card_id": card.id, side: abs(points), **prepare_history(card)}
            )
        # sudo: a settlement writes the history, which salespeople may not delete.
        self.env["loyalty.history"].sudo().create(lines)

    def _take_lapsed(self):
        """What has lapsed of these cards goes off now, before they are used."""
        for company, cards in (
            self.filtered("is_customer_voucher").grouped("company_id").items()
        ):
            self.env["xpyme.points.settlement"].sudo()._take_lapsed_of(
                company, cards.partner_id
            )

    def _allot_spent(self):
        """Note on the lots what has been spent since the last time, or given back.

        The first to lapse is spent first, what was put on by hand last; what a
        cancelled order gives back was the last that was spent.
        """
        # sudo: nobody writes settlements but our own code.
        lots = self.env["xpyme.points.settlement"].sudo()
        lots = lots.search([("card_id", "in", self.ids), ("state", "=", "done")])
        lots = lots.sorted(lambda lot: (lot.expiration_date or date.max, lot.id))
        for card, own in lots.grouped("card_id").items():
            coin, rounding = card.program_id._get_coin(), card.currency_id.rounding
            known = sum(own.mapped("remaining_amount")) + card.loose_points * coin
            spent = known - card.points * coin
            for lot in own if spent > 0 else reversed(own):
                part = float_round(
                    max(min(spent, lot.remaining_amount), -lot.spent_amount),
                    precision_rounding=rounding,
                )
                if part:
                    lot.spent_amount += part
                    spent -= part
            if spent > 0:
                # sudo: ours to keep.
                card.sudo().loose_points -= min(card.loose_points, spent / coin)

    # === MERGING ===#

    @api.model
    def _get_voucher_links(self):
        """Where vouchers and cards are named; an addon adds its documents.

        :return: list of ``(model, field)``
        """
        return [
            ("loyalty.history", "card_id"),
            ("xpyme.points.settlement", "card_id"),
            ("sale.order.line", "coupon_id"),
            ("sale.order.coupon.points", "coupon_id"),
        ]

    def _get_living_voucher(self):
        """The voucher to which this one was added, else itself."""
        self.ensure_one()
        if self.active:
            return self
        owner = self.partner_id.commercial_partner_id
        living = self.program_id._find_voucher_of(owner)
        return living or self

    def _lead_to(self, kept):
        """What these cards were given and used for is another's."""
        for model, fname in self._get_voucher_links():
            self.env[model].search([(fname, "in", self.ids)]).write({fname: kept.id})
        orders = self.env["sale.order"].search([("applied_coupon_ids", "in", self.ids)])
        for order in orders:
            order.applied_coupon_ids = order.applied_coupon_ids - self | kept
        lots = self.env["xpyme.points.settlement"].search([("card_id", "=", kept.id)])
        lots._date_cards()
