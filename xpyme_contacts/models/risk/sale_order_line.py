from odoo import api, models, tools


class SaleOrderLine(models.Model):
    """Lines that are changed by themselves: an import, another document."""

    _inherit = "sale.order.line"

    @api.model
    def _get_risk_fields(self):
        """Fields that can make a line's order grow; addons add theirs."""
        return [
            *("product_id", "product_uom_qty", "product_uom_id", "price_unit"),
            *("discount", "tax_ids", "order_id", "display_type"),
            *("is_downpayment", "invoice_lines"),
        ]

    @api.model
    @tools.ormcache()
    def _load_risk_fields(self):
        return frozenset(self._get_risk_fields())

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("order_id") for vals in vals_list} - {None, False}
        with self.env["sale.order"].browse(ids)._judging_risk():
            return super().create(vals_list)

    def write(self, vals):
        if self._load_risk_fields().isdisjoint(vals):
            return super().write(vals)
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or [])
        with orders.with_env(self.env)._judging_risk():
            return super().write(vals)

    def unlink(self):
        """A line that lowered the order, a discount, makes it grow by going."""
        with self.order_id._judging_risk():
            return super().unlink()
