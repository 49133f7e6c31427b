from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerDocumentMixin(models.AbstractModel):
    """What every sales document of a customer has: the contact it was agreed with.

    The document's ``partner_id`` stays the customer or his address; the person whom it
    was agreed with stands beside it.
    """

    _name = "xpyme.customer.document.mixin"
    _description = "Document of a Customer"

    contact_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        ondelete="set null",
        domain="[('parent_id', 'child_of', partner_id), ('type', '=', 'contact'), "
        "('is_document_mailbox', '=', False)]",
        help="The customer's person this document was agreed with.",
    )

    @api.constrains("contact_id", "partner_id")
    def _check_contact_of_customer(self):
        """:raise ValidationError: the contact belongs to another customer"""
        for document in self.filtered("contact_id"):
            customer = document.partner_id.commercial_partner_id
            if document.contact_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is not a contact of %(customer)s: choose one of "
                        "this customer's contacts.",
                        contact=document.contact_id.display_name,
                        customer=customer.display_name,
                    )
                )

    @api.onchange("partner_id")
    def _onchange_partner_contact(self):
        customer = self.partner_id.commercial_partner_id
        if self.contact_id.commercial_partner_id != customer:
            self.contact_id = False
