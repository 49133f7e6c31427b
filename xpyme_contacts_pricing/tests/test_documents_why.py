from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceWhy(PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The sentences are of cents, which pesos do not have.
        cls.env.company.currency_id.rounding = 0.01
        cls.set_up_invoices()
        cls.price = cls.make_price(price_1=9.5, min_price=9.2)
        cls.env["xpyme.customer.family.discount"].create(
            {"partner_id": cls.customer.id, "categ_id": cls.family.id, "discount": 5}
        )

    def ask(self, line):
        action = line.action_why_price()
        return line.env[action["res_model"]].browse(action["res_id"])

    def test_the_chain_of_steps(self):
        line = self.make_sale(self.net_article).order_line
        steps = self.ask(line).steps_html
        for text in ("tariff 1", "9.50", "family: 5", "Minimum price", "9.20"):
            self.assertIn(text, steps)
        self.assertFalse(self.ask(line).typed_price)

    def test_it_says_the_price_of_the_card_and_whether_tax_is_in_it(self):
        """A price without the word is a quarter of what is charged, or a fifth less."""
        self.price.min_price = 0
        for article, card, note, paid in (
            (self.net_article, "100.00", "without tax", (r"9\.025 e", r"10\.92 i")),
            (self.taxed_article, "121.00", "include tax", (r"95\.00 e", r"114\.95 i")),
        ):
            for make in (self.make_sale, self.make_invoice):
                why = self.ask(make(article)._get_priced_lines())
                self.assertIn(card, why.card_price)
                self.assertIn(note, why.tax_note)
                for text in paid:
                    self.assertRegex(why.result, text)

    def test_an_article_without_tax_says_nothing_of_it(self):
        free = self.make_article("Sello", 10, self.env["account.tax"])
        why = self.ask(self.make_sale(free).order_line)
        self.assertFalse(why.tax_note)
        self.assertNotIn("tax", why.result)

    def test_a_typed_price_is_told(self):
        line = self.make_sale(
            {"product_id": self.net_article.id, "price_unit": 77}
        ).order_line
        self.assertIn("77", self.ask(line).typed_price)

    def test_a_typed_price_pays_its_own_net(self):
        """5 % of the family comes on top of what was typed."""
        vals = {"product_id": self.net_article.id, "price_unit": 50, "discount": 5}
        for document in (self.make_sale(vals), self.make_invoice(vals)):
            why = self.ask(document._get_priced_lines())
            self.assertIn("50.00", why.typed_price)
            self.assertIn("47.50", why.result)

    def test_a_typed_discount_is_told_and_paid(self):
        vals = {"product_id": self.taxed_article.id, "discount": 30}
        for document in (self.make_sale(vals), self.make_invoice(vals)):
            why = self.ask(document._get_priced_lines())
            self.assertFalse(why.typed_price)
            self.assertIn("discount of 30.00 %", why.note)
            self.assertIn("automatic one is 5.00 %", why.note)
            self.assertIn("84.70", why.result)

    def test_nothing_is_told_of_an_automatic_price(self):
        for article in (self.net_article, self.taxed_article):
            for document in (self.make_sale(article), self.make_invoice(article)):
                why = self.ask(document._get_priced_lines())
                self.assertFalse(why.typed_price)
                self.assertFalse(why.note)

    def test_a_price_that_was_calculated_before_another_was_agreed_is_not_typed(self):
        self.price.write({"price_1": 90, "special_discount": 0, "min_price": 0})
        order = self.make_sale(self.net_article)
        order.action_confirm()
        order.order_line.qty_delivered = 1
        invoice = self.make_invoice(self.net_article)
        invoice.action_post()
        of_order = order._create_invoices()
        self.price.price_1 = 95
        for document in (order, invoice, of_order):
            why = self.ask(document._get_priced_lines())
            self.assertFalse(why.typed_price)
            self.assertRegex(why.note, r"was calculated .*90\.00.* would be .*95\.00")
            self.assertIn("85.50", why.result)

    def test_an_invoice_from_before_the_addon_is_not_said_to_be_typed(self):
        vals = {"product_id": self.net_article.id, "price_unit": 50}
        invoice = self.make_invoice(vals)
        self.forget_automatic_price(invoice)
        why = self.ask(invoice.invoice_line_ids)
        self.assertFalse(why.typed_price)
        self.assertIn("from before", why.note)

    def test_the_taxes_of_the_fiscal_position_are_a_step(self):
        """24.20 became 20.00 without a word."""
        position = self.env["account.fiscal.position"].create({"name": "Intra"})
        self.make_tax(
            "0 inside",
            0,
            "tax_included",
            fiscal_position_ids=[(4, position.id)],
            original_tax_ids=[(4, self.included_tax.id)],
        )
        self.price.write({"product_id": self.taxed_article.id, "pvp_1": 24.2})
        self.price.min_price = 0
        for make in (self.make_sale, self.make_invoice):
            document = make(self.taxed_article, fiscal_position_id=position.id)
            line = document._get_priced_lines()
            why = self.ask(line)
            self.assertRegex(why.steps_html, r"24\.20.*5 %.*Intra.*19\.00")
            self.assertIn("19.00", why.result)
            self.assertAlmostEqual(line._get_net_price(), 19)
            self.assertFalse(why.note)
            plain = make(self.taxed_article)._get_priced_lines()
            self.assertNotIn("Intra", self.ask(plain).steps_html)

    def test_a_rule_that_began_today_explains_the_price(self):
        rule = {
            "compute_price": "fixed",
            "fixed_price": 80,
            "date_start": fields.Datetime.now() - timedelta(minutes=1),
        }
        self.tariff_1.item_ids = [(0, 0, rule)]
        line = self.make_sale(self.taxed_article).order_line
        self.assertPrice(line, 80, 5)
        why = self.ask(line)
        self.assertIn("80.00", why.steps_html)
        self.assertFalse(why.typed_price or why.note)

    def test_what_if(self):
        rules = [
            {"compute_price": "fixed", "fixed_price": 70, "min_quantity": 10},
        ]
        tariff = self.make_tariff(rules=rules)
        other = self.make_customer("Otra", vat=False)
        other.specific_property_product_pricelist = tariff
        why = self.ask(self.make_sale(self.net_article).order_line)
        self.assertIn("9.20", why.result)
        with Form(why) as form:
            form.partner_id = other
            self.assertIn("100.00", form.result)
            form.quantity = 10
            self.assertIn("70.00", form.result)

    def test_the_day_is_that_of_the_users_clock(self):
        """In Chile the evening of the 25th is the 26th in UTC."""
        begins = fields.Datetime.to_datetime("2026-11-26 03:00:00")
        rule = {"compute_price": "fixed", "fixed_price": 80, "date_start": begins}
        self.tariff_1.item_ids = [(0, 0, rule)]
        self.customer.family_discount_ids.unlink()
        order = self.make_sale(self.taxed_article, date_order="2026-11-26 01:30:00")
        line = order.order_line.with_context(tz="America/Santiago")
        why = self.ask(line)
        self.assertEqual(why.date, fields.Date.to_date("2026-11-25"))
        with Form(why) as form:
            for day, price in (("26", "80.00"), ("25", "121.00"), ("27", "80.00")):
                form.date = f"2026-11-{day}"
                self.assertIn(price, form.result, day)

    def test_a_line_that_one_may_not_read_is_not_explained(self):
        manager = self.make_user("jefa", "sales_team.group_sale_manager")
        order = self.make_sale(self.net_article, user_id=manager.id)
        salesperson = self.make_salesperson()
        whys = self.env["xpyme.price.why"].with_user(salesperson)
        with self.assertRaises(AccessError):
            whys.create(
                {
                    "line_model": "sale.order.line",
                    "line_id": order.order_line.id,
                    "partner_id": self.customer.id,
                    "product_id": self.net_article.id,
                    "quantity": 1,
                    "date": "2026-01-01",
                }
            ).read(["result"])
