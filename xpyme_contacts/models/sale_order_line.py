from odoo import api, models

# What can make an order grow.
_RISK_FIELDS = frozenset(
    ("product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount")
    + ("tax_ids", "order_id", "display_type")
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    _risk_advance_idx = models.Index("(order_id) WHERE is_downpayment")

    @api.model_create_multi
    def create(self, vals_list):
        """Lines added to an order by themselves: an import, another document."""
        ids = {vals.get("order_id") for vals in vals_list} - {None, False}
        with self.env["sale.order"].browse(ids)._judging_risk():
            return super().create(vals_list)

    def write(self, vals):
        if not _RISK_FIELDS & vals.keys():
            return super().write(vals)
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or [])
        with orders.with_env(self.env)._judging_risk():
            return super().write(vals)

    def unlink(self):
        """A line that lowered the order, a discount, makes it grow by going."""
        with self.order_id._judging_risk():
            return super().unlink()
