from ast import literal_eval

from odoo import Command
from odoo.tests import tagged

from .common import CustomerCase


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
