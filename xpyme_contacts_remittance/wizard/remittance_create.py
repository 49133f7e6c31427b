from collections import defaultdict
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..models.receipt import OPEN_STATES
from ..tools import banking_days
from ..tools.receipt import deduct

_AHEAD = timedelta(days=7)
# Names told of those who are left out for one reason.
_NAMES = 10


class RemittanceCreate(models.TransientModel):
    """A remittance in one click: what enters, and who is left out and why (seed 004:
    remesas de recibos automáticas)."""

    _name = "xpyme.remittance.create"
    _technicians_only_read = True
    _description = "New Remittance"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    remittance_group_ids = fields.Many2many(
        "xpyme.remittance.group",
        check_company=True,
        help="Customers of these groups only; empty: everybody.",
    )
    until = fields.Date(
        string="Due Until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + _AHEAD,
        help="Receipts due until this day enter, overdue ones too.",
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        string="Payment Method",
        required=True,
        check_company=True,
        compute="_compute_payment_method_line_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('payment_order_ok', '=', True), ('payment_type', '=', 'inbound'),"
        " ('company_id', '=', company_id)]",
    )
    allowed_journal_ids = fields.Many2many(
        "account.journal", compute="_compute_allowed_journal_ids"
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        required=True,
        check_company=True,
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_journal_ids)]",
    )
    date_mode = fields.Selection(
        [("due", "Each receipt's own"), ("fixed", "One day for all")],
        string="Debit Date",
        required=True,
        default="due",
        help="Each receipt's own: on the customer's pay day, not while they are away, "
        "when banks work. One day for all: the next on which banks work; who is away "
        "on it is left out.",
    )
    date_fixed = fields.Date(string="Debit Day")
    net_credit_notes = fields.Boolean(
        string="Deduct Credit Notes",
        help="What customers have in their favour pays their first receipts, and the "
        "rest is debited. Otherwise credit notes are left as they are.",
    )
    lacks_account = fields.Boolean(compute="_compute_lacks_account")
    payment_account_id = fields.Many2one(
        "account.account",
        string="Account of Receipts on Their Way",
        check_company=True,
        compute="_compute_payment_account_id",
        store=True,
        readonly=False,
        domain="[('account_type', 'in', ('asset_current', 'liability_current')),"
        " ('reconcile', '=', True)]",
        help="Receipts wait in this account until the bank pays them.",
    )
    receipt_count = fields.Integer(compute="_compute_preview")
    amount = fields.Monetary(compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # === COMPUTE ===#

    @api.depends("company_id")
    def _compute_payment_method_line_id(self):
        for wizard in self:
            wizard.payment_method_line_id = self.env[
                "account.payment.method.line"
            ].search(
                [
                    ("payment_order_ok", "=", True),
                    ("payment_type", "=", "inbound"),
                    ("company_id", "=", wizard.company_id.id),
                ],
                limit=1,
            )

    @api.depends("payment_method_line_id")
    def _compute_allowed_journal_ids(self):
        for wizard in self:
            wizard.allowed_journal_ids = wizard._get_allowed_journals()

    @api.depends("payment_method_line_id")
    def _compute_journal_id(self):
        for wizard in self:
            journals = wizard._get_allowed_journals()
            if wizard.journal_id not in journals:
                wizard.journal_id = journals[:1]

    def _get_allowed_journals(self):
        """The banks that the payment method can be sent to, its own one first."""
        line = self.payment_method_line_id._origin
        if line.bank_account_link == "variable":
            return line.journal_id | line.variable_journal_ids
        return line.journal_id

    @api.depends("payment_method_line_id", "journal_id")
    def _compute_lacks_account(self):
        for wizard in self:
            line = wizard._get_remitting_line()
            wizard.lacks_account = bool(line) and not line.payment_account_id

    @api.depends("payment_method_line_id", "journal_id")
    def _compute_payment_account_id(self):
        for wizard in self:
            line = wizard._get_remitting_line()
            wizard.payment_account_id = line and (
                line.payment_account_id or line._propose_remittance_account()
            )

    def _get_remitting_line(self):
        self.ensure_one()
        line = self.payment_method_line_id
        return line and line._get_remitting_line(self.journal_id)

    @api.depends(
        *("company_id", "remittance_group_ids", "until", "payment_method_line_id"),
        *("date_mode", "date_fixed", "net_credit_notes"),
    )
    def _compute_preview(self):
        for wizard in self:
            receipts = wizard._judge_all()
            entering = [receipt for receipt in receipts if not receipt.reason]
            wizard.receipt_count = len(entering)
            wizard.amount = sum(receipt.amount for receipt in entering)
            wizard.preview = wizard._render_preview(receipts)

    # === RECEIPTS ===#

    def _get_receipts(self):
        """The receipts until the day, judged; none while something is not chosen."""
        self.ensure_one()
        if not (self.payment_method_line_id and self.until):
            return []
        if self.date_mode == "fixed" and not self.date_fixed:
            return []
        # In the order in which Odoo pays them with credit notes.
        lines = self.env["account.move.line"].search(
            self._get_receipts_domain(), order="date_maturity, amount_currency, id"
        )
        return lines._judge_receipts(
            self.payment_method_line_id, self._get_fixed_date()
        )

    def _judge_all(self):
        """The receipts as they would enter, credit notes deducted if so chosen."""
        return self._judge_together(self._get_receipts())

    def _judge_together(self, receipts):
        """What becomes of ``receipts`` beside each other: credit notes pay the first,
        and a mandate for one debit debits one of what they leave."""
        if self.net_credit_notes:
            receipts = self._deduct_credit_notes(receipts)
        grouped = self.payment_method_line_id.group_lines
        debits, judged = {}, []
        for receipt in receipts:
            if not receipt.reason:
                debit = receipt.date if grouped else receipt.line
                reason = receipt.mandate._get_second_debit_obstacle(debits, debit)
                receipt = receipt._replace(reason=reason)
            judged.append(receipt)
        return judged

    def _get_fixed_date(self):
        """The one day for all, None for each receipt's own."""
        if self.date_mode != "fixed" or not self.date_fixed:
            return None
        today = fields.Date.context_today(self)
        earliest = banking_days.first_debit_date(today)
        return banking_days.next_banking_day(max(self.date_fixed, earliest))

    def _get_open_domain(self):
        """Open items of the customers asked for."""
        domain = Domain(
            [
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("partner_id", "!=", False),
                ("move_id.payment_state", "in", ("not_paid", "partial")),
            ]
        )
        return domain & self._get_asked_domain()

    def _get_asked_domain(self):
        """Whose items; without a group, who pays otherwise is everybody else."""
        groups, line = self.remittance_group_ids, self.payment_method_line_id
        if groups:
            return Domain("partner_id.remittance_group_id", "in", groups._origin.ids)
        if line.default_payment_mode not in ("same", "same_or_null"):
            return Domain.TRUE
        wanted = list(line._origin.ids)
        if line.default_payment_mode == "same_or_null":
            wanted.append(False)
        return Domain("move_id.preferred_payment_method_line_id", "in", wanted)

    def _get_receipts_domain(self):
        until = Domain("date_maturity", "<=", self.until)
        return (
            self._get_open_domain()
            & (until | Domain("date_maturity", "=", False))
            & Domain("amount_residual", ">", 0)
        )

    # === CREDIT NOTES ===#

    def _get_favours_domain(self, receipts):
        """What the customers of ``receipts`` have in their favour."""
        customers = {receipt.line.partner_id.id for receipt in receipts}
        return Domain(
            [
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("amount_residual", "<", 0),
                ("partner_id", "in", list(customers)),
            ]
        )

    def _get_credit_notes(self, receipts):
        """Open credit notes of the customers of ``receipts``, by customer and account.

        Odoo reconciles within one receivable account. What is being paid back is not
        deducted as well.
        """
        lines = self.env["account.move.line"].search(
            self._get_favours_domain(receipts)
            & Domain("move_id.move_type", "=", "out_refund")
            & Domain("currency_id", "=", self.currency_id.id)
            & Domain("payment_line_ids", "not any", [("state", "in", OPEN_STATES)])
        )
        return lines.grouped(self._get_netted)

    @api.model
    def _get_netted(self, line):
        """What a receipt and the credit note that pays it have in common."""
        return line.partner_id, line.account_id

    def _deduct_credit_notes(self, receipts):
        """The receipts as they are once the credit notes have paid the first ones."""
        entering = defaultdict(list)
        for receipt in receipts:
            if not receipt.reason:
                entering[self._get_netted(receipt.line)].append(receipt)
        credits = self._get_credit_notes(receipts)
        reason = self.env._("The customer's credit notes pay it.")
        deducted = {}
        for netted, theirs in entering.items():
            notes = credits.get(netted, self.env["account.move.line"])
            credit = -sum(notes.mapped("amount_residual"))
            amounts = [receipt.amount for receipt in theirs]
            for receipt, left in zip(theirs, deduct(amounts, credit), strict=True):
                nothing = self.currency_id.is_zero(left)
                deducted[receipt.line] = receipt._replace(
                    **({"reason": reason} if nothing else {"amount": left})
                )
        return [deducted.get(receipt.line, receipt) for receipt in receipts]

    def _pay_with_credit_notes(self, receipts):
        """Reconcile the credit notes with the receipts that enter or that they pay."""
        entering = self.env["account.move.line"].union(
            *(receipt.line for receipt in receipts if not receipt.reason)
        )
        theirs = entering.grouped(self._get_netted)
        for netted, notes in self._get_credit_notes(receipts).items():
            if netted in theirs:
                (theirs[netted] + notes).reconcile()

    # === ACTIONS ===#

    def action_use_account(self):
        """Set the account on the method, once; the window stays."""
        self.ensure_one()
        if self.payment_account_id:
            self._get_remitting_line().payment_account_id = self.payment_account_id
        return self._reopen()

    def _reopen(self):
        return {
            "name": self.env._("New remittance"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_create_remittance(self):
        """Make the remittance and open it; who was left out is in its history.

        :raise UserError: nothing enters
        :raise RedirectWarning: the method has no account for receipts on their way
        """
        self.ensure_one()
        self.payment_method_line_id._check_remittance_account(self.journal_id)
        receipts = self._get_receipts()
        judged = self._judge_together(receipts)
        entering = [receipt for receipt in judged if not receipt.reason]
        if not entering:
            raise UserError(
                self.env._(
                    "No receipt enters this remittance: see below who is left out and "
                    "why, or choose another day, group or payment method."
                )
            )
        if self.net_credit_notes:
            self._pay_with_credit_notes(receipts)
        # Looked up before there are lines, whose figures would be stored in two halves.
        preview = self._render_preview(judged)
        remittance = self._make_remittance(entering)
        remittance.message_post(body=preview)
        form = self.env.ref("xpyme_contacts_remittance.xpyme_remittance_view_form")
        return {
            "type": "ir.actions.act_window",
            "res_model": remittance._name,
            "res_id": remittance.id,
            "views": [(form.id, "form")],
        }

    def _make_remittance(self, receipts):
        remittance = self.env["account.payment.order"].create(self._prepare_vals())
        # OCA takes both from the method when the order is made.
        remittance.write(
            {"journal_id": self.journal_id.id, "date_prefered": self.date_mode}
        )
        lines = []
        for receipt in receipts:
            vals = receipt.line._prepare_payment_line_vals(remittance)
            if receipt.mandate:
                vals["mandate_id"] = receipt.mandate.id
            lines.append(vals)
        self.env["account.payment.line"].create(lines)
        return remittance

    def _prepare_vals(self):
        return {
            "company_id": self.company_id.id,
            "payment_type": "inbound",
            "payment_method_line_id": self.payment_method_line_id.id,
            "date_scheduled": self._get_fixed_date() or False,
            "remittance_group_ids": [Command.set(self.remittance_group_ids.ids)],
            "description": ", ".join(self.remittance_group_ids.mapped("name")),
        }

    # === PREVIEW ===#

    def _render_preview(self, receipts):
        entering = [receipt for receipt in receipts if not receipt.reason]
        left_out = [receipt for receipt in receipts if receipt.reason]
        customers = {receipt.line.partner_id for receipt in entering}
        return self.env["ir.qweb"]._render(
            "xpyme_contacts_remittance.remittance_preview",
            {
                "dates": self._sum_up(entering, "date"),
                "reasons": self._sum_up(left_out, "reason"),
                "total": self.env._("Total (customers: %s)", len(customers)),
                "count": len(entering),
                "amount": sum(receipt.amount for receipt in entering),
                "favours": [
                    *self._describe_credit_notes(entering),
                    *self._describe_money_on_account(entering),
                ],
                "money": self.currency_id.format,
                "day": lambda date: format_date(self.env, date),
                "chosen": bool(self.payment_method_line_id and self.until),
            },
        )

    def _describe_credit_notes(self, receipts):
        """Which credit notes are not deducted, in one sentence if there are any."""
        notes = self._get_credit_notes(receipts)
        if self.net_credit_notes or not notes:
            return
        lines = self.env["account.move.line"].union(*notes.values())
        yield self.env._(
            "Credit notes of %(amount)s are not deducted: %(customers)s.",
            amount=self.currency_id.format(-sum(lines.mapped("amount_residual"))),
            customers=", ".join(lines.partner_id.mapped("display_name")),
        )

    def _describe_money_on_account(self, receipts):
        """Who is debited although they have paid on account, in one sentence."""
        lines = self.env["account.move.line"].search(
            self._get_favours_domain(receipts)
            & Domain("move_id.move_type", "!=", "out_refund")
        )
        if lines:
            yield self.env._(
                "These customers have %(amount)s on account that pays no receipt yet, "
                "and is not deducted: %(customers)s. Match it with their receipts "
                "first if it pays them.",
                amount=self.currency_id.format(-sum(lines.mapped("amount_residual"))),
                customers=", ".join(lines.partner_id.mapped("display_name")),
            )

    def _sum_up(self, receipts, name):
        """Rows of what receipts have in common: it, their number, amount, customers."""
        rows = defaultdict(list)
        for receipt in receipts:
            rows[getattr(receipt, name)].append(receipt)
        return [
            {
                "key": key,
                "count": len(rows[key]),
                "amount": sum(receipt.amount for receipt in rows[key]),
                "customers": self._name_customers(rows[key]),
            }
            for key in sorted(rows)
        ]

    def _name_customers(self, receipts):
        names = list(
            dict.fromkeys(receipt.line.partner_id.display_name for receipt in receipts)
        )
        told = ", ".join(names[:_NAMES])
        if len(names) > _NAMES:
            more = len(names) - _NAMES
            return self.env._("%(names)s and %(count)s more", names=told, count=more)
        return told
