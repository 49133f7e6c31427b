from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contacts_follow_address = fields.Boolean(
        related="company_id.contacts_follow_address", readonly=False
    )
    offer_skip_defaulters = fields.Boolean(
        related="company_id.offer_skip_defaulters", readonly=False
    )
    offer_skip_over_risk = fields.Boolean(
        related="company_id.offer_skip_over_risk", readonly=False
    )
    offer_consent_required = fields.Boolean(
        related="company_id.offer_consent_required", readonly=False
    )
    offer_legal_text = fields.Char(
        related="company_id.offer_legal_text", readonly=False
    )
