from datetime import date, timedelta

from odoo.tests import tagged

from odoo.addons.xpyme_contacts_phonecall.hooks import (
    post_init_hook,
    uninstall_hook,
)

from .common import CallCase


@tagged("post_install", "-at_install")
class TestCallsLife(CallCase):
    """Calls that there were before the addon, and after it; many; old; merged."""

    def test_calls_that_there_were_are_told_as_held_or_to_be_held(self):
        held = self.make_call(self.contact, state="done", description="No está")
        due = self.make_call(date=f"{date.today() + timedelta(days=2)} 12:00:00")
        left = self.make_call(state="cancel")
        calls = held + due + left
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM mail_activity WHERE id = ANY(%s)", [calls.followup_id.ids]
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual(
            (held.followup_id.active, held.followup_id.feedback), (False, "No está")
        )
        self.assertEqual(held.followup_id.contact_id, self.contact)
        self.assertTrue(due.followup_id.active)
        self.assertEqual(due.followup_id.date_deadline, due.date.date())
        self.assertFalse(left.followup_id)
        self.assertEqual(self.read_followup(), held.followup_id + due.followup_id)

    def make_past_calls(self, number):
        self.env.cr.execute(
            """
            INSERT INTO crm_phonecall (name, partner_id, contact_id, user_id, date,
                                       state, direction, active, create_date)
            SELECT 'Llamada ' || n, %s, %s, %s, now() - n * interval '1 hour',
                   (ARRAY['done', 'done', 'open', 'cancel'])[1 + n %% 4], 'in', true,
                   now()
              FROM generate_series(1, %s) n
            """,
            [self.contact.id, self.contact.id, self.salesperson.id, number],
        )

    def count_told(self, number):
        """Queries of installing beside so many calls, and how many are told then."""
        told = self.env["mail.activity"].with_context(active_test=False)
        domain = [("res_model", "=", "crm.phonecall"), ("user_id", "!=", False)]
        with self.env.cr.savepoint() as savepoint:
            self.make_past_calls(number)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            post_init_hook(self.env)
            queries = self.env.cr.sql_log_count - before
            found, shown = told.search_count(domain), len(self.read_followup())
            savepoint.rollback()
        self.env.invalidate_all()
        return queries, found, shown

    def test_twenty_thousand_calls_are_told_in_as_many_queries_as_four(self):
        few, found, _shown = self.count_told(4)
        self.assertEqual(found, 3)
        many, found, shown = self.count_told(20_000)
        self.assertEqual(found, 15_000)
        self.assertLessEqual(shown, 80)
        self.assertLessEqual(many, few)

    def test_what_calls_told_stays_when_the_addon_goes(self):
        held = self.make_call(self.contact, state="done", description="No está")
        due = self.make_call()
        by_hand = due.activity_schedule("mail.mail_activity_data_todo")
        entries = held.followup_id + due.followup_id
        uninstall_hook(self.env)
        for entry in entries:
            self.assertEqual(
                (entry.res_model, entry.res_id), ("res.partner", self.customer.id)
            )
        self.assertEqual(entries.mapped("active"), [False, True])
        self.assertEqual(entries[0].feedback, "No está")
        self.assertFalse(by_hand.exists())

    def test_card_costs_the_same_with_many_calls(self):
        self.make_call(state="done")
        one = self.count_queries()
        self.env["crm.phonecall"].with_user(self.salesperson).create(
            [
                {"name": f"Llamada {n}", "partner_id": self.customer.id}
                for n in range(99)
            ]
        )
        self.assertLessEqual(self.count_queries(), one)
        self.assertLessEqual(len(self.read_followup()), 80)

    def test_calls_of_a_customer_are_found_by_an_index(self):
        self.env.cr.execute(
            "SELECT 1 FROM pg_indexes WHERE tablename = 'crm_phonecall'"
            " AND indexdef LIKE '%(partner_id)%'"
        )
        self.assertTrue(self.env.cr.fetchall())

    def count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.read_followup().mapped("summary")
        return self.env.cr.sql_log_count - before

    def test_old_calls_are_not_cleared_with_age(self):
        call = self.make_call(date="2015-03-02 10:00:00")
        self.env["ir.config_parameter"].set_param(
            "mail.activity.gc.delete_overdue_years", "3"
        )
        self.env["mail.activity"]._gc_delete_old_overdue_activities()
        self.assertTrue(call.followup_id.exists())
        self.assertEqual(call.state, "open")

    def test_merged_customers_keep_each_call_once(self):
        other = self.make_customer("Otra")
        calls = self.make_call() + self.make_call(other)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.customer.id, other.id], self.customer)
        self.env.invalidate_all()
        self.assertEqual(calls.partner_id, self.customer)
        self.assertEqual(self.read_followup(), calls.followup_id)

    def test_archived_call_alerts_nobody_and_comes_back(self):
        due, held = self.make_call(), self.make_call(state="done")
        (due + held).active = False
        self.assertEqual(due.state, "open")
        self.assertEqual(self.read_followup(), held.followup_id)
        due.active = True
        self.assertIn(due.followup_id, self.read_followup())
        self.assertTrue(due.followup_id)

    def test_calls_of_a_customer_who_is_forgotten_are_gone(self):
        calls = self.make_call() | self.make_call(self.contact)
        calls[:1].state = "done"
        groups = "base.group_partner_manager,sales_team.group_sale_salesman"
        office = self.make_user("oficina", groups)
        self.customer.with_user(office).action_forget()
        self.assertFalse(calls.exists())

    def test_complaints_of_a_customer_who_is_forgotten_are_gone(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": "Queja de Ana", "partner_id": self.customer.id},
                {"name": "Queja", "email_from": f"Ana <{self.customer.email}>"},
                {"name": "De otra", "email_from": "otra@example.org"},
            ]
        )
        groups = "base.group_partner_manager,sales_team.group_sale_salesman"
        office = self.make_user("oficina", groups)
        self.customer.with_user(office).action_forget()
        self.assertEqual(leads.exists(), leads[2:])
