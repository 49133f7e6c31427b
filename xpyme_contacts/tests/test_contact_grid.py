from ast import literal_eval

from odoo import Command
from odoo.tests import Form, tagged

from .common import ADDRESS, CARD, CustomerCase


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

    # --- the order

    def drag(self, *names):
        contacts = self.customer.contact_ids.grouped("name")
        self.Partner.union(*(contacts[name] for name in names)).web_resequence(
            {}, "contact_sequence"
        )

    def assertOrder(self, *names):
        """Card, printout, the grid's own request and the window have one order."""
        self.env.flush_all()
        self.env.invalidate_all()
        customer = self.customer
        self.assertEqual(customer.contact_name, names[0])
        window = self.Partner.search(
            customer._get_contacts_domain(), order="contact_sequence, id"
        )
        self.assertEqual(window.mapped("name"), list(names))
        grid = customer.web_read(
            {"contact_ids": {"fields": {"name": {}}, "order": "contact_sequence, id"}}
        )
        self.assertEqual([row["name"] for row in grid[0]["contact_ids"]], list(names))
        sheet = self.env["report.xpyme_contacts.contact_sheet"]
        printed = sheet._get_report_values(customer.ids)["pages"]
        self.assertEqual(
            [c.name for page in printed for block in page for c in block["contacts"]],
            list(names),
        )

    def test_first_contact_is_the_first_after_dragging(self):
        self.make_contact(self.customer, "Ana")
        self.make_contact(self.customer, "Beto")
        self.assertOrder("ACME S.A.", "Ana", "Beto")
        self.drag("Beto", "ACME S.A.", "Ana")
        self.assertOrder("Beto", "ACME S.A.", "Ana")
        self.customer.contact_phone = "777"
        self.assertEqual(self.mirror.phone, "41 290 97 25")

    def test_dragging_in_the_form_changes_the_first_contact_and_nobodys_name(self):
        ana = self.make_contact(self.customer, "Ana")
        customer = self.customer.with_user(self.salesperson)
        with Form(customer, view=CARD) as form:
            with form.contact_ids.edit(0) as row:
                row.contact_sequence = 1
            with form.contact_ids.edit(1) as row:
                row.contact_sequence = 0
            self.assertEqual(form.contact_name, "Ana")
        self.assertEqual((ana.name, self.mirror.name), ("Ana", "ACME S.A."))

    def test_row_added_below_in_the_grid_stays_there(self):
        """The web client gives a row added below the last one's place plus one."""
        self.customer.with_user(self.salesperson).web_save(
            {
                "contact_ids": [
                    Command.create({"name": "Ana", "contact_sequence": 1}),
                    Command.create({"name": "Beto", "contact_sequence": 2}),
                ]
            },
            {},
        )
        self.assertOrder("ACME S.A.", "Ana", "Beto")

    def test_contacts_from_before_have_no_place_and_stay_above_a_row_added(self):
        self.make_contact(self.customer, "Ana")
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_partner SET contact_sequence = NULL WHERE parent_id = %s",
            [self.customer.id],
        )
        self.env.invalidate_all()
        self.make_contact(self.customer, "Beto", contact_sequence=1)
        self.assertOrder("ACME S.A.", "Ana", "Beto")

    def test_row_added_in_the_window_stays_below(self):
        self.make_contact(self.customer, "Ana")
        self.drag("Ana", "ACME S.A.")
        window = self.customer.action_open_contacts()["context"]
        partners = self.Partner.with_context(**window)
        defaults = partners.default_get(["contact_sequence"])
        self.assertEqual(defaults, {"contact_sequence": 2})
        partners.web_save({"name": "Luz", **defaults}, {})
        partners.name_create("Tomás")
        self.assertOrder("Ana", "ACME S.A.", "Luz", "Tomás")

    def test_contact_made_elsewhere_goes_to_the_end_of_a_dragged_list(self):
        ana = self.make_contact(self.customer, "Ana")
        self.make_contact(self.customer, "Beto")
        self.drag("Ana", "Beto", "ACME S.A.")
        ana.unlink()
        self.make_contact(self.customer, "Luz")
        self.make_contact(self.customer, "Tomás")
        self.assertOrder("Beto", "ACME S.A.", "Luz", "Tomás")

    def test_places_of_new_contacts_cost_one_question_for_all(self):
        def count(number):
            names = [f"Persona {i}" for i in range(number)]
            before = self.cr.sql_log_count
            self.Partner._complete_contact_place_vals(
                [{"name": name, "parent_id": self.customer.id} for name in names], None
            )
            return self.cr.sql_log_count - before

        self.assertEqual((count(1), count(50)), (1, 1))

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
        with Form(customer, view=CARD) as form:
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
