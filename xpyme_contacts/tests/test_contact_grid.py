from ast import literal_eval

from odoo import Command
from odoo.tests import Form, tagged

from .common import ADDRESS, CustomerCase


@tagged("post_install", "-at_install")
class TestContactGrid(CustomerCase):
    """The lists of contacts and addresses on a customer's card, saved with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.mirror = cls.get_mirror(cls.customer)
        cls.salesperson = cls.make_salesperson()

    def from_action(self, xmlid):
        """Partners of a salesperson, as the web client asks for them in a screen."""
        context = literal_eval(self.env.ref(xmlid).context)
        return (
            self.env["res.partner"]
            .with_user(self.salesperson)
            .with_context(tracking_disable=False, **context)
        )

    # --- new rows

    def test_row_typed_on_the_card_is_a_person_of_the_customer(self):
        for xmlid in (
            "xpyme_contacts.xpyme_customer_action",
            "contacts.action_contacts",
            "account.res_partner_action_customer",
        ):
            customer = self.make_customer(xmlid)
            self.from_action(xmlid).browse(customer.id).web_save(
                {
                    "contact_ids": [
                        Command.create({"name": "Luz Díaz", "type": "contact"})
                    ],
                    "address_ids": [
                        Command.create({"name": "Bodega", "type": "delivery"})
                    ],
                },
                {"name": {}},
            )
            self.env.invalidate_all()
            self.assertIn("Luz Díaz", customer.contact_ids.mapped("name"), xmlid)
            self.assertEqual(customer.contact_count, 2)
            self.assertChildrenOf(customer, 3)

    def test_rows_saved_with_a_new_customer_are_his_persons_too(self):
        customer = self.from_action("xpyme_contacts.xpyme_customer_action").create(
            {
                "name": "Nueva SpA",
                "contact_ids": [Command.create({"name": "Luz"})],
                "child_ids": [Command.create({"name": "Bodega", "type": "delivery"})],
            }
        )
        self.assertTrue(customer.is_company)
        self.assertChildrenOf(customer, 2)

    def assertChildrenOf(self, customer, number):
        children = self.Partner.search([("parent_id", "=", customer.id)])
        self.assertEqual(len(children), number)
        for child in children:
            self.assertFalse(child.is_company or child.customer_flag, child.name)
            self.assertFalse(child.customer_rank or child.ref, child.name)
            self.assertFalse(child.child_ids, child.name)
            self.assertEqual(child.commercial_partner_id, customer)

    # --- the mirror's own row, in the save that changes the card

    def test_mirrors_row_is_deleted_with_a_new_address_on_the_card(self):
        for field in ("contact_ids", "child_ids"):
            customer = self.make_customer(field)
            customer.write(
                {
                    "street": "Nueva 1",
                    "email": "nuevo@example.com",
                    field: [Command.delete(self.get_mirror(customer).id)],
                }
            )
            self.assertEqual(customer.street, "Nueva 1")
            self.assertFalse(customer.contact_ids)

    def test_mirrors_row_is_deleted_with_an_archived_card(self):
        self.customer.write(
            {"active": False, "contact_ids": [Command.delete(self.mirror.id)]}
        )
        self.assertFalse(self.mirror.exists())

    def test_mirror_renamed_with_a_new_address_on_the_card_keeps_what_was_typed(self):
        hers = {"email": "maria@example.com", "street": "Suya 9", "city": "Lota"}
        self.customer.write(
            {
                "email": "nuevo@example.com",
                "street": "Nueva 1",
                "contact_ids": [
                    Command.update(self.mirror.id, {"name": "María Soto", **hers})
                ],
            }
        )
        self.assertFalse(self.mirror.is_mirror_contact)
        self.assertAddress(self.mirror, hers)
        self.assertEqual(self.customer.email, "nuevo@example.com")

    def test_mirror_renamed_in_the_form_keeps_what_was_typed(self):
        customer = self.customer.with_user(self.salesperson)
        with Form(customer, view="base.view_partner_form") as form:
            form.email = "nuevo@example.com"
            with form.contact_ids.edit(0) as row:
                row.name = "María Soto"
                row.email = "maria@example.com"
        self.assertEqual(self.mirror.email, "maria@example.com")

    def test_mirror_renamed_in_the_cards_field_keeps_his_values(self):
        self.customer.write({"contact_name": "María", "email": "nuevo@example.com"})
        self.assertEqual(self.mirror.name, "María")
        self.assertEqual(self.mirror.email, "acme@example.com")

    def test_mirror_taken_off_the_card_keeps_her_address(self):
        self.customer.write(
            {"street": "Nueva 1", "child_ids": [Command.unlink(self.mirror.id)]}
        )
        self.assertFalse(self.mirror.parent_id)
        self.assertAddress(self.mirror, ADDRESS)

    def test_mirror_moved_to_another_customer_follows_that_one(self):
        other = self.make_customer("Otra", street="Otra 1")
        self.customer.write(
            {
                "street": "Nueva 1",
                "contact_ids": [
                    Command.update(
                        self.mirror.id, {"parent_id": other.id, "name": "Otra"}
                    )
                ],
            }
        )
        self.assertEqual(self.mirror.street, "Otra 1")

    def test_second_mirror_follows_although_the_first_is_deleted(self):
        second = self.make_contact(self.customer, "acme s.a.")
        self.customer.write(
            {"city": "Lota", "child_ids": [Command.delete(self.mirror.id)]}
        )
        self.assertEqual(second.city, "Lota")
