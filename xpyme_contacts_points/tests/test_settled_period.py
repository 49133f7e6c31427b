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
        self.assertEqual(self.get_figures(), (62.92, 39.5))

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
