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

    show_customer_notes = fields.Boolean(
        string="Show a customer's notes in his documents",
        help="The notes of a customer's card stand above each quotation, order and "
        "invoice in which he is entered.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super(
            ResCompany, self.with_context(**WITHOUT_FIRST_CONTACT)
        ).create(vals_list)
        return companies.with_env(self.env)
