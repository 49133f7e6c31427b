from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .risk_common import RiskCase


@tagged("post_install", "-at_install")
class TestRiskAmounts(RiskCase):
    """What a customer owes, each amount counted once (lessons 33, 35, 36, 44)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.make_other_company()

    # === INVOICES ===#

    def test_a_customer_without_documents_owes_nothing(self):
        self.assertAmounts()
        *codes, debt = self.get_amounts()
        # What other addons count stands behind.
        self.assertEqual(codes[:5], ["open", "overdue", "refund", "draft", "order"])
        self.assertEqual(debt, "debt")

    def test_invoices_are_open_until_the_day_they_are_due(self):
        self.make_invoice(100, due=0)
        self.make_invoice(20, due=-1)
        self.assertAmounts(open=100, overdue=20, debt=120)

    def test_each_instalment_has_its_own_due_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "50 % now, 50 % in 90 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 90)
                ],
            }
        )
        self.make_invoice(100, invoice_payment_term_id=term.id)
        self.assertAmounts(overdue=50, open=50, debt=100)

    def test_credit_notes_and_payments_on_account_lower_the_debt(self):
        invoice = self.make_invoice(100)
        self.make_refund(30)
        self.pay(invoice, 25, reconcile=False)
        self.assertAmounts(open=100, refund=-55, debt=45)

    def test_a_partial_payment_leaves_the_rest(self):
        self.pay(self.make_invoice(100), 40)
        self.assertAmounts(open=60, debt=60)

    def test_drafts_count_less_draft_credit_notes(self):
        self.make_invoice(100, post=False)
        self.make_refund(30, post=False)
        self.assertAmounts(draft=70, debt=70)

    def test_bills_and_cancelled_invoices_do_not_count(self):
        self.make_invoice(100, move_type="in_invoice")
        self.make_invoice(100, post=False).button_cancel()
        self.assertAmounts()

    def test_a_foreign_invoice_counts_what_the_books_say(self):
        self.make_invoice(100, currency_id=self.usd.id)
        self.make_invoice(100, currency_id=self.usd.id, post=False)
        self.assertAmounts(open=50, draft=50, debt=100)

    def test_documents_of_contacts_and_addresses_count_for_the_customer(self):
        contact = self.make_contact(self.customer)
        self.make_invoice(100, contact)
        self.make_invoice(10, contact, post=False)
        self.make_sale(1, contact)
        self.assertAmounts(open=100, draft=10, order=1, debt=111)
        self.assertAmounts(contact, open=100, draft=10, order=1, debt=111)

    def test_who_pays_counts(self):
        payer = self.make_customer("Payer")
        self.make_sale(100, partner_invoice_id=payer.id)
        self.assertAmounts()
        self.assertAmounts(payer, order=100, debt=100)

    # === ORDERS ===#

    def test_quotations_and_cancelled_orders_do_not_count(self):
        self.make_quotation(100)
        self.make_sale(100)._action_cancel()
        self.assertAmounts()

    def test_an_order_counts_what_no_invoice_and_no_draft_has(self):
        order = self.make_sale(10, quantity=10)
        self.assertAmounts(order=100, debt=100)
        draft = order._create_invoices()
        draft.invoice_line_ids.quantity = 4
        self.assertAmounts(order=60, draft=40, debt=100)
        draft.invoice_date_due = self.today
        draft.action_post()
        self.assertAmounts(order=60, open=40, debt=100)
        draft.button_draft()
        draft.button_cancel()
        self.assertAmounts(order=100, debt=100)

    def test_an_order_invoiced_by_delivery_counts_before_it_is_delivered(self):
        order = self.make_sale(10, quantity=10, product=self.service)
        self.assertAmounts(order=100, debt=100)
        order.order_line.qty_delivered = 12
        self.assertAmounts(order=120, debt=120)

    def test_what_is_delivered_beyond_the_order_counts_only_if_invoiced_so(self):
        order = self.make_sale(10, quantity=10)
        order.order_line.qty_delivered = 12
        self.assertAmounts(order=100, debt=100)

    def test_a_line_without_ordered_quantity_counts_what_was_delivered(self):
        order = self.make_sale(10, quantity=0, product=self.service, locked=False)
        order.order_line.qty_delivered = 3
        self.assertAmounts(order=30, debt=30)

    def test_that_line_counts_with_its_taxes_and_discount(self):
        tax = self.env["account.tax"].create(
            {"name": "21%", "amount": 21, "company_id": self.company.id}
        )
        order = self.make_sale(100, quantity=0, product=self.service)
        order.order_line.write({"qty_delivered": 5, "discount": 10})
        self.assertAmounts(order=450, debt=450)
        order.order_line.tax_ids = tax
        self.assertAmounts(order=544.5, debt=544.5)

    def test_an_excess_on_one_line_does_not_lower_another(self):
        order = self.make_sale(10, quantity=1)
        order.order_line = [
            Command.create({"product_id": self.goods.id, "price_unit": 5})
        ]
        order.order_line.tax_ids = False
        draft = order._create_invoices()
        line = draft.invoice_line_ids[0]
        line.quantity = 3
        draft.invoice_line_ids[1].unlink()
        self.assertAmounts(order=5, draft=30, debt=35)

    def test_returns_and_discounts_lower_the_order(self):
        order = self.make_sale(100)
        order.order_line = [
            Command.create(
                {"product_id": self.goods.id, "price_unit": 5, "product_uom_qty": -2}
            ),
            Command.create({"product_id": self.goods.id, "price_unit": -20}),
        ]
        order.order_line.tax_ids = False
        self.assertAmounts(order=70, debt=70)
        self.make_sale(10, quantity=-2)
        self.assertAmounts(order=50, debt=50)

    def test_a_down_payment_is_counted_once(self):
        order = self.make_sale(100)
        self._make_down_payment(order, 30)
        self.assertAmounts(order=70, draft=30, debt=100)
        final = order._create_invoices(final=True)
        self.assertEqual(final.amount_total, 70)
        self.assertAmounts(draft=100, debt=100)

    def test_a_down_payment_given_back_after_its_invoice_was_cancelled(self):
        """The customer has 30 in his favour, and will be invoiced 130."""
        order = self.make_sale(100)
        invoice = self._make_down_payment(order, 30)
        invoice.invoice_date = self.today
        invoice.action_post()
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.action_post()
        self.assertAmounts(order=100, debt=100)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertAmounts(order=130, refund=-30, debt=100)

    def test_an_order_that_is_invoiced_is_closed_whatever_becomes_of_its_advance(self):
        order = self.make_sale(100)
        advance = self._make_down_payment(order, 30)
        final = order._create_invoices(final=True)
        (advance | final).invoice_date = self.today
        (advance | final).action_post()
        advance.button_draft()
        advance.button_cancel()
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertAmounts(open=70, debt=70)

    def _post(self, invoice):
        invoice.invoice_date = self.today
        invoice.invoice_date_due = self.today
        invoice.action_post()
        return invoice

    def test_a_price_difference_is_owed_less_and_opens_no_order(self):
        tax = self.env["account.tax"].create(
            {"name": "21%", "amount": 21, "company_id": self.company.id}
        )
        order = self.make_sale(100, quantity=10)
        order.order_line.tax_ids = tax
        invoice = self._post(order._create_invoices())
        self.assertAmounts(open=1210, debt=1210)
        note = invoice._reverse_moves([{"invoice_date": self.today}])
        note.invoice_line_ids.price_unit = 10
        note.action_post()
        self.assertEqual(order.order_line.qty_to_invoice, 10)
        self.assertAmounts(open=1089, debt=1089)
        self.pay(invoice, 1210)
        self.assertAmounts(refund=-121, debt=-121)

    def test_what_came_back_at_its_price_may_be_invoiced_again(self):
        order = self.make_sale(100, quantity=10)
        invoice = self._post(order._create_invoices())
        note = invoice._reverse_moves([{"invoice_date": self.today}])
        note.invoice_line_ids.quantity = 4
        note.action_post()
        self.assertAmounts(order=400, open=600, debt=1000)

    def test_a_line_invoiced_dearer_has_less_left(self):
        order = self.make_sale(100, quantity=10)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.write({"quantity": 5, "price_unit": 150})
        self._post(invoice)
        self.assertAmounts(order=250, open=750, debt=1000)

    def test_a_down_payment_beyond_its_order_is_owed_until_it_is_paid(self):
        self.make_invoice(100)
        order = self.make_sale(150)
        advance = self._post(self._make_down_payment(order, 4000))
        self.assertAmounts(open=4100, debt=4100)
        self.pay(advance, 1000)
        self.assertAmounts(open=3100, order=-1000, debt=2100)
        self.pay(advance, 3000)
        self.assertAmounts(open=100, order=-3850, debt=-3750)
        advance.line_ids.remove_move_reconcile()
        self.assertEqual(order.risk_to_invoice, 0)

    def test_a_down_payment_in_another_currency_is_counted_once(self):
        order = self.make_sale(1000)
        advance = self._make_down_payment(order, 300)
        advance.currency_id = self.usd
        advance.invoice_line_ids.price_unit = 600
        self.assertAmounts(order=700, draft=300, debt=1000)
        self._post(advance)
        self.assertAmounts(order=700, open=300, debt=1000)

    def test_one_more_down_payment_of_an_order_that_is_invoiced(self):
        order = self.make_sale(100)
        self._post(order._create_invoices())
        advance = self._post(self._make_down_payment(order, 30))
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertAmounts(open=130, debt=130)
        self.pay(advance, 30)
        self.assertAmounts(open=100, order=-30, debt=70)

    def test_what_is_left_follows_each_change_of_a_confirmed_order(self):
        order = self.make_sale(10, quantity=10, locked=False)
        order.order_line.price_unit = 12
        self.assertAmounts(order=120, debt=120)
        order.order_line.product_uom_qty = 20
        self.assertAmounts(order=240, debt=240)
        order.order_line.discount = 50
        self.assertAmounts(order=120, debt=120)
        order.order_line.tax_ids = self.env["account.tax"].create(
            {
                "name": "10 %",
                "amount": 10,
                "price_include_override": "tax_excluded",
                "company_id": self.company.id,
                "country_id": self.company.account_fiscal_country_id.id,
            }
        )
        self.assertAmounts(order=132, debt=132)
        order.order_line.tax_ids = False
        order._action_cancel()
        self.assertAmounts()
        order.action_draft()
        self.assertAmounts()
        order.action_confirm()
        self.assertAmounts(order=120, debt=120)
        order.order_line.product_uom_qty = 0
        self.assertAmounts()

    def test_an_order_keeps_the_rate_of_its_own_day(self):
        order = self.make_sale(100, currency=self.usd)
        self.assertAmounts(order=50, debt=50)
        self._set_rate(4)
        self.assertAmounts(order=50, debt=50)
        self.assertEqual(order.currency_rate, 2)

    def test_each_order_is_rounded_once(self):
        for _ in range(3):
            self.make_sale(0.03, currency=self.usd)
        self.assertAmounts(order=0.06, debt=0.06)

    def _make_down_payment(self, order, amount):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": order.ids,
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        return wizard._create_invoices(order)

    def _set_rate(self, rate):
        rates = self.env["res.currency.rate"].search(
            [("company_id", "=", self.company.id), ("currency_id", "=", self.usd.id)]
        )
        rates.rate = rate

    # === ONLINE PAYMENTS ===#

    def test_what_was_paid_online_is_no_risk(self):
        order = self.make_sale(100)
        transaction = self.make_transaction(order, 40, "authorized")
        self.assertAmounts(order=60, debt=60)
        transaction.state = "done"
        self.assertAmounts(order=60, debt=60)
        transaction.state = "cancel"
        self.assertAmounts(order=100, debt=100)

    def test_a_payment_beyond_the_order_lowers_nothing_else(self):
        self.make_transaction(self.make_sale(100), 150, "done")
        self.make_sale(20)
        self.assertAmounts(order=20, debt=20)

    def test_an_online_payment_in_the_books_counts_there_only(self):
        order = self.make_sale(100)
        invoice = self.make_invoice(1)
        transaction = self.make_transaction(order, 40, "done")
        transaction.payment_id = self.pay(invoice, 40, reconcile=False)
        self.assertAmounts(open=1, order=100, refund=-40, debt=61)

    # === WHAT COUNTS ===#

    def test_the_company_says_what_counts(self):
        self.make_invoice(100)
        self.make_sale(10)
        self.company.risk_excludes_order = True
        self.assertAmounts(open=100, order=10, debt=100)

    def test_the_figures_equal_what_core_says_is_receivable(self):
        self.make_invoice(99.99, currency_id=self.usd.id)
        self.make_invoice(50, due=-3)
        self.make_refund(10)
        amounts = self.get_amounts()
        self.assertEqual(
            amounts["open"] + amounts["overdue"] + amounts["refund"],
            self.customer.with_company(self.company).credit,
        )

    # === COMPANIES ===#

    def test_another_company_is_judged_apart(self):
        self.make_invoice(100)
        self.make_invoice(100, company=self.other_company)
        self.assertAmounts(open=100, debt=100)
        self.assertAmounts(company=self.other_company, open=100, debt=100)

    def test_the_companies_of_the_user_change_nothing(self):
        self.make_invoice(100)
        customer = self.customer.with_context(
            allowed_company_ids=[self.other_company.id, self.company.id]
        )
        self.assertAmounts(customer, open=100, debt=100)

    def test_a_branch_is_judged_with_its_root(self):
        branch = self.make_branch()
        self.make_invoice(100)
        self.make_sale(10, company=branch)
        for company in (self.company, branch):
            self.assertAmounts(company=company, open=100, order=10, debt=110)

    def test_over_all_companies_each_amount_is_converted_once(self):
        self.company.risk_all_companies = True
        self.make_invoice(100)
        self.make_invoice(0.01, company=self.other_company, due=5)
        self.make_sale(0.02, company=self.other_company)
        self.make_sale(1000, company=self.other_company, currency=self.clp)
        # 0.005 EUR up, and 2.02 USD of orders at once
        self.assertAmounts(open=100.01, order=1.01, debt=101.02)

    def test_figures_are_those_of_the_day_they_are_asked(self):
        self.make_invoice(100, due=1)
        self.assertAmounts(open=100, debt=100)
        line = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_type", "=", "asset_receivable"),
            ]
        )
        line.date_maturity = self.today - timedelta(days=1)
        self.assertAmounts(overdue=100, debt=100)
