from odoo import api, fields, models
from odoo.tools import format_amount


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

    def _propose_defaulters(self):
        """An activity on the card of each customer, for whoever confirms."""
        for customer in self.unmarked_customer_ids:
            lines = self.line_ids.filtered(
                lambda line, customer=customer: line.partner_id.commercial_partner_id
                == customer
            )
            amount = sum(lines.mapped("amount"))
            currency = self.company_id.currency_id
            customer.activity_schedule(
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
