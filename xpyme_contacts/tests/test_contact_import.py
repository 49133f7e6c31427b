from odoo.tests import new_test_user, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestContactImport(CustomerCase):
    FIELDS = ["id", "name", "vat", "email", "customer_flag", "country_id/.id"]

    def load(self, rows, fields=None):
        return self.env["res.partner"].load(fields or self.FIELDS, rows)

    def make_rows(self, number, bad=()):
        return [
            [
                f"x_cliente_{i}",
                f"Cliente Ñandú {i}",
                self.BAD_RUT if i in bad else self.RUT,
                f"c{i}@example.com",
                "1",
                str(self.chile.id),
            ]
            for i in range(number)
        ]

    def test_each_imported_customer_gets_one_contact(self):
        result = self.load(self.make_rows(12))
        customers = self.Partner.browse(result["ids"])
        self.assertEqual(customers.mapped("contact_count"), [1] * 12)
        self.assertEqual(customers[0].contact_ids.email, "c0@example.com")

    def test_loading_again_changes_nothing(self):
        rows = self.make_rows(5)
        customers = self.Partner.browse(self.load(rows)["ids"])
        contacts = customers.contact_ids
        stamps = (customers | contacts).mapped("write_date")
        self.assertEqual(self.load(rows)["ids"], customers.ids)
        self.assertEqual(customers.contact_ids, contacts)
        self.assertEqual((customers | contacts).mapped("write_date"), stamps)

    def test_what_a_card_was_completed_with_outlives_a_blank_in_the_same_file(self):
        kept = ["ref", "country_id", "registration_date", "contact_phone"]
        names = ["id", "name", "customer_rank", "phone", "function", *kept]
        rows = [["x_.blank", "Uno", "1", "22", "x", *[""] * len(kept)]]
        customer = self.Partner.browse(self.load(rows, names)["ids"])
        before = [customer[name] for name in (*kept, "customer_code")]
        self.assertTrue(all(before))
        rows[0][3:5] = ["33", ""]
        self.assertEqual(self.load(rows, names)["ids"], customer.ids)
        after = [customer[name] for name in (*kept, "customer_code")]
        self.assertEqual(after, before)
        self.assertEqual((customer.phone, customer.function), ("33", False))

    def test_archived_customers_are_loaded_again_without_another_contact(self):
        names = ["id", "name", "customer_rank", "active", "contact_name"]
        names.append("contact_phone")
        rows = [
            ["x_.old", "Uno", "1", "0", "Ana", "5"],
            ["x_.older", "Dos", "1", "0", "", "6"],
        ]
        for _time in range(2):
            customers = self.Partner.browse(self.load(rows, names)["ids"])
        contacts = customers.with_context(active_test=False).contact_ids
        self.assertEqual(
            contacts.mapped(lambda c: (c.name, c.phone)), [("Ana", "5"), ("Dos", "6")]
        )

    def test_every_bad_row_is_named_and_nothing_saved(self):
        bad = set(range(3, 33)) | {39}
        before = self.Partner.search_count([])
        result = self.load(self.make_rows(40, bad))
        self.assertFalse(result["ids"])
        rows = {message["rows"]["from"] for message in result["messages"]}
        self.assertEqual(rows, bad)
        self.assertTrue(all(m["type"] == "error" for m in result["messages"]))
        self.assertEqual(self.Partner.search_count([]), before)

    def test_few_bad_rows_are_named_by_core(self):
        result = self.load(self.make_rows(40, {7}))
        self.assertFalse(result["ids"])
        self.assertIn(7, {message["rows"]["from"] for message in result["messages"]})

    def test_imported_contact_keeps_his_own_address(self):
        customer = self.make_customer()
        result = self.load(
            [
                ["Juan", str(customer.id), "contact", "Propia 1", "j@example.com"],
                ["Bodega", str(customer.id), "delivery", "Bodega 1", ""],
                [customer.name, str(customer.id), "contact", "Otra 1", "x@example.com"],
            ],
            ["name", "parent_id/.id", "type", "street", "email"],
        )
        juan, store, mirror = self.Partner.browse(result["ids"])
        self.assertEqual((juan.street, juan.email), ("Propia 1", "j@example.com"))
        self.assertFalse(juan.city)
        self.assertEqual(store.street, "Bodega 1")
        self.assertEqual(mirror.street, customer.street)
        self.assertEqual(mirror.email, customer.email)
        self.assertEqual(customer.street, "Freire 247")

    # --- the row of the mirror

    CONTACTS = ["id", "name", "parent_id/id", "email", "street", "phone", "function"]

    def load_acme(self, *rows, email="acme@example.com"):
        """A file of a customer, and one of contacts."""
        self.load(
            [["x_.acme", "ACME", "1", email, "Freire 1", "111"]],
            ["id", "name", "customer_flag", "email", "street", "phone"],
        )
        result = self.load(list(rows), self.CONTACTS)
        self.assertTrue(result["ids"], result["messages"])
        return self.env.ref("x_.acme"), self.Partner.browse(result["ids"])

    def test_row_named_like_its_customer_is_his_mirror_and_no_second(self):
        customer, contacts = self.load_acme(
            ["x_.ana", "Ana", "x_.acme", "ana@example.com", "Ana 1", "333", "Jefa"],
            ["x_.mirror", "acme ", "x_.acme", "old@example.com", "Otra 5", "", "Dueña"],
            ["x_.luis", "Luis", "x_.acme", "", "", "", ""],
        )
        self.assertEqual(contacts.mapped("name"), ["Ana", "acme", "Luis"])
        self.assertEqual(customer.contact_ids, contacts)
        mirror = self.env.ref("x_.mirror")
        self.assertEqual(mirror, contacts[1])
        self.assertTrue(mirror.is_mirror_contact)
        self.assertEqual((mirror.phone, mirror.function), ("111", "Dueña"))
        self.assertEqual((mirror.email, mirror.street), (customer.email, "Freire 1"))
        self.assertIn("old@example.com", mirror.message_ids[:1].body)
        self.assertEqual(
            (contacts[0].email, contacts[0].phone), ("ana@example.com", "333")
        )

    def test_customer_and_his_mirror_are_two_rows_of_one_file(self):
        rows = [
            ["x_.acme", "ACME", "1", "", "acme@example.com", ""],
            ["x_.mirror", "ACME", "", "x_.acme", "acme@example.com", "Dueña"],
        ]
        fields = ["id", "name", "customer_flag", "parent_id/id", "email", "function"]
        customer, mirror = self.Partner.browse(self.load(rows, fields)["ids"])
        self.assertEqual(customer.contact_ids, mirror)
        self.assertEqual(mirror.function, "Dueña")
        self.assertEqual(self.load(rows, fields)["ids"], [customer.id, mirror.id])

    def test_mirror_keeps_of_his_row_what_the_customer_lacks(self):
        customer, mirror = self.load_acme(
            ["x_.mirror", "ACME", "x_.acme", "solo@example.com", "", "222", ""],
            email="",
        )
        self.assertEqual(customer.contact_ids, mirror)
        self.assertEqual((mirror.email, mirror.phone), ("solo@example.com", "222"))

    def test_second_row_with_the_customers_name_is_another_contact(self):
        row = ["ACME", "x_.acme", "", "", "", ""]
        customer, contacts = self.load_acme(["x_.one", *row], ["x_.two", *row])
        self.assertEqual(customer.contact_ids, contacts)
        self.assertEqual(len(contacts), 2)
        again = self.load([["x_.one", *row], ["x_.two", *row]], self.CONTACTS)
        self.assertEqual(again["ids"], contacts.ids)
        more = self.load([["x_.three", *row]], self.CONTACTS)
        self.assertNotIn(more["ids"][0], contacts.ids)

    def test_mirror_who_signs_in_is_taken_by_no_file(self):
        customer = self.make_customer()
        mirror = self.get_mirror(customer)
        new_test_user(
            self.env,
            "acme",
            name=mirror.name,
            email="acme@example.com",
            groups="base.group_portal",
            partner_id=mirror.id,
        )
        result = self.load(
            [[customer.name, str(customer.id), "otra@example.com"]],
            ["name", "parent_id/.id", "email"],
        )
        self.assertEqual(len(result["ids"]), 1)
        self.assertNotEqual(result["ids"], mirror.ids)

    def test_contacts_imported_as_lines_of_their_customer(self):
        result = self.load(
            [
                ["Nueva", "1", "Freire 1", "Ana", "contact", "Ana 1"],
                ["", "", "", "Luis", "contact", ""],
            ],
            [
                "name",
                "customer_flag",
                "street",
                "child_ids/name",
                "child_ids/type",
                "child_ids/street",
            ],
        )
        customer = self.Partner.browse(result["ids"])
        self.assertEqual(set(customer.contact_ids.mapped("name")), {"Ana", "Luis"})
        self.assertEqual(set(customer.contact_ids.mapped("street")), {"Ana 1", False})
        self.assertEqual(customer.street, "Freire 1")
