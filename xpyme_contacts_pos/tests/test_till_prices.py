from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTillPrices(TillCase):
    """The till's prices are those of a quotation."""

    def get_row(self, product=None, **kwargs):
        product = product or self.goods
        return self.get_entry(product, **kwargs)["prices"].get(product.id)

    def test_a_special_price_in_either_side(self):
        self.make_price(self.goods, price_1=9.2)
        self.assertEqual(self.get_row(), [9.2, 0.0, 0.0, False])
        self.make_price(self.net_article, pvp_1=7.0)
        price, *others = self.get_row(self.net_article)
        self.assertAlmostEqual(price, 5.785123966942149, 12)
        self.assertEqual(others, [0.0, 0.0, False])

    def test_each_tariff_has_its_own(self):
        self.make_price(self.goods, price_1=9.2, price_2=8.0)
        self.assertEqual(self.get_row(pricelist=self.tariff_2)[0], 8.0)

    def test_of_a_tariff_that_the_till_does_not_offer_it_tells_nothing(self):
        self.make_price(self.goods, price_1=9.2, price_2=8.0)
        self.config.available_pricelist_ids -= self.tariff_2
        self.assertEqual(self.get_row(pricelist=self.tariff_2)[0], 9.2)

    def test_the_tariff_is_the_tills_to_work_out(self):
        entry = self.get_entry()
        self.assertEqual((entry["prices"], entry["has_terms"]), ({}, False))
        self.make_price(self.net_article, price_1=9.2)
        entry = self.get_entry()
        self.assertEqual((entry["prices"], entry["has_terms"]), ({}, True))

    def test_discounts_minimum_and_what_has_none(self):
        self.make_price(self.goods, special_discount=3, min_price=50)
        self.assertEqual(self.get_row(), [None, 3.0, 50.0, False])
        self.make_price(self.net_article, no_discount=True)
        self.assertEqual(self.get_row(self.net_article), [None, 0.0, 0.0, True])

    def test_a_family_and_a_price_from_cost(self):
        self.env["xpyme.customer.family.discount"].create(
            {
                "partner_id": self.customer.id,
                "categ_id": self.family.id,
                "discount": 5,
            }
        )
        self.assertEqual(self.get_row(), [None, 5.0, 0.0, False])
        self.goods.standard_price = 40
        self.customer.margin_on_cost = 25
        self.assertEqual(self.get_row(), [50.0, 5.0, 0.0, False])

    def test_an_increase_is_told_and_not_taken_twice(self):
        self.customer.price_increase = 3
        entry = self.get_entry()
        self.assertEqual((entry["increase"], entry["prices"]), (3.0, {}))
        self.assertTrue(entry["has_terms"])

    def test_discounts_to_choose_from(self):
        for name, percent in (("PP", 2), ("Obra", 5)):
            self.env["xpyme.customer.discount"].create(
                {"partner_id": self.customer.id, "name": name, "percent": percent}
            )
        discounts = self.get_entry()["discounts"]
        self.assertEqual([one["percent"] for one in discounts], [2.0, 5.0])
        self.assertEqual(discounts[0]["name"], "PP (2 %)")

    def test_the_prices_are_those_of_a_quotation(self):
        self.make_price(self.goods, price_1=9.2, special_discount=3)
        self.make_price(self.taxed_article, pvp_1=7.0, min_price=6.5)
        self.customer.price_increase = 4
        articles = self.goods | self.taxed_article
        sale = self.make_sale(*articles)
        rows = self.get_entry(articles)["prices"]
        for line in sale.order_line:
            price, discount, floor, _fixed = rows[line.product_id.id]
            net = max(price * (1 - discount / 100), floor)
            self.assertAlmostEqual(net, line.price_unit * (1 - line.discount / 100), 6)

    def test_only_what_is_sold_at_tills(self):
        hidden = self.make_article("Oculto", 10, self.net_tax)
        self.make_price(hidden, price_1=1)
        self.assertIsNone(self.get_row(hidden))

    def test_a_contact_pays_what_the_customer_does(self):
        self.make_price(self.goods, price_1=9.2)
        contact = self.make_contact(self.customer)
        self.assertEqual(self.get_row(customer=contact)[0], 9.2)
