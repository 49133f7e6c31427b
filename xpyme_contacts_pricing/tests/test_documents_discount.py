from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestDocumentDiscount(PriceCase):
    """The customer's discount that an order or an invoice chooses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.make_price(price_1=10, price_2=8, pvp_3=6.05)
        cls.set_up_invoices()

    def make_discounts(self, *percents):
        return self.env["xpyme.customer.discount"].create(
            [
                {"partner_id": self.customer.id, "name": f"Dto. {p}", "percent": p}
                for p in percents
            ]
        )

    def test_copy_keeps_the_discount_that_was_chosen(self):
        discounts = self.make_discounts(5, 8)
        order = self.make_sale(self.net_article, customer_discount_id=discounts[1].id)
        copy = order.copy()
        self.assertEqual(copy.customer_discount_id, discounts[1])
        self.assertPrice(copy.order_line, 10, 8)
        order.customer_discount_id = False
        self.assertFalse(order.copy().customer_discount_id)

    def test_copy_of_an_invoice_keeps_the_discount_that_was_chosen(self):
        """Its lines have it, and keep it when a quantity changes."""
        discounts = self.make_discounts(5, 8)
        chosen = {"customer_discount_id": discounts[1].id}
        invoice = self.make_invoice(self.net_article, **chosen)
        copy = invoice.copy()
        self.assertEqual(copy.customer_discount_id, discounts[1])
        self.assertPrice(copy.invoice_line_ids, 10, 8)
        copy.invoice_line_ids.quantity = 5
        self.assertPrice(copy.invoice_line_ids, 10, 8)
        other = self.make_customer("Otra", vat=False)
        self.assertFalse(invoice.copy({"partner_id": other.id}).customer_discount_id)

    def test_copy_for_another_customer_gets_his_discount(self):
        self.make_discounts(5)
        other = self.make_customer("Otra", vat=False)
        own = self.env["xpyme.customer.discount"].create(
            {"partner_id": other.id, "name": "Suyo", "percent": 30}
        )
        copy = self.make_sale(self.net_article).copy({"partner_id": other.id})
        self.assertEqual(copy.customer_discount_id, own)

    def test_the_only_discount_is_applied(self):
        discount = self.make_discounts(5)
        order = self.make_sale(self.net_article)
        self.assertEqual(order.customer_discount_id, discount)
        self.assertPrice(order.order_line, 10, 5)
        invoice = self.make_invoice(self.net_article)
        self.assertEqual(invoice.customer_discount_id, discount)
        self.assertPrice(invoice.invoice_line_ids, 10, 5)

    def test_a_confirmed_order_s_discount_is_no_way_past_a_limit_or_baja(self):
        self.make_discounts(50, 5)
        order = self.make_sale(self.net_article)
        order.customer_discount_id = order.partner_id.customer_discount_ids[0]
        self.customer.write({"credit_limit": order.amount_total + 1})
        self.env.company.risk_order_action = "block"
        order.action_confirm()
        for vals in (
            {"customer_discount_id": False},
            {"customer_discount_id": order.partner_id.customer_discount_ids[1].id},
        ):
            with self.assertRaises(UserError):
                order.write(vals)
        self.env.company.risk_order_action = "tell"
        self.customer.is_blocked = True
        with self.assertRaises(UserError):
            order.write({"customer_discount_id": False})

    def test_of_several_discounts_none_is_guessed(self):
        discounts = self.make_discounts(5, 8)
        order = self.make_sale(self.net_article)
        self.assertFalse(order.customer_discount_id)
        self.assertPrice(order.order_line, 10, 0)
        order.customer_discount_id = discounts[1]
        self.assertPrice(order.order_line, 10, 8)
        names = [found["name"] for found in self.customer.get_document_discounts()]
        self.assertEqual(names, ["Dto. 5", "Dto. 8"])
        invoice = self.make_invoice(self.net_article)
        self.assertFalse(invoice.customer_discount_id)
        invoice.customer_discount_id = discounts[0]
        self.assertPrice(invoice.invoice_line_ids, 10, 5)

    def test_lines_of_an_invoice_follow_its_discount(self):
        discounts = self.make_discounts(5, 8)
        invoice = self.make_invoice(self.net_article)
        line = invoice.invoice_line_ids
        invoice.customer_discount_id = discounts[0]
        self.assertPrice(line, 10, 5)
        with Form(invoice) as form:
            form.customer_discount_id = discounts[1]
            with form.invoice_line_ids.edit(0) as shown:
                self.assertEqual(shown.discount, 8)
        self.assertPrice(line, 10, 8)
        line.discount = 3
        invoice.ref = "Otra cosa"
        self.assertPrice(line, 10, 3)
        invoice.partner_id = self.make_customer("Otra", vat=False)
        self.assertFalse(invoice.customer_discount_id)
        self.assertEqual(line.discount, 0)

    def test_another_customer_on_the_screen_of_an_invoice(self):
        self.make_discounts(5)
        other = self.make_customer("Otra", vat=False)
        with Form(self.make_invoice(self.net_article)) as form:
            form.partner_id = other
            with form.invoice_line_ids.edit(0) as line:
                self.assertEqual(line.discount, 0)
            form.partner_id = self.customer
            with form.invoice_line_ids.edit(0) as line:
                self.assertEqual(line.discount, 5)

    def test_a_posted_invoice_keeps_its_lines(self):
        discounts = self.make_discounts(5, 8)
        invoice = self.make_invoice(self.net_article)
        invoice.customer_discount_id = discounts[0]
        invoice.action_post()
        invoice.customer_discount_id = discounts[1]
        self.assertPrice(invoice.invoice_line_ids, 10, 5)

    def test_no_field_of_odoo_depends_on_ours_through_delegation(self):
        """Removing the addon would take such a field along."""
        ours = {
            field
            for model in ("account.move", "account.move.line", "res.partner")
            for field in self.registry[model]._fields.values()
            # The discount is Odoo's, and stays.
            if field._module == "xpyme_contacts_pricing" and field.name != "discount"
        }
        self.assertTrue(ours)
        taken = {
            str(dependent)
            for field in ours
            for dependent in self.registry.get_dependent_fields(field)
            if dependent.inherited and dependent.name not in {f.name for f in ours}
        }
        self.assertEqual(taken, set())

    def test_another_customer_takes_the_discount_away(self):
        self.make_discounts(5)
        order = self.make_sale(self.net_article)
        order.partner_id = self.make_customer("Otra", vat=False)
        self.assertFalse(order.customer_discount_id)

    def test_a_strangers_discount_is_refused(self):
        order = self.make_sale(customer=self.make_customer("Otra", vat=False))
        with self.assertRaises(ValidationError):
            order.customer_discount_id = self.make_discounts(5)

    def test_a_discount_taken_off_a_confirmed_order_is_judged(self):
        self.env.company.risk_order_action = "block"
        self.customer.credit_limit = 8
        discount = self.make_discounts(50)
        order = self.make_sale(self.net_article)
        order.action_confirm()
        with self.assertRaises(UserError):
            order.customer_discount_id = False
        self.assertEqual(order.customer_discount_id, discount)

    def test_a_confirmed_order_keeps_its_discount(self):
        discount = self.make_discounts(5)
        order = self.make_sale(self.net_article)
        order.action_confirm()
        self.make_discounts(8)
        order.flush_recordset()
        self.assertEqual(order.customer_discount_id, discount)

    def test_date_of_the_exchange_rate(self):
        currency = self.make_currency(2)
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "rate": 4,
                "name": "2026-02-01",
                "company_id": self.env.company.root_id.id,
            }
        )
        abroad = self.make_tariff(currency_id=currency.id)
        for day, price in (("2026-01-15", 20), ("2026-02-15", 40)):
            order = self.make_sale(
                self.net_article,
                pricelist_id=abroad.id,
                date_order=fields.Datetime.to_datetime(day),
            )
            self.assertPrice(order.order_line, price)

    def test_an_order_that_another_company_pays_is_invoiced_at_its_prices(self):
        discount = self.make_discounts(5)
        self.net_article.invoice_policy = "order"
        holding = self.make_customer("Holding", vat=False)
        self.env["xpyme.customer.discount"].create(
            {"partner_id": holding.id, "name": "Suyo", "percent": 30}
        )
        orders = self.make_sale(self.net_article, partner_invoice_id=holding.id)
        orders |= self.make_sale(self.net_article)
        orders.action_confirm()
        invoices = orders._create_invoices()
        by_payer = invoices.grouped("partner_id")
        self.assertFalse(by_payer[holding].customer_discount_id)
        self.assertEqual(by_payer[self.customer].customer_discount_id, discount)
        for line in invoices.invoice_line_ids:
            self.assertPrice(line, 10, 5)
