from odoo import Command
from odoo.tests import tagged

from .common import PointsCase


@tagged("post_install", "-at_install")
class TestFreeReturn(PointsCase):
    """Goods that come back without a link to what was sold: 62.92 for each article."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.make_program()

    def get_points(self):
        """Of all cards of the customer, which agree with their history."""
        self.env.flush_all()
        cards = self.env["loyalty.card"].search(
            [("partner_id", "child_of", self.customer.id)]
        )
        cards.invalidate_recordset()
        for card in cards:
            lines = card.history_ids
            moved = sum(lines.mapped("issued")) - sum(lines.mapped("used"))
            self.assertAlmostEqual(moved, card.points, 2)
        return round(sum(cards.mapped("points")), 2)

    def credit(self, total, **vals):
        return self.make_invoice(total, move_type="out_refund", **vals)

    # --- credit notes

    def test_a_credit_note_of_no_order_takes_points_back(self):
        self.make_order(quantity=4)
        note = self.credit(62.92)
        self.assertEqual(self.get_points(), 188.76)
        self.assertEqual(self.get_figures(), (188.76, -62.92))
        note.button_draft()
        self.assertEqual(self.get_points(), 251.68)
        note.action_post()
        note._update_free_returns()
        self.assertEqual(self.get_points(), 188.76)

    def test_in_its_own_period(self):
        self.make_order(quantity=4)
        self.credit(62.92, invoice_date="2026-12-02")
        self.assertEqual(self.get_figures()[0], 251.68)
        self.customer.write(self.get_period("2026-12-01", "2026-12-31"))
        self.assertEqual(self.get_figures()[0], -62.92)

    def test_no_more_than_the_cards_were_given(self):
        self.credit(62.92)
        self.assertFalse(self.env["loyalty.history"].search([]))
        self.make_order(self.make_contact(self.customer))
        self.make_order()
        self.credit(100)
        self.assertEqual(self.get_points(), 25.84)
        note = self.credit(100)
        self.assertEqual(self.get_points(), 0)
        note.button_draft()
        self.assertEqual(self.get_points(), 25.84)

    def test_who_accumulates_none_loses_none(self):
        self.make_order()
        self.customer.no_points = True
        self.credit(62.92)
        self.assertEqual(self.get_points(), 62.92)

    def test_a_direct_invoice_that_is_credited_had_given_none(self):
        self.make_order()
        note = self.reverse(self.make_invoice(121))
        note.action_post()
        self.assertEqual(self.get_points(), 62.92)

    def test_of_an_orders_invoice_what_no_order_sold_had_given_none(self):
        """An order with a line that was added to its invoice; all is credited, and
        then some."""
        self.make_order(quantity=4)
        order = self.make_order()
        invoice = order._create_invoices()
        extra = {"name": "Portes", "price_unit": 10, "tax_ids": False}
        invoice.invoice_line_ids = [Command.create(extra)]
        invoice.invoice_date = "2026-11-20"
        invoice.action_post()
        note = self.reverse(invoice)
        note.action_post()
        self.assertEqual(self.get_points(), 251.68)
        note.button_draft()
        note.invoice_line_ids = [Command.create({**extra, "name": "Rappel"})]
        note.action_post()
        self.assertEqual(self.get_points(), 241.68)

    def test_a_line_of_minus_one_on_an_invoice(self):
        self.make_order(quantity=4)
        order = self.make_order()
        invoice = order._create_invoices()
        line = {"product_id": self.article.id, "quantity": -1, "price_unit": 26}
        line["tax_ids"] = [Command.set(self.tax.ids)]
        invoice.invoice_line_ids = [Command.create(line)]
        invoice.action_post()
        self.assertEqual(self.get_points(), 283.14)

    def test_by_the_rules_of_the_program(self):
        """By units from two on, of some goods, and for each order; one by code."""
        other = self.make_article(10.0)
        self.program.rule_ids.unlink()
        self.env["loyalty.rule"].create(
            [
                {"program_id": self.program.id, "reward_point_amount": 1, **vals}
                for vals in (
                    {"reward_point_mode": "unit", "minimum_qty": 2},
                    {"reward_point_mode": "order"},
                    {
                        "reward_point_mode": "money",
                        "product_ids": [Command.set(other.ids)],
                    },
                    {"reward_point_mode": "unit", "code": "DOBLE", "mode": "with_code"},
                )
            ]
        )
        self.make_order(quantity=10)
        self.assertEqual(self.get_points(), 11)
        self.credit(62.92)
        self.assertEqual(self.get_points(), 11)
        note = self.credit(62.92).copy({"invoice_date": "2026-11-20"})
        note.invoice_line_ids.quantity = 3
        note.action_post()
        self.assertEqual(self.get_points(), 8)

    # --- orders

    def test_an_order_of_minus_one_takes_points_back(self):
        self.make_order(quantity=4)
        order = self.make_order(quantity=-1)
        self.assertEqual(self.get_points(), 188.76)
        self.assertEqual(self.get_figures()[0], 188.76)
        order.order_line.with_user(self.salesperson).product_uom_qty = -2
        self.assertEqual(self.get_points(), 125.84)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.get_points(), 314.6)
        order.order_line.product_uom_qty = -3
        self.assertEqual(self.get_points(), 62.92)
        order._action_cancel()
        self.assertEqual(self.get_points(), 251.68)
        self.assertEqual(self.get_figures()[0], 251.68)

    def test_its_credit_note_takes_no_more(self):
        self.make_order(quantity=4)
        order = self.make_order(quantity=-1)
        note = order._create_invoices(final=True)
        self.assertEqual(note.move_type, "out_refund")
        note.invoice_date = "2026-11-20"
        note.action_post()
        self.assertEqual(self.get_points(), 188.76)

    def test_of_a_contact_too(self):
        self.make_order(quantity=4)
        self.make_order(self.make_contact(self.customer), quantity=-1)
        self.assertEqual(self.get_points(), 188.76)

    def test_an_order_that_sells_more_is_as_core_reckons_it(self):
        order = self.make_order(quantity=4, confirm=False)
        back = {"product_id": self.article.id, "product_uom_qty": -1}
        order.order_line = [Command.create(back)]
        order.action_confirm()
        self.assertEqual(self.get_points(), 188.76)
        order._action_cancel()
        self.assertEqual(self.get_points(), 0)

    # --- spent points

    def test_points_that_were_spent_before_goods_came_back_stop_no_order(self):
        self.make_order()
        card = self.env["loyalty.card"].search([("partner_id", "=", self.customer.id)])
        card.points -= 62.92
        card.history_ids.create({"card_id": card.id, "used": 62.92, "description": "R"})
        self.credit(62.92)
        self.assertEqual(self.get_points(), -62.92)
        small = self.make_article(10.0)
        order = self.make_order(confirm=False)
        order.order_line.product_id = small
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.get_points(), -50.82)
