from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTickets(TillCase):
    """A ticket is refused before it is paid, and never afterwards."""

    def test_baja_refuses_a_sale_and_nothing_of_it_is_left(self):
        self.customer.is_blocked = True
        with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
            self.sell()
        with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
            self.sell(self.make_contact(self.customer))
        self.assertFalse(self.config.current_session_id.order_ids)
        self.assertEqual(self.sell(self.Partner).state, "paid")

    def test_one_paid_without_connection_is_kept_and_told(self):
        boss = self.make_user("boss", "sales_team.group_sale_manager")
        self.customer.is_blocked = True
        ticket = self.sell(paid_offline=True)
        self.assertEqual(ticket.state, "paid")
        self.assertTrue(ticket.sold_to_blocked)
        activity = self.get_activities().filtered(lambda one: one.user_id == boss)
        self.assertEqual(len(activity), 1)
        self.assertIn("26-1-000001", activity.summary)

    def test_with_an_invoice_too(self):
        self.customer.is_blocked = True
        ticket = self.sell(paid_offline=True, to_invoice=True)
        self.assertEqual(ticket.account_move.state, "posted")
        self.assertTrue(ticket.sold_to_blocked)

    def test_a_customer_in_order_is_not_told(self):
        ticket = self.sell(paid_offline=True)
        self.assertTrue(ticket.paid_offline)
        self.assertFalse(ticket.sold_to_blocked)
        self.assertFalse(self.get_activities())

    def test_who_sends_the_mark_does_not_decide_it(self):
        self.assertFalse(self.sell(sold_to_blocked=True).sold_to_blocked)

    def test_a_refund_goes_on(self):
        sold = self.sell()
        self.customer.is_blocked = True
        refund = self.sell(
            quantity=-1,
            is_refund=True,
            line={"refunded_orderline_id": sold.lines.id},
        )
        self.assertEqual(refund.state, "paid")

    def test_an_order_confirmed_before_goes_on_and_a_quotation_does_not(self):
        seller = self.make_user(
            "seller",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads",
        )
        before = self.make_sale(self.goods)
        before.action_confirm()
        quotation = self.make_sale(self.goods)
        self.customer.is_blocked = True
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.sell(user=seller, line={"sale_order_origin_id": quotation.id})
        ticket = self.sell(user=seller, line={"sale_order_origin_id": before.id})
        self.assertEqual(ticket.state, "paid")

    def test_a_draft_is_kept_whoever_it_is_of(self):
        self.customer.is_blocked = True
        ticket = self.sell(state="draft", payment_ids=[], amount_paid=0)
        self.assertEqual(ticket.state, "draft")

    def test_the_invoice_comes_to_what_was_paid(self):
        """Also under a minimum price: a paid ticket is not priced."""
        self.make_price(self.goods, price_1=80, min_price=70)
        ticket = self.sell(to_invoice=True)
        invoice = ticket.account_move
        self.assertEqual(invoice.amount_total, 62.92)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_the_invoice_names_the_discount_of_its_ticket(self):
        discount = self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "PP", "percent": 2}
        )
        ticket = self.sell(to_invoice=True, customer_discount_id=discount.id)
        self.assertEqual(ticket.customer_discount_id, discount)
        self.assertEqual(ticket.account_move.customer_discount_id, discount)
        plain = self.sell(to_invoice=True)
        self.assertFalse(plain.account_move.customer_discount_id)

    def test_a_strange_or_lost_discount_is_forgotten(self):
        other = self.make_customer("Other", vat=False)
        discount = self.env["xpyme.customer.discount"].create(
            {"partner_id": other.id, "name": "PP", "percent": 2}
        )
        self.assertFalse(
            self.sell(customer_discount_id=discount.id).customer_discount_id
        )
        discount.unlink()
        ticket = self.sell(customer_discount_id=discount.id)
        self.assertFalse(ticket.customer_discount_id)
