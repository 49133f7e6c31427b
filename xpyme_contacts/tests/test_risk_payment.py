from odoo import Command
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

    # --- booked whatever becomes of the order

    def make_sent(self, amount=100, **vals):
        order = self.quote(amount, **vals)
        order.sudo().action_quotation_sent()
        return order

    def book(self, payment):
        """What the provider's answer brings about, with a bank account to book it."""
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        self.env["account.payment.method.line"].create(
            {
                "name": "Card",
                "journal_id": bank.id,
                "payment_method_id": self.env.ref(
                    "account.account_payment_method_manual_in"
                ).id,
                "payment_provider_id": payment.provider_id.id,
                "payment_account_id": self._get_outstanding_account(self.company).id,
            }
        )
        payment.provider_id.invalidate_recordset(["journal_id"])
        payment.with_context(skip_sale_auto_invoice_send=True)._post_process()
        self.assertTrue(payment.payment_id)

    def assertLeft(self, order, state, said):
        self.assertEqual(order.state, state)
        self.end_transaction()
        summaries = self.get_activities(order).mapped("summary")
        self.assertIn(said, "".join(summaries))

    def test_the_payment_of_a_blocked_customer_is_booked_and_his_order_stays(self):
        order = self.make_sent(require_payment=True)
        self.customer.is_blocked = True
        self.book(self.pay_online(order, 100))
        self.assertLeft(order, "sent", "Baja")

    def test_the_payment_of_an_order_from_before_is_booked_and_invoiced(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        order = self.sell(100)
        self.customer.is_blocked = True
        self.book(self.pay_online(order, 100))
        self.assertEqual(order.sudo().invoice_ids.state, "posted")

    def test_a_payment_that_is_not_in_yet_leaves_a_quotation_that_asks(self):
        for action in ("ask", "block"):
            self.set_actions()
            order = self.quote(5000)
            self.set_actions(quotation=action)
            self.pay_online(order, 5000, "pending")._post_process()
            self.assertLeft(order, "draft", "4,000.00")

    def test_a_payment_that_is_not_in_yet_sends_a_quotation_within_the_limit(self):
        self.set_actions(quotation="ask")
        order = self.quote(900)
        self.pay_online(order, 900, "pending")._post_process()
        self.assertEqual(order.state, "sent")

    def test_the_payment_of_a_draft_invoice_is_booked_and_the_invoice_stays(self):
        self.set_actions(invoice="block")
        blocked = self.make_customer("Otro")
        over = self.make_invoice(1312, post=False)
        his = self.make_invoice(10, blocked, post=False)
        blocked.is_blocked = True
        for invoice, said in ((over, "312.00"), (his, "Baja")):
            payment = self.pay_online(self.sell(1, self.make_customer("Tercero")), 1)
            payment.write(
                {"sale_order_ids": False, "invoice_ids": [Command.set(invoice.ids)]}
            )
            self.book(payment)
            self.assertLeft(invoice, "draft", said)

    def test_money_that_went_back_pays_no_order(self):
        self.set_actions(order="block")
        order = self.sell(700)
        payment = self.pay_online(order, 700)
        self.book(payment)
        self.assertAmounts(order=700, refund=-700)
        booked = payment.payment_id
        booked.action_draft()
        booked.outstanding_account_id = False
        for state in ("canceled", "rejected"):
            booked.state = state
            self.assertAmounts(order=700, debt=700)
            self.assertEqual(order.sudo()._get_risk_exposure().owed, 700)
            self.assertEqual(order.sudo()._get_risk_exposure().amount, 700)

    # --- portal

    def test_a_blocked_customer_s_signature_leaves_the_order_and_tells(self):
        order = self.make_sent()
        self.customer.is_blocked = True
        order.sudo()._validate_order()
        self.assertLeft(order, "sent", "Baja")

    def test_a_customer_reads_nothing_of_what_we_think_of_him(self):
        portal = self.make_user("reader", "base.group_portal")
        neutral = "This document cannot go on as it is: please contact us."
        self.set_actions(quotation="block")
        order = self.quote(900)
        line = order.order_line.with_user(portal).sudo()
        self.assertEqual(self.assertBlocked(line.write, {"discount": -100}), neutral)
        self.customer.is_blocked = True
        order = order.with_user(portal).sudo()
        self.assertEqual(self.assertBlocked(order.action_confirm), neutral)
        for reader in (portal, self.env.ref("base.public_user")):
            customer = self.customer.with_user(reader).sudo()
            self.assertEqual(self.assertBlocked(customer._check_not_blocked), neutral)

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
