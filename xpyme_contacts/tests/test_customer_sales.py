from datetime import date

from dateutil.relativedelta import relativedelta
from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestCustomerSales(DocumentCase):
    def get_months(self, customer):
        self.env.flush_all()
        action = customer.action_open_customer_sales()
        return customer.env[action["res_model"]]._read_group(
            action["domain"], ["date:month"], ["amount:sum"]
        )

    def test_total_is_invoices_less_credit_notes_without_tax(self):
        self.product.taxes_id = self.env["account.tax"].create(
            {"name": "IVA", "amount": 21, "type_tax_use": "sale"}
        )
        for move_type, day in (
            ("out_invoice", "2026-01-31"),
            ("out_invoice", "2026-02-10"),
            ("out_refund", "2026-03-01"),
        ):
            self.make_invoice(move_type, invoice_date=day).action_post()
        self.make_invoice()
        self.make_invoice("in_invoice")
        customer = self.customer.with_user(self.salesperson)
        self.assertEqual(customer.total_sales, 100)
        self.assertEqual(customer.last_sale_date, date(2026, 2, 10))
        self.assertEqual(self.contact.total_sales, 100)

    def test_each_sale_tells_its_amount_with_tax_too(self):
        self.product.taxes_id = self.env["account.tax"].create(
            {"name": "IVA", "amount": 21, "type_tax_use": "sale"}
        )
        self.make_invoice().action_post()
        self.make_invoice("out_refund").action_post()
        self.env.flush_all()
        domain = self.customer.action_open_customer_sales()["domain"]
        sales = self.env["xpyme.customer.sale"].search(domain)
        self.assertEqual(sorted(sales.mapped("amount_with_tax")), [-121, 121])
        self.assertEqual(sum(sales.mapped("amount")), self.customer.total_sales)

    def test_cancelled_and_draft_invoices_count_for_nothing(self):
        self.make_invoice().action_post()
        cancelled = self.make_invoice(invoice_date="2026-05-01")
        cancelled.action_post()
        cancelled.button_draft()
        self.assertEqual(self.customer.total_sales, 100)
        cancelled.button_cancel()
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.total_sales, 100)
        self.assertEqual(self.customer.last_sale_date, date(2026, 1, 31))

    def test_invoice_to_an_address_is_the_customers(self):
        delivery = self.make_contact(
            self.customer, "Obra", type="delivery", country_id=self.chile.id
        )
        self.make_invoice(partner_id=delivery.id).action_post()
        self.assertEqual(self.customer.total_sales, 100)
        self.assertEqual(self.make_customer("Otra").total_sales, 0)

    def test_foreign_currency_counts_in_the_companys(self):
        currency = self.env["res.currency"].create(
            {"name": "XPY", "symbol": "X", "rounding": 0.01}
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "rate": 2.0,
                "name": "2026-01-01",
                "company_id": self.env.company.id,
            }
        )
        self.make_invoice(currency_id=currency.id).action_post()
        self.assertEqual(self.customer.total_sales, 50)
        self.assertEqual(
            [amount for _m, amount in self.get_months(self.customer)], [50]
        )

    def test_each_company_sees_its_own_sales(self):
        self.make_invoice().action_post()
        other = self.env["res.company"].create({"name": "Segunda"})
        customer = self.customer.with_company(other)
        self.assertEqual((customer.total_sales, customer.last_sale_date), (0, False))
        self.assertEqual(self.customer.total_sales, 100)

    def test_breakdown_adds_up_to_the_total(self):
        self.make_invoice().action_post()
        self.make_invoice(
            "out_refund",
            invoice_date="2026-02-28",
            invoice_line_ids=[
                (0, 0, {"product_id": self.product.id, "price_unit": 20})
            ],
        ).action_post()
        other = self.make_customer("Otra", vat=self.OTHER_RUT)
        self.make_invoice(partner_id=other.id).action_post()
        months = self.get_months(self.customer)
        self.assertEqual([amount for _month, amount in months], [100, -20])
        self.assertEqual(self.customer.total_sales, 80)

    def test_nothing_sold_is_zero_and_no_date(self):
        self.assertEqual(self.customer.total_sales, 0)
        self.assertFalse(self.customer.last_sale_date)
        self.assertEqual(self.get_months(self.customer), [])

    def test_salesperson_without_accounting_reads_totals_not_invoices(self):
        invoice = self.make_invoice()
        invoice.action_post()
        salesperson = self.make_user("bare", "base.group_user")
        customer = self.customer.with_user(salesperson)
        self.assertEqual(customer.total_sales, 100)
        with self.assertRaises(AccessError):
            invoice.with_user(salesperson).read(["amount_total"])

    def test_salesperson_reads_the_breakdown_behind_the_figure(self):
        self.make_invoice().action_post()
        self.make_invoice(
            "out_refund",
            invoice_date="2026-02-28",
            invoice_line_ids=[
                (0, 0, {"product_id": self.product.id, "price_unit": 20})
            ],
        ).action_post()
        customer = self.customer.with_user(self.salesperson)
        months = self.get_months(customer)
        self.assertEqual([amount for _month, amount in months], [100, -20])
        action = customer.action_open_customer_sales()
        sales = customer.env[action["res_model"]]
        views = dict.fromkeys(["pivot", "graph", "list"])
        self.assertEqual([name for _id, name in action["views"]], [*views])
        sales.get_views([(False, name) for name in views])
        table = sales.formatted_read_group(
            action["domain"], ["month", "year"], ["amount:sum"]
        )
        self.assertEqual(
            [(row["month"], row["year"], row["amount:sum"]) for row in table],
            [("01", "2026", 100), ("02", "2026", -20)],
        )

    def test_card_tells_the_last_months_and_the_years(self):
        today = fields.Date.context_today(self.customer)
        for months, price in ((0, 30), (1, 60), (13, 7)):
            day = today - relativedelta(months=months)
            line = {"product_id": self.product.id, "price_unit": price}
            self.make_invoice(
                invoice_date=day, invoice_line_ids=[(0, 0, line)]
            ).action_post()
        customer = self.customer.with_user(self.salesperson)
        bars = customer._get_sales_bars(customer._read_sales_by_month())
        self.assertEqual([bar["amount"] for bar in bars], [0] * 10 + [60, 30])
        self.assertEqual([bar["percent"] for bar in bars[-2:]], [100, 50])
        page = html.fromstring(customer.get_sales_overview())
        rows = [row.xpath("th/text() | td//text()") for row in page.iter("tr")]
        told = {row[0]: "".join(row[1:]).strip() for row in rows}
        money = self.env.company.currency_id.format
        self.assertEqual(told["Total sales"], money(97))
        self.assertEqual(told["Sales, 12 months"], money(90))
        years = [told[year] for year in told if year.isdecimal()]
        self.assertTrue(years)
        (link,) = page.xpath("//button[@data-action]")
        self.assertEqual(link.get("data-action"), "action_open_customer_sales")

    def test_breakdown_says_that_the_invoice_is_not_the_salespersons(self):
        self.make_invoice().action_post()
        domain = self.customer.action_open_customer_sales()["domain"]
        sale = self.env["xpyme.customer.sale"].search(domain)
        self.assertEqual(sale.action_open_document()["res_model"], "account.move")
        bare = self.make_user("bare", "base.group_user")
        with self.assertRaisesRegex(UserError, sale.name):
            sale.with_user(bare).action_open_document()

    def test_breakdown_keeps_to_the_companies_and_is_not_a_technicians(self):
        self.make_invoice().action_post()
        other = self.env["res.company"].create({"name": "Segunda"})
        sales = self.env["xpyme.customer.sale"]
        mine = [("partner_id", "=", self.customer.id)]
        for user in (
            self.make_user("other", "sales_team.group_sale_salesman_all_leads"),
            self.make_technician(["sales_team.group_sale_salesman"]),
        ):
            if user.login == "other":
                user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
            self.assertFalse(sales.with_user(user).search(mine), user.login)
        self.assertEqual(len(sales.search(mine)), 1)

    def test_analyses_group_by_type_route_and_region(self):
        route = self.env["xpyme.customer.route"].create({"name": "Norte"})
        self.customer.customer_route_id = route
        self.make_invoice().action_post()
        self.make_quotation().action_confirm()
        self.env.flush_all()
        for report in ("account.invoice.report", "sale.report"):
            groups = self.env[report]._read_group(
                [("customer_route_id", "=", route.id)],
                ["customer_route_id", "customer_type_id", "sales_region_id"],
                ["__count"],
            )
            self.assertEqual(len(groups), 1, report)
