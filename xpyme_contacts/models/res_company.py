from odoo import api, fields, models

from .customer_contact_mixin import WITHOUT_FIRST_CONTACT


class ResCompany(models.Model):
    _inherit = "res.company"

    contacts_follow_address = fields.Boolean(
        string="All contacts share the customer's address",
        help="Keeps Odoo's own rule: a customer and all of his contacts share one "
        "address, whichever of them is edited. Without it only the contact named like "
        "his customer follows the customer's address.",
    )

    # === OFFERS ===#

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

    @api.model_create_multi
    def create(self, vals_list):
        companies = super(
            ResCompany, self.with_context(**WITHOUT_FIRST_CONTACT)
        ).create(vals_list)
        return companies.with_env(self.env)
