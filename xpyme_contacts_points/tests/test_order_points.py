from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from .common import PointsCase


@tagged("post_install", "-at_install")
class TestOrderPoints(PointsCase):
    """Points follow what becomes of an order: 62.92 for each article."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_program()

    def get_points(self, partner=None):
        """On the card, and by its history, which agree."""
        card = self.env["loyalty.card"].search(
            [("partner_id", "=", (partner or self.customer).id)]
        )
        self.env.flush_all()
        card.invalidate_recordset()
        issued = sum(card.history_ids.mapped("issued"))
        self.assertAlmostEqual(issued, card.points, 2)
        return round(card.points, 2)

    def invoice(self, order):
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-11-20"
        invoice.action_post()
        return invoice

    def credit(self, invoice, quantity=None, day="2026-12-02"):
        note = self.reverse(invoice)
        note.invoice_date = day
        if quantity:
            note.invoice_line_ids.quantity = quantity
        note.action_post()
        return note

    # --- the order

    def test_a_confirmed_order_that_grows_gives_more(self):
        order = self.make_order()
        line = order.order_line.with_user(self.salesperson)
        line.product_uom_qty = 3
        self.assertEqual(self.get_points(), 188.76)
        line.product_uom_qty = 2
        self.assertEqual(self.get_points(), 125.84)
        order.order_line = [Command.create({"product_id": self.article.id})]
        self.assertEqual(self.get_points(), 188.76)
        order.order_line[0].discount = 100
        self.assertEqual(self.get_points(), 62.92)

    def test_cancelled_it_takes_back_all_that_it_gave(self):
        order = self.make_order(quantity=4)
        order.order_line.product_uom_qty = 5
        self.credit(self.invoice(order), 1)
        self.assertEqual(self.get_points(), 251.68)
        order._action_cancel()
        self.assertEqual(self.get_points(), 0)
        self.assertEqual(self.get_figures()[0], 0)

    def test_to_write_the_same_again_gives_nothing_more(self):
        order = self.make_order()
        for _time in range(2):
            order.order_line.product_uom_qty = 3
            order._update_programs_and_rewards()
            order._update_ordered_points()
        self.assertEqual(self.get_points(), 188.76)

    def test_a_quotation_gives_nothing(self):
        order = self.make_order(confirm=False)
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.get_points(), 0)

    def test_a_change_belongs_to_the_day_when_it_is_made(self):
        order = self.make_order(day=datetime(2026, 11, 10))
        order.order_line.product_uom_qty = 3
        line = self.env["loyalty.history"].search([("changed_order_id", "=", order.id)])
        self.env.cr.execute(
            "UPDATE loyalty_history SET create_date = '2026-12-05' WHERE id = %s",
            [line.id],
        )
        self.assertEqual(self.get_figures()[0], 62.92)

    # --- returns

    def test_what_is_credited_takes_its_points_back(self):
        order = self.make_order(quantity=4)
        note = self.credit(self.invoice(order), 1)
        self.assertEqual(self.get_points(), 188.76)
        line = self.env["loyalty.history"].search([("order_model", "=", note._name)])
        self.assertAlmostEqual(line.issued, -62.92, 2)
        self.assertEqual(line.order_id, note.id)

    def test_in_the_period_of_the_credit_note(self):
        self.credit(self.invoice(self.make_order(quantity=4)), 1)
        self.assertEqual(self.get_figures()[0], 251.68)
        self.customer.write(self.get_period("2026-12-01", "2026-12-31"))
        self.assertEqual(self.get_figures()[0], -62.92)

    def test_a_credit_note_taken_back_gives_them_again(self):
        note = self.credit(self.invoice(self.make_order(quantity=4)))
        self.assertEqual(self.get_points(), 0)
        note.button_draft()
        self.assertEqual(self.get_points(), 251.68)
        note.action_post()
        self.assertEqual(self.get_points(), 0)

    def test_credited_and_invoiced_anew_nothing_was_returned(self):
        order = self.make_order(quantity=4)
        self.credit(self.invoice(order))
        self.assertEqual(self.get_points(), 0)
        self.invoice(order)
        self.assertEqual(self.get_points(), 251.68)

    def test_an_order_lowered_after_its_credit_note_is_not_lowered_twice(self):
        order = self.make_order(quantity=4)
        self.credit(self.invoice(order), 1)
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.get_points(), 188.76)

    def test_a_credited_down_payment_returns_nothing(self):
        order = self.make_order(quantity=4)
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_ids=order.ids, active_model=order._name
        )
        wizard = wizard.create({"advance_payment_method": "fixed", "fixed_amount": 50})
        invoice = wizard._create_invoices(order)
        invoice.invoice_date = "2026-11-20"
        invoice.action_post()
        self.credit(invoice)
        self.assertEqual(self.get_points(), 251.68)

    def test_a_bookkeepers_credit_note_takes_them_back_too(self):
        invoice = self.invoice(self.make_order(quantity=4))
        note = self.reverse(invoice)
        bookkeeper = self.make_user("libros", "account.group_account_invoice")
        note.with_user(bookkeeper).action_post()
        self.assertEqual(self.get_points(), 0)

    def test_an_order_without_points_costs_no_more(self):
        self.env["loyalty.program"].search([]).active = False
        order = self.make_order()
        self.assertFalse(order.coupon_point_ids)
        self.credit(self.invoice(order))
        self.assertEqual(self.get_points(), 0)
