from odoo import api, fields, models


class ResPartner(models.Model):
    """What is noted of a customer and acts on nothing (seed 004: Esp): region, price
    and date of the service, the control marks *Es Cliente* … *Pagado*."""

    _inherit = "res.partner"

    sales_region_id = fields.Many2one(
        "res.region",
        string="Sales Region",
        index="btree_not_null",
        ondelete="restrict",
        help="Sales region, for lists and statistics.",
    )
    service_price = fields.Float(
        digits="Product Price",
        help="Fixed price per service, in the company's currency. For information "
        "only.",
    )
    service_date = fields.Date(help="Date of the service. For information only.")
    flag_proposal = fields.Boolean(string="Proposal", help="Control mark.")
    flag_warranty = fields.Boolean(string="Warranty", help="Control mark.")
    flag_special = fields.Boolean(string="Special", help="Control mark.")
    flag_company = fields.Boolean(
        string="Company (Mark)", help="Control mark; it does not make him a company."
    )
    flag_maintenance = fields.Boolean(string="Maintenance", help="Control mark.")
    flag_paid = fields.Boolean(string="Paid", help="Control mark.")

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "sales_region_id"]
