from odoo import api, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "xpyme.customer.document.mixin"]

    @api.constrains("partner_id", "partner_invoice_id")
    def _check_customer_not_blocked(self):
        for order in self.filtered(lambda o: o.state != "cancel"):
            (order.partner_id | order.partner_invoice_id)._check_not_blocked()

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or (
            (self.partner_id | self.partner_invoice_id)._get_blocked_message() or False
        )

    def _prepare_invoice(self):
        return {**super()._prepare_invoice(), "contact_id": self.contact_id.id}

    @api.depends("partner_id.commercial_partner_id.deregistration_date")
    def _compute_sale_warning_text(self):
        result = super()._compute_sale_warning_text()
        for order in self:
            order.sale_warning_text = order._append_notices(order.sale_warning_text)
        return result
