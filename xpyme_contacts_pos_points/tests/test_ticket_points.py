from odoo.tests import tagged

from .common import VoucherTillCase


@tagged("post_install", "-at_install")
class TestTicketPoints(VoucherTillCase):
    """Points follow what is given back at the till."""

    def give_back(self, sold, quantity, **vals):
        return self.sell(
            quantity=-quantity,
            is_refund=True,
            line={"refunded_orderline_id": sold.lines.id},
            **vals,
        )

    def test_one_of_four_given_back_takes_a_quarter(self):
        sold = self.sell(quantity=4)
        card = self.earn(sold, 251.68)
        self.assertAlmostEqual(card.points, 251.68)
        self.give_back(sold, 1)
        self.assertAlmostEqual(card.points, 188.76)
        self.give_back(sold, 3)
        self.assertAlmostEqual(card.points, 0.0)

    def test_a_ticket_without_points_takes_none(self):
        sold = self.sell()
        self.give_back(sold, 1)
        self.assertFalse(
            self.env["loyalty.history"].search([("order_model", "=", "pos.order")])
        )

    def test_who_accumulates_none_earns_none(self):
        self.customer.no_points = True
        self.assertFalse(self.earn(self.sell(), 62.92))
        card = self.give_voucher(30)
        self.use(self.sell(), card, 10)
        self.assertEqual(self.get_balance(), 20)

    def test_points_belong_to_the_day_of_the_ticket(self):
        self.customer.write(
            {"points_period_start": "2026-11-01", "points_period_end": "2026-11-30"}
        )
        sold = self.sell(date_order="2026-11-10 10:00:00")
        self.earn(sold, 62.92)
        self.env.flush_all()
        self.customer.invalidate_recordset()
        self.assertAlmostEqual(self.customer.points_period_total, 62.92)
        self.assertAlmostEqual(self.customer.points_period_sales, 62.92)
