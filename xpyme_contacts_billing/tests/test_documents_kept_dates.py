from datetime import date

from odoo.tests import tagged

from .common import BillingCase

SEPTEMBER = [date(2026, 9, 5)]


@tagged("post_install", "-at_install")
class TestKeptDates(BillingCase):
    """Drafts follow what is agreed anew; what is posted keeps its dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leave = cls.make_leave()
        cls.draft, cls.posted = cls.make_invoice(), cls.make_invoice()
        cls.posted.action_post()

    def test_a_posted_invoice_keeps_its_dates_when_it_is_paid(self):
        self.leave.date_to = "2026-09-10"
        self.pay(self.posted, 50)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertDue(self.posted, "2026-09-05")
        self.assertIn("September 5", self.posted.due_date_note)
        self.assertEqual(list(self.get_instalments(self.draft)), [date(2026, 9, 20)])

    def test_a_posted_invoice_keeps_its_date_when_its_term_changes(self):
        self.month.line_ids.nb_days = 90
        self.pay(self.posted, 50)
        self.assertDue(self.posted, "2026-09-05")

    def test_drafts_follow_each_leave_that_comes_changes_or_goes(self):
        self.leave.unlink()
        self.assertEqual(list(self.get_instalments(self.draft)), [date(2026, 8, 20)])
        leave = self.make_leave()
        self.assertEqual(list(self.get_instalments(self.draft)), SEPTEMBER)
        leave.date_to = "2026-09-10"
        self.assertEqual(list(self.get_instalments(self.draft)), [date(2026, 9, 20)])
        self.assertDue(self.posted, "2026-09-05")

    def test_drafts_follow_what_is_saved_on_the_card_at_once(self):
        self.customer.write(
            {
                "payment_days": "7",
                "leave_ids": [(1, self.leave.id, {"date_to": "2026-09-07"})],
            }
        )
        self.assertEqual(list(self.get_instalments(self.draft)), [date(2026, 10, 7)])
        self.assertIn("October 7", self.draft.due_date_note)

    def test_drafts_follow_leaves_that_come_round_each_year(self):
        self.leave.write({"date_from": "2004-08-01", "date_to": "2004-08-31"})
        self.assertEqual(list(self.get_instalments(self.draft)), [date(2026, 8, 20)])
        self.customer.leave_ignore_year = True
        self.assertEqual(list(self.get_instalments(self.draft)), SEPTEMBER)

    def test_drafts_follow_whoever_may_change_the_customer(self):
        salesperson = self.make_salesperson()
        self.customer.with_user(salesperson).payment_days = "10"
        self.assertEqual(list(self.get_instalments(self.draft)), [date(2026, 9, 10)])

    def test_a_typed_maturity_stays_while_nothing_else_is_needed(self):
        line = self.draft.line_ids.filtered("date_maturity")
        line.date_maturity = "2026-09-15"
        self.leave.name = "Vacaciones"
        self.draft.action_post()
        self.assertEqual(line.date_maturity, date(2026, 9, 15))
        self.draft.button_draft()
        self.draft.action_post()
        self.assertEqual(line.date_maturity, date(2026, 9, 15))

    def test_a_draft_again_follows_what_is_agreed_now(self):
        self.leave.date_to = "2026-09-10"
        self.posted.button_draft()
        self.assertDue(self.posted, "2026-09-20")
        self.posted.action_post()
        self.assertDue(self.posted, "2026-09-20")
        self.assertIn("September 20", self.posted.due_date_note)

    def test_instalments_part_again_when_the_draft_follows(self):
        self.leave.unlink()
        invoice = self.make_invoice(
            "2026-07-06", invoice_payment_term_id=self.thirds.id
        )
        invoice.action_post()
        self.customer.payment_days = False
        self.assertDue(invoice, "2026-07-20", "2026-08-05")
        invoice.button_draft()
        self.assertEqual(
            list(self.get_instalments(invoice)),
            [date(2026, 7, 13), date(2026, 7, 20), date(2026, 8, 3)],
        )
        self.customer.payment_days = "31"
        self.assertEqual(
            list(self.get_instalments(invoice)), [date(2026, 7, 31), date(2026, 8, 31)]
        )
        self.assertIn("not on July 13 and July 20", invoice.due_date_note)

    def test_a_draft_follows_a_term_that_was_changed_as_core_does(self):
        self.month.line_ids.nb_days = 65
        self.draft.invoice_line_ids.price_unit = 100
        self.assertEqual(list(self.get_instalments(self.draft)), [date(2026, 9, 20)])
        self.draft.action_post()
        self.assertDue(self.draft, "2026-09-20")
        self.assertIn("September 20", self.draft.due_date_note)

    def test_a_typed_date_that_never_comes_is_judged_anew_in_the_next_draft(self):
        self.leave.write({"date_from": "2026-01-01", "date_to": "2026-12-31"})
        self.customer.leave_ignore_year = True
        invoice = self.make_invoice(
            invoice_payment_term_id=False,
            invoice_date=False,
            invoice_date_due="2026-08-09",
        )
        invoice.action_post()
        self.assertIn("have no end", invoice.due_date_note)
        self.leave.date_to = "2026-08-31"
        invoice.button_draft()
        self.assertIn("September 5", invoice.due_date_note)
        invoice.action_post()
        self.assertDue(invoice, "2026-09-05")

    def test_the_leaves_of_a_merged_customer_are_the_survivors(self):
        survivor = self.make_customer("Acme", payment_days="5, 20")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        self.make_leave("2026-09-01", "2026-09-10", survivor)
        wizard._merge((survivor | self.customer).ids, survivor)
        self.assertEqual(len(survivor.leave_ids), 2)
        self.assertEqual(list(self.get_instalments(self.draft)), [date(2026, 9, 20)])
        self.assertDue(self.posted, "2026-09-05")
