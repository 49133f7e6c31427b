from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.xpyme_contacts.models.notice.account_move import AccountMove

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTillAccount(TillCase):
    """What is put on the customer's account is judged, and is a debt."""

    def setUp(self):
        super().setUp()
        self.customer.internal_credit_limit = 100
        self.company.risk_till_action = "block"

    def get_amounts(self):
        self.env.flush_all()
        amounts = self.customer._get_risk_amounts(self.company)[self.customer.id]
        return round(amounts["till"], 2), round(amounts["debt"], 2)

    def judge(self, amount, user=None, **kwargs):
        customer = self.customer.with_user(user or self.cashier)
        return customer.judge_pos_account(self.config.id, amount, **kwargs)

    def test_cash_passes_any_limit_with_an_invoice_too(self):
        self.company.risk_invoice_action = "block"
        ticket = self.sell(quantity=10, to_invoice=True)
        self.assertEqual(ticket.account_move.state, "posted")

    def test_on_account_is_refused_over_the_limit(self):
        self.assertEqual(self.sell(method=self.later).state, "paid")
        with self.assertRaisesRegex(UserError, "over the limit"), self.cr.savepoint():
            self.sell(method=self.later)
        self.assertEqual(self.get_amounts(), (62.92, 62.92))

    def test_a_draft_that_is_paid_is_judged_once(self):
        data = {"state": "draft", "payment_ids": [], "amount_paid": 0}
        ticket = self.sell(quantity=2, **data)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.sell(quantity=2, method=self.later, uuid=ticket.uuid)
        self.company.risk_till_action = "tell"
        self.sell(quantity=2, method=self.later, uuid=ticket.uuid)
        self.assertEqual(self.get_amounts(), (125.84, 125.84))

    def test_what_was_put_on_account_offline_is_kept_and_told(self):
        manager = self.make_user(
            "riskboss",
            "xpyme_contacts.group_risk_manager,sales_team.group_sale_manager",
        )
        ticket = self.sell(quantity=2, method=self.later, paid_offline=True)
        self.assertEqual(ticket.state, "paid")
        self.assertIn(manager, self.get_activities().user_id)

    def test_each_manager_is_told_in_their_own_language(self):
        bosses = self.make_bosses()
        self.sell(quantity=2, method=self.later, paid_offline=True)
        self.assertToldInOwn(bosses, "over the limit", "por encima del límite")

    def test_with_an_invoice_it_is_kept_and_told_too(self):
        """Though invoices are blocked: the customer has left with the goods."""
        manager = self.make_user("riskboss", "xpyme_contacts.group_risk_manager")
        self.company.write({"risk_till_action": "tell", "risk_invoice_action": "block"})
        ticket = self.sell(
            quantity=2, method=self.later, paid_offline=True, to_invoice=True
        )
        self.assertEqual(ticket.account_move.state, "posted")
        self.assertIn(manager, self.get_activities().user_id)

    def test_an_invoice_asked_for_is_a_stage_too(self):
        self.company.write({"risk_till_action": "tell", "risk_invoice_action": "block"})
        with self.assertRaisesRegex(UserError, "over the limit"), self.cr.savepoint():
            self.sell(quantity=2, method=self.later, to_invoice=True)
        self.assertFalse(self.config.current_session_id.order_ids)
        self.assertEqual(self.sell(quantity=2, method=self.later).state, "paid")

    def test_what_the_cashier_answered_for_is_invoiced(self):
        self.company.write({"risk_till_action": "ask", "risk_invoice_action": "ask"})
        ticket = self.sell(quantity=2, method=self.later, to_invoice=True)
        self.assertEqual(ticket.account_move.state, "posted")

    def test_what_rounding_takes_of_cash_is_owed_by_nobody(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "0.10",
                "rounding": 0.10,
                "strategy": "add_invoice_line",
                "profit_account_id": self.env["account.account"]
                .search([("account_type", "=", "income")], limit=1)
                .id,
                "loss_account_id": self.env["account.account"]
                .search([("account_type", "=", "expense")], limit=1)
                .id,
            }
        )
        self.config.write({"cash_rounding": True, "rounding_method": rounding.id})
        data = self.prepare_ticket(to_invoice=True, amount_paid=62.9)
        data["payment_ids"][0][2]["amount"] = 62.9
        invoice = self.send(data).account_move
        self.assertEqual(invoice._get_risk_exposure().amount, 0)
        # without this addon
        paid = AccountMove._get_amount_paid_at_till(invoice)
        self.assertGreaterEqual(paid, invoice._get_new_amount())

    def test_a_paid_ticket_is_not_put_on_account_afterwards(self):
        ticket = self.sell(quantity=2).with_user(self.cashier)
        vals = {"payment_method_id": self.later.id}
        commands = [Command.update(ticket.payment_ids.id, vals)]
        anew = [
            Command.create({**vals, "amount": 150}),
            Command.create({"payment_method_id": self.cash.id, "amount": -150}),
        ]
        for attempt in (
            lambda: ticket.payment_ids.write(vals),
            lambda: ticket.write({"payment_ids": commands}),
            lambda: ticket.write({"payment_ids": anew}),
            lambda: ticket.add_payment({**anew[0][2], "pos_order_id": ticket.id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.customer.internal_credit_limit = 200
        ticket.payment_ids.write(vals)
        self.assertEqual(self.get_amounts(), (125.84, 125.84))

    def test_nor_does_somebody_else_owe_it(self):
        other = self.make_customer("Other", vat=False)
        ticket = self.sell(other, quantity=2, method=self.later)
        with self.assertRaises(UserError), self.cr.savepoint():
            ticket.with_user(self.cashier).partner_id = self.customer
        paid = self.sell(other, quantity=2).with_user(self.cashier)
        paid.partner_id = self.customer
        self.assertEqual(paid.partner_id, self.customer)

    def test_a_till_in_another_currency_is_judged_in_the_companys(self):
        till = self.make_foreign_till()
        customer = self.customer.with_user(self.cashier)
        self.assertEqual(customer.judge_pos_account(till.id, 200)["action"], "none")
        self.assertEqual(customer.judge_pos_account(till.id, 201)["action"], "block")

    def test_before_payment_the_till_asks(self):
        self.assertEqual(self.judge(100)["action"], "none")
        verdict = self.judge(100.01)
        self.assertEqual(verdict["action"], "block")
        self.assertNotIn("100", verdict["message"])
        seller = self.make_user(
            "seller", "point_of_sale.group_pos_user,sales_team.group_sale_salesman"
        )
        self.assertIn("100", self.judge(150, seller)["message"])
        for policy in ("ask", "tell"):
            self.company.risk_till_action = policy
            self.assertEqual(self.judge(150)["action"], policy)
        self.company.risk_till_action = "ignore"
        self.assertEqual(self.judge(150)["action"], "none")
        self.company.risk_invoice_action = "block"
        self.assertEqual(self.judge(150, is_invoiced=True)["action"], "block")

    def test_whom_a_cashier_may_not_see_they_may_not_have_judged(self):
        company = self.env["res.company"].create({"name": "Otra"})
        self.customer = self.make_customer("Ajeno", vat=False)
        self.customer.write({"company_id": company.id, "internal_credit_limit": 10})
        for amount in (5, 1000):
            with self.assertRaises(AccessError):
                self.judge(amount)

    def test_a_debt_until_it_is_invoiced(self):
        ticket = self.sell(method=self.later)
        self.assertEqual(self.get_amounts(), (62.92, 62.92))
        ticket.with_context(generate_pdf=False)._generate_pos_order_invoice()
        self.assertEqual(self.get_amounts(), (0.0, 62.92))

    def test_a_debt_until_its_session_is_closed(self):
        self.sell(method=self.later)
        session = self.config.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        self.assertEqual(self.get_amounts(), (0.0, 62.92))

    def test_cash_is_no_debt(self):
        self.sell()
        self.assertEqual(self.get_amounts(), (0.0, 0.0))

    def test_the_company_leaves_it_out(self):
        self.sell(method=self.later)
        self.company.risk_excludes_till = True
        self.assertEqual(self.get_amounts(), (62.92, 0.0))

    def test_the_report_opens_the_tickets(self):
        ticket = self.sell(method=self.later)
        domain = self.customer._get_risk_document_domain(
            "till", self.customer, self.company
        )
        self.assertEqual(self.env["pos.order"].search(domain), ticket)
