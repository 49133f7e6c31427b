from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """A customer's person is chosen where a customer is, when they are meant."""

    _inherit = "res.partner"

    @api.model
    def _get_choosable_domain(self, term):
        """Also the persons who are called so, or have such an address or number.

        Not the mirror, who would be the customer once more.
        """
        domain = super()._get_choosable_domain(term)
        if not term:
            return domain
        # All of a customer's people share what stands behind the at sign.
        email = term if "@" in term else f"{term}%@"
        meant = [
            Domain("name", "ilike", term),
            Domain("email", "ilike", email),
            Domain("contact_code", "=ilike", term),
            self._get_phone_domain(term),
        ]
        return domain | (
            Domain("parent_id", "!=", False)
            & Domain("is_company", "=", False)
            & Domain("type", "=", "contact")
            & Domain("is_mirror_contact", "=", False)
            & Domain("is_document_mailbox", "=", False)
            & Domain("fsm_location", "=", False)
            & Domain("partner_share", "=", True)
            & Domain.OR(meant)
        )
