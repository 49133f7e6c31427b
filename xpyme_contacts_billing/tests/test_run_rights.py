from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .run_common import RunCase


@tagged("post_install", "-at_install")
class TestRunRights(RunCase):
    def test_salesperson_sees_what_would_be_invoiced_of_their_orders_alone(self):
        seller = self.make_salesperson()
        own = self.make_sale(self.grouped, user_id=seller.id)
        self.make_sale(self.apart, user_id=self.env.user.id)
        run = self.make_run().with_user(seller)
        run = run.create(
            {
                "invoice_date": "2026-07-31",
                "date_to": "2026-07-31",
                "partner_ids": [(6, 0, self.customers.ids)],
            }
        )
        run.action_prepare()
        self.assertEqual(run.item_ids.order_ids, own)
        self.assertEqual(run.item_ids.amount, 100)
        for action in ("action_run", "action_undo_drafts", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(run, action)()
        with self.assertRaises(AccessError):
            run.item_ids.action_leave_out()

    def test_salesperson_does_not_see_a_run_that_somebody_else_prepared(self):
        seller = self.make_salesperson()
        self.make_sale(self.grouped)
        run = self.prepare().with_user(seller)
        self.assertFalse(run.search([("id", "=", run.id)]))
        with self.assertRaises(AccessError):
            run.item_ids.read(["amount"])

    def assertUnchangeable(self, run):
        self.assertFalse(run.may_change)
        for vals in ({"name": "Mía"}, {"user_id": run.env.uid}):
            with self.assertRaises(AccessError):
                run.write(vals)
        for change in (run.action_draft, run.unlink):
            with self.assertRaises(AccessError):
                change()

    def test_who_may_not_bill_changes_no_run_of_somebody_else(self):
        self.make_sale(self.grouped)
        for groups in (
            "sales_team.group_sale_salesman_all_leads",
            "account.group_account_invoice",
        ):
            user = self.make_user(groups, groups)
            run = self.prepare().with_user(user)
            self.assertEqual(run.pending_count, 1)
            self.assertUnchangeable(run)
            with self.assertRaises(AccessError):
                run.action_after = "post"
            run = self.make_run().with_user(user)
            with self.assertRaises(AccessError):
                run.action_prepare()

    def test_who_may_not_bill_changes_their_own_run_until_it_is_started(self):
        seller = self.make_user("all", "sales_team.group_sale_salesman_all_leads")
        self.make_sale(self.grouped)
        run = self.make_run().with_user(seller).copy()
        run.action_prepare()
        self.assertTrue(run.may_change)
        run.action_after = "post"
        run.action_draft()
        run.action_prepare()
        biller = self.make_biller()
        with self.in_lanes():
            run.with_user(biller).action_run()
            self.assertUnchangeable(run)
        run.with_user(biller).action_pause()
        self.assertUnchangeable(run)
        run.with_user(biller).action_cancel()
        self.assertUnchangeable(run)

    def test_nobody_writes_what_the_buttons_write_whatever_the_value(self):
        run = self.prepare_any().with_user(self.make_biller())
        for value in (
            {"is_undoing": False},
            {"month_end_of": False},
            {"started_by_id": False},
            {"prepared_by_id": False},
            {"state": False},
        ):
            with self.assertRaises(AccessError):
                run.write(value)

    def test_nobody_deletes_a_run_that_is_at_work(self):
        run = self.prepare_any().with_user(self.make_biller())
        with self.in_lanes():
            run.action_run()
            with self.assertRaisesRegex(UserError, "at work"):
                run.unlink()
            run.action_pause()
            run.unlink()
        self.assertFalse(run.exists())

    def prepare_any(self):
        self.make_sale(self.grouped)
        return self.prepare()

    def test_who_has_the_right_makes_the_invoices(self):
        self.make_sale(self.grouped)
        run = self.make_run().with_user(self.make_biller())
        run.action_prepare()
        run.action_run()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.started_by_id.login, "biller")

    def test_technician_sees_none_of_it(self):
        self.make_sale(self.grouped)
        run = self.prepare()
        technician = self.make_technician()
        for records in (run, run.item_ids):
            with self.assertRaises(AccessError):
                records.with_user(technician).read(["company_id"])
        with self.assertRaises(AccessError):
            run.with_user(technician).create({"name": "Mía"})

    def test_marked_technician_changes_nothing_whatever_else_they_are(self):
        self.make_sale(self.grouped)
        groups = ("xpyme_contacts_billing.group_billing_run",)
        run = self.prepare().with_user(self.make_technician(groups))
        for action in ("action_run", "action_draft", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(run, action)()

    def test_other_company_is_never_in_the_run(self):
        self.make_sale(self.grouped)
        other = self.env["res.company"].create({"name": "Otra casa"})
        self.env.user.company_ids |= other
        run = self.env["xpyme.billing.run"].with_company(other)
        run = run.create({"name": "De la otra"})
        self.assertEqual(run.company_id, other)
        self.assertFalse(run._prepare())
        biller = self.make_biller()
        found = self.env["xpyme.billing.run"].with_user(biller)
        self.assertFalse(found.search([("id", "=", run.id)]))
