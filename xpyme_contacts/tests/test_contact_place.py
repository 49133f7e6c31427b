from odoo import Command
from odoo.tests import Form, tagged

from .common import ADDRESS, DocumentCase


@tagged("post_install", "-at_install")
class TestContactPlace(DocumentCase):
    """A contact without an address is where the customer is, in every document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france = cls.env.ref("base.fr")
        cls.customer.write({"vat": "FR23334175221", "country_id": france.id})
        cls.position = cls.env["account.fiscal.position"].create(
            {"name": "France", "auto_apply": True, "country_id": france.id}
        )

    def make_address(self, **vals):
        return self.make_contact(
            self.customer, "Obra", type="delivery", street="Obra 1", city="Lota", **vals
        )

    def test_documents_of_the_contact_have_the_customer_s_fiscal_position(self):
        order = self.make_quotation(self.contact)
        self.assertEqual(order.fiscal_position_id, self.position)
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.contact
        self.assertEqual(form.record.fiscal_position_id, self.position)
        invoice = self.make_invoice(partner_id=self.contact.id)
        self.assertEqual(invoice.fiscal_position_id, self.position)

    def test_documents_go_to_the_customer_s_address(self):
        order = self.make_quotation(self.contact)
        self.assertEqual(order.partner_invoice_id, self.customer)
        self.assertEqual(order.partner_shipping_id, self.customer)
        self.assertIn(ADDRESS["street"], self.contact._display_address())

    def test_the_alternative_address_goes_first(self):
        address = self.make_address(country_id=self.spain.id)
        self.contact.alternative_address_id = address
        order = self.make_quotation(self.contact)
        self.assertEqual(order.partner_shipping_id, address)
        self.assertNotEqual(order.fiscal_position_id, self.position)
        self.assertIn("Obra 1", self.contact._display_address())

    def test_an_address_of_the_contact_s_own_is_the_contact_s(self):
        self.contact.write({"street": "Propia 1", "country_id": self.spain.id})
        order = self.make_quotation(self.contact)
        self.assertEqual(order.partner_invoice_id, self.contact)
        self.assertNotEqual(order.fiscal_position_id, self.position)
        self.contact.country_id = False
        order = self.make_quotation(self.contact)
        self.assertEqual(order.fiscal_position_id, self.position)

    def test_a_new_address_is_in_the_customer_s_country(self):
        address = self.make_address()
        self.assertEqual(address.country_id, self.customer.country_id)
        self.customer.write(
            {"child_ids": [Command.create({"type": "invoice", "name": "Casa"})]}
        )
        names = ["name", "type", "parent_id/.id"]
        row = ["Taller", "Delivery", str(self.customer.id)]
        imported = self.Partner.load(names, [row])
        self.assertTrue(imported["ids"], imported["messages"])
        self.assertEqual(
            set(self.customer.address_ids.mapped("country_id.code")), {"FR"}
        )
        self.assertFalse(self.make_contact(self.customer, "Luis").country_id)

    def test_other_partners_are_odoo_s(self):
        company = self.Partner.create({"name": "Supplier", "is_company": True})
        person = self.make_contact(company, "Ana")
        company.country_id = self.env.ref("base.fr")
        person.country_id = False
        self.assertEqual(person.address_get(["invoice"])["invoice"], person.id)
        positions = self.env["account.fiscal.position"]
        self.assertNotEqual(positions._get_fiscal_position(person), self.position)
