from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.xpyme_contacts.tests.offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestPriceOffer(OfferCase):
    """Special prices in offers: they go before the margin, unless they are ignored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.make_price(cls.acme, price_1=9)

    @classmethod
    def make_price(cls, customer, **vals):
        return cls.env["xpyme.customer.price"].create(
            {"partner_id": customer.id, "product_id": cls.paint.id, **vals}
        )

    def set_family(self, customer, discount):
        self.paint.categ_id = self.env["product.category"].create({"name": "Pintura"})
        return self.env["xpyme.customer.family.discount"].create(
            {
                "partner_id": customer.id,
                "categ_id": self.paint.categ_id.id,
                "discount": discount,
            }
        )

    def get_offered(self, quantity=1, **vals):
        campaign = self.prepare(self.acme, products=[self.paint], **vals)
        return self.get_prices(campaign.offer_ids)[self.paint, quantity]

    def test_special_price_goes_before_the_tariff_and_the_margin(self):
        self.assertEqual(self.get_offered(), (9, "special"))
        self.paint.pci_cost = 10
        self.assertEqual(self.get_offered(margins=[(1, 30)]), (9, "special"))

    def test_quotation_of_an_answer_costs_what_was_offered(self):
        """No discount of the customer is given twice."""
        self.price.unlink()
        self.set_family(self.acme, 20)
        offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        self.assertEqual(offer.detail_ids.price, 16)
        action = offer.action_make_quotation()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.amount_untaxed, 16)

    def test_an_offer_says_the_price_that_an_order_bills(self):
        """To the cent of one unit, and to what counts where that is less."""
        offered = {2.675: 2.68, 0.0042: 0.0042, 12.344: 12.34, 1234.567: 1234.57}
        for price, promised in offered.items():
            self.price.price_1 = price
            campaign = self.prepare(self.acme, products=[self.paint])
            detail = campaign.offer_ids.detail_ids
            vals = {"product_id": self.paint.id}
            order = self.env["sale.order"].create(
                {"partner_id": self.acme.id, "order_line": [(0, 0, vals)]}
            )
            self.assertAlmostEqual(detail.price, promised, 9)
            if price > 1:
                self.assertEqual(order.amount_untaxed, promised)
        self.price.price_1 = 0.0042
        campaign = self.prepare(self.acme, products=[self.paint])
        self.assertIn("0.0042", campaign.offer_ids.body_html)

    def test_price_typed_for_the_offer_goes_before_the_special_price(self):
        self.add_line(self.acme, self.paint, price=7)
        self.assertEqual(self.get_offered(), (7, "line"))

    def test_typed_price_below_the_minimum_is_raised(self):
        self.price.min_price = 18
        row = {"product_id": self.paint.id, "price": 3}
        campaign = self.prepare(self.acme | self.beta, products=[row])
        self.assertEqual(
            self.get_prices_of_paint(campaign),
            {self.acme: (18, "minimum"), self.beta: (3, "campaign")},
        )
        self.add_line(self.acme, self.paint, price=2)
        self.assertEqual(self.get_offered(), (18, "minimum"))

    def test_customers_without_special_prices_get_the_margin(self):
        self.paint.pci_cost = 10
        customers = self.acme | self.beta
        campaign = self.prepare(customers, products=[self.paint], margins=[(1, 30)])
        offered = self.get_prices_of_paint(campaign)
        self.assertEqual(offered[self.acme], (9, "special"))
        self.assertEqual(offered[self.beta], (13, "margin"))

    def test_special_price_with_several_margins_holds_for_each_quantity(self):
        self.paint.pci_cost = 10
        for quantity in (1, 10):
            offered = self.get_offered(quantity, margins=[(1, 30), (10, 20)])
            self.assertEqual(offered, (9, "special"))

    def test_special_prices_are_ignored_on_request(self):
        self.assertEqual(self.get_offered(ignore_special_prices=True), (20, "tariff"))
        self.paint.pci_cost = 10
        offered = self.get_offered(ignore_special_prices=True, margins=[(1, 30)])
        self.assertEqual(offered, (13, "margin"))

    def test_discounts_of_the_article_are_ignored_with_its_price(self):
        self.price.special_discount = 50
        self.assertEqual(self.get_offered(), (4.5, "special"))
        self.assertEqual(self.get_offered(ignore_special_prices=True), (20, "tariff"))
        self.price.no_discount = True
        self.set_family(self.acme, 10)
        self.assertEqual(self.get_offered(), (4.5, "special"))
        self.assertEqual(self.get_offered(ignore_special_prices=True), (20, "tariff"))

    def test_price_of_the_customers_own_margin_is_told_as_such(self):
        self.price.unlink()
        self.paint.standard_price = 8
        self.acme.margin_on_cost = 25
        self.assertEqual(self.get_offered(), (10, "cost"))

    def test_nothing_is_offered_under_the_minimum(self):
        self.price.write({"price_1": 0, "min_price": 15})
        self.assertEqual(self.get_offered(), (20, "tariff"))
        self.paint.pci_cost = 10
        self.assertEqual(self.get_offered(margins=[(1, 30)]), (15, "minimum"))
        self.assertEqual(self.get_offered(margins=[(1, 60)]), (16, "margin"))
        self.price.price_1 = 9
        self.assertEqual(self.get_offered(), (15, "minimum"))
        offered = self.get_offered(margins=[(1, 30)], ignore_special_prices=True)
        self.assertEqual(offered, (15, "minimum"))

    def test_minimum_in_the_companys_currency_for_a_tariff_in_another(self):
        currency = self.env["res.currency"].create({"name": "XPY", "symbol": "¤"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "name": "2000-01-01"}
        )
        self.acme.specific_property_product_pricelist = self.env[
            "product.pricelist"
        ].create({"name": "Fuera", "currency_id": currency.id})
        self.assertEqual(self.get_offered(), (9, "special"))
        self.price.write({"price_1": 0, "min_price": 15})
        self.paint.pci_cost = 10
        self.assertEqual(self.get_offered(margins=[(1, 30)]), (15, "minimum"))

    def make_tariff(self, percent, currency=None):
        rule = {"compute_price": "percentage", "percent_price": percent}
        vals = {"name": f"Tarifa {percent}", "item_ids": [(0, 0, rule)]}
        vals |= {"currency_id": currency.id} if currency else {}
        return self.env["product.pricelist"].create(vals)

    def test_customers_of_one_batch_share_only_what_is_the_same(self):
        """The same article for seven of them: by tariff, money, tax and increase."""
        double = self.env["res.currency"].create({"name": "XPY", "symbol": "¤"})
        rate = {"currency_id": double.id, "rate": 2, "name": "2000-01-01"}
        self.env["res.currency.rate"].create(rate)
        included = {"name": "IVA incluido", "amount": 25, "type_tax_use": "sale"}
        included["price_include_override"] = "tax_included"
        tax = self.env["account.tax"].create(included)
        self.paint.write({"list_price": 100, "taxes_id": [(6, 0, tax.ids)]})
        exempt = self.env["account.fiscal.position"].create({"name": "Exento"})
        zero = {"name": "Exento", "amount": 0, "type_tax_use": "sale"}
        zero |= {"fiscal_position_ids": exempt.ids, "original_tax_ids": tax.ids}
        self.env["account.tax"].create(zero)
        name = "specific_property_product_pricelist"
        cheap, foreign = self.make_tariff(10), self.make_tariff(10, double)
        free = {"property_account_position_id": exempt.id}
        wanted = [
            (100, {}),
            (90, {name: cheap.id}),
            (90, {name: foreign.id}),
            # 90 as well, but in the other currency.
            (45, {name: self.make_tariff(55, double).id}),
            (80, free),
            (72, {name: cheap.id, **free}),
            (120, {"price_increase": 20}),
        ]
        customers = self.Partner
        for number, (_price, vals) in enumerate(wanted):
            mail = f"socio{number}@example.com"
            customers |= self.make_customer(f"Socio {number}", email=mail, **vals)
        campaign = self.prepare(customers, products=[self.paint])
        found = self.get_prices_of_paint(campaign)
        prices = [found[customer][0] for customer in customers]
        self.assertEqual(prices, [price for price, _vals in wanted])

    def test_a_tariff_is_asked_once_for_the_customers_of_a_batch(self):
        engine = type(self.env["xpyme.price.engine"])
        asked = []
        ask = engine._ask_tariff

        def count(engine, request, book):
            asked.append((request.product, request.quantity, book.terms.pricelist))
            return ask(engine, request, book)

        self.price.unlink()
        self.patch(engine, "_ask_tariff", count)
        third = self.make_customer("Gamma", email="gamma@example.com")
        self.prepare(self.acme | self.beta | third, products=[self.paint])
        self.assertEqual(len(asked), 1)

    def test_prices_of_another_company_are_not_offered(self):
        company = self.env["res.company"].create({"name": "Otra tienda"})
        self.price.company_id = company
        self.assertEqual(self.get_offered(), (20, "tariff"))

    def test_the_switch_is_frozen_with_the_prepared_mails(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign = campaign.with_user(self.manager)
        with self.assertRaises(UserError):
            campaign.ignore_special_prices = True

    def test_number_of_queries_does_not_grow_with_customers(self):
        """Everybody has special prices, a family and a discount of his own."""
        self.paint.categ_id = self.env["product.category"].create({"name": "Pintura"})
        counts = []
        for size in (5, 50):
            customers = self.Partner.create(
                [
                    {
                        "name": f"C{size}-{number}",
                        "customer_rank": 1,
                        "email": f"c{size}-{number}@example.com",
                        "family_discount_ids": [
                            (0, 0, {"categ_id": self.paint.categ_id.id, "discount": 10})
                        ],
                        "customer_discount_ids": [
                            (0, 0, {"name": "Feria", "percent": 10})
                        ],
                    }
                    for number in range(size)
                ]
            )
            for customer in customers:
                self.make_price(customer, price_1=100)
                own = self.make_product(f"Suyo {customer.name}", list_price=5)
                self.add_line(customer, own)
            campaign = self.make_campaign(customers, products=[self.paint])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            campaign.action_prepare()
            counts.append(self.cr.sql_log_count - before)
            offer = campaign.offer_ids[-1]
            self.assertEqual(campaign.ready_count, size)
            self.assertEqual(self.get_prices(offer)[self.paint, 1], (81, "special"))
        self.assertLessEqual(counts[1], counts[0] + 4)
