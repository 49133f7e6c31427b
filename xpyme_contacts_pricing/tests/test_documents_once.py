from odoo.tests import Form, tagged

from .common import PriceCase

VIEW = "account.view_move_form"


@tagged("post_install", "-at_install")
class TestDocumentsOnce(PriceCase):
    """A line's price is resolved once for each line and change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_invoices()
        cls.make_price(price_1=10, min_price=6)
        cls.env["xpyme.customer.family.discount"].create(
            {"partner_id": cls.customer.id, "categ_id": cls.family.id, "discount": 5}
        )

    def setUp(self):
        super().setUp()
        self.resolved = []
        engine = self.registry["xpyme.price.engine"]
        original = engine._resolve_one

        def resolve_one(engine, request, terms, book):
            self.resolved.append((request.product.name, request.quantity))
            return original(engine, request, terms, book)

        self.patch(engine, "_resolve_one", resolve_one)

    def assertResolved(self, *expected):
        """The lines resolved since the last time, as pairs of article and quantity."""
        self.env.flush_all()
        self.assertEqual(self.resolved, [*expected])
        self.resolved.clear()

    def assertResolvedOnce(self, work):
        work()
        self.assertResolved(("Esmalte", 1.0))

    # --- orders

    def test_a_line_added_to_an_order(self):
        order = self.make_sale()
        vals = {"product_id": self.net_article.id}
        for typed in ({}, {"price_unit": 8}, {"discount": 2}, {"price_unit": 4}):
            self.assertResolvedOnce(
                lambda typed=typed: order.write({"order_line": [(0, 0, vals | typed)]})
            )

    def test_a_line_that_says_all_of_its_price_is_not_resolved(self):
        line = {"product_id": self.net_article.id, "price_unit": 8, "discount": 2}
        self.make_sale({**line, "technical_price_unit": 10})
        self.assertResolved()

    def test_a_line_added_on_the_screen_of_an_order(self):
        with Form(self.make_sale()) as form:
            with form.order_line.new() as line:
                self.assertResolvedOnce(
                    lambda: setattr(line, "product_id", self.net_article)
                )
                line.product_uom_qty = 3
                self.assertResolved(("Esmalte", 3.0))
        self.assertResolved()
        self.assertPrice(form.record.order_line, 10, 5)

    def test_a_change_of_an_order(self):
        order = self.make_sale(self.net_article)
        self.resolved.clear()
        order.order_line.product_uom_qty = 3
        self.assertResolved(("Esmalte", 3.0))
        order.order_line.product_uom_qty = 1
        self.resolved.clear()
        self.env.flush_all()
        discount = self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "Feria", "percent": 5}
        )
        self.env.flush_all()
        self.resolved.clear()
        for work in (
            lambda: order.write({"customer_discount_id": discount.id}),
            lambda: order.order_line.write({"price_unit": 8}),
        ):
            self.assertResolvedOnce(work)
        order.order_line.discount = 2
        self.assertResolved()

    def test_updating_the_prices_of_an_order(self):
        order = self.make_sale(self.net_article, self.taxed_article)
        self.resolved.clear()
        order.action_update_prices()
        self.assertResolved(("Esmalte", 1.0), ("Rodillo", 1.0))

    def test_confirming_an_order_resolves_nothing(self):
        order = self.make_sale(self.net_article)
        self.resolved.clear()
        order.action_confirm()
        self.assertResolved()

    # --- invoices

    def test_a_line_added_to_an_invoice(self):
        invoice = self.make_invoice()
        vals = {"product_id": self.net_article.id}
        for typed in ({}, {"price_unit": 8}, {"discount": 2}, {"price_unit": 4}):
            commands = [(0, 0, vals | typed)]
            self.assertResolvedOnce(
                lambda commands=commands: invoice.write({"invoice_line_ids": commands})
            )

    def test_a_line_added_on_the_screen_of_an_invoice(self):
        with Form(self.make_invoice(), view=VIEW) as form:
            with form.invoice_line_ids.new() as line:
                self.assertResolvedOnce(
                    lambda: setattr(line, "product_id", self.net_article)
                )
        self.resolved.clear()
        self.assertPrice(form.record.invoice_line_ids, 10, 5)

    # --- nothing stale

    def test_what_changes_between_two_resolutions_is_seen(self):
        """Whatever it is: what is known of a line is forgotten when it was made."""
        line = self.make_sale(self.taxed_article).order_line

        def assertNow(price, discount):
            """Quantities that were resolved before: only what they cost is new."""
            for quantity in (2, 1):
                line.product_uom_qty = quantity
                self.assertPrice(line, price, discount)

        assertNow(121, 5)
        self.taxed_article.list_price = 242
        assertNow(242, 5)
        self.customer.price_increase = 10
        assertNow(266.2, 5)
        self.customer.family_discount_ids.discount = 7
        assertNow(266.2, 7)
        self.make_price(self.taxed_article, price_1=50)
        assertNow(60.5, 7)

    def test_a_price_agreed_while_lines_are_made_is_seen(self):
        line = self.make_sale(self.taxed_article).order_line
        with line._resolving_once():
            self.assertEqual(line._resolve_lines()[line].price, 121)
            self.make_price(self.taxed_article, pvp_1=60.5)
            self.assertEqual(line._resolve_lines()[line].price, 60.5)
            rule = {"compute_price": "fixed", "fixed_price": 80}
            self.taxed_article.product_tmpl_id.taxes_id = False
            self.customer.customer_price_ids.unlink()
            self.tariff_1.item_ids = [(0, 0, rule)]
            self.assertEqual(line._resolve_lines()[line].price, 80)
