from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestDocumentsMinimum(PriceCase):
    """Nothing is sold under a customer's minimum without his seller being told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.manager = cls.make_user("jefa", "sales_team.group_sale_manager")

    def make_order(self, *lines, **vals):
        """A salesperson's order."""
        order = self.make_sale(*lines, user_id=self.salesperson.id, **vals)
        return order.with_user(self.salesperson)

    def make_discounts(self, *percents):
        return self.env["xpyme.customer.discount"].create(
            [
                {"partner_id": self.customer.id, "name": f"Dto. {p}", "percent": p}
                for p in percents
            ]
        )

    def type_price(self, price, order=None):
        """On the screen of the salesperson."""
        orders = self.env["sale.order"].with_user(self.salesperson)
        with Form(order or orders) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.net_article
                line.price_unit = price
        return form.record

    def get_told(self, order):
        return order.message_ids.filtered(lambda m: "minimum price" in (m.body or ""))

    # --- the discount of a typed price

    def test_a_typed_price_keeps_the_discount_that_the_minimum_takes_away(self):
        """The minimum acts on the automatic price, not on one that was typed."""
        self.make_price(price_1=50, min_price=45)
        discount, _other = self.make_discounts(20, 5)
        order = self.type_price(80)
        self.assertPrice(order.order_line, 80)
        order.customer_discount_id = discount
        self.assertPrice(order.order_line, 80, 20)
        order.order_line.product_uom_qty = 3
        self.assertPrice(order.order_line, 80, 20)
        self.assertFalse(self.get_told(order))

    def test_a_price_typed_after_the_discount_was_chosen_gets_it(self):
        self.make_price(price_1=50, min_price=45)
        self.make_discounts(20)
        typed = self.type_price(80)
        sent = self.make_order({"product_id": self.net_article.id, "price_unit": 80})
        written = self.make_order(self.net_article)
        self.assertPrice(written.order_line, 45)
        written.order_line.price_unit = 80
        for order in (typed, sent, written):
            self.assertPrice(order.order_line, 80, 20)
        written.order_line.discount = 0
        written.order_line.price_unit = 90
        self.assertPrice(written.order_line, 90, 0)
        both = {"product_id": self.net_article.id, "price_unit": 80, "discount": 0}
        self.assertPrice(self.make_order(both).order_line, 80, 0)

    def test_the_minimum_sent_along_as_the_price_is_told_to_nobody(self):
        self.make_price(price_1=50, min_price=45)
        self.make_discounts(20)
        order = self.make_order({"product_id": self.net_article.id, "price_unit": 45})
        self.assertPrice(order.order_line, 45)
        self.assertFalse(self.get_told(order))

    # --- the minimum holds whatever changes

    def test_the_discount_of_the_document_does_not_pass_the_minimum_untold(self):
        self.make_price(price_1=100, min_price=45)
        discount, _other = self.make_discounts(20, 5)
        order = self.type_price(50)
        order.customer_discount_id = discount
        self.assertPrice(order.order_line, 45)
        self.assertEqual(len(self.get_told(order)), 1)
        order.action_confirm()
        self.assertPrice(order.order_line, 45)
        self.assertEqual(len(self.get_told(order)), 1)

    def test_the_minimum_of_a_dozen_holds_when_the_unit_changes(self):
        self.make_price(price_1=100, min_price=60)
        order = self.make_order({"product_id": self.net_article.id, "price_unit": 70})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertPrice(order.order_line, 720)
        self.assertTrue(self.get_told(order))

    def test_the_minimum_of_another_customer_holds_when_he_is_chosen(self):
        other = self.make_customer("Otra", vat=False)
        other.specific_property_product_pricelist = self.tariff_1
        self.make_price(partner_id=other.id, min_price=90, price_1=120)
        typed = {"product_id": self.net_article.id, "price_unit": 70}
        order = self.make_order(typed)
        order.partner_id = other
        self.assertPrice(order.order_line, 90)
        self.assertTrue(self.get_told(order))

    def test_an_automatic_price_that_was_raised_is_updated_with_the_others(self):
        self.make_price(min_price=60)
        order = self.make_order(self.net_article)
        order.pricelist_id = self.make_tariff(currency_id=self.make_currency(2).id)
        self.assertPrice(order.order_line, 120)
        order.action_update_prices()
        self.assertPrice(order.order_line, 200)

    def test_another_tariff_does_not_pass_the_minimum(self):
        """In a currency of which 70 are less than the minimum."""
        self.make_price(min_price=60)
        abroad = self.make_tariff(currency_id=self.make_currency(2).id)
        order = self.make_order({"product_id": self.net_article.id, "price_unit": 70})
        order.pricelist_id = abroad
        self.assertPrice(order.order_line, 120)

    def test_another_currency_alone_does_not_pass_the_minimum(self):
        """Whatever the state, and whether or not the order says it was signed."""
        self.make_price(min_price=60)
        currency = self.make_currency(2)
        typed = {"product_id": self.net_article.id, "price_unit": 70}
        orders = [self.make_order(typed) for _state in range(3)]
        orders[1].action_quotation_sent()
        orders[2].signed_on = "2026-01-15 10:00:00"
        orders[2].action_confirm()
        for order in orders:
            order.currency_id = currency
            self.assertPrice(order.order_line, 120)

    def test_a_default_price_or_discount_does_not_pass_the_minimum(self):
        self.make_price(min_price=60)
        for given in ({"default_price_unit": 10}, {"default_discount": 90}):
            order = self.make_order(self.net_article)
            order.action_confirm()
            self.env.transaction.default_env = order.env
            vals = {"product_id": self.net_article.id}
            order.with_context(**given).order_line = [(0, 0, vals)]
            self.assertPrice(order.order_line[1], 60)
            self.assertTrue(self.get_told(order))

    def test_a_default_of_the_user_does_not_pass_the_minimum(self):
        self.set_up_invoices()
        self.make_price(min_price=60)
        for fname, value in (("price_unit", 10), ("discount", 90)):
            for model in ("sale.order.line", "account.move.line"):
                self.env["ir.default"].set(model, fname, value)
            order = self.make_order(self.net_article)
            self.assertPrice(order.order_line, 60)
            sent = order.copy()
            sent.action_quotation_sent()
            sent.action_confirm()
            self.assertPrice(sent.order_line, 60)
            invoice = self.make_invoice(self.net_article)
            self.assertPrice(invoice.invoice_line_ids, 60)
            self.env["ir.default"].search([("field_id.name", "=", fname)]).unlink()

    def test_a_minimum_agreed_since_holds_when_the_order_is_confirmed(self):
        order = self.make_order({"product_id": self.net_article.id, "price_unit": 70})
        self.make_price(min_price=90)
        order.action_confirm()
        self.assertPrice(order.order_line, 90)
        self.assertTrue(self.get_told(order))

    def test_what_the_customer_signed_is_not_raised(self):
        order = self.make_order({"product_id": self.net_article.id, "price_unit": 70})
        order.signed_on = "2026-01-15 10:00:00"
        self.make_price(min_price=90)
        order.action_confirm()
        self.assertPrice(order.order_line, 70)

    def test_the_minimum_is_told_with_its_decimals_and_currency(self):
        self.env["decimal.precision"].search(
            [("name", "=", "Product Price")]
        ).digits = 4
        self.env["res.lang"]._activate_lang("es_ES")
        self.make_price(price_1=0.05, min_price=0.035)
        order = self.make_order(self.net_article).with_context(lang="es_ES")
        order.order_line.price_unit = 0.02
        told = order.message_ids[:1].body.replace("\N{NO-BREAK SPACE}", " ")
        symbol = order.currency_id.symbol
        self.assertIn("0,035", told)
        self.assertIn(symbol, told)
        for user in (self.salesperson, self.manager):
            line = order.order_line.with_user(user).with_context(lang="es_ES")
            new = line.new(origin=line)
            new.price_unit = 0.02
            message = new._onchange_minimum_price()["warning"]["message"]
            self.assertIn("0,035", message)
            self.assertIn(symbol, message)

    # --- a sales administrator insists

    def test_what_an_administrator_insisted_on_is_not_raised_by_others(self):
        self.make_price(price_1=100, min_price=60)
        order = self.make_order(self.net_article)
        line = order.order_line
        line.with_user(self.manager).price_unit = 40
        line.name = "Pintura"
        order.customer_discount_id = False
        order.action_confirm()
        self.assertPrice(line, 40)
        self.assertFalse(self.get_told(order))

    def test_an_administrators_word_reaches_no_lower_price(self):
        self.make_price(price_1=100, min_price=60)
        order = self.make_order(self.net_article)
        order.order_line.with_user(self.manager).price_unit = 40
        order.order_line.discount = 10
        self.assertPrice(order.order_line, 60)

    def test_an_administrators_word_holds_for_that_minimum_only(self):
        row = self.make_price(price_1=100, min_price=60)
        order = self.make_order(self.net_article)
        order.order_line.with_user(self.manager).price_unit = 40
        row.min_price = 80
        order.action_confirm()
        self.assertPrice(order.order_line, 80)

    def test_a_customer_who_confirms_neither_reads_nor_raises_the_minimum(self):
        self.make_price(price_1=100, min_price=60)
        order = self.make_order(self.net_article)
        order.order_line.with_user(self.manager).price_unit = 40
        portal = self.make_user("portal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        fields = order.order_line.with_user(portal).fields_get()
        self.assertFalse([name for name in fields if "insisted" in name])
        order.with_user(portal).sudo().action_confirm()
        self.assertPrice(order.order_line, 40)

    # --- combos

    def make_combo(self):
        """A menu of 60 for everybody, with one article; and its special price of 50."""
        combo = self.env["product.combo"].create(
            {"name": "Plato", "combo_item_ids": [(0, 0, self._item(self.net_article))]}
        )
        menu = self.make_article(
            "Menu", 60, self.net_tax, type="combo", combo_ids=[(6, 0, combo.ids)]
        )
        self.make_price(menu, price_1=50, min_price=45)
        return menu

    @staticmethod
    def _item(product):
        return {"product_id": product.id}

    def sell_combo(self, menu, **vals):
        order = self.make_order({"product_id": menu.id, **vals})
        item = menu.combo_ids.combo_item_ids
        line = {**self._item(item.product_id), "combo_item_id": item.id}
        line["linked_line_id"] = order.order_line.id
        order.order_line = [(0, 0, line)]
        return order

    def test_a_combo_is_charged_once_whatever_minimum_it_has(self):
        order = self.sell_combo(self.make_combo())
        self.assertEqual(order.amount_untaxed, 50)
        order.action_update_prices()
        self.assertEqual(order.order_line.mapped("price_unit"), [0, 50])
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 2
        order.order_line[1].product_uom_qty = 2
        order.order_line[0].discount = 10
        self.assertEqual(order.order_line.mapped("price_unit"), [0, 50])

    def test_a_combo_sent_along_with_its_price_is_automatic(self):
        order = self.sell_combo(self.make_combo(), price_unit=0)
        self.assertFalse(order.order_line._get_typed_lines())
        order.action_update_prices()
        self.assertEqual(order.amount_untaxed, 50)
