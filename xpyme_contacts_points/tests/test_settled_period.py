from datetime import date

from odoo.tests import tagged

from .common import PointsCase


@tagged("post_install", "-at_install")
class TestSettledPeriod(PointsCase):
    """A settled period is closed: what changes of it is of the running one."""

    def settle_november(self):
        """November, with one sale of 121 or points of an order of 62.92."""
        invoice, order = self.make_invoice(121), self.make_order()
        self.settle()
        self.assertEqual(self.get_figures(), (0, 0))
        return invoice, order

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_program()

    def test_a_cancelled_order_takes_its_points_off_the_running_period(self):
        _invoice, order = self.settle_november()
        order._action_cancel()
        self.assertEqual(self.get_figures(), (-62.92, 0))

    def test_a_cancelled_invoice_takes_its_sales_off_it(self):
        invoice, _order = self.settle_november()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(self.get_figures(), (0, -121))

    def test_a_late_sale_and_a_late_credit_note_count_in_it(self):
        self.settle_november()
        self.make_invoice(60.5, day="2026-11-20")
        self.make_order(day="2026-11-30")
        self.assertEqual(self.get_figures(), (62.92, 60.5))
        self.make_invoice(21, day="2026-11-30", move_type="out_refund")
        self.assertEqual(self.get_figures(), (41.92, 39.5))

    def test_once_and_what_was_given_stays_given(self):
        """What December made up for is nothing to January."""
        invoice, _order = self.settle_november()
        balance = self.get_balance()
        invoice.button_draft()
        self.make_invoice(242, day="2026-12-05")
        self.assertEqual(self.get_balance(), balance)
        self.customer.points_period_end = "2026-12-09"
        settlement = self.settle()
        self.assertEqual((settlement.base, settlement.amount), (121, 6.05))
        self.assertEqual(self.get_figures(), (0, 0))
        invoice.action_post()
        self.assertEqual(self.get_figures(), (0, 121))

    def test_a_settlement_taken_back_leaves_it(self):
        invoice, _order = self.settle_november()
        self.get_settlements().with_user(self.manager).action_cancel_settlement()
        self.assertEqual(self.get_figures(), (62.92, 121))
        invoice.button_draft()
        self.assertEqual(self.get_figures(), (62.92, 0))

    def test_days_that_were_never_settled_are_left_out(self):
        self.settle_november()
        self.customer.write(self.get_period("2027-01-01", "2027-01-31"))
        self.make_invoice(60.5, day="2026-12-05")
        self.make_invoice(60.5, day="2026-10-05")
        self.assertEqual(self.get_figures(), (0, 0))

    # --- nothing to settle

    def roll(self, customer=None):
        """A window that settles nothing: the customer's period goes on."""
        run = self.env["xpyme.points.settlement.run"].with_user(self.manager)
        run.create({"partner_ids": (customer or self.customer).ids}).action_settle()
        self.customer.invalidate_recordset()

    def test_what_comes_late_of_an_empty_period_counts_in_the_running_one(self):
        self.roll()
        self.assertEqual(self.customer.points_period_end, date(2026, 12, 31))
        self.make_invoice(60.5, day="2026-11-20")
        self.make_order(day="2026-11-30")
        self.assertEqual(self.get_figures(), (62.92, 60.5))
        self.customer.points_period_end = "2026-12-09"
        settlement = self.settle()
        self.assertEqual((settlement.base, settlement.points), (60.5, 62.92))
        self.assertEqual(self.get_figures(), (0, 0))

    def test_an_empty_period_gives_no_voucher_and_can_still_be_settled(self):
        self.roll()
        self.assertEqual(self.get_settlements().state, "empty")
        self.assertEqual(self.get_balance(), 0)
        self.assertFalse(self.get_voucher())
        self.get_settlements().with_user(self.manager).action_cancel_settlement()
        self.make_invoice(121)
        self.customer.write(self.get_period())
        self.assertEqual(self.get_figures(), (0, 121))
        self.assertEqual(self.settle().amount, 6.05)
        self.assertEqual(self.get_figures(), (0, 0))

    def test_a_customer_without_sales_can_be_deleted(self):
        idle = self.make_customer(
            "Ociosa", vat=False, customer_type_id=self.type.id, **self.get_period()
        )
        self.roll(idle)
        self.assertEqual(self.get_settlements(idle).state, "empty")
        idle.child_ids.unlink()
        idle.unlink()
        self.assertFalse(idle.exists())
