from odoo.tests import tagged

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
