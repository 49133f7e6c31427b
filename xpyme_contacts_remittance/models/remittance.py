from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import banking_days


class AccountPaymentOrder(models.Model):
    """A remittance: a debit order of OCA's batch payments."""

    _inherit = "account.payment.order"
    _technicians_only_read = True

    remittance_group_ids = fields.Many2many(
        "xpyme.remittance.group",
        check_company=True,
        help="Customers of these groups are proposed; empty: all.",
    )

    def draft2open(self):
        """:raise UserError: a receipt without a mandate
        :raise RedirectWarning: the method has no account for receipts on their way"""
        for remittance in self.filtered(lambda order: order.payment_type == "inbound"):
            remittance._check_mandates()
            if remittance.journal_id:
                remittance.payment_method_line_id._check_remittance_account(
                    remittance.journal_id
                )
        return super().draft2open()

    def generated2uploaded(self):
        """What the bank got remains a debt as long as it may return it."""
        res = super().generated2uploaded()
        inbound = self.filtered(lambda order: order.payment_type == "inbound")
        inbound.payment_ids._set_returnable_until()
        return res

    def _check_mandates(self):
        """:raise UserError: OCA's own check comes too late to be read"""
        lacking = self.payment_line_ids.filtered(
            lambda line: line.mandate_required and not line.mandate_id
        )
        if lacking:
            raise UserError(
                self.env._(
                    "These customers have no mandate in force: %s. Take their receipts "
                    "out of the remittance, or have the mandates signed.",
                    ", ".join(sorted(set(lacking.partner_id.mapped("display_name")))),
                )
            )

    def action_return_receipts(self):
        """A return of receipts of this remittance, to be told which."""
        self.ensure_one()
        line = self.payment_method_line_id._get_remitting_line(self.journal_id)
        return {
            "name": self.env._("Returned receipts"),
            "type": "ir.actions.act_window",
            "res_model": "payment.return",
            "views": [(False, "form")],
            "context": {
                "default_company_id": self.company_id.id,
                "default_journal_id": self.journal_id.id,
                "default_payment_method_line_id": line.id,
            },
        }


class AccountPaymentLine(models.Model):
    """A receipt in a remittance."""

    _inherit = "account.payment.line"
    _technicians_only_read = True

    _open_receipt_uniq = models.UniqueIndex(
        "(move_line_id) WHERE payment_type = 'inbound'"
        " AND state IN ('draft', 'open', 'generated')",
        "A receipt stands in another remittance already: look for it there, or make "
        "this remittance again.",
    )

    def _prepare_write_draft2open(self):
        """Debited when the customer pays and banks work."""
        vals = super()._prepare_write_draft2open()
        if self.payment_type == "inbound":
            vals["date"] = self._get_debit_date(vals["date"])
        return vals

    def _get_debit_date(self, date):
        customer = self.partner_id.commercial_partner_id
        fixed = self.order_id.date_prefered == "fixed"
        today = fields.Date.context_today(self)
        earliest = max(date, banking_days.first_debit_date(today))
        moved = not fixed and customer._get_debit_date(date)
        return moved or banking_days.next_banking_day(earliest)

    def _prepare_overview_row(self):
        """What the customer's card tells of this receipt."""
        move = self.move_line_id.move_id
        paid = self.payment_ids.move_id.line_ids.matched_debit_ids.debit_move_id
        returned = bool(paid.move_id.payment_return_ids)
        if returned:
            situation = self.env._("Returned")
        elif self.state == "uploaded":
            situation = self.env._("Given to the bank")
        else:
            situation = self.env._("Being prepared")
        return {
            "receipt": move.name or self.communication,
            "remittance": self.order_id.name,
            "date": self.date or self.ml_maturity_date,
            "amount": self.currency_id.format(self.amount_currency),
            "situation": situation,
            "returned": returned,
        }
