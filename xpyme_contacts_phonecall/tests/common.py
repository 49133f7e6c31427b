from odoo.addons.xpyme_contacts.tests.common import CustomerCase


class CallCase(CustomerCase):
    """A salesperson, a customer with a contact, and calls between them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.customer = cls.make_customer()
        cls.contact = cls.make_contact(cls.customer, "Juan Pérez")

    @classmethod
    def make_call(cls, partner=None, user=None, **vals):
        partner = cls.customer if partner is None else partner
        return (
            cls.env["crm.phonecall"]
            .with_user(user or cls.salesperson)
            .create({"name": "Presupuesto", "partner_id": partner.id, **vals})
        )

    def read_followup(self, customer=None, user=None):
        """The activities that the card shows to its reader."""
        card = (customer or self.customer).with_user(user or self.salesperson)
        card.invalidate_recordset(["followup_ids", "next_followup_date"])
        return card.followup_ids
