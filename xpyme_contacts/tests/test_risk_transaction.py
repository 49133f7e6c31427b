from odoo import Command
from odoo.tests import tagged

from .risk_stage_common import RiskStageCase


@tagged("post_install", "-at_install")
class TestRiskTransaction(RiskStageCase):
    """Captured, voided and refunded payments of an order count once."""

    def authorize(self, amount, paid=None, **vals):
        """An order with an authorised payment of it, or of ``paid``."""
        order = self.sell(amount, **vals)
        return order, self.pay_online(order, paid or amount, "authorized")

    # As core's wizards do, without a provider to ask.

    def capture(self, payment, amount=None):
        child = payment._create_child_transaction(amount or payment.amount)
        child._set_done()
        return child

    def void(self, payment, amount=None):
        payment._create_child_transaction(amount or payment.amount)._set_canceled()

    def refund(self, payment, amount=None):
        amount = amount or payment.amount
        payment._create_child_transaction(amount, is_refund=True)._set_done()

    def assertOwes(self, order, debt):
        """Said by the debt and by the order itself."""
        self.assertEqual(self.get_amounts()["debt"], debt)
        self.assertEqual(order.sudo()._get_risk_exposure().owed, max(debt, 0))

    def test_a_captured_payment_counts_once(self):
        order, payment = self.authorize(1500)
        self.assertOwes(order, 0)
        self.capture(payment)
        self.assertEqual(payment.state, "done")
        self.assertOwes(order, 0)
        self.set_actions(order="block")
        self.assertBlocked(self.sell, 2400)

    def test_partial_captures_and_voids_count_what_each_left(self):
        order, payment = self.authorize(1500)
        self.capture(payment, 500)
        self.assertOwes(order, 0)
        self.void(payment, 300)
        self.assertOwes(order, 300)
        self.capture(payment, 700)
        self.assertEqual(payment.state, "done")
        self.assertOwes(order, 300)

    def test_a_voided_authorisation_pays_nothing(self):
        order, payment = self.authorize(900)
        self.void(payment)
        self.assertEqual(payment.state, "cancel")
        self.assertOwes(order, 900)

    def test_a_capture_that_failed_leaves_the_authorisation(self):
        order, payment = self.authorize(900)
        payment._create_child_transaction(900)._set_error("refused")
        self.assertOwes(order, 0)

    def test_what_is_captured_and_booked_counts_in_the_books(self):
        order, payment = self.authorize(1500)
        child = self.capture(payment, 500)
        child.payment_id = self.pay(self.make_invoice(1), 500, reconcile=False)
        self.assertAmounts(open=1, order=500, refund=-500, debt=1)
        self.assertEqual(order.sudo()._get_risk_exposure().owed, 500)
        self.assertEqual(order.sudo()._get_risk_exposure().amount, 0)

    def test_money_refunded_pays_nothing_any_more(self):
        order = self.sell(1500)
        payment = self.pay_online(order, 1500)
        self.refund(payment, 400)
        self.assertOwes(order, 400)
        self.refund(payment, 1100)
        self.assertOwes(order, 1500)

    def test_a_capture_is_refunded_too(self):
        order, payment = self.authorize(1500)
        self.refund(self.capture(payment), 1500)
        self.assertOwes(order, 1500)

    def test_an_order_refunded_and_cancelled_is_judged_when_it_is_opened_again(self):
        order = self.quote(1500)
        payment = self.pay_online(order, 1500)
        self.set_actions(order="block")
        order.action_confirm()
        self.refund(payment)
        order._action_cancel()
        order.action_draft()
        self.assertBlocked(order.action_confirm)

    def test_one_payment_of_two_orders_is_shared_by_what_they_cost(self):
        first, second = self.sell(900), self.sell(100)
        payment = self.pay_online(first, 500)
        payment.sale_order_ids = [Command.set((first | second).ids)]
        self.assertAmounts(order=500, debt=500)
        self.assertEqual(first.sudo()._get_risk_exposure().owed, 450)
        second.sudo()._action_cancel()
        self.assertAmounts(order=400, debt=400)
        self.assertEqual(first.sudo()._get_risk_exposure().owed, 400)

    def test_a_payment_in_another_currency_pays_what_it_is_worth(self):
        order = self.sell(900)
        payment = self.pay_online(order, 1000)
        payment.currency_id = self.clp
        self.assertOwes(order, 899)
        foreign = self.sell(100, currency=self.usd)
        payment = self.pay_online(foreign, 20)
        payment.currency_id = self.eur
        self.assertAmounts(order=929, debt=929)
        self.assertEqual(foreign.sudo()._get_risk_exposure().owed, 30)
