from odoo import Command
from odoo.tests import Form, tagged

from .risk_stage_common import RiskStageCase


class OrderShareCase(RiskStageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_risk_user(
            "clerk",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
        )
        cls.other = cls.make_customer("Otro")
        cls.today_vals = {"invoice_date": cls.today}

    def bill(self, order, **vals):
        """The draft invoice of an order, as the clerk has it."""
        invoice = order.sudo()._create_invoices(final=True)
        invoice.invoice_date = self.today
        return invoice.with_user(self.clerk)

    def advance(self, order, amount, post=True):
        """A down payment."""
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": order.ids,
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        invoice = wizard._create_invoices(order.sudo())
        invoice.invoice_date = self.today
        if post:
            invoice.action_post()
        return invoice.with_user(self.clerk)

    def bill_by_hand(self, amount, order_line, customer=None):
        """A draft that says of itself that it invoices an order line."""
        return self.make_invoice(
            amount,
            customer,
            post=False,
            invoice_date=self.today,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Goods",
                        "price_unit": amount,
                        "tax_ids": False,
                        "sale_line_ids": [Command.set(order_line.ids)],
                    }
                )
            ],
        ).with_user(self.clerk)


@tagged("post_install", "-at_install")
class TestRiskOrderShare(OrderShareCase):
    """An order exempts its invoices as far as it goes: its amount, and its payer."""

    def setUp(self):
        super().setUp()
        self.order = self.sell(600)
        self.make_invoice(900)
        self.set_actions(order="block", invoice="block")

    def assertNew(self, invoice, amount):
        """It sells that anew, and is refused for it."""
        self.assertEqual(invoice.sudo()._get_risk_exposure("posted").amount, amount)
        self.assertBlocked(invoice.action_post)
        self.assertEqual(invoice.state, "draft")

    def test_what_was_ordered_is_posted(self):
        invoice = self.bill(self.order)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_what_an_invoice_line_has_over_its_order_line_is_new(self):
        invoice = self.bill(self.order)
        with Form(invoice) as form, form.invoice_line_ids.edit(0) as line:
            line.price_unit = 700
        self.assertNew(invoice, 100)
        invoice.invoice_line_ids.write({"price_unit": 300, "quantity": 3})
        self.assertNew(invoice, 300)

    def test_the_order_of_another_payer_exempts_nothing(self):
        self.set_limits(self.other, 10)
        invoice = self.bill(self.order)
        with Form(invoice) as form:
            form.partner_id = self.other
        self.assertNew(invoice, 600)
        self.assertNew(self.bill_by_hand(400, self.order.order_line, self.other), 400)

    def test_who_pays_is_the_payer(self):
        order = self.make_quotation(
            800, self.other, partner_invoice_id=self.customer.id
        )
        self.set_limits(self.other, 10)
        self.set_actions(invoice="block")
        order.action_confirm()
        invoice = self.bill(order)
        self.assertNew(self.bill_by_hand(800, order.order_line, self.other), 800)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_the_order_of_another_company_exempts_nothing(self):
        order = self.make_sale(600, company=self.make_other_company())
        self.assertNew(self.bill_by_hand(600, order.order_line), 600)

    def test_an_order_exempts_once(self):
        line = self.order.order_line
        first, second = self.bill_by_hand(600, line), self.bill_by_hand(600, line)
        self.assertNew(second, 600)
        first.action_post()
        self.assertNew(second, 600)
        # A whole line twice on one invoice.
        first.sudo().button_draft()
        first.sudo().button_cancel()
        second.invoice_line_ids.copy({"move_id": second.id, "sale_line_ids": line.ids})
        self.assertEqual(len(second.invoice_line_ids.sale_line_ids), 1)
        self.assertNew(second, 600)

    def test_drafts_posted_together_exempt_no_more(self):
        line = self.order.order_line
        both = self.bill_by_hand(600, line) | self.bill_by_hand(600, line)
        self.assertBlocked(both.action_post)

    def test_a_discount_of_the_order_left_out_of_its_invoice_is_new(self):
        self.set_actions()
        order = self.sell(1000)
        order.order_line = [
            Command.create(
                {"product_id": self.goods.id, "price_unit": -400, "tax_ids": False}
            )
        ]
        self.set_actions(invoice="block")
        invoice = self.bill(order)
        invoice.invoice_line_ids.filtered(lambda li: li.price_unit < 0).unlink()
        self.assertNew(invoice, 400)

    def test_what_was_delivered_beyond_the_order_is_new(self):
        self.set_actions()
        order = self.sell(5, product=self.service)
        order.sudo().order_line.qty_delivered = 100
        self.set_actions(invoice="block")
        self.assertNew(self.bill(order), 495)

    def test_parts_of_an_order_are_posted_whatever_is_rounded(self):
        tax = self.env["account.tax"].create(
            {"name": "21%", "amount": 21, "company_id": self.company.id}
        )
        self.set_actions()
        order = self.sell(33.33, quantity=7)
        order.order_line.write({"price_unit": 33.337, "tax_ids": tax.ids})
        self.set_actions(invoice="block")
        for _ in range(7):
            invoice = self.bill(order)
            invoice.sudo().invoice_line_ids.quantity = 1
            invoice.action_post()
            self.assertEqual(invoice.state, "posted")

    def test_the_down_payment_of_a_quotation_is_new(self):
        invoice = self.advance(self.quote(5000), 5000, post=False)
        self.assertNew(invoice, 5000)

    def test_the_down_payment_of_an_order_is_new_beyond_the_order(self):
        invoice = self.advance(self.order, 50, post=False)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        invoice = self.advance(self.order, 50, post=False)
        invoice.invoice_line_ids.price_unit = 7000
        self.assertNew(invoice, 6450)

    def test_the_last_invoice_deducts_its_down_payments(self):
        self.advance(self.order, 200)
        invoice = self.bill(self.order)
        self.assertEqual(invoice.amount_total, 400)
        deduction = invoice.invoice_line_ids.filtered(lambda li: li.price_total < 0)
        deduction.sudo().unlink()
        self.assertNew(invoice, 200)

    def test_a_cancelled_order_exempts_nothing(self):
        invoice = self.bill(self.order)
        invoice.sudo().copy()
        line = self.order.order_line
        self.order.sudo()._action_cancel()
        self.assertNew(self.bill_by_hand(600, line), 600)

    def test_what_was_given_back_may_be_invoiced_again(self):
        invoice = self.bill(self.order)
        invoice.action_post()
        note = self.reverse(invoice.sudo())
        note.action_post()
        again = self.bill(self.order)
        again.action_post()
        self.assertEqual(again.state, "posted")

    def test_a_price_difference_opens_no_order(self):
        invoice = self.bill(self.order)
        invoice.action_post()
        note = self.reverse(invoice.sudo())
        note.invoice_line_ids.price_unit = 60
        note.action_post()
        self.assertNew(self.bill_by_hand(600, self.order.order_line), 600)

    def test_no_rate_makes_a_sale_smaller(self):
        for currency in (self.eur, self.usd):
            invoice = self.make_invoice(5000, post=False, currency_id=currency.id)
            invoice.with_user(self.clerk).write({"invoice_currency_rate": 1e6})
            rate = 2 if currency == self.usd else 1
            self.assertNew(invoice.with_user(self.clerk), 5000 / rate)
        order = self.quote(5000, currency=self.usd).with_user(self.clerk)
        order.write({"currency_rate": 1e6})
        by_context = order.with_context(default_currency_rate=1e6)
        for found in (order, order.copy({"currency_rate": 1e6}), by_context.copy()):
            self.assertEqual(found.currency_rate, 2)


