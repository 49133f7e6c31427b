from datetime import date, timedelta

from odoo.tests import tagged

from .common import TODAY, PointsCase


@tagged("post_install", "-at_install")
class TestVoucherLapse(PointsCase):
    """A part of a voucher lapses on its own day; the first to lapse is spent first."""

    def setUp(self):
        super().setUp()
        self.voucher = self.give_voucher(10)
        self.lot = self.get_settlements()
        self.date_lot(self.lot, TODAY - timedelta(days=1))

    def date_lot(self, lot, day):
        lot.sudo().expiration_date = day
        self.env.flush_all()

    def add_lot(self, amount, until=False):
        """One more of another period."""
        lot = self.lot.sudo().copy(
            {
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 1, amount),
                "amount": amount,
                "expiration_date": until,
                "state": "done",
            }
        )
        self.voucher.points += amount * 100
        self.env.flush_all()
        return lot

    def lapse(self):
        self.env.flush_all()
        self.env["xpyme.points.settlement"]._take_lapsed()
        self.env.flush_all()

    def test_what_is_left_of_a_lapsed_lot_goes_off(self):
        self.voucher.points -= 500
        self.assertEqual(self.get_balance(), 0)
        self.lapse()
        self.assertEqual(self.voucher.points, 0)
        self.assertEqual(sum(self.voucher.history_ids.mapped("used")), 500)
        self.assertEqual(self.lot.lapsed_amount, 5)

    def test_on_its_last_day_it_can_be_used(self):
        self.date_lot(self.lot, TODAY)
        self.assertEqual(self.get_balance(), 10)
        self.lapse()
        self.assertEqual(self.voucher.points, 1000)

    def test_younger_lots_stay(self):
        self.add_lot(20, TODAY + timedelta(days=9))
        self.add_lot(5)
        self.voucher.points -= 300
        self.assertEqual(self.get_balance(), 25)
        self.assertEqual(
            self.customer.voucher_expiration, TODAY + timedelta(days=9), "the next one"
        )
        self.lapse()
        self.assertEqual(self.voucher.points, 2500)
        self.assertEqual(self.lot.lapsed_amount, 7)

    def test_a_lot_that_was_spent_takes_nothing_from_others(self):
        self.add_lot(20)
        self.voucher.points -= 1500
        self.lapse()
        self.assertEqual(self.voucher.points, 1500)
        self.assertEqual(self.lot.lapsed_amount, 0)
        self.assertFalse(self.customer.voucher_expiration)

    def test_twice_takes_nothing_more(self):
        self.add_lot(20)
        self.lapse()
        self.lapse()
        self.assertEqual(self.voucher.points, 2000)
        self.assertEqual(len(self.voucher.history_ids), 2)

    def test_what_a_cancelled_order_brings_back_lapses_too(self):
        self.voucher.points -= 1000
        self.lapse()
        self.voucher.points += 1000
        self.lapse()
        self.assertEqual(self.voucher.points, 0)
        self.assertEqual(self.lot.lapsed_amount, 10)

    def test_what_was_put_on_by_hand_stays(self):
        self.voucher.points += 400
        self.lapse()
        self.assertEqual(self.voucher.points, 400)
