from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceWhy(PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.make_price(price_1=9.5, min_price=9.2)
        cls.env["xpyme.customer.family.discount"].create(
            {"partner_id": cls.customer.id, "categ_id": cls.family.id, "discount": 5}
        )

    def ask(self, line):
        action = line.action_why_price()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_the_chain_of_steps(self):
        line = self.make_sale(self.net_article).order_line
        steps = self.ask(line).steps_html
        for text in ("tariff 1", "9.50", "family: 5", "Minimum price", "9.20"):
            self.assertIn(text, steps)
        self.assertFalse(self.ask(line).typed_price)

    def test_a_typed_price_is_told(self):
        line = self.make_sale(
            {"product_id": self.net_article.id, "price_unit": 77}
        ).order_line
        self.assertIn("77", self.ask(line).typed_price)

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