@tagged("post_install", "-at_install")
class TestBlockedOrderShare(OrderShareCase):
    """A blocked customer is invoiced what he had ordered, and no more."""

    def setUp(self):
        super().setUp()
        self.set_limits(self.customer)
        self.order = self.sell(600)

    def assertRefused(self, function):
        self.assertIn("Baja", self.assertBlocked(function))

    def test_what_he_had_ordered_is_invoiced(self):
        self.customer.is_blocked = True
        invoice = self.bill(self.order)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_the_invoice_of_his_order_does_not_grow(self):
        self.customer.is_blocked = True
        invoice = self.bill(self.order)
        invoice.invoice_line_ids.price_unit = 15000
        self.assertRefused(invoice.action_post)

    def test_the_invoice_of_another_s_order_is_not_made_his(self):
        order = self.sell(600, self.other)
        self.customer.is_blocked = True
        invoice = self.bill(order)
        self.assertRefused(lambda: invoice.write({"partner_id": self.customer.id}))
        self.assertRefused(lambda: self.bill_by_hand(500, order.order_line))

    def test_his_quotation_is_not_paid_in_advance(self):
        quotation = self.quote(600)
        self.customer.is_blocked = True
        self.assertRefused(lambda: self.advance(quotation, 100))


@tagged("post_install", "-at_install")
class TestRiskOrderLeft(OrderShareCase):
    """What is left of an order is what was not invoiced to its payer."""

    def setUp(self):
        super().setUp()
        self.order = self.sell(400)
        self.line = self.order.order_line.with_user(self.clerk)
        self.env.transaction.default_env = self.line.env

    def test_the_mark_of_a_down_payment_hides_no_goods(self):
        self.line.is_downpayment = True
        self.assertAmounts(order=400, debt=400)
        self.set_actions(order="block")
        more = {"product_id": self.goods.id, "price_unit": 5000, "tax_ids": False}
        order = self.order.with_user(self.clerk)
        for vals in (more, {**more, "is_downpayment": True}):
            self.assertBlocked(order.write, {"order_line": [Command.create(vals)]})

    def test_a_marked_line_is_owed_after_the_others_are_invoiced(self):
        vals = {"product_id": self.goods.id, "price_unit": 50, "tax_ids": False}
        self.order.order_line = [Command.create({**vals, "is_downpayment": True})]
        invoice = self.bill(self.order).sudo()
        marked = self.order.order_line[1]
        invoice.invoice_line_ids.filtered(
            lambda line: line.sale_line_ids == marked
        ).unlink()
        self.assertEqual(self.order.risk_to_invoice, 50)

    def test_a_link_to_anothers_invoice_invoices_nothing(self):
        foreign = self.make_invoice(400, self.other).invoice_line_ids
        self.line.invoice_lines = [Command.link(foreign.id)]
        self.assertAmounts(order=400, debt=400)
        self.line.invoice_lines = [Command.unlink(foreign.id)]
        foreign.with_user(self.clerk).sale_line_ids = [Command.link(self.line.id)]
        self.assertAmounts(order=400, debt=400)

    def test_what_is_billed_to_somebody_else_is_left(self):
        invoice = self.bill(self.order)
        self.assertAmounts(draft=400, debt=400)
        invoice.partner_id = self.other
        self.assertAmounts(order=400, debt=400)
