from datetime import date, timedelta

from psycopg2 import IntegrityError
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOVEMBER, PointsCase


@tagged("post_install", "-at_install")
class TestSettlement(PointsCase):
    """A period becomes a voucher, once."""

    def assertNone(self, reason, customer=None):
        """No voucher is given, for that reason."""
        customer = customer or self.customer
        before = len(self.get_settlements(customer))
        with self.assertRaisesRegex(UserError, reason):
            self.settle(customer)
        self.assertEqual(len(self.get_settlements(customer)), before)

    # --- how much

    def test_a_percentage_of_the_sales_is_rounded_half_up(self):
        self.make_invoice(122.10)
        settlement = self.settle()
        self.assertEqual(settlement.amount, 6.11)
        self.assertEqual((settlement.base, settlement.mode), (122.10, "percent"))
        self.assertEqual(self.get_balance(), 6.11)

    def test_points_are_worth_their_value(self):
        self.make_program()
        self.type.write({"voucher_mode": "points", "point_value": 0.02})
        self.make_order()
        self.make_order()
        settlement = self.settle()
        self.assertEqual((settlement.points, settlement.amount), (125.84, 2.52))

    def test_a_currency_without_cents_gives_none(self):
        company = self.env["res.company"].create({"name": "Biobío"})
        company.currency_id = self.env.ref("base.CLP")
        company.currency_id.active = True
        customer = self.customer.with_company(company)
        program = self.env["loyalty.program"]._get_voucher_program(company)
        self.assertEqual(program._get_coin(), 1)
        told = customer._judge_points()[0]._replace(mode="percent", sales=12345)
        given = customer._weigh_points(told, self.type)
        self.assertEqual(given.amount, 617)

    def test_validity_is_counted_from_the_settlement(self):
        self.type.voucher_validity_days = 30
        self.make_invoice(121)
        settlement = self.settle()
        self.assertEqual(settlement.expiration_date, date(2027, 1, 9))
        self.assertEqual(self.customer.voucher_expiration, date(2027, 1, 9))
        self.assertEqual(settlement.card_id.expiration_date, date(2027, 1, 9))

    # --- who gets none, and why

    def test_without_a_percentage_or_a_value_or_vouchers(self):
        self.make_invoice(121)
        self.type.voucher_percent = 0
        self.assertNone("has no percentage")
        self.type.voucher_mode = "points"
        self.assertNone("gives no value to a point")
        self.type.voucher_mode = "none"
        self.assertNone("gives no vouchers")
        self.customer.customer_type_id = False
        self.assertNone("gives no vouchers")

    def test_without_sales_or_with_more_returned_than_bought(self):
        self.assertNone("No sales")
        self.make_invoice(12.10, move_type="out_refund")
        self.assertNone("No sales")
        self.assertFalse(self.get_voucher())
        self.assertEqual(self.customer.points_period_end, NOVEMBER[1])

    def test_too_little_is_no_voucher(self):
        self.make_invoice(0.05)
        self.assertNone("not worth a voucher")

    def test_who_accumulates_no_points(self):
        self.make_invoice(121)
        self.customer.no_points = True
        self.assertNone("accumulate no points")

    def test_without_a_period_or_with_one_date(self):
        self.make_invoice(121)
        self.customer.points_period_start = False
        self.assertNone("Only one date")
        self.customer.points_period_end = False
        self.assertNone("have no period")

    # --- once

    def test_the_last_day_of_a_period_is_sold_to_its_end(self):
        self.make_invoice(121)
        self.customer.points_period_end = self.today
        self.assertNone("not over")
        self.customer.points_period_end = self.today - timedelta(days=1)
        self.assertEqual(self.settle().amount, 6.05)

    def test_twice_gives_one_voucher_and_says_when_and_how_much(self):
        self.make_invoice(122.10)
        self.settle()
        self.assertNone("not over.*2026.* 6.11")
        self.assertEqual(self.get_balance(), 6.11)

    def test_some_of_the_same_days_are_not_settled_again(self):
        self.make_invoice(122.10)
        self.settle()
        self.customer.write(self.get_period(date(2026, 11, 15), date(2026, 12, 9)))
        self.make_invoice(121, day="2026-12-05")
        self.assertNone("settled already.*6.11")
        self.customer.write(self.get_period())
        self.assertNone("settled already.*6.11")

    def test_not_even_past_the_judgement(self):
        self.make_invoice(122.10)
        row = self.settle()
        self.env.flush_all()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            row.copy()
            self.env.flush_all()

    def test_the_period_rolls_on_by_its_length_for_the_contacts_too(self):
        contact = self.make_contact(self.customer)
        self.make_invoice(121)
        self.settle()
        december = (date(2026, 12, 1), date(2026, 12, 31))
        for partner in (self.customer, contact):
            partner.invalidate_recordset()
            own = (partner.points_period_start, partner.points_period_end)
            self.assertEqual(own, december)

    def test_a_late_credit_note_lowers_the_next_period(self):
        self.make_invoice(121)
        self.settle()
        self.type.invalidate_recordset()
        self.make_invoice(21, day="2026-12-02", move_type="out_refund")
        self.make_invoice(121, day="2026-12-05")
        self.assertEqual(self.get_figures()[1], 100)
        self.assertEqual(self.get_balance(), 6.05)

    def test_the_next_settlement_tops_the_same_voucher_up(self):
        self.make_invoice(121)
        voucher = self.settle().card_id
        self.make_invoice(121, day="2026-12-05")
        type(self).today = date(2027, 1, 2)
        self.addCleanup(setattr, type(self), "today", date(2026, 12, 10))
        self.assertEqual(self.settle().card_id, voucher)
        self.assertEqual(self.get_balance(), 12.10)
        self.assertEqual(voucher.history_ids.mapped("issued"), [605, 605])
        self.assertEqual(
            set(voucher.history_ids.mapped("order_model")), {"xpyme.points.settlement"}
        )

    # --- taking back

    def test_a_voucher_not_used_can_be_taken_back_and_settled_again(self):
        self.make_invoice(121)
        settlement = self.settle()
        settlement.with_user(self.manager).action_cancel_settlement()
        self.assertEqual((settlement.state, self.get_balance()), ("cancelled", 0))
        self.assertEqual(self.customer.points_period_end, NOVEMBER[1])
        self.make_invoice(121)
        self.assertEqual(self.settle().amount, 12.10)

    def test_a_voucher_used_is_not_taken_back(self):
        self.make_invoice(121)
        settlement = self.settle()
        settlement.card_id.points -= 1
        with self.assertRaisesRegex(UserError, "6.05.*6.04"):
            settlement.action_cancel_settlement()
        self.assertEqual(settlement.state, "done")

    def test_a_period_typed_since_stays(self):
        self.make_invoice(121)
        settlement = self.settle()
        quarter = self.get_period(date(2026, 12, 1), date(2027, 2, 28))
        self.customer.write(quarter)
        settlement.action_cancel_settlement()
        self.assertEqual(self.customer.points_period_end, date(2027, 2, 28))

    # --- who

    def test_only_sales_administrators_settle_and_take_back(self):
        self.make_invoice(121)
        with self.assertRaisesRegex(AccessError, "sales administrators"):
            self.settle(user=self.salesperson)
        settlement = self.settle()
        with self.assertRaisesRegex(AccessError, "sales administrators"):
            settlement.with_user(self.salesperson).action_cancel_settlement()
        self.assertEqual(settlement.with_user(self.salesperson).amount, 6.05)

    def test_deleting_a_customer_with_settlements_or_a_type_in_use_is_refused(self):
        self.make_invoice(121)
        other = self.make_customer("Otra", vat=False)
        self.settle().copy({"partner_id": other.id})
        for record in (other, self.type):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    record.unlink()
        self.assertTrue(other.exists() and self.type.exists())
