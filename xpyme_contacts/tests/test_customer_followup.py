from datetime import date, timedelta

from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CARD, CustomerCase

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

    # --- done

    def test_done_asks_for_the_result_in_the_one_dialog(self):
        entry = self.schedule(user=self.salesperson)
        action = entry.action_ask_result()
        self.assertTrue(entry.active)
        self.assertEqual((action["res_id"], action["target"]), (entry.id, "new"))
        with Form(entry, view=action["views"][0][0]) as form:
            with self.assertRaisesRegex(AssertionError, "feedback"):
                form.save()
            form.feedback = "Quiere otra caldera"
        entry.action_followup_done()
        self.assertEqual((entry.state, entry.feedback), ("done", form.feedback))
        self.assertIn("Quiere otra caldera", self.customer.message_ids[0].body)

    def test_window_of_the_chatter_asks_for_the_result_too(self):
        window = (
            self.env["mail.activity.schedule"]
            .with_context(active_model="res.partner", active_ids=self.customer.ids)
            .create({"activity_type_id": self.env.ref(CALL).id})
        )
        action = window.action_schedule_activities_done()
        self.assertEqual(action["res_model"], "mail.activity")
        entry = self.env["mail.activity"].browse(action["res_id"])
        self.assertNotEqual(entry.state, "done")

    def test_several_at_once_and_other_records_are_done_as_ever(self):
        entries = self.schedule() | self.schedule(CALL)
        entries.action_ask_result()
        self.assertEqual(entries.mapped("state"), ["done", "done"])
        product = self.env["product.template"].create({"name": "P"})
        other = product.activity_schedule(CALL)
        other.action_ask_result()
        self.assertEqual(other.state, "done")

    def test_who_does_not_see_the_customer_does_their_own_without_being_asked(self):
        entry = self.schedule(user_id=self.salesperson.id)
        self.customer.company_id = self.env["res.company"].create({"name": "Segunda"})
        own = entry.with_user(self.salesperson)
        own.action_done_redirect_to_other()
        self.assertEqual(entry.state, "done")

    def test_every_button_done_asks(self):
        views = self.env["mail.activity"].get_views(
            [(False, "list"), (False, "form"), (False, "kanban")]
        )["views"]
        popup = self.env.ref("mail.mail_activity_view_form_popup")
        popup = self.env["mail.activity"].get_view(popup.id, "form")
        followup = self.env.ref("xpyme_contacts.xpyme_followup_view_list")
        followup = self.env["mail.activity"].get_view(followup.id, "list")
        for view in (*views.values(), popup, followup):
            self.assertNotIn('name="action_done"', view["arch"])
        orders = self.env["fsm.order"].get_view(view_type="form")
        self.assertNotIn('name="action_done"', orders["arch"])

    def test_done_by_a_slip_is_reopened_and_its_result_kept(self):
        entry = self.schedule(user=self.salesperson)
        entry.action_feedback("Hablado")
        entry.action_followup_reopen()
        self.assertEqual((entry.active, entry.date_done), (True, False))
        self.assertEqual(entry.feedback, "Hablado")
        self.assertIn(entry, self.customer.followup_ids)

    def test_what_is_done_offers_to_be_reopened_and_not_to_be_done_again(self):
        action = self.env.ref("xpyme_contacts.xpyme_followup_action")
        views = self.env["mail.activity"].get_views(action.views)["views"]
        screens = {
            "card": (self.customer.get_view(self.env.ref(CARD).id)["arch"], 1),
            "window": (views["list"]["arch"], 1),
            "order": (self.env["fsm.order"].get_view(view_type="form")["arch"], 2),
        }
        for screen, (arch, places) in screens.items():
            arch = etree.fromstring(arch)
            for name, hidden in (
                ("action_ask_result", "state == 'done'"),
                ("action_followup_reopen", "state != 'done'"),
            ):
                buttons = arch.xpath(f"//button[@name='{name}']")
                self.assertEqual(len(buttons), places, (screen, name))
                for button in buttons:
                    self.assertIn(hidden, button.get("invisible", ""), (screen, name))

    def test_what_was_typed_and_its_result_stand_in_both_lists(self):
        card = self.customer.get_view(self.env.ref(CARD).id)["arch"]
        (own,) = etree.fromstring(card).xpath("//field[@name='followup_ids']/list")
        action = self.env.ref("xpyme_contacts.xpyme_followup_action")
        views = self.env["mail.activity"].get_views(action.views)["views"]
        window = etree.fromstring(views["list"]["arch"])
        for told in (own, window):
            for fname in ("summary", "note", "feedback", "contact_id"):
                (column,) = told.xpath(f"field[@name='{fname}']")
                self.assertEqual(column.get("optional", "show"), "show", fname)

    def test_a_matter_of_risk_is_no_kind_to_choose(self):
        popup = self.env.ref("mail.mail_activity_view_form_popup")
        arch = self.env["mail.activity"].get_view(popup.id)["arch"]
        (domain,) = etree.fromstring(arch).xpath(
            "//field[@name='activity_type_id']/@domain"
        )
        kinds = self.env["mail.activity.type"]
        risk = self.env.ref("xpyme_contacts.activity_type_risk")
        for present, is_offered in ((False, False), (risk.id, True)):
            known = {"res_model": "res.partner", "activity_type_id": present}
            offered = kinds.search(safe_eval(domain, known))
            self.assertEqual(risk in offered, is_offered)
            self.assertIn(self.env.ref(VISIT), offered)

    def test_new_entry_proposes_today_whatever_delay_its_kind_has(self):
        call = self.env.ref(CALL)
        call.write({"delay_count": 2, "delay_unit": "days"})
        orders = self.env["mail.activity"].with_context(
            default_res_model="fsm.order", default_activity_type_id=call.id
        )
        on_card = self.env["mail.activity"].with_context(
            default_res_model="res.partner",
            default_res_id=self.customer.id,
            default_activity_type_id=call.id,
        )
        view = "mail.mail_activity_view_form_popup"
        for model in (on_card, orders):
            self.assertEqual(Form(model, view=view).date_deadline, date.today())
        chained = on_card.with_context(activity_previous_deadline=date.today())
        later = Form(chained, view=view).date_deadline
        self.assertEqual(later, date.today() + timedelta(days=2))

    def test_dialog_offers_the_customers_contacts(self):
        entry = self.schedule()
        self.assertEqual(entry.followed_customer_id, self.customer)
        order = self.make_order(self.customer)
        entry = order.activity_schedule(VISIT)
        self.assertEqual(entry.followed_customer_id, self.customer)

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
