from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .risk_stage_common import RiskStageCase


@tagged("post_install", "-at_install")
class TestLeftOutOrder(RiskStageCase):
    """A dead order eats no credit once a risk manager has left it out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_sale(900)

    def leave_out(self, order=None, user=None, reason="The works were cancelled"):
        order = (order or self.order).with_user(user or self.manager)
        context = order.action_leave_out_of_risk()["context"]
        wizard = order.env["xpyme.risk.decision"].with_context(**context)
        wizard.create({"reason": reason}).action_leave_out()

    def get_debt(self):
        figures = self.customer._get_risk_amounts(self.company)
        return figures[self.customer.id]["debt"]

    def test_it_is_no_debt_and_lets_others_pass(self):
        self.set_actions(order="block")
        self.assertBlocked(self.sell, 800)
        self.leave_out()
        self.assertEqual(self.get_debt(), 0)
        self.assertEqual(self.sell(800).state, "sale")
        bodies = "".join(self.order.message_ids.mapped("body"))
        self.assertIn("The works were cancelled", bodies)

    def test_the_report_tells_of_it_with_the_reason(self):
        self.leave_out()
        report = (
            self.env["xpyme.risk.report"]
            .with_user(self.salesperson)
            .create({"partner_id": self.customer.id, "company_id": self.company.id})
        )
        line = report.left_out_ids
        self.assertEqual((line.name, line.amount), (self.order.name, 900))
        self.assertEqual(line.note, "The works were cancelled")
        component = report.component_ids.filtered(lambda li: li.code == "order")
        self.assertEqual((component.amount, component.document_count), (0, 0))

    def test_it_counts_again_when_wanted_or_confirmed_anew(self):
        self.leave_out()
        self.order.with_user(self.manager).action_count_in_risk()
        self.assertEqual(self.get_debt(), 900)
        self.leave_out()
        self.order._action_cancel()
        self.order.action_draft()
        self.order.action_confirm()
        self.assertFalse(self.order.risk_left_out)
        self.assertEqual(self.get_debt(), 900)

    def test_raising_it_is_judged_with_all_of_it(self):
        self.set_actions(order="block")
        self.sell(50)
        self.leave_out()
        order = self.order.with_user(self.salesperson)
        self.assertBlocked(order.order_line.write, {"price_unit": 980})

    def test_sold_on_in_it_counts_again_whatever_stops(self):
        added = Command.create(
            {"product_id": self.goods.id, "price_unit": 1, "tax_ids": False}
        )
        payer = self.make_customer("Matriz")
        for action in (False, "block"):
            for change in (
                lambda o: o.order_line.write({"price_unit": 901}),
                lambda o: o.write({"order_line": [added]}),
                lambda o: o.write({"partner_invoice_id": payer.id}),
                lambda o: o.order_line.create({"order_id": o.id, **added[2]}),
            ):
                self.set_actions()
                order = self.make_sale(900, self.make_customer("Beta"))
                self.leave_out(order)
                self.set_actions(order=action)
                change(order.with_user(self.salesperson))
                self.assertFalse(order.risk_left_out)
                self.assertFalse(order.risk_left_out_reason)
                payer_now = order.partner_invoice_id
                self.assertGreaterEqual(self.get_amounts(payer_now)["debt"], 900)

    def test_what_does_not_grow_stays_left_out(self):
        self.leave_out()
        order = self.order.with_user(self.salesperson)
        order.order_line.price_unit = 800
        order.client_order_ref = "Yours"
        order.sudo().order_line.qty_delivered = 1
        self.assertTrue(order.risk_left_out)

    def test_nobody_makes_one_left_out_through_his_client_s_defaults(self):
        orders = self.env["sale.order"].with_user(self.salesperson)
        order = orders.with_context(
            default_risk_left_out=True, default_risk_left_out_reason="x"
        ).create({"partner_id": self.customer.id})
        self.assertFalse(order.risk_left_out)
        self.assertFalse(order.risk_left_out_reason)

    def test_only_a_risk_manager_leaves_it_out(self):
        with self.assertRaises(AccessError):
            self.leave_out(user=self.salesperson)
        order = self.order.with_user(self.salesperson)
        with self.assertRaises(AccessError):
            order.write({"risk_left_out": True})
        with self.assertRaises(AccessError):
            order.create({"partner_id": self.customer.id, "risk_left_out": True})

    def test_it_takes_a_reason_and_something_left_to_invoice(self):
        with self.assertRaises(UserError):
            self.leave_out(reason=" ")
        with self.assertRaises(UserError):
            self.leave_out(self.make_quotation(10))

    def test_a_decision_about_another_model_is_refused_in_words(self):
        decisions = self.env["xpyme.risk.decision"].with_user(self.salesperson)
        for vals in (
            {"res_model": "res.users", "res_ids": [1]},
            {"res_model": "sale.order", "res_ids": "1"},
            {"res_ids": [1]},
        ):
            with self.assertRaises(UserError):
                decisions.create(vals)
