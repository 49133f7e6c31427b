from datetime import UTC, date, datetime, time, timedelta, timezone

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

    def test_scheduled_call_is_due_on_the_day_of_its_users_clock(self):
        """Tomorrow at ten in Kiribati is still today in Greenwich."""
        self.salesperson.tz = "Pacific/Kiritimati"
        kiritimati = timezone(timedelta(hours=14))
        tomorrow = datetime.now(kiritimati).date() + timedelta(days=1)
        ten = datetime.combine(tomorrow, time(10), kiritimati).astimezone(UTC)
        alert = self.make_call(date=ten.replace(tzinfo=None)).followup_id
        self.assertEqual((alert.date_deadline, alert.state), (tomorrow, "planned"))

    def test_call_that_is_put_off_keeps_its_hour_when_the_clocks_change(self):
        self.salesperson.tz = "Europe/Madrid"
        call = self.make_call(date=datetime(2027, 3, 27, 9))
        call.followup_id.date_deadline = date(2027, 3, 29)
        self.assertEqual(call.date, datetime(2027, 3, 29, 8))

    def test_what_is_corrected_in_the_follow_up_is_corrected_in_the_call(self):
        call = self.make_call(state="done", description="No está")
        other = self.make_user("otra", "sales_team.group_sale_salesman")
        entry = call.followup_id.with_user(self.salesperson)
        entry.write(
            {
                "contact_id": self.contact.id,
                "feedback": "Llama el lunes",
                "summary": "Caldera",
                "user_id": other.id,
            }
        )
        self.assertEqual(call.contact_id, self.contact)
        self.assertEqual((call.description, call.name), ("Llama el lunes", "Caldera"))
        self.assertEqual((call.user_id, call.state), (other, "done"))

    def test_call_of_who_leaves_is_for_somebody_else(self):
        due, held = self.make_call(), self.make_call(state="done")
        self.salesperson.action_archive()
        self.assertEqual((due.state, due.user_id), ("open", self.env["res.users"]))
        entries = self.read_followup(user=self.env.user)
        self.assertEqual(entries, due.followup_id + held.followup_id)
        self.assertEqual(held.user_id, self.salesperson)

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
        for reopen in (
            entry.action_followup_reopen,
            lambda: entry.write({"active": True}),
        ):
            call.state = "done"
            reopen()
            self.assertEqual(call.state, "open")
            self.assertTrue(entry.active)

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
        left = self.make_call(state="cancel")  # nothing in the follow-up to refuse it
        for one in (call, left):
            with self.assertRaises(ValidationError):
                one.contact_id = stranger
        with self.assertRaises(ValidationError):
            self.make_call(contact_id=stranger.id)
        with self.assertRaises(ValidationError):
            self.make_call(self.env["res.partner"], contact_id=stranger.id)

    def test_call_of_nobody_is_no_follow_up(self):
        nobody = self.env["res.partner"]
        call = self.make_call(nobody, description="Se equivocó")
        self.assertFalse(call.followup_id)
        call.partner_id = self.customer
        self.assertEqual(self.read_followup(), call.followup_id)
        call.partner_id = False
        self.assertFalse(self.read_followup())
        self.assertEqual(call.state, "open")

    def test_call_of_a_lead_appears_once_its_customer_is_known(self):
        lead = self.env["crm.lead"].create({"name": "Caldera", "type": "lead"})
        call = self.make_call(self.env["res.partner"], opportunity_id=lead.id)
        self.assertFalse(self.read_followup())
        call.write({"partner_id": self.contact.id})
        self.assertEqual(self.read_followup(), call.followup_id)
        self.assertEqual(call.opportunity_id, lead)

    def test_number_of_calls_is_that_of_the_list(self):
        branch = self.make_customer("Sucursal", parent_id=self.customer.id)
        person = self.make_contact(branch, "Eva")
        person.active = False
        for partner in (self.customer, self.contact, branch, person):
            self.make_call(partner)
        self.make_call(self.make_customer("Otra"))
        calls = self.env["crm.phonecall"].with_user(self.salesperson)
        for partner, count in (
            (self.customer, 4),
            (self.contact, 1),
            (branch, 2),
            (person, 1),
        ):
            opened = partner.with_user(self.salesperson)
            action = opened.action_open_phonecalls()
            self.assertEqual(calls.search_count(action["domain"]), count)
            self.assertEqual(opened.phonecall_count, count)

    def test_call_is_noted_from_the_card_in_one_dialog(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts_phonecall.phonecall_note_action"
        )
        calls = self.env["crm.phonecall"].with_user(self.salesperson)
        self.contact.phone = "+56 41 222 33 44"
        form = Form(
            calls.with_context(default_partner_id=self.customer.id),
            self.env["ir.ui.view"].browse(action["view_id"][0]),
        )
        form.name = "Presupuesto"
        form.description = "Lo quiere"
        form.contact_id = self.contact
        self.assertEqual(form.partner_phone, self.contact.phone)
        call = form.save()
        call.action_hold()
        entry = self.read_followup()
        self.assertEqual((entry.feedback, entry.active), ("Lo quiere", False))
        self.assertEqual(entry.contact_id, self.contact)

    def test_form_takes_the_contact_of_whom_was_chosen(self):
        with Form(self.env["crm.phonecall"].with_user(self.salesperson)) as form:
            form.name = "Presupuesto"
            form.partner_id = self.contact
            self.assertEqual(form.contact_id, self.contact)
