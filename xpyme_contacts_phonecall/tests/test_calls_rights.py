from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CallCase


@tagged("post_install", "-at_install")
class TestCallsRights(CallCase):
    def test_technician_reads_calls_and_changes_none(self):
        call = self.make_call(description="Quiere otra caldera")
        technician = self.make_technician(
            (
                "base.group_allow_export",
                "base.group_partner_manager",
                "sales_team.group_sale_manager",
            )
        )
        theirs = call.with_user(technician)
        self.assertEqual(theirs.name, "Presupuesto")
        for attempt in (
            lambda: theirs.write({"name": "Otra"}),
            lambda: theirs.write({"state": "done"}),
            lambda: theirs.unlink(),
            lambda: self.make_call(user=technician),
            lambda: theirs.followup_id.action_feedback("Hecho"),
            lambda: theirs.export_data(["name", "partner_phone"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual((call.name, call.state), ("Presupuesto", "open"))

    def test_calls_of_other_companies_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Otra S.A."})
        stranger = self.make_customer("Ajena", company_id=company.id)
        calls = self.make_call(user=self.env.user, company_id=company.id)
        calls += self.make_call(stranger, user=self.env.user)
        own = self.make_call() + self.make_call(self.env["res.partner"])
        for name in ("crm.phonecall", "crm.phonecall.report"):
            seen = self.env[name].with_user(self.salesperson)
            found = seen.search([("id", "in", (calls + own).ids)])
            self.assertEqual(set(found.ids), set(own.ids), name)
        self.assertEqual(self.read_followup(), own[0].followup_id)

    def test_a_call_is_not_tied_to_an_activity_of_another_record(self):
        manager = self.make_user("boss", "sales_team.group_sale_manager")
        secret = self.customer.activity_schedule(
            "mail.mail_activity_data_todo", user_id=manager.id
        )
        call = self.make_call()
        for attempt in (
            lambda: call.with_user(self.salesperson).write({"followup_id": secret.id}),
            lambda: self.make_call(followup_id=secret.id),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                attempt()
        self.assertTrue(secret.exists())

    def test_held_call_is_deleted_by_sales_managers_alone(self):
        call = self.make_call(state="done")
        keeper = self.make_user(
            "keeper", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        with self.assertRaises(UserError):
            call.with_user(keeper).unlink()
        manager = self.make_user("manager", "sales_team.group_sale_manager")
        entry = call.followup_id
        call.with_user(manager).unlink()
        self.assertFalse(entry.exists())

    def test_held_call_is_history_whatever_becomes_of_it(self):
        keeper = self.make_user(
            "keeper", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        for vals in ({"state": "open"}, {"state": "cancel"}, {"active": False}):
            call = self.make_call(state="done", description="Dijo que sí")
            theirs = call.with_user(keeper)
            theirs.write(vals)
            theirs.write({"was_held": False})
            with self.assertRaises(UserError):
                theirs.unlink()
            self.assertTrue(call.followup_id.exists())
        with self.assertRaises(UserError):
            theirs.write({"partner_id": False})
        due = self.make_call().with_user(keeper)
        due.write({"partner_id": False})
        due.unlink()

    def test_what_was_said_stays_told(self):
        keeper = self.make_user(
            "keeper", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        call = self.make_call(state="done", description="Dijo que sí")
        theirs = call.with_user(keeper)
        with self.assertRaises(UserError):
            theirs.followup_id.unlink()
        theirs.state = "open"
        with self.assertRaises(UserError):
            theirs.followup_id.unlink()
        theirs.state = "cancel"
        self.assertFalse(call.followup_id.active)
        self.assertEqual(call.followup_id.feedback, "Dijo que sí")
        self.assertEqual(call.state, "cancel")
        self.make_call().followup_id.with_user(keeper).unlink()

    def test_other_call_is_with_the_same_person(self):
        self.contact.phone = "600 100 200"
        call = self.make_call()
        call.contact_id = self.contact
        wizard = self.env["crm.phonecall2phonecall"].with_context(
            active_id=call.id, active_ids=call.ids
        )
        wizard.create({"name": "Otra vez", "action": "schedule"}).action_schedule()
        other = self.env["crm.phonecall"].search([("name", "=", "Otra vez")])
        self.assertEqual(other.contact_id, self.contact)
        self.assertEqual(other.partner_phone, self.contact.phone)

    def test_reopened_call_is_archived_with_its_alert(self):
        call = self.make_call(state="done", description="Dijo que sí")
        call.state = "open"
        call.active = False
        self.assertEqual(call.state, "open")
        self.assertFalse(call.followup_id)
        call.active = True
        self.assertTrue(call.followup_id.active)
