from datetime import date, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.loyalty_card import BY_DOCUMENT
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
        self.voucher._allot_spent()
        lot = self.lot.sudo().copy(
            {
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 1, amount),
                "amount": amount,
                "spent_amount": 0,
                "expiration_date": until,
                "state": "done",
            }
        )
        self.move(amount * 100)
        self.env.flush_all()
        return lot

    def move(self, points):
        """What a document does."""
        self.voucher.with_context(**BY_DOCUMENT).points += points

    def lapse(self):
        self.env.flush_all()
        self.env["xpyme.points.settlement"]._take_lapsed()
        self.env.flush_all()

    def test_what_is_left_of_a_lapsed_lot_goes_off(self):
        self.move(-500)
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
        self.move(-300)
        self.assertEqual(self.get_balance(), 25)
        self.assertEqual(
            self.customer.voucher_expiration, TODAY + timedelta(days=9), "the next one"
        )
        self.lapse()
        self.assertEqual(self.voucher.points, 2500)
        self.assertEqual(self.lot.lapsed_amount, 7)

    def test_a_lot_that_was_spent_takes_nothing_from_others(self):
        self.add_lot(20)
        self.move(-1500)
        self.lapse()
        self.assertEqual(self.voucher.points, 1500)
        self.assertEqual(self.lot.lapsed_amount, 0)
        self.assertFalse(self.customer.voucher_expiration)

    def test_a_lot_that_was_taken_back_does_not_lapse(self):
        late = self.add_lot(20, TODAY - timedelta(days=1))
        self.lot.action_cancel_settlement()
        self.assertEqual(self.voucher.points, 2000)
        self.lapse()
        self.assertEqual(self.voucher.points, 0)
        self.assertEqual((late.lapsed_amount, self.lot.lapsed_amount), (20, 0))
        self.assertFalse(self.lot.remaining_amount)

    def test_twice_takes_nothing_more(self):
        self.add_lot(20)
        self.lapse()
        self.lapse()
        self.assertEqual(self.voucher.points, 2000)
        self.assertEqual(len(self.voucher.history_ids), 2)

    def test_what_a_cancelled_order_brings_back_lapses_too(self):
        self.move(-1000)
        self.lapse()
        self.move(1000)
        self.lapse()
        self.assertEqual(self.voucher.points, 0)
        self.assertEqual(self.lot.lapsed_amount, 10)

    def test_what_was_put_on_by_hand_stays(self):
        self.voucher.points += 400
        self.lapse()
        self.assertEqual(self.voucher.points, 400)

    def test_what_was_put_on_by_hand_is_spent_last(self):
        self.voucher.points += 500
        self.move(-1000)
        self.lapse()
        self.assertEqual(self.voucher.points, 500)
        self.move(-200)
        self.add_lot(5, TODAY - timedelta(days=1))
        self.lapse()
        self.assertEqual(self.voucher.points, 300)

    def test_a_lot_spent_before_another_was_given_does_not_save_that_one(self):
        self.date_lot(self.lot, TODAY + timedelta(days=365))
        self.move(-1000)
        late = self.add_lot(12, TODAY - timedelta(days=1))
        self.assertEqual(self.get_balance(), 0)
        self.lapse()
        self.assertEqual(self.voucher.points, 0)
        self.assertEqual((late.lapsed_amount, self.lot.lapsed_amount), (12, 0))

    def test_what_lapsed_today_cannot_be_used_before_the_night(self):
        self.add_lot(5)
        order = self.make_order(confirm=False)
        total = order.amount_total
        order.with_user(self.salesperson).action_use_voucher()
        self.assertAlmostEqual(order.amount_total, total - 5, 2)
        self.assertEqual(self.lot.lapsed_amount, 10)

    def test_what_lapses_in_a_quotation_pays_no_order(self):
        self.date_lot(self.lot, TODAY)
        order = self.make_order(confirm=False)
        order.action_use_voucher()
        self.date_lot(self.lot, TODAY - timedelta(days=1))
        with self.assertRaises(ValidationError):
            order.action_confirm()
