from odoo import models


class SaleOrder(models.Model):
    """Of an order that a till took, either the order or the ticket takes of a voucher:
    the order once it is confirmed."""

    _inherit = "sale.order"

    def action_confirm(self):
        result = super().action_confirm()
        for ticket in self._get_tickets_with_vouchers():
            ticket._move_vouchers()
        return result

    def _action_cancel(self):
        # Odoo deletes the lines of rewards.
        tickets = self._get_tickets_with_vouchers()
        result = super()._action_cancel()
        for ticket in tickets:
            ticket._move_vouchers()
        return result

    def _get_tickets_with_vouchers(self):
        # sudo: who sells need not see the till, nor all vouchers.
        lines = self.sudo().order_line.filtered("coupon_id.is_customer_voucher")
        return lines.pos_order_line_ids.order_id
