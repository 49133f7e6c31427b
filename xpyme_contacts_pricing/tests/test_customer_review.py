from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceReview(PriceCase):
    def review(self, **vals):
        """A review where also what was typed by hand is ticked."""
        action = self.customer.action_review_prices()
        review = self.env["xpyme.price.review"].browse(action["res_id"])
        review.write({"tick_typed": True, **vals})
        review._fill_lines()
        return review

    def test_what_was_typed_by_hand_stays_unless_it_is_ticked(self):
        """Agreed prices became the list price with one click."""
        typed = self.make_price(price_1=90)
        cube = self.make_article("Cubo", 9, self.net_tax)
        learnt = self.make_price(cube, price_1=10, origin="document")
        review = self.review(tick_typed=False)
        ticked = {line.price_id: line.is_chosen for line in review.line_ids}
        self.assertEqual(ticked, {typed: False, learnt: True})
        with Form(review) as form:
            self.assertEqual(form.change_count, 1)
            form.tick_typed = True
            self.assertEqual(form.change_count, 2)
            form.tick_typed = False
        review.action_apply()
        self.assertEqual((typed.price_1, learnt.price_1), (90, 9))

    def test_it_says_by_how_much_prices_rise(self):
        self.make_price(price_1=80)
        self.make_price(
            self.make_article("Cubo", 9, self.net_tax), price_1=10, origin="document"
        )
        free = self.make_article("Regalo", 0, self.net_tax)
        self.make_price(free, price_1=5)
        review = self.review()
        percents = {line.product_id: line.diff_percent for line in review.line_ids}
        self.assertEqual(percents[self.net_article], 25)
        self.assertEqual(percents[free], 0)
        self.assertIn("1 go up and 1 go down", review.warning)
        review.line_ids.filtered("is_typed").is_chosen = False
        self.assertIn("0 go up and 1 go down", review.warning)
        self.assertIn("typed by hand 1 stay", review.warning)

    def test_prices_become_those_of_the_tariff(self):
        stale = self.make_price(price_1=90, price_2=80)
        taxed = self.make_price(self.taxed_article, pvp_1=100)
        review = self.review()
        self.assertEqual(review.change_count, 2)
        self.assertEqual(stale.price_1, 90)
        review.action_apply()
        self.assertEqual((stale.price_1, stale.price_2), (100, 80))
        self.assertAlmostEqual(stale.pvp_1, 121)
        self.assertEqual(taxed.pvp_1, 121)
        self.assertEqual(stale.origin, "revision")
        stale.change_ids.action_undo()
        self.assertEqual(stale.price_1, 90)

    def test_a_line_without_a_special_price_gets_none(self):
        """A discount or a minimum alone leave the price to the tariff."""
        rules = [
            {"compute_price": "percentage", "percent_price": 20},
            {
                "applied_on": "1_product",
                "product_tmpl_id": self.taxed_article.product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": 70,
                "min_quantity": 10,
            },
        ]
        self.customer.specific_property_product_pricelist = self.make_tariff(
            rules=rules
        )
        self.make_price(special_discount=10)
        self.make_price(self.taxed_article, min_price=50)
        self.make_price(self.make_article("Cubo", 9, self.net_tax), price_2=8)
        ten = {"product_id": self.taxed_article.id, "product_uom_qty": 10}
        before = self.make_sale(self.net_article, ten).order_line
        for all_tariffs in (False, True):
            review = self.review(all_tariffs=all_tariffs)
            self.assertEqual(set(review.line_ids.mapped("tariff")) - {2}, set())
            review.line_ids.is_chosen = True
            review.action_apply()
        self.assertFalse(any(self.customer.customer_price_ids.mapped("price_1")))
        after = self.make_sale(self.net_article, ten).order_line
        for old, new in zip(before, after, strict=True):
            self.assertPrice(new, old.price_unit, old.discount)
        self.assertPrice(after[1], 70)

    def test_all_tariffs_on_request(self):
        self.make_price(price_1=90, price_2=80)
        rules = [{"compute_price": "fixed", "fixed_price": 70}]
        self.tariff_2.item_ids = [(0, 0, rule) for rule in rules]
        review = self.review(all_tariffs=True)
        review.action_apply()
        price = self.customer.customer_price_ids
        self.assertEqual((price.price_1, price.price_2), (100, 70))

    def test_a_price_that_is_right_keeps_its_date(self):
        price = self.make_price(price_1=100)
        price.updated_on = "2020-01-01"
        review = self.review()
        self.assertEqual((review.change_count, review.unchanged_count), (0, 1))
        review.action_apply()
        self.assertEqual(price.updated_on, fields.Date.to_date("2020-01-01"))

    def test_an_article_without_price_is_left_and_told(self):
        price = self.make_price(price_1=90)
        self.net_article.list_price = 0
        review = self.review()
        self.assertEqual((review.change_count, review.left_count), (0, 1))
        message = review.action_apply()["params"]["message"]
        self.assertIn("1 left", message)
        self.assertEqual(price.price_1, 90)

    def test_an_unticked_price_stays(self):
        price = self.make_price(price_1=90)
        review = self.review()
        review.line_ids.is_chosen = False
        review.action_apply()
        self.assertEqual(price.price_1, 90)

    def test_without_prices_or_tariff_it_says_so(self):
        with self.assertRaises(UserError):
            self.customer.action_review_prices()
        self.make_price(price_1=90)
        self.customer.specific_property_product_pricelist = False
        self.env["product.pricelist"].search([]).active = False
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "tariff"):
            self.customer.action_review_prices()

    def test_the_tariff_says_the_same_as_odoo_one_by_one(self):
        rules = [
            {"compute_price": "percentage", "percent_price": 10, "min_quantity": 1},
            {
                "applied_on": "2_product_category",
                "categ_id": self.subfamily.id,
                "compute_price": "formula",
                "base": "standard_price",
                "price_markup": 30,
            },
            {
                "applied_on": "1_product",
                "product_tmpl_id": self.taxed_article.product_tmpl_id.id,
                "compute_price": "formula",
                "base": "list_price",
                "price_discount": 7,
                "price_surcharge": 1,
            },
        ]
        tariff = self.make_tariff(rules=rules)
        self.net_article.standard_price = 33
        plain = self.make_article("Cubo", 9, self.net_tax, categ_id=False)
        colours = self.env["product.attribute"].create(
            {
                "name": "Color",
                "value_ids": [(0, 0, {"name": "rojo"}), (0, 0, {"name": "azul"})],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Tinte",
                "list_price": 5,
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": colours.id,
                            "value_ids": [(6, 0, colours.value_ids.ids)],
                        },
                    )
                ],
            }
        )
        values = template.attribute_line_ids.product_template_value_ids
        values[0].price_extra = 2
        products = self.net_article | self.taxed_article | plain
        products |= template.product_variant_ids
        review = self.env["xpyme.price.review"].create({"partner_id": self.customer.id})
        found = review._get_new_prices(products, tariff)
        for product in products:
            expected = tariff._get_product_price(product, 1.0)
            self.assertAlmostEqual(found[product.id], expected, msg=product.name)

    def test_a_thousand_prices_in_two_searches_of_rules(self):
        products = self.env["product.product"].create(
            [{"name": f"A{i}", "type": "consu", "list_price": 5} for i in range(200)]
        )
        for product in products:
            self.make_price(product, price_1=4)
        review = self.env["xpyme.price.review"].create({"partner_id": self.customer.id})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        values = review._prepare_lines()
        self.assertEqual(len(values), 200)
        self.assertLess(self.env.cr.sql_log_count - before, 40)
