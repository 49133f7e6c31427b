from odoo import fields
from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestConsumption(BillingCase):
    """What was agreed as a minimum stands beside what was sold this month."""

    def sell(self, customer, price):
        invoice = self.make_invoice(fields.Date.today(), partner_id=customer.id)
        invoice.invoice_line_ids.price_unit = price
        invoice.action_post()

    def test_it_tells_what_is_missing_this_month(self):
        self.customer.minimum_consumption = 300
        self.sell(self.customer, 121)
        money = self.env.company.currency_id.format
        self.assertEqual(
            self.customer.consumption_note,
            f"{money(121)}, {money(179)} less than agreed",
        )
        self.sell(self.customer, 179)
        self.customer.invalidate_recordset()
        self.assertEqual(
            self.customer.consumption_note, f"{money(300)}, what was agreed is reached"
        )

    def test_last_months_sales_are_not_this_months(self):
        self.customer.minimum_consumption = 300
        self.make_invoice("2026-01-31").action_post()
        self.assertIn("300", self.customer.consumption_note)

    def count_queries(self, customers):
        self.env.flush_all()
        self.env.invalidate_all()
        customers.fetch(["minimum_consumption", "commercial_partner_id"])
        before = self.env.cr.sql_log_count
        customers.mapped("consumption_note")
        return self.env.cr.sql_log_count - before

    def test_who_agreed_none_costs_nothing_and_many_cost_as_one(self):
        customers = self.customer
        for name in ("Otra", "Tercera", "Cuarta"):
            customers |= self.make_customer(name, vat=False)
        self.assertFalse(self.count_queries(customers))
        customers.minimum_consumption = 10
        self.count_queries(self.customer)
        self.assertEqual(
            self.count_queries(customers), self.count_queries(self.customer)
        )

    def test_it_changes_no_document(self):
        self.customer.minimum_consumption = 300
        invoice = self.make_invoice()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 121)
