from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceLearning(PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.customer_price_learning = "always"
        cls.set_up_invoices()

    def sell(self, price, product=None, tariff=None, confirm=True, **vals):
        product = product or self.net_article
        order = self.make_sale(
            {"product_id": product.id, "price_unit": price, **vals},
            pricelist_id=(tariff or self.tariff_1).id,
        )
        if confirm:
            order.action_confirm()
        return order

    def get_price(self, product=None):
        return self.env["xpyme.customer.price"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("product_id", "=", (product or self.net_article).id),
            ]
        )

    def test_a_typed_price_becomes_the_customers_in_that_tariff_only(self):
        self.make_price(price_1=11)
        self.sell(9.5, tariff=self.tariff_2)
        price = self.get_price()
        self.assertEqual((price.price_1, price.price_2, price.price_3), (11, 9.5, 0))
        self.assertAlmostEqual(price.pvp_2, 9.5 * 1.21)
        self.assertEqual(price.origin, "document")
        self.assertTrue(price.updated_on)
        self.assertEqual(price.typed_sides, "nn----")
        again = self.make_sale(self.net_article, pricelist_id=self.tariff_2.id)
        self.assertPrice(again.order_line, 9.5)

    def test_an_article_with_tax_inside_learns_the_price_with_tax(self):
        self.sell(24, self.taxed_article)
        price = self.get_price(self.taxed_article)
        self.assertEqual(price.pvp_1, 24)
        self.assertEqual(price.typed_sides[0], "t")

    def test_a_dozen_in_another_currency_is_learnt_per_unit(self):
        abroad = self.make_tariff(3, currency_id=self.make_currency(2).id)
        dozen = self.env.ref("uom.product_uom_dozen")
        self.sell(240, tariff=abroad, product_uom_id=dozen.id)
        self.assertAlmostEqual(self.get_price().price_3, 10)

    def test_what_is_not_learnt(self):
        self.sell(9.5, confirm=False)
        self.sell(0)
        self.sell(100)
        self.sell(9.5, product_uom_qty=-1)
        self.assertFalse(self.get_price())
        self.env.company.customer_price_learning = "never"
        self.sell(9.5)
        self.assertFalse(self.get_price())

    def test_undo_puts_the_old_price_back(self):
        self.make_price(pvp_1=24.2)
        self.sell(9.5)
        change = self.get_price().change_ids
        self.assertEqual(len(change), 1)
        change.action_undo()
        price = self.get_price()
        self.assertEqual(price.pvp_1, 24.2)
        self.assertAlmostEqual(price.price_1, 20)
        self.assertEqual(price.typed_sides, "t-----")
        self.assertTrue(change.undone)

    def test_undo_of_a_first_price_leaves_none(self):
        self.sell(9.5)
        self.get_price().change_ids.action_undo()
        self.assertEqual(self.get_price().price_1, 0)
        self.assertPrice(self.make_sale(self.net_article).order_line, 100)

    def test_a_price_that_changed_since_is_not_undone(self):
        self.sell(9.5)
        price = self.get_price()
        price.price_1 = 8
        with self.assertRaises(UserError):
            price.change_ids.action_undo()

    def test_asking_before_learning(self):
        self.env.company.customer_price_learning = "ask"
        order = self.sell(9.5, confirm=False)
        action = order.with_context(validate_analytic=True).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.get_price())
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertAlmostEqual(wizard.line_ids.pvp, 9.5 * 1.21)
        wizard.action_learn()
        self.assertEqual(self.get_price().price_1, 9.5)

    def test_unticked_prices_are_not_kept(self):
        self.env.company.customer_price_learning = "ask"
        order = self.sell(9.5, confirm=False)
        action = order.with_context(validate_analytic=True).action_confirm()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.line_ids.is_chosen = False
        wizard.action_learn()
        self.assertFalse(self.get_price())

    def confirm_and_ask(self, orders):
        action = orders.with_context(validate_analytic=True).action_confirm()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_prices_of_several_customers_go_to_each_his_own(self):
        self.env.company.customer_price_learning = "ask"
        other = self.make_customer("Otra", vat=False)
        orders = self.sell(9.5, confirm=False)
        self.assertEqual(self.confirm_and_ask(orders).partner_id, self.customer)
        orders = self.sell(9.5, confirm=False) | self.make_sale(
            {"product_id": self.taxed_article.id, "price_unit": 55}, customer=other
        )
        wizard = self.confirm_and_ask(orders)
        self.assertFalse(wizard.partner_id)
        wizard.action_learn()
        self.assertEqual(self.customer.customer_price_ids.product_id, self.net_article)
        self.assertEqual(other.customer_price_ids.product_id, self.taxed_article)

    def test_no_price_is_learnt_into_a_company_of_others(self):
        company = self.env["res.company"].create({"name": "Otra tienda"})
        line = {
            "partner_id": self.customer.id,
            "product_id": self.net_article.id,
            "company_id": company.id,
            "tariff": 1,
            "side": "n",
            "price": 1,
            "pvp": 1.21,
        }
        learning = self.env["xpyme.price.learning"].with_user(self.make_salesperson())
        wizard = learning.create({"line_ids": [(0, 0, line)]})
        with self.assertRaises(AccessError):
            wizard.action_learn()
        prices = self.env["xpyme.customer.price"]
        self.assertFalse(prices.search([("company_id", "=", company.id)]))

    def test_a_program_is_not_asked(self):
        self.env.company.customer_price_learning = "ask"
        self.assertTrue(self.sell(9.5, confirm=False).action_confirm())
        self.assertFalse(self.get_price())

    def test_the_last_of_two_lines_holds(self):
        order = self.make_sale(
            {"product_id": self.net_article.id, "price_unit": 9},
            {"product_id": self.net_article.id, "price_unit": 8},
        )
        order.action_confirm()
        self.assertEqual(self.get_price().price_1, 8)

    # --- only what was typed

    def test_an_automatic_price_is_not_learnt_when_the_card_changed_since(self):
        order = self.make_sale(self.net_article)
        self.net_article.list_price = 110
        order.action_confirm()
        self.assertPrice(order.order_line, 100)
        self.assertFalse(self.get_price())

    def test_a_copy_of_an_old_order_does_not_bring_its_special_price_back(self):
        price = self.make_price(price_1=90)
        order = self.make_sale(self.net_article)
        order.action_confirm()
        price.price_1 = 95
        order.copy().action_confirm()
        self.assertEqual(price.price_1, 95)
        self.assertFalse(price.change_ids)

    def test_a_copy_of_a_typed_price_is_learnt(self):
        order = self.sell(9.5)
        self.get_price().price_1 = 12
        order.copy().action_confirm()
        self.assertEqual(self.get_price().price_1, 9.5)

    def test_another_tariff_without_updated_prices_teaches_nothing(self):
        price = self.make_price(price_1=90, price_2=80)
        order = self.make_sale(self.net_article)
        order.pricelist_id = self.tariff_2
        order.action_confirm()
        self.assertPrice(order.order_line, 90)
        self.assertEqual(price.price_2, 80)

    # --- direct invoices

    def invoice(self, *lines, **vals):
        invoice = self.make_invoice(*lines, **vals)
        invoice.action_post()
        return invoice

    def test_a_price_typed_in_an_invoice_is_learnt_and_its_number_is_told(self):
        invoice = self.invoice({"product_id": self.net_article.id, "price_unit": 77})
        price = self.get_price()
        self.assertEqual(price.price_1, 77)
        self.assertEqual(price.change_ids.source, invoice.display_name)
        self.assertIn(invoice.name, price.change_ids.source)

    def test_a_price_typed_later_in_an_invoice_is_learnt(self):
        invoice = self.make_invoice(self.net_article)
        invoice.invoice_line_ids.price_unit = 77
        invoice.action_post()
        self.assertEqual(self.get_price().price_1, 77)

    def test_a_price_typed_on_the_screen_of_an_invoice_is_learnt(self):
        view = "account.view_move_form"
        with Form(self.make_invoice(), view=view) as form:
            with form.invoice_line_ids.new() as line:
                line.product_id = self.net_article
                self.assertEqual(line.automatic_price, 100)
                line.price_unit = 77
            with form.invoice_line_ids.new() as line:
                line.product_id = self.taxed_article
        form.record.action_post()
        self.assertEqual(self.get_price().price_1, 77)
        self.assertFalse(self.get_price(self.taxed_article))

    def test_a_price_typed_for_an_article_without_one_is_learnt(self):
        self.net_article.list_price = 0
        self.invoice({"product_id": self.net_article.id, "price_unit": 77})
        self.assertEqual(self.get_price().price_1, 77)

    def test_an_automatic_price_of_an_invoice_is_not_learnt_when_it_changed_since(self):
        invoice = self.make_invoice(self.net_article)
        self.net_article.list_price = 110
        invoice.action_post()
        copy = invoice.copy()
        self.assertPrice(copy.invoice_line_ids, 100)
        copy.action_post()
        self.assertFalse(self.get_price())

    def test_credit_notes_teach_no_price(self):
        price = self.make_price(price_1=90)
        invoice = self.invoice(self.net_article)
        price.price_1 = 95
        self.reverse(invoice).action_post()
        vals = {"product_id": self.net_article.id, "price_unit": 3}
        self.invoice(vals, move_type="out_refund")
        self.assertEqual(price.price_1, 95)
        self.assertFalse(price.change_ids)

    def test_an_invoice_from_before_the_addon_teaches_nothing(self):
        invoice = self.make_invoice(
            {"product_id": self.net_article.id, "price_unit": 9}
        )
        self.forget_automatic_price(invoice)
        invoice.action_post()
        self.assertFalse(self.get_price())
