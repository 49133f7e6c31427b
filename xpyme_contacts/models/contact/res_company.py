from odoo import fields, models


class ResCompany(models.Model):
    """How contacts follow their customer's address."""

    _inherit = "res.company"

    contacts_follow_address = fields.Boolean(
        string="All contacts share the customer's address",
        help="Keeps Odoo's own rule: a customer and all of his contacts share one "
        "address, whichever of them is edited. Without it only the contact named like "
        "his customer follows the customer's address.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contacts_follow_address = fields.Boolean(
        related="company_id.contacts_follow_address", readonly=False
    )
