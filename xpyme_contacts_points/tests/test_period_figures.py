from datetime import datetime

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import NOVEMBER, PointsCase


@tagged("post_install", "-at_install")
class TestPeriodFigures(PointsCase):
    """*Acumulado Periodo* and *Ventas en Periodo* (seed 004: Acum › Puntos)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_program()

    # --- sales

    def test_sales_are_invoices_less_credit_notes_with_tax(self):
        contact = self.make_contact(self.customer)
        self.make_invoice(121)
        self.make_invoice(21, move_type="out_refund")
        self.make_invoice(12.10, partner_id=contact.id)
        self.assertEqual(self.get_figures(), (0, 112.10))

    def test_drafts_and_the_days_outside_count_for_nothing(self):
        self.make_invoice(121)
        self.make_invoice(60.50).button_draft()
        self.make_invoice(60.50, day="2026-10-31")
        self.make_invoice(60.50, day="2026-12-01")
        self.make_invoice(1.21, day="2026-11-30")
        self.make_order()
        self.assertEqual(self.get_figures()[1], 122.21)

    def test_a_foreign_currency_counts_in_the_companys(self):
        currency = self.env["res.currency"].create({"name": "XPY", "symbol": "X"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2.0, "name": "2026-01-01"}
        )
        self.make_invoice(100, currency_id=currency.id)
        self.assertEqual(self.get_figures()[1], 50)

    def test_each_company_has_its_own_period_and_sales(self):
        self.make_invoice(121)
        other = self.env["res.company"].create({"name": "Segunda"})
        customer = self.customer.with_company(other)
        self.assertFalse(customer.points_period_start)
        customer.write(self.get_period())
        self.assertEqual(self.get_figures(customer), (0, 0))
        self.assertEqual(self.get_figures()[1], 121)

    def test_without_both_dates_there_is_no_period(self):
        self.make_invoice(121)
        self.make_order()
        self.customer.points_period_end = False
        self.assertEqual(self.get_figures(), (0, 0))

    def test_a_period_ends_after_it_begins(self):
        with self.assertRaisesRegex(ValidationError, "ACME"):
            self.customer.write(self.get_period(*reversed(NOVEMBER)))

    # --- points

    def test_points_of_a_customer_and_their_contacts_add_up(self):
        self.make_order()
        self.make_order(self.make_contact(self.customer))
        self.assertEqual(self.get_figures()[0], 125.84)

    def test_a_sale_belongs_to_the_day_where_the_company_is(self):
        self.make_order(day=datetime(2026, 10, 31, 22, 30))
        self.assertEqual(self.get_figures()[0], 0)
        self.make_order(day=datetime(2026, 10, 31, 23, 30))
        self.assertEqual(self.get_figures()[0], 62.92)

    def test_points_given_by_hand_count_on_their_day(self):
        self.make_order()
        card = self.env["loyalty.card"].search([("partner_id", "=", self.customer.id)])
        gift = self.env["loyalty.card.update.balance"].create(
            {"card_id": card.id, "new_balance": card.points + 10, "description": "R"}
        )
        gift.action_update_card_point()
        line = card.history_ids.filtered(lambda line: line.issued == 10)
        self.env.cr.execute(
            "UPDATE loyalty_history SET create_date = '2026-11-20' WHERE id = %s",
            [line.id],
        )
        self.assertEqual(self.get_figures()[0], 72.92)

    def test_cancelling_the_order_takes_its_points_back(self):
        order = self.make_order()
        order._action_cancel()
        self.assertEqual(self.get_figures()[0], 0)

    # --- for whom

    def test_a_salesperson_reads_the_figures_and_what_is_behind_them(self):
        self.make_invoice(121)
        self.make_invoice(21, move_type="out_refund")
        self.make_order()
        customer = self.customer.with_user(self.salesperson)
        self.assertEqual(self.get_figures(customer), (62.92, 100))
        for action, fname, total in (
            (customer.action_open_period_sales(), "sales", 100),
            (customer.action_open_period_points(), "points", 62.92),
        ):
            rows = customer.env[action["res_model"]].search(action["domain"])
            self.assertAlmostEqual(sum(rows.mapped(fname)), total, 2)
            customer.env[action["res_model"]].get_views(action["views"])

    def test_contacts_show_their_customers_period(self):
        contact = self.make_contact(self.customer)
        self.make_invoice(121)
        self.assertEqual(contact.points_period_end, NOVEMBER[1])
        self.assertEqual(self.get_figures(contact)[1], 121)

    def test_many_cost_as_much_as_one(self):
        customers = self.customer
        for name in ("Otra", "Tercera", "Cuarta"):
            customers |= self.make_customer(name, vat=False, **self.get_period())
        self.env.flush_all()
        for some in (self.customer, customers):
            self.env["res.partner"].invalidate_model()
            some.fetch(["points_period_start", "commercial_partner_id", "tz"])
            # One for the figures, the others for where the company is, and its tills.
            with self.assertQueryCount(4):
                some.mapped("points_period_sales")
                some.mapped("points_period_total")
