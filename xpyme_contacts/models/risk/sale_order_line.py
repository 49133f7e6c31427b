from odoo import api, models, tools


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def _get_risk_fields(self):
        """What of a line can make its order grow; an addon adds its own."""
        return [
            *("product_id", "product_uom_qty", "product_uom_id", "price_unit"),
            *("discount", "tax_ids", "order_id", "display_type"),
        ]

    @api.model
    @tools.ormcache()
    def _load_risk_fields(self):
        return frozenset(self._get_risk_fields())

    @api.model_create_multi
    def create(self, vals_list):
        """Lines added to an order by themselves: an import, another document."""
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

    def _get_left_to_invoice(self):
        """What is left to invoice of the line with tax, in the order's currency.

        The quantity ordered counts, or the one delivered if more of it is invoiced by
        delivery. A return lowers the order, when it is invoiced by delivery once it has
        come back.
        """
        self.ensure_one()
        ordered, to_invoice = self.product_uom_qty, self.qty_to_invoice
        if ordered > 0:
            left = max(ordered - self.qty_invoiced, to_invoice, 0.0)
        elif ordered < 0:
            left = min(to_invoice, 0.0)
        else:
            taxed = self.tax_ids.compute_all(
                self.price_unit * (1 - self.discount / 100),
                currency=self.currency_id,
                quantity=max(to_invoice, 0.0),
                product=self.product_id,
                partner=self.order_id.partner_id,
            )
            return taxed["total_included"]
        return self.price_total * left / ordered
