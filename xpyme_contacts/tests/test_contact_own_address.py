from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ADDRESS, CustomerCase


@tagged("post_install", "-at_install")
class TestOwnAddress(CustomerCase):
    """What Odoo's address sync does to a family of partners, and a customer's not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(vat=cls.RUT)
        cls.contact = cls.make_contact(cls.customer)
        cls.sibling = cls.make_contact(cls.customer, "Ana", street="Hermana 2")

    def test_contact_created_with_an_address_keeps_it(self):
        contact = self.make_contact(self.customer, "Luis", street="Propia 1")
        self.assertEqual((contact.street, contact.city), ("Propia 1", False))

    def test_contact_created_without_gets_none(self):
        self.assertFalse(self.contact.street or self.contact.city)

    def test_contacts_address_goes_nowhere(self):
        self.contact.write({"street": "Nueva 3", "city": "Lota"})
        self.assertAddress(self.customer, ADDRESS)
        self.assertEqual(self.sibling.street, "Hermana 2")
        self.assertEqual(self.contact.street, "Nueva 3")

    def test_contacts_address_does_not_fill_an_empty_customers(self):
        customer = self.make_customer(
            "Vacía", **dict.fromkeys(ADDRESS), country_id=False
        )
        self.make_contact(customer, "Luis", street="Propia 1")
        self.assertFalse(customer.street)

    def test_customers_address_does_not_reach_contacts(self):
        self.customer.write({"street": "Nueva 3", "city": "Lota"})
        self.assertFalse(self.contact.street)
        self.assertEqual(self.sibling.street, "Hermana 2")

    def test_contact_moved_to_another_customer_keeps_his_address(self):
        other = self.make_customer("Otra", street="Otra 5", vat=self.OTHER_RUT)
        self.sibling.parent_id = other
        self.assertEqual(self.sibling.street, "Hermana 2")
        self.assertEqual(other.street, "Otra 5")
        self.assertEqual(self.sibling.vat, other.vat)

    def test_grandchildren_do_not_reach_the_mirror(self):
        mirror = self.get_mirror(self.customer)
        child = self.make_contact(mirror, "Nieto", street="Nieta 1")
        child.street = "Nieta 2"
        self.assertAddress(mirror, ADDRESS)
        self.assertAddress(self.customer, ADDRESS)

    def test_subsidiary_that_is_a_customer_keeps_its_address(self):
        branch = self.make_customer(
            "ACME Sur", parent_id=self.customer.id, street="Sur 1", vat=False
        )
        self.assertEqual(branch.street, "Sur 1")
        self.customer.street = "Nueva 3"
        self.assertEqual(branch.street, "Sur 1")
        branch.street = "Sur 2"
        self.assertEqual(self.customer.street, "Nueva 3")
        self.assertEqual(self.get_mirror(branch).street, "Sur 2")

    def test_addresses_stay_as_they_are(self):
        delivery = self.Partner.create(
            {"parent_id": self.customer.id, "type": "delivery", "street": "Bodega 1"}
        )
        self.customer.street = "Nueva 3"
        self.assertEqual(delivery.street, "Bodega 1")

    def test_plain_partners_keep_odoos_sync(self):
        company = self.Partner.create(
            {"name": "Proveedor", "is_company": True, "street": "P 1"}
        )
        contact = self.make_contact(company, "Vendedora")
        self.assertEqual(contact.street, "P 1")
        company.street = "P 2"
        self.assertEqual(contact.street, "P 2")

    def test_company_setting_keeps_odoos_sync_for_customers(self):
        self.env.company.contacts_follow_address = True
        customer = self.make_customer("Nativa")
        contact = self.make_contact(customer, "Luis")
        self.assertEqual(contact.street, "Freire 247")
        customer.street = "Nueva 3"
        self.assertEqual(contact.street, "Nueva 3")
        self.assertEqual(self.get_mirror(customer).street, "Nueva 3")
        contact.street = "Nueva 4"
        self.assertEqual(customer.street, "Nueva 4")
        customer.email = "n@example.com"
        self.assertEqual(self.get_mirror(customer).email, "n@example.com")

    # --- commercial fields

    def test_other_commercial_fields_keep_odoos_sync(self):
        self.customer.industry_id = self.env["res.partner.industry"].search([], limit=1)
        self.assertEqual(self.contact.industry_id, self.customer.industry_id)
        self.assertEqual(self.contact.vat, self.customer.vat)

    def test_different_tax_id_on_a_contact_is_refused(self):
        for make in (
            lambda: self.contact.write({"vat": self.OTHER_RUT}),
            lambda: self.make_contact(self.customer, "Luis", vat=self.OTHER_RUT),
            lambda: self.make_contact(
                self.make_customer("Sin RUT"), "Luis", vat=self.OTHER_RUT
            ),
            lambda: self.customer.write(
                {
                    "child_ids": [
                        Command.update(self.contact.id, {"vat": self.OTHER_RUT})
                    ]
                }
            ),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                make()
        self.assertEqual(self.customer.vat, self.RUT)

    def test_same_tax_id_on_a_contact_passes_however_typed(self):
        self.contact.vat = "76.086.428-5"
        self.assertEqual(self.contact.vat, self.RUT)

    def test_different_pricelist_on_a_contact_is_refused(self):
        _default, pricelist = self.env["product.pricelist"].create(
            [{"name": "Primera", "sequence": 1}, {"name": "Otra", "sequence": 99}]
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.contact.property_product_pricelist = pricelist
        self.customer.property_product_pricelist = pricelist
        self.assertEqual(self.contact.specific_property_product_pricelist, pricelist)
