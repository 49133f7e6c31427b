from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from odoo.addons.xpyme_contacts.tools.inner import heard, inner

# The return itself takes its entry back.
_UNDOING = inner("xpyme_return_undone")


class PaymentReturn(models.Model):
    """Receipts that the bank returned: who does not pay?"""

    _inherit = "payment.return"
    _technicians_only_read = True

    unmarked_customer_ids = fields.Many2many(
        "res.partner", compute="_compute_unmarked_customers"
    )

    @api.depends("state", "line_ids.partner_id.commercial_partner_id.is_defaulter")
    def _compute_unmarked_customers(self):
        for record in self:
            customers = record.line_ids.partner_id.commercial_partner_id
            record.unmarked_customer_ids = record.state == "done" and (
                customers.filtered(lambda customer: not customer.is_defaulter)
            )

    def action_confirm(self):
        """Take the account of the receipts, and ask what becomes of the customers."""
        self.ensure_one()
        payments = self.line_ids.move_line_ids.payment_id
        methods = payments.payment_method_line_id
        if not self.payment_method_line_id and len(methods) == 1:
            self.payment_method_line_id = methods
        for line in self.line_ids:
            line._get_partner_from_move()
        res = super().action_confirm()
        self._propose_defaulters()
        return res

    def action_cancel(self):
        """:raise UserError: what came back has been settled since"""
        returned = self.move_id.line_ids.matched_credit_ids.origin_returned_move_ids
        again = returned.filtered("reconciled")
        if again:
            raise UserError(
                self.env._(
                    "What this return brought back has been paid or debited again "
                    "since: undo that first, or leave the return as it is (%s).",
                    ", ".join(again.move_id.mapped("display_name")),
                )
            )
        undoing = self.with_context(**_UNDOING)
        return super(PaymentReturn, undoing).action_cancel()

    def _propose_defaulters(self):
        """An activity on the card of each customer, for whoever confirms."""
        for customer in self.unmarked_customer_ids:
            lines = self.line_ids.filtered(
                lambda line, customer=customer: line.partner_id.commercial_partner_id
                == customer
            )
            amount = sum(lines.mapped("amount"))
            currency = self.company_id.currency_id
            # sudo: who confirms a return may not change cards, but is to call.
            customer.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.env.user.id,
                summary=self.env._("Returned receipt: defaulter?"),
                note=self.env._(
                    "The bank returned %(amount)s (%(name)s). Call, and mark the "
                    "customer as a defaulter if they do not pay.",
                    amount=format_amount(self.env, amount, currency),
                    name=self.name,
                ),
            )

    def action_mark_defaulters(self):
        """Mark those whose receipts came back, and who are not yet."""
        self.unmarked_customer_ids.is_defaulter = True
        return True


class PaymentReturnLine(models.Model):
    _inherit = "payment.return.line"
    _technicians_only_read = True


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_draft(self):
        # Core also asks it of no entry at all, for each line of an invoice it writes.
        if self:
            self._check_not_returned()
        return super().button_draft()

    def _check_not_returned(self):
        """:raise UserError: what it paid came back and would be owed twice, or it is
        the return itself, and nothing would be owed

        Cancelling a payment, or its remittance, passes here too.
        """
        # sudo: whoever undoes a payment need not see returns.
        returns = self.env["payment.return"].sudo()
        brought_back = Domain("line_ids.move_line_ids", "in", self.line_ids.ids)
        if not heard(self.env.context, "xpyme_return_undone"):
            brought_back |= Domain("move_id", "in", self.ids)
        found = returns.search(Domain("state", "=", "done") & brought_back, limit=1)
        if found:
            raise UserError(
                self.env._(
                    "This belongs to receipts that came back from the bank: cancel the "
                    "return %s first.",
                    found.name,
                )
            )
