from odoo.tests import tagged

from .risk_stage_common import RiskStageCase


@tagged("post_install", "-at_install")
class TestRiskPayment(RiskStageCase):
    """Orders paid or signed where nobody is asked."""

    def test_a_prepaid_order_is_no_risk(self):
        self.set_actions("block", "block", "block")
        self.company.risk_quotation_action = False
        self.make_invoice(1000, post=False)
        for state in ("authorized", "done"):
            order = self.quote(700)
            self.pay_online(order, 700, state)
            order.action_confirm()
            self.assertEqual(order.state, "sale")

    def test_what_is_left_of_a_partly_paid_order_is_judged(self):
        self.set_actions(order="block")
        order = self.quote(1312)
        self.pay_online(order, 300)
        self.assertBlocked(order.action_confirm)
        self.pay_online(order, 12)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_an_online_payment_that_does_not_cover_leaves_the_order_and_tells(self):
        self.set_actions(order="block")
        order = self.quote(1312, require_payment=True, prepayment_percent=0.1)
        confirmed = self.pay_online(order, 140)._check_amount_and_confirm_order()
        self.assertFalse(confirmed)
        self.assertEqual(order.state, "draft")
        self.end_transaction()
        self.assertTrue(self.get_activities(order))

    # --- portal

    def test_a_signature_on_the_portal_leaves_the_order_and_tells(self):
        self.set_actions(order="ask")
        order = self.quote(1312)
        order.sudo().action_quotation_sent()
        order.sudo()._validate_order()
        self.assertEqual(order.state, "sent")
        self.end_transaction()
        self.assertTrue(self.get_activities(order))
        within = self.quote(900)
        within.sudo()._validate_order()
        self.assertEqual(within.state, "sale")
