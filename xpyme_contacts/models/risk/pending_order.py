from odoo import api, fields, models


class SaleOrder(models.Model):
    """What is left to invoice of an order, kept with it.

    Reckoned whenever its lines or their invoices change, so that what all customers
    owe is one sum over their orders.
    """

    _inherit = "sale.order"

    risk_to_invoice = fields.Float(
        string="Left to Invoice",
        digits=(16, 6),
        compute="_compute_risk_to_invoice",
        store=True,
        aggregator=None,
        help="What is left to invoice of a confirmed order with tax, delivered or not, "
        "less the down payments invoiced; in the order's currency.",
    )

    @api.depends(
        "state",
        "invoice_status",
        "order_line.price_total",
        "order_line.price_unit",
        "order_line.discount",
        "order_line.tax_ids",
        "order_line.product_uom_qty",
        "order_line.qty_invoiced",
        "order_line.qty_to_invoice",
        "order_line.is_downpayment",
        "order_line.invoice_lines.price_total",
        "order_line.invoice_lines.move_id.state",
        "order_line.invoice_lines.move_id.move_type",
    )
    def _compute_risk_to_invoice(self):
        for order in self:
            is_pending = order.state == "sale" and order.invoice_status != "invoiced"
            order.risk_to_invoice = is_pending and order._get_left_to_invoice()

    def _get_left_to_invoice(self):
        """What has been invoiced in excess of a line does not lower the others."""
        self.ensure_one()
        down_payments = self.order_line.filtered("is_downpayment")
        left = sum(
            line._get_left_to_invoice() for line in self.order_line - down_payments
        )
        for invoiced in down_payments.invoice_lines:
            if invoiced.move_id.state != "cancel":
                is_refund = invoiced.move_id.move_type == "out_refund"
                left -= invoiced.price_total * (-1 if is_refund else 1)
        return left
