from datetime import date, datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import CallCase


@tagged("post_install", "-at_install")
class TestCallsInFollowup(CallCase):
    """What a call is, its customer's follow-up tells."""

    def test_call_on_the_contact_shows_on_the_customer(self):
        call = self.make_call(self.contact)
        entry = self.read_followup()
        self.assertEqual(entry, call.followup_id)
        self.assertEqual(entry.contact_id, self.contact)
        self.assertEqual(entry.summary, "Presupuesto")
        self.assertEqual(self.customer.phonecall_count, 1)
        self.assertEqual(self.contact.phonecall_count, 1)

    def test_call_that_was_held_tells_its_result_and_alerts_nobody(self):
        call = self.make_call(state="done", description="Quiere otra caldera")
        entry = self.read_followup()
        self.assertEqual(
            (entry.feedback, entry.date_done, entry.user_id, entry.active),
            ("Quiere otra caldera", date.today(), self.salesperson, False),
        )
        call.description = "Quiere dos"
        self.assertEqual(entry.feedback, "Quiere dos")

    def test_scheduled_call_is_done_with_its_text(self):
        call = self.make_call()
        call.write({"state": "done", "description": "No está"})
        entry = self.read_followup()
        self.assertEqual((entry.feedback, entry.active), ("No está", False))

    def test_activity_that_is_done_closes_its_call(self):
        call = self.make_call()
        call.followup_id.action_feedback("Llama él")
        self.assertEqual((call.state, call.description), ("done", "Llama él"))

    def test_day_is_that_of_the_callers_clock(self):
        self.salesperson.tz = "America/Santiago"
        call = self.make_call(date=datetime(2027, 1, 12, 1, 30))
        self.assertEqual(call.followup_id.date_deadline, date(2027, 1, 11))

    def test_call_alerts_its_user_on_its_day(self):
        other = self.make_user("otra", "sales_team.group_sale_salesman")
        call = self.make_call(date=datetime.now())

        def count(user):
            groups = self.env["res.users"].with_user(user)._get_activity_groups()
            found = [g for g in groups if g["model"] == "crm.phonecall"]
            return sum(group["today_count"] for group in found)

        self.assertEqual((count(self.salesperson), count(other)), (1, 0))
        call.user_id = other
        self.assertEqual((count(self.salesperson), count(other)), (0, 1))
        call.date += timedelta(days=3)
        self.assertEqual(count(other), 0)
        call.followup_id.date_deadline = date.today()
        self.assertEqual(call.date.date(), date.today())

    def test_cancelled_call_is_kept_and_alerts_nobody(self):
        call = self.make_call()
        call.state = "cancel"
        self.assertFalse(self.read_followup())
        self.assertTrue(call.exists())

    def test_alert_that_is_cancelled_cancels_the_call(self):
        call = self.make_call()
        call.followup_id.unlink()
        self.assertEqual(call.state, "cancel")

    def test_reopened_call_alerts_again_and_keeps_its_history(self):
        call = self.make_call()
        call.write({"state": "done", "description": "No está"})
        call.state = "open"
        entry = self.read_followup()
        self.assertTrue(entry.active)
        self.assertIn("No está", " ".join(call.message_ids.mapped("body")))
        call.state = "done"
        entry.action_followup_reopen()
        self.assertEqual(call.state, "open")

    def test_call_follows_its_customer(self):
        other = self.make_customer("Otra")
        call = self.make_call(self.contact)
        call.partner_id = other
        self.assertFalse(self.read_followup())
        self.assertEqual(self.read_followup(other), call.followup_id)
        self.assertFalse(call.followup_id.contact_id)

    def test_contact_of_another_customer_is_refused(self):
        stranger = self.make_contact(self.make_customer("Otra"), "Ajena")
        call = self.make_call()
        with self.assertRaises(ValidationError):
            call.contact_id = stranger
        with self.assertRaises(ValidationError):
            self.make_call(contact_id=stranger.id)

    def test_call_of_nobody_is_no_follow_up(self):
        nobody = self.env["res.partner"]
        call = self.make_call(nobody, description="Se equivocó")
        self.assertFalse(call.followup_id)
        call.partner_id = self.customer
        self.assertEqual(self.read_followup(), call.followup_id)
        call.partner_id = False
        self.assertFalse(self.read_followup())
        self.assertEqual(call.state, "open")

    def test_form_takes_the_contact_of_whom_was_chosen(self):
        with Form(self.env["crm.phonecall"].with_user(self.salesperson)) as form:
            form.name = "Presupuesto"
            form.partner_id = self.contact
            self.assertEqual(form.contact_id, self.contact)
