from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contacts_follow_address = fields.Boolean(
        related="company_id.contacts_follow_address", readonly=False
    )
    show_customer_notes = fields.Boolean(
        related="company_id.show_customer_notes", readonly=False
    )
