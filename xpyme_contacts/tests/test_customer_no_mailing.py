from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestNoMailing(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.customer = cls.make_customer(
            email="ACME <Ventas@Acme.example.com>", document_email="doc@example.com"
        )

    def get_refused(self):
        return set(self.env["mail.blacklist"].search([]).mapped("email"))

    def test_tick_puts_the_address_on_odoos_list(self):
        self.customer.with_user(self.salesperson).no_mailing = True
        self.assertIn("ventas@acme.example.com", self.get_refused())
        self.assertTrue(self.customer.no_mailing)
        self.assertTrue(self.customer.is_blacklisted)
        self.customer.with_user(self.salesperson).no_mailing = False
        self.assertNotIn("ventas@acme.example.com", self.get_refused())
        self.assertFalse(self.customer.no_mailing)

    def test_bare_user_may_not(self):
        bare = self.make_user("bare", "base.group_user")
        with self.assertRaises(AccessError):
            self.customer.with_user(bare).no_mailing = True

    def test_technician_may_not(self):
        technician = self.make_technician(["base.group_partner_manager"])
        with self.assertRaises(AccessError):
            self.customer.with_user(technician).no_mailing = True
        self.assertFalse(self.get_refused())

    def test_it_is_shared_by_all_with_the_address(self):
        mirror = self.get_mirror(self.customer)
        other = self.make_customer("Otra", email="ventas@acme.example.com")
        self.customer.no_mailing = True
        self.assertTrue(other.no_mailing)
        self.assertTrue(mirror.no_mailing)

    def test_the_two_marks_are_apart(self):
        self.customer.document_no_mailing = True
        self.assertFalse(self.customer.no_mailing)
        self.assertEqual(self.get_refused(), {"doc@example.com"})
        self.customer.write({"no_mailing": True, "document_no_mailing": False})
        self.assertEqual(self.get_refused(), {"ventas@acme.example.com"})

    def test_same_address_in_both_boxes_refuses_in_both(self):
        customer = self.make_customer(email="a@example.com")
        customer.document_email = "A@example.com"
        customer.document_no_mailing = True
        self.assertTrue(customer.no_mailing)

    def test_without_a_valid_address_it_is_refused(self):
        for email in (False, "no mail", "a@"):
            customer = self.make_customer(email=email)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                customer.no_mailing = True
            with self.assertRaises(UserError), self.env.cr.savepoint():
                customer.document_no_mailing = True
            customer.no_mailing = False

    def test_new_address_shows_its_own_state(self):
        self.env["mail.blacklist"].create({"email": "no@example.com"})
        self.customer.no_mailing = True
        self.customer.email = "si@example.com"
        self.assertFalse(self.customer.no_mailing)
        self.customer.email = "no@example.com"
        self.assertTrue(self.customer.no_mailing)
        self.customer.document_email = "no@example.com"
        self.assertTrue(self.customer.document_no_mailing)

    def test_empty_mark_written_with_a_new_address_takes_no_refusal_back(self):
        self.env["mail.blacklist"].create({"email": "no@example.com"})
        self.customer.write({"email": "no@example.com", "no_mailing": False})
        self.assertTrue(self.customer.no_mailing)
        created = self.make_customer("N", email="no@example.com", no_mailing=False)
        self.assertTrue(created.no_mailing)
        self.customer.write({"email": "no@example.com", "no_mailing": False})
        self.assertFalse(self.customer.no_mailing)

    def test_created_with_the_mark(self):
        created = self.make_customer("N", email="n@example.com", no_mailing=True)
        self.assertTrue(created.no_mailing)
        self.assertEqual(self.get_refused(), {"n@example.com"})

    def test_every_address_of_the_box_is_refused(self):
        self.customer.email = "a@example.com; Luis <b@example.com>"
        self.customer.no_mailing = True
        self.assertEqual(self.get_refused(), {"a@example.com", "b@example.com"})
        self.customer.no_mailing = False
        self.assertFalse(self.get_refused())

    def test_refusal_taken_back_keeps_its_history(self):
        self.customer.no_mailing = True
        self.customer.no_mailing = False
        self.customer.no_mailing = True
        entries = self.env["mail.blacklist"].with_context(active_test=False)
        self.assertEqual(
            entries.search_count([("email", "=", "ventas@acme.example.com")]), 1
        )

    def test_customers_are_found_by_it(self):
        other = self.make_customer("Otra", email="o@example.com")
        both = self.customer | other
        self.customer.no_mailing = True
        other.document_email = "d@example.com"
        other.document_no_mailing = True
        ours = [("id", "in", both.ids)]
        for fname, yes, no in (
            ("no_mailing", self.customer, other),
            ("document_no_mailing", other, self.customer),
        ):
            for value, expected in ((True, yes), (False, no)):
                found = self.Partner.search([(fname, "=", value), *ours])
                self.assertEqual(found, expected, (fname, value))
                found = self.Partner.search([(fname, "!=", not value), *ours])
                self.assertEqual(found, expected, (fname, value))

    def test_any_of_several_addresses_in_a_box_tells_and_is_found(self):
        self.env["mail.blacklist"].create({"email": "no@example.com"})
        several = "si@example.com; No <NO@example.com>"
        near = self.make_customer("Casi", email="si@example.com, bueno@example.com")
        for fname, mark in (
            ("email", "no_mailing"),
            ("document_email", "document_no_mailing"),
        ):
            customer = self.make_customer(fname, **{fname: several})
            both = [("id", "in", (customer | near).ids)]
            self.assertTrue(customer[mark])
            self.assertFalse(near[mark])
            found = self.Partner.search([(mark, "=", True), *both])
            self.assertEqual(found, customer)
            found = self.Partner.search([(mark, "=", False), *both])
            self.assertEqual(found, near)

    def test_form_shows_the_mark_of_the_address_typed(self):
        self.env["mail.blacklist"].create({"email": "no@example.com"})
        record = self.Partner.new({"name": "X", "email": "no@example.com"})
        self.assertTrue(record.no_mailing)
        record.email = "si@example.com"
        self.assertFalse(record.no_mailing)

    def test_many_are_marked_without_a_query_for_each(self):
        def mark(count):
            customers = self.Partner.create(
                [
                    {"name": f"C{i}", "email": f"c{count}x{i}@example.com"}
                    for i in range(count)
                ]
            )
            self.env.flush_all()
            before = self.cr.sql_log_count
            customers.no_mailing = True
            self.env.flush_all()
            return self.cr.sql_log_count - before

        mark(1)
        self.assertLess(mark(30) - mark(2), 28)

    def test_ip_address_is_one_of_either_kind(self):
        for ip in ("192.168.1.20", " 2001:db8::1 ", "::1", False):
            self.customer.ip_address = ip
        for ip in ("300.1.1.1", "localhost", "1.2.3", "1.2.3.4/24", "::g"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.customer.ip_address = ip
        self.customer.ip_address = " 10.0.0.1 "
        self.assertEqual(self.customer.ip_address, "10.0.0.1")
