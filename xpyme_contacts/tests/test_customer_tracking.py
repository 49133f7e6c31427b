from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestPartnerTracking(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customer = cls.make_customer(phone="+56 41 2345678", street="Calle Uno 1")
        cls.customer = customer.with_context(tracking_disable=False)
        cls.flush_tracking()

    @classmethod
    def flush_tracking(cls):
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    def changes(self, **vals):
        """The names of the fields whose change the card's history tells."""
        before = self.customer.message_ids
        self.customer.write(vals)
        self.flush_tracking()
        told = (self.customer.message_ids - before).sudo().tracking_value_ids
        return set(told.field_id.mapped("name"))

    def test_history_tells_what_was_written(self):
        self.assertEqual(self.changes(phone="+56 41 2999999"), {"phone"})
        self.assertEqual(self.changes(credit_limit=500), {"credit_limit"})
        self.assertEqual(self.changes(fax="1"), set())
        self.assertEqual(self.changes(ref="900321"), {"ref"})

    def test_a_code_changed_in_its_window_is_told_once(self):
        for change in (self.change_code, self.customer.action_next_customer_code):
            self.customer.ref = "900321"
            self.flush_tracking()
            before = self.customer.message_ids
            change()
            self.flush_tracking()
            (told,) = self.customer.message_ids - before
            self.assertIn("900321 →", told.body)

    def change_code(self):
        windows = self.env["xpyme.change.code"].with_context(tracking_disable=False)
        vals = {"partner_id": self.customer.id, "new_code": "900322"}
        windows.create(vals).action_apply()

    def test_history_tells_what_follows_from_what_was_written(self):
        self.assertEqual(self.changes(street="Calle Dos 2"), {"contact_address_inline"})
        told = self.changes(name="Otro", city="Lota")
        self.assertEqual(told, {"name", "contact_address_inline"})

    def test_value_before_the_first_of_several_writes_is_told(self):
        self.customer.phone = "1"
        self.customer.fax = "2"
        self.customer.phone = "3"
        self.flush_tracking()
        told = self.customer.message_ids[0].sudo().tracking_value_ids
        self.assertEqual(
            (told.old_value_char, told.new_value_char), ("+56 41 2345678", "3")
        )

    def test_a_write_reads_nothing_that_it_cannot_change(self):
        customer = self.customer
        self.env.invalidate_all()
        customer.write({"phone": "+56 41 2888888"})
        limit = customer._fields["internal_credit_limit"]
        self.assertIn(customer.id, [*limit._cache_missing_ids(customer)])
