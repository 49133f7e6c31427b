from odoo import api, fields, models


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
    offer_basis_required = fields.Boolean(
        string="No offers to strangers",
        compute="_compute_offer_basis_required",
        store=True,
        readonly=False,
        help="Whoever has neither bought nor agreed gets no offer. The law of Spain "
        "and of Chile asks for it.",
    )
    offer_legal_text = fields.Char(
        string="Text below every offer",
        translate=True,
        help="What the law asks for, such as who keeps the data and where one's "
        "rights are claimed.",
    )

    offer_retention_months = fields.Integer(
        string="Forget offers after",
        default=48,
        help="Months after which an offer no longer tells who got it, and what. That "
        "there was one stays. 0 keeps it for ever.",
    )

    @api.depends("partner_id.country_id")
    def _compute_offer_basis_required(self):
        countries = self._get_offer_basis_countries()
        for company in self:
            company.offer_basis_required = (
                company.partner_id.country_id.code in countries
            )

    @api.model
    def _get_offer_basis_countries(self):
        """Codes of the countries whose law asks why one is written to; add yours."""
        return {"CL", "ES"}


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
    offer_basis_required = fields.Boolean(
        related="company_id.offer_basis_required", readonly=False
    )
    offer_join_page = fields.Boolean(
        related="company_id.offer_join_page", readonly=False
    )
    offer_retention_months = fields.Integer(
        related="company_id.offer_retention_months", readonly=False
    )
    offer_legal_text = fields.Char(
        related="company_id.offer_legal_text", readonly=False
    )

    def action_open_join_poster(self):
        return self.company_id.action_open_join_poster()
