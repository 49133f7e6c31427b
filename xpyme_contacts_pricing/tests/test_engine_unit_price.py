from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestUnitPrice(PriceCase):
    """A screw costs less than a cent, and is not given away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_invoices()
        cls.salesperson = cls.make_salesperson()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.unit = cls.env.ref("uom.product_uom_unit")

    def make_screw(self, cost=0.0, price=1.0, uom=None):
        return self.make_article(
            "Tornillo",
            price,
            self.net_tax,
            standard_price=cost,
            uom_id=(uom or self.unit).id,
        )

    def sell(self, product, quantity=1.0, **vals):
        vals = {"product_id": product.id, "product_uom_qty": quantity, **vals}
        return self.make_sale(vals, user_id=self.salesperson.id).order_line

    # --- what is calculated

    def test_a_cost_of_cents_a_dozen_is_sold_by_the_unit(self):
        self.customer.margin_on_cost = 25
        screw = self.make_screw(0.04, uom=self.dozen)
        line = self.sell(screw, 12000, product_uom_id=self.unit.id)
        self.assertPrice(line, 0.004167)
        self.assertEqual(line.price_subtotal, 50)
        self.customer.price_increase = 3
        self.assertPrice(self.sell(screw, product_uom_id=self.unit.id), 0.004292)

    def test_half_a_cent_is_not_rounded_up_to_a_third_more(self):
        self.customer.margin_on_cost = 25
        line = self.sell(self.make_screw(0.012), 10000)
        self.assertPrice(line, 0.015)
        self.assertEqual(line.price_subtotal, 150)

    def test_an_increase_of_a_tariff_price_below_a_cent(self):
        self.customer.price_increase = 3
        self.assertPrice(self.sell(self.make_screw(price=0.004)), 0.00412)

    def test_two_roundings_lose_no_more_than_one(self):
        self.customer.write({"margin_on_cost": 25, "price_increase": 3})
        self.assertPrice(self.sell(self.make_screw(0.60888)), 0.7839)

    def test_prices_of_four_digits_are_rounded_as_before(self):
        self.customer.price_increase = 3
        for price, raised in ((9.99, 10.29), (100, 103), (1234.56, 1271.60)):
            self.assertPrice(self.sell(self.make_screw(price=price)), raised)

    def test_a_minimum_below_a_cent_holds(self):
        screw = self.make_screw()
        self.make_price(screw, price_1=0.01, min_price=0.0035)
        order = self.make_sale(user_id=self.salesperson.id)
        lines = self.env["sale.order.line"].with_user(self.salesperson)
        vals = {"order_id": order.id, "product_id": screw.id, "price_unit": 0.0001}
        line = lines.create(vals)
        self.assertPrice(line, 0.0035)

    def test_the_explanation_shows_the_decimals_that_count(self):
        self.customer.margin_on_cost = 25
        line = self.sell(self.make_screw(0.012))
        action = line.action_why_price()
        why = self.env[action["res_model"]].browse(action["res_id"])
        self.assertRegex(why.steps_html, r"0\.012\b.*0\.015\b")
        self.assertRegex(why.result, r"0\.015 excl")

    # --- what is typed

    def test_a_typed_price_within_a_cent_stays(self):
        for automatic, typed in ((0.0123, 0.0115), (0.0349, 0.0345), (12.0, 12.004)):
            if typed > 1:
                self.env.ref("product.decimal_price").digits = 4
            screw = self.make_screw()
            self.make_price(screw, price_1=automatic)
            line = self.sell(screw)
            line.price_unit = typed
            line.product_uom_qty = 2000
            self.assertPrice(line, typed)
            line.order_id.action_update_prices()
            self.assertPrice(line, typed)
            sent = self.sell(screw, price_unit=typed)
            sent.product_uom_qty = 7
            self.assertPrice(sent, typed)
            with Form(self.env["sale.order"]) as form:
                form.partner_id = self.customer
                with form.order_line.new() as row:
                    row.product_id = screw
                    row.price_unit = typed
                    row.product_uom_qty = 2000
                    self.assertAlmostEqual(row.price_unit, typed)
            self.assertPrice(form.record.order_line, typed)

    def test_a_typed_price_within_a_peso_stays(self):
        pesos = self.make_currency(1)
        pesos.rounding = 1
        abroad = self.make_tariff(currency_id=pesos.id)
        self.make_price(price_1=12)
        line = self.make_sale(self.net_article, pricelist_id=abroad.id).order_line
        self.assertPrice(line, 12)
        line.price_unit = 12.4
        line.product_uom_qty = 5
        self.assertPrice(line, 12.4)

    def test_a_typed_price_within_a_cent_is_learnt_and_its_change_undone(self):
        self.env.company.customer_price_learning = "always"
        screw = self.make_screw()
        price = self.make_price(screw, price_1=0.0123)
        line = self.sell(screw)
        line.price_unit = 0.0115
        line.order_id.action_confirm()
        self.assertAlmostEqual(price.price_1, 0.0115)
        price.change_ids.action_undo()
        self.assertAlmostEqual(price.price_1, 0.0123)
        invoice = self.make_invoice({"product_id": screw.id, "price_unit": 0.0117})
        invoice.invoice_line_ids.quantity = 3
        self.assertPrice(invoice.invoice_line_ids, 0.0117)
        invoice.action_post()
        self.assertAlmostEqual(price.price_1, 0.0117)

    def test_whoever_is_no_customer_keeps_odoos_tolerance(self):
        """Typed within a cent is for Odoo not typed."""
        plain = self.env["res.partner"].create({"name": "Nadie"})
        order = self.make_sale(self.make_screw(price=12), customer=plain)
        self.assertFalse(plain.is_customer_card)
        self.env.ref("product.decimal_price").digits = 4
        order.order_line.price_unit = 12.004
        order.order_line.product_uom_qty = 5
        self.assertPrice(order.order_line, 12)
