from odoo import fields, models


class ResCompany(models.Model):
    """Whom the company sends offers, and what it says below them."""

    _inherit = "res.company"

    offer_skip_defaulters = fields.Boolean(
        string="No offers to defaulters",
        help="Customers marked as defaulters are left out of the offers by e-mail.",
    )
    offer_skip_over_risk = fields.Boolean(
        string="No offers over the risk limit",
        help="Customers over one of their risk limits are left out of the offers by "
        "e-mail.",
    )
    offer_consent_required = fields.Boolean(
        string="Offers only with consent",
        help="An address gets offers only if its consent has been recorded. Without "
        "it, whoever is a customer gets them until he refuses.",
    )
    offer_legal_text = fields.Char(
        string="Text below every offer",
        translate=True,
        help="What the law asks for, such as who keeps the data and where one's "
        "rights are claimed.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

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
