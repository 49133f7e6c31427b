from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferPrices(OfferCase):
    """decisions: typed price, with the margin; margin on PCI or cost; tariff."""

    def get_only(self, campaign):
        return self.get_prices(campaign.offer_ids)

    def test_tariff_of_the_customer_without_margins(self):
        tariff = self.env["product.pricelist"].create(
            {
                "name": "Mayorista",
                "item_ids": [
                    (0, 0, {"compute_price": "percentage", "percent_price": 10})
                ],
            }
        )
        self.acme.property_product_pricelist = tariff
        self.beta.property_product_pricelist = tariff.create({"name": "General"})
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        prices = self.get_prices_of_paint(campaign)
        self.assertEqual(prices[self.acme], (18, "tariff"))
        self.assertEqual(prices[self.beta], (20, "tariff"))

    def test_tariff_in_another_currency_is_converted(self):
        foreign = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        foreign.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "rate": 2, "company_id": self.company.id}
        )
        self.acme.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "Dólares",
                "currency_id": foreign.id,
                "item_ids": [(0, 0, {"compute_price": "fixed", "fixed_price": 30})],
            }
        )
        prices = self.get_only(self.prepare(self.acme, products=[self.paint]))
        self.assertEqual(prices[self.paint, 1], (15, "tariff"))

    def test_price_for_everybody_is_also_for_who_has_the_article_in_his_card(self):
        self.add_line(self.acme, self.paint)
        row = {
            "product_id": self.paint.id,
            "price": 7,
            "image_url": "https://example.com/p.png",
        }
        campaign = self.prepare(self.acme | self.beta, products=[row])
        self.assertEqual(
            self.get_prices_of_paint(campaign),
            {self.acme: (7, "campaign"), self.beta: (7, "campaign")},
        )
        for offer in campaign.offer_ids:
            self.assertIn("https://example.com/p.png", offer.body_html)

    def test_price_for_everybody_has_no_quantity(self):
        campaign = self.prepare(
            self.acme,
            margins=[(10, 20)],
            products=[{"product_id": self.paint.id, "price": 7}],
        )
        self.assertEqual(self.get_only(campaign), {(self.paint, 1): (7, "campaign")})
        self.assertNotIn("from 10", campaign.offer_ids.body_html)

    def test_margins_by_quantity_on_pci(self):
        self.paint.write({"pci_cost": 1000, "standard_price": 99})
        campaign = self.prepare(
            self.acme, margins=[(10, 20), (1, 30)], products=[self.paint]
        )
        self.assertEqual(
            self.get_only(campaign),
            {(self.paint, 1): (1300, "margin"), (self.paint, 10): (1200, "margin")},
        )
        body = campaign.offer_ids.body_html
        self.assertLess(body.index("1,300"), body.index("1,200"))
        self.assertIn("from 10 units", body)

    def test_margin_on_cost_where_there_is_no_pci(self):
        self.paint.standard_price = 8
        campaign = self.prepare(self.acme, margins=[(1, 25)], products=[self.paint])
        self.assertEqual(self.get_only(campaign)[self.paint, 1], (10, "margin"))

    def test_half_a_cent_is_promised_as_an_order_bills_it(self):
        """1.01 × 2.5 is a hair under 2.525 in binary, and Odoo rounds it up."""
        self.env.ref("product.decimal_price").digits = 2
        self.paint.standard_price = 1.01
        campaign = self.prepare(self.acme, margins=[(1, 150)], products=[self.paint])
        self.assertEqual(self.get_only(campaign)[self.paint, 1], (2.53, "margin"))

    def make_included_tax(self, amount, **vals):
        return self.env["account.tax"].create(
            {
                "name": f"{amount} inside",
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
                "country_id": self.company.account_fiscal_country_id.id
                or self.chile.id,
                **vals,
            }
        )

    def test_margin_is_on_the_cost_without_the_tax_that_the_price_includes(self):
        """A tariff's price has the tax in it: so has the one with the margin."""
        self.paint.taxes_id = self.make_included_tax(19)
        self.paint.pci_cost = 100
        campaign = self.prepare(self.acme, margins=[(1, 30)], products=[self.paint])
        self.assertEqual(self.get_only(campaign)[self.paint, 1], (154.7, "margin"))

    def test_customer_without_tax_is_offered_the_price_without_it(self):
        """As his quotation says, whose fiscal position takes the tax away."""
        tax = self.make_included_tax(19)
        for number, vals in enumerate(
            ({}, {"auto_apply": True, "country_id": self.chile.id})
        ):
            position = self.env["account.fiscal.position"].create(
                {"name": "Export", "sequence": 0, **vals}
            )
            self.make_included_tax(
                0,
                name=f"0 inside {number}",
                fiscal_position_ids=[(4, position.id)],
                original_tax_ids=[(4, tax.id)],
            )
            self.acme.country_id = self.chile if vals else False
            self.acme.property_account_position_id = False if vals else position
            self.paint.write({"taxes_id": tax, "list_price": 119, "pci_cost": 50})
            campaign = self.prepare(self.acme, products=[self.paint])
            self.assertEqual(self.get_only(campaign)[self.paint, 1], (100, "tariff"))
            campaign = self.prepare(self.acme, margins=[(1, 30)], products=[self.paint])
            self.assertEqual(self.get_only(campaign)[self.paint, 1], (65, "margin"))

    def test_cost_is_that_of_the_campaigns_company(self):
        other = self.env["res.company"].create(
            {"name": "Otra", "email": "o@o.example.com"}
        )
        self.env.user.company_ids += other
        self.paint.pci_cost = 10
        self.paint.with_company(other).pci_cost = 50
        campaign = self.make_campaign(
            self.acme, margins=[(1, 10)], products=[self.paint], company_id=other.id
        )
        campaign.action_prepare()
        self.assertEqual(self.get_only(campaign)[self.paint, 1], (55, "margin"))

    def test_article_without_cost_is_left_out_and_told(self):
        self.paint.pci_cost = 10
        campaign = self.prepare(
            self.acme, margins=[(1, 25)], products=[self.paint, self.brush]
        )
        offer = campaign.offer_ids
        self.assertEqual(offer.detail_ids.product_id, self.paint)
        self.assertEqual(offer.omitted, "Brocha: without a price")
        self.assertNotIn("Brocha", offer.body_html)

    def test_article_without_any_price_is_left_out_and_told(self):
        """Nobody is offered anything for nothing."""
        self.brush.list_price = 0
        self.add_line(self.acme, self.brush)
        offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        self.assertEqual(offer.detail_ids.product_id, self.paint)
        self.assertEqual(offer.omitted, "Brocha: without a price")
        self.assertNotIn("Brocha", offer.body_html)
        nothing = self.prepare(self.acme, products=[self.brush]).offer_ids
        self.assertEqual(nothing.skip_reason, "no_article")

    def test_typed_price_of_a_line_takes_the_margin_and_beats_the_cost(self):
        self.paint.pci_cost = 1
        self.add_line(self.acme, self.paint, price=100)
        campaign = self.prepare(self.acme, margins=[(1, 30), (5, 10)])
        self.assertEqual(
            self.get_only(campaign),
            {(self.paint, 1): (130, "line"), (self.paint, 5): (110, "line")},
        )
        self.assertEqual(
            self.get_only(self.prepare(self.acme)), {(self.paint, 1): (100, "line")}
        )

    def test_price_of_the_campaign_is_everybodys_without_margin(self):
        row = {"product_id": self.paint.id, "price": 7}
        campaign = self.prepare(self.acme, margins=[(1, 30)], products=[row])
        self.assertEqual(self.get_only(campaign), {(self.paint, 1): (7, "campaign")})

    def test_customers_own_line_goes_before_the_campaigns(self):
        self.add_line(self.acme, self.paint, price=3)
        row = {"product_id": self.paint.id, "price": 7}
        offer = self.prepare(self.acme, products=[row, self.brush]).offer_ids
        self.assertEqual(
            [(d.product_id, d.price) for d in offer.detail_ids],
            [(self.paint, 3), (self.brush, 5)],
        )

    def test_archived_article_is_left_out_and_told(self):
        self.add_line(self.acme, self.paint)
        self.add_line(self.acme, self.brush)
        self.paint.active = False
        offer = self.prepare(self.acme).offer_ids
        self.assertEqual(offer.detail_ids.product_id, self.brush)
        self.assertEqual(offer.omitted, "Pintura: archived")

    def test_two_sources_meet_in_one_hook(self):
        """What the pricing addon does: its price before margin and tariff."""
        partners = self.registry["res.partner"]
        original = partners._get_offer_prices

        def special(partner, products, quantities, date, company, options):
            prices = original(partner, products, quantities, date, company, options)
            prices[self.paint.id, 1] = 2
            options["origins"][self.paint.id, 1] = "tariff"
            return prices

        self.patch(partners, "_get_offer_prices", special)
        self.paint.pci_cost = 10
        campaign = self.prepare(self.acme, margins=[(1, 30)], products=[self.paint])
        self.assertEqual(self.get_only(campaign)[self.paint, 1][0], 2)

    def test_number_of_queries_does_not_grow_with_customers(self):
        counts = []
        for size in (5, 50):
            customers = self.Partner.create(
                [
                    {"name": f"C{size}-{i}", "customer_rank": 1, "email": f"c{i}@x.cl"}
                    for i in range(size)
                ]
            )
            for customer in customers:
                own = self.make_product(f"Suyo {customer.name}", list_price=5)
                self.add_line(customer, own)
            campaign = self.make_campaign(customers, products=[self.paint])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            campaign.action_prepare()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(campaign.ready_count, size)
        self.assertLessEqual(counts[1], counts[0] + 4)

    def test_money_has_as_many_decimals_as_it_needs(self):
        self.env["decimal.precision"].search(
            [("name", "=", "Product Price")]
        ).digits = 4
        self.company.currency_id = self.env.ref("base.EUR")
        self.paint.list_price, self.brush.list_price = 0.0125, 1234.5
        body = self.prepare(
            self.acme, products=[self.paint, self.brush]
        ).offer_ids.body_html
        self.assertIn("0.0125", body)
        self.assertIn("1,234.50", body)

    def test_bad_margins_are_refused(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.make_campaign(margins=[(i, 10) for i in range(1, 6)])
        self.make_campaign(margins=[(i, 10) for i in range(1, 5)])

    def test_negative_pci_is_refused(self):
        with self.assertRaises(ValidationError):
            self.paint.pci_cost = -1
