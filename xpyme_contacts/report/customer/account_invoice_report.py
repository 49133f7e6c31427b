from odoo import fields, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    customer_type_id = fields.Many2one("xpyme.customer.type", readonly=True)
    customer_route_id = fields.Many2one("xpyme.customer.route", readonly=True)
    sales_region_id = fields.Many2one(
        "res.region", string="Sales Region", readonly=True
    )

    def _select(self):
        return SQL(
            "%s, partner.customer_type_id, partner.customer_route_id,"
            " partner.sales_region_id",
            super()._select(),
        )
