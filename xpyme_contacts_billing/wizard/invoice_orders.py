from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SaleAdvancePaymentInv(models.TransientModel):
    """Odoo's window keeps month-end customers for the month end, unless told not to."""

    _inherit = "sale.advance.payment.inv"

    month_end_note = fields.Char(compute="_compute_month_end_note")
    invoice_month_end_now = fields.Boolean(
        string="Invoice them now all the same",
        help="Customers who are invoiced on the last day of the month.",
    )

    @api.depends("sale_order_ids")
    def _compute_month_end_note(self):
        for wizard in self:
            orders = wizard.sale_order_ids._origin
            held = orders._get_held_for_month_end()
            wizard.month_end_note = wizard._get_month_end_note(held) if held else False

    def _get_month_end_note(self, held):
        customers = held._get_paying_customer()
        day = max(company._get_next_month_end() for company in held.company_id)
        return self.env._(
            "Invoiced at month end, on %(day)s: %(customers)s.",
            day=format_date(self.env, day),
            customers=", ".join(customers.mapped("name")),
        )

    def _create_invoices(self, sale_orders):
        """:raise UserError: it is not the day, and nobody said to do it all the same"""
        if (
            self.advance_payment_method == "delivered"
            and not self.invoice_month_end_now
        ):
            held = sale_orders._get_held_for_month_end()
            sale_orders -= held
            if held and not sale_orders:
                raise UserError(
                    self.env._(
                        "%s\nTick «Invoice them now all the same» to invoice before.",
                        self._get_month_end_note(held),
                    )
                )
        return super()._create_invoices(sale_orders)
