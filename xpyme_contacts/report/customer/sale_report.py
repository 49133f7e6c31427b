from odoo import fields, models


class SaleReport(models.Model):
    _inherit = "sale.report"

    customer_type_id = fields.Many2one("xpyme.customer.type", readonly=True)
    customer_route_id = fields.Many2one("xpyme.customer.route", readonly=True)
    sales_region_id = fields.Many2one(
        "res.region", string="Sales Region", readonly=True
    )

    def _select_additional_fields(self):
        return {
            **super()._select_additional_fields(),
            "customer_type_id": "partner.customer_type_id",
            "customer_route_id": "partner.customer_route_id",
            "sales_region_id": "partner.sales_region_id",
        }

    def _group_by_sale(self):
        fnames = ("customer_type_id", "customer_route_id", "sales_region_id")
        columns = "".join(f", partner.{fname}" for fname in fnames)
        return super()._group_by_sale() + columns
