from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import CustomerCase

INCIDENT = "xpyme_contacts.activity_type_incident"
CALL = "mail.mail_activity_data_call"
VISIT = "xpyme_contacts.activity_type_visit"


@tagged("post_install", "-at_install")
class TestFollowupEntry(CustomerCase):
    """Incidents, calls and visits are activities: Odoo's notices tell of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.customer = cls.make_customer()
        cls.contact = cls.make_contact(cls.customer, "Juan Pérez")

    def schedule(self, kind=VISIT, user=None, **vals):
        customer = self.customer.with_user(user or self.env.user)
        return customer.activity_schedule(kind, contact_id=self.contact.id, **vals)

    def test_entry_shows_in_the_notices_of_its_user_on_its_day(self):
        notices = self.env["res.users"].with_user(self.salesperson)

        def count():
            groups = {g["model"]: g for g in notices._get_activity_groups()}
            return groups.get("res.partner", {}).get("today_count", 0)

        for kind in (INCIDENT, CALL, VISIT):
            self.assertEqual(count(), 0)
            entry = self.schedule(
                kind, user_id=self.salesperson.id, date_deadline=date.today()
            )
            self.assertEqual(count(), 1)
            entry.action_feedback("Hecho")

    def test_what_was_done_stays_with_result_and_contact(self):
        entry = self.schedule(user=self.salesperson)
        entry.action_feedback("Quiere otra caldera")
        self.assertEqual(
            (entry.feedback, entry.date_done), ("Quiere otra caldera", date.today())
        )
        self.assertEqual(entry.contact_id, self.contact)
        message = self.customer.message_ids[0].body
        self.assertIn("Juan Pérez", message)
        self.assertIn("Quiere otra caldera", message)
        self.customer.activity_schedule(VISIT).action_feedback("Solo")
        self.assertNotIn("Juan Pérez", self.customer.message_ids[0].body)

    def test_contact_of_another_customer_is_refused(self):
        stranger = self.make_contact(self.make_customer("Otra"), "Ajena")
        for attempt in (
            lambda: self.schedule().write({"contact_id": stranger.id}),
            lambda: self.customer.activity_schedule(VISIT, contact_id=stranger.id),
            lambda: self.contact.activity_schedule(VISIT, contact_id=stranger.id),
        ):
            with self.assertRaisesRegex(ValidationError, "Ajena"):
                with self.env.cr.savepoint():
                    attempt()

    def test_deleted_contact_leaves_the_entry(self):
        entry = self.schedule()
        self.contact.unlink()
        self.assertTrue(entry.exists())
        self.assertFalse(entry.contact_id)

    def test_user_without_access_to_the_customer_sees_none(self):
        other = self.env["res.company"].create({"name": "Segunda"})
        self.customer.company_id = other
        entry = self.schedule()
        entry.action_feedback("Secreto")
        entries = self.env["mail.activity"].with_context(active_test=False)
        found = entries.with_user(self.salesperson).search([("id", "=", entry.id)])
        self.assertFalse(found)
        with self.assertRaises(AccessError):
            entry.with_user(self.salesperson).read(["feedback"])

    def test_technician_notes_nothing_on_a_customer(self):
        technician = self.make_technician(["base.group_user"])
        with self.assertRaises(AccessError):
            self.schedule(user=technician)
