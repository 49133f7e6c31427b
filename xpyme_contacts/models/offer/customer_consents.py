from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.mailboxes import split_mailboxes


class ResPartner(models.Model):
    """What a customer agreed to or refused about offers, himself or at an address."""

    _inherit = "res.partner"

    offer_consent_ids = fields.One2many(
        "xpyme.offer.consent",
        string="Consents to offers",
        compute="_compute_offer_consent_ids",
        groups="sales_team.group_sale_salesman",
        help="What the customer agreed to or refused, and what was said for one of his "
        "addresses, the newest first. Export it with the rest of his data.",
    )

    @api.depends("email", "document_email")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_offer_consent_ids(self):
        domain = self._get_offer_consent_domain()
        consents = self.env["xpyme.offer.consent"].search(domain)
        none = consents.browse()
        of_customer = consents.grouped("partner_id")
        of_address = consents.grouped("email_hash")
        for partner in self:
            found = [of_address.get(m, none) for m in partner._get_address_marks()]
            own = of_customer.get(partner._origin, none).union(*found)
            partner.offer_consent_ids = own.sorted("id", reverse=True)

    def _get_offer_consent_domain(self):
        """The consents noted for these customers, or for addresses of theirs."""
        marks = [mark for partner in self for mark in partner._get_address_marks()]
        return Domain("partner_id", "in", self._origin.ids) | Domain(
            "email_hash", "in", marks
        )

    def _get_address_marks(self):
        """What the register of consents tells the customer's addresses by."""
        hasher = self.env["xpyme.offer.consent"]._hash
        return [hasher(box) for box in self._get_offer_mailboxes()]

    def _get_offer_mailboxes(self):
        """The addresses that offers may go to, those of his e-mail first."""
        texts = (self.email, self.document_email)
        return [box for text in texts for box in split_mailboxes(text)[0]]

    def action_open_offer_consents(self):
        """What the customer agreed to or refused, as it was said."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_offer_consent_action"
        )
        boxes = self._get_offer_mailboxes()
        return {
            **action,
            "domain": list(self._get_offer_consent_domain()),
            "context": {
                "default_partner_id": self.id,
                "default_email": boxes[0] if boxes else False,
            },
        }
