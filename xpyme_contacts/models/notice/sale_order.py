from odoo import api, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "xpyme.document.notice.mixin"]

    @api.constrains("partner_id", "partner_invoice_id")
    def _check_customer_not_blocked(self):
        for order in self.filtered(lambda o: o.state != "cancel"):
            (order.partner_id | order.partner_invoice_id)._check_not_blocked()

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or (
            (self.partner_id | self.partner_invoice_id)._get_blocked_message() or False
        )

    def _get_blocked_customer(self):
        return (self.partner_id | self.partner_invoice_id)._get_blocked_customer()

    # === NOTICE ===#

    @api.model
    def _get_notice_triggers(self):
        return (
            *super()._get_notice_triggers(),
            *("partner_id", "partner_invoice_id", "amount_total", "state"),
        )

    def _get_noticed_customers(self):
        if self.state == "cancel":
            return self.env["res.partner"]
        payer = self.partner_invoice_id.commercial_partner_id
        return payer | self.partner_id.commercial_partner_id
