from odoo import models


class SaleOrder(models.Model):
    """An order that a till took, and may take back.

    Either the order or the ticket takes of a voucher: the order once it is confirmed.
    Its points are the order's alone.
    """

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

    def _sum_sold_and_returned(self, lines):
        sold, returned = super()._sum_sold_and_returned(lines)
        taken = lines.pos_order_line_ids.filtered(lambda line: line.order_id._is_paid())
        back = taken.refund_orderline_ids
        back = back.filtered(lambda line: line.order_id._is_paid())
        rows = (taken | back).grouped("order_id").values()
        amounts = [self._convert_taken(own) for own in rows]
        return (
            sold + sum(max(amount, 0.0) for amount in amounts),
            returned - sum(min(amount, 0.0) for amount in amounts),
        )

    def _convert_taken(self, lines):
        """What lines of a ticket come to, in the currency of the order."""
        ticket = lines.order_id
        return ticket.currency_id._convert(
            lines._sum_up(), self.currency_id, self.company_id, ticket.date_order
        )
