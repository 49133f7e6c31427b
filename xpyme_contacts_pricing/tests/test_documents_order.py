from odoo import fields
from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceDocuments(PriceCase):
    """The same price wherever the article is sold, and typed prices that stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.make_price(price_1=10, price_2=8, pvp_3=6.05)
        cls.set_up_invoices()

    # --- one price everywhere

    def test_the_same_price_in_every_document(self):
        self.env["xpyme.customer.family.discount"].create(
            {"partner_id": self.customer.id, "categ_id": self.family.id, "discount": 5}
        )
        for product in (self.net_article, self.taxed_article):
            order = self.make_sale()
            catalogue = order._get_product_catalog_order_data(product)
            line = self.make_sale(product).order_line
            invoice = self.make_invoice(product).invoice_line_ids
            self.assertPrice(invoice, line.price_unit, line.discount)
            net = line.price_unit * 0.95
            self.assertAlmostEqual(catalogue[product.id]["price"], net)
            terms = order._get_price_terms()
            request = line._get_price_request()
            (found,) = self.env["xpyme.price.engine"]._resolve([request], terms)
            self.assertAlmostEqual(found.net, net)
            with Form(self.env["sale.order"]) as form:
                form.partner_id = self.customer
                with form.order_line.new() as typed:
                    typed.product_id = product
                    self.assertAlmostEqual(typed.price_unit, line.price_unit)
                    self.assertAlmostEqual(typed.discount, 5)

    def test_a_tariff_in_another_currency_is_converted_for_an_invoice(self):
        rules = [{"compute_price": "fixed", "fixed_price": 30}]
        abroad = self.make_tariff(rules=rules, currency_id=self.make_currency(2).id)
        self.customer.specific_property_product_pricelist = abroad
        self.price.unlink()
        self.assertPrice(self.make_invoice(self.net_article).invoice_line_ids, 15)

    def test_catalogue_of_an_invoice(self):
        invoice = self.make_invoice()
        data = invoice._get_product_catalog_order_data(self.net_article)
        self.assertEqual(data[self.net_article.id]["price"], 10)

    def test_invoice_of_an_order_keeps_the_orders_prices(self):
        order = self.make_sale(
            {"product_id": self.net_article.id, "price_unit": 7, "discount": 3}
        )
        order.action_confirm()
        order.order_line.qty_delivered = 1
        line = order._create_invoices().invoice_line_ids
        self.assertPrice(line, 7, 3)

    def test_vendor_bills_are_not_priced(self):
        self.net_article.standard_price = 3
        bill = self.make_invoice(
            self.net_article,
            move_type="in_invoice",
            journal_id=self.env["account.journal"]
            .create({"name": "Compras", "code": "XCP", "type": "purchase"})
            .id,
        )
        self.assertPrice(bill.invoice_line_ids, 3)

    def test_credit_note_has_no_minimum(self):
        self.price.min_price = 20
        refund = self.make_invoice(self.net_article, move_type="out_refund")
        self.assertPrice(refund.invoice_line_ids, 10)

    # --- what changes on an order

    def test_changes_on_an_order(self):
        order = self.make_sale(self.net_article)
        line = order.order_line
        line.product_uom_qty = 5
        self.assertPrice(line, 10)
        order.pricelist_id = self.tariff_2
        order._recompute_prices()
        self.assertPrice(line, 8)
        line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertPrice(line, 96)
        line.product_id = self.taxed_article
        self.assertPrice(line, 121)

    def test_another_customer_or_day_offers_to_update_the_prices(self):
        order = self.make_sale(self.net_article)
        with Form(order) as form:
            form.partner_id = self.make_customer("Otra", vat=False)
            self.assertTrue(form.show_update_pricelist)
        order._recompute_prices()
        self.assertPrice(order.order_line, 100)
        with self.debug_mode(), Form(order) as form:
            form.date_order = "2020-01-01"
            self.assertTrue(form.show_update_pricelist)

    def test_copy_keeps_the_price(self):
        order = self.make_sale({"product_id": self.net_article.id, "price_unit": 7})
        copy = order.copy().order_line
        self.assertPrice(copy, 7)
        copy.product_uom_qty = 4
        self.assertPrice(copy, 7)

    # --- typed prices

    def test_a_price_that_came_with_the_line_stays_when_the_quantity_changes(self):
        order = self.make_sale({"product_id": self.net_article.id, "price_unit": 77})
        order.order_line.product_uom_qty = 5
        self.assertPrice(order.order_line, 77)

    def test_a_gift_stays_a_gift(self):
        order = self.make_sale({"product_id": self.net_article.id, "price_unit": 0})
        order.order_line.product_uom_qty = 5
        self.assertPrice(order.order_line, 0)

    def test_a_price_written_later_stays_when_the_quantity_changes(self):
        order = self.make_sale(self.net_article)
        order.order_line.price_unit = 77
        order.order_line.product_uom_qty = 5
        self.assertPrice(order.order_line, 77)

    def test_a_price_typed_on_the_screen_stays(self):
        with Form(self.make_sale(self.net_article)) as form:
            with form.order_line.edit(0) as line:
                line.price_unit = 77
                line.product_uom_qty = 5
                self.assertEqual(line.price_unit, 77)

    def test_an_imported_price_stays(self):
        result = self.env["sale.order"].load(
            ["partner_id", "order_line/product_id", "order_line/price_unit"],
            [["Pinturas Sol", "Esmalte", "77"]],
        )
        self.assertFalse(result["messages"])
        line = self.env["sale.order"].browse(result["ids"]).order_line
        line.product_uom_qty = 5
        self.assertPrice(line, 77)

    def test_a_typed_price_stays_whatever_changes_on_the_order(self):
        """Customer, tariff, day and unit; and when the prices are updated after it."""
        order = self.make_sale(
            {"product_id": self.net_article.id, "price_unit": 77, "discount": 3},
            self.taxed_article,
        )
        line, automatic = order.order_line
        order.partner_id = self.make_customer("Otra", vat=False)
        order.pricelist_id = self.tariff_2
        order.date_order = fields.Datetime.to_datetime("2026-01-15")
        line.product_uom_qty = 5
        line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.taxed_article.list_price = 242
        self.assertPrice(line, 77)
        line.discount = 3
        order.action_update_prices()
        self.assertPrice(line, 77, 3)
        self.assertPrice(automatic, 242)
        told = order.message_ids.filtered(lambda m: "typed" in (m.body or ""))
        self.assertIn("Esmalte", told.body)
        self.assertNotIn("Rodillo", told.body)

    def test_updating_for_whoever_is_no_customer_does_what_odoo_does(self):
        stranger = self.env["res.partner"].create({"name": "Nadie"})
        typed = {"product_id": self.net_article.id, "price_unit": 77}
        order = self.make_sale(typed, customer=stranger)
        order.action_update_prices()
        self.assertPrice(order.order_line, 100)
        self.assertFalse(order.message_ids.filtered(lambda m: "typed" in m.body))

    def test_updating_tells_nothing_where_no_price_was_typed(self):
        order = self.make_sale(self.net_article)
        self.price.price_1 = 9
        order.action_update_prices()
        self.assertPrice(order.order_line, 9)
        self.assertFalse(order.message_ids.filtered(lambda m: "typed" in m.body))

    def test_choosing_the_article_again_gives_the_automatic_price(self):
        order = self.make_sale({"product_id": self.net_article.id, "price_unit": 77})
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_id = self.taxed_article
            line.product_id = self.net_article
            self.assertEqual(line.price_unit, 10)

    def test_the_automatic_price_sent_along_is_no_typed_price(self):
        order = self.make_sale({"product_id": self.net_article.id, "price_unit": 10})
        self.price.price_1 = 9
        order.order_line.product_uom_qty = 5
        self.assertPrice(order.order_line, 9)

    # --- minimum price

    def test_a_typed_price_under_the_minimum_is_raised_and_told(self):
        self.price.min_price = 6
        salesperson = self.make_salesperson()
        orders = self.env["sale.order"].with_user(salesperson)
        order = orders.create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    (0, 0, {"product_id": self.net_article.id, "price_unit": 4})
                ],
            }
        )
        self.assertPrice(order.order_line, 6)
        self.assertIn("minimum price", order.message_ids[0].body)
        order.order_line.discount = 50
        self.assertPrice(order.order_line, 6)
        order.order_line.price_unit = 5
        self.assertPrice(order.order_line, 6)

    def test_the_screen_tells_at_once(self):
        self.price.min_price = 6
        salesperson = self.make_salesperson()
        order = self.make_sale(self.net_article, user_id=salesperson.id)
        line = order.order_line.with_user(salesperson)
        new = line.new(origin=line)
        new.price_unit = 4
        answer = new._onchange_minimum_price()
        self.assertIn("minimum", answer["warning"]["message"])
        self.assertEqual(new.price_unit, 6)

    def test_a_sales_administrator_may_insist(self):
        self.price.min_price = 6
        manager = self.make_user("jefa", "sales_team.group_sale_manager")
        order = self.make_sale(self.net_article).with_user(manager)
        order.order_line.price_unit = 4
        self.assertPrice(order.order_line, 4)

    def test_minimum_of_a_direct_invoice(self):
        self.price.min_price = 20
        self.assertPrice(self.make_invoice(self.net_article).invoice_line_ids, 20)

    # --- learning

    def test_an_invoicing_user_posts_without_being_asked_for_prices(self):
        self.env.company.customer_price_learning = "ask"
        clerk = self.make_user("factura", "account.group_account_invoice")
        for move_type in ("out_invoice", "out_refund"):
            vals = {"product_id": self.net_article.id, "price_unit": 99}
            move = self.make_invoice(vals, move_type=move_type).with_user(clerk)
            answer = move.with_context(validate_analytic=True).action_post()
            self.assertFalse(answer)
            self.assertEqual(move.state, "posted")
        self.assertEqual(self.price.price_1, 10)

    def test_the_lines_that_odoo_prices_are_those_of_an_order(self):
        """Sections and notes are none: of them come no totals."""
        order = self.make_sale(
            self.net_article, {"name": "Pinturas", "display_type": "line_section"}
        )
        self.assertEqual(order._get_priced_lines(), order.order_line[0])
