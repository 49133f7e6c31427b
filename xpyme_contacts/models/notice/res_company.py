from odoo import fields, models


class ResCompany(models.Model):
    """What documents tell of a customer."""

    _inherit = "res.company"

    show_customer_comments = fields.Boolean(
        string="Tell the customer's observations",
        help="The notes of the customer's card are told in his documents.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    show_customer_comments = fields.Boolean(
        related="company_id.show_customer_comments", readonly=False
    )
