import os
from itertools import product as combinations

from odoo import Command, fields
from odoo.tests import tagged

from .price_ways import RATE, PriceWaysCase

QUANTITY = 10
SOURCES = ("special", "minimum", "tariff", "cost", "increase")
# Each source, currency, position and quantity comes up; --long takes all combinations.
STRIDE = 1 if os.environ.get("XPYME_LONG") else 5


@tagged("post_install", "-at_install")
class TestPriceEverywhere(PriceWaysCase):
    """The same customer, article, quantity and date: the same price by every way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.export = cls.make_position()

    @classmethod
    def make_position(cls):
        position = cls.env["account.fiscal.position"].create({"name": "Export"})
        for include, original in (
            ("tax_included", cls.included_tax),
            ("tax_excluded", cls.net_tax),
        ):
            cls.make_tax(
                f"0 {include}",
                0,
                include,
                fiscal_position_ids=[Command.link(position.id)],
                original_tax_ids=[Command.link(original.id)],
            )
        return position

    def make_case(self, source, currency, position):
        """A customer whose price comes from ``source``, with discounts on it."""
        number = self.env["res.partner"].search_count([])
        rules = [
            {"compute_price": "percentage", "percent_price": 4},
            {"compute_price": "percentage", "percent_price": 8, "min_quantity": 5},
        ]
        tariff = self.make_tariff(
            rules=rules if source == "tariff" else (), currency_id=currency.id
        )
        customer = self.make_customer(
            f"Cliente {number}",
            vat=False,
            email=f"cliente{number}@example.com",
            specific_property_product_pricelist=tariff.id,
            property_account_position_id=position.id,
            customer_discount_ids=[Command.create({"name": "Feria", "percent": 5})],
            margin_on_cost=25 if source == "cost" else 0,
            price_increase=3 if source == "increase" else 0,
        )
        if source != "tariff":
            customer.family_discount_ids = [
                Command.create({"categ_id": self.family.id, "discount": 10})
            ]
        for article in self.articles:
            article.standard_price = 33.33
            if source in ("special", "minimum"):
                self.make_price(
                    article,
                    partner_id=customer.id,
                    price_1=9.5,
                    min_price=9.2 if source == "minimum" else 0,
                )
        return customer

    def test_the_same_price_by_every_way(self):
        self.env["decimal.precision"].search(
            [("name", "=", "Product Price")]
        ).digits = 4
        self.authenticate("ventas", "ventas")
        currencies = self.env.company.currency_id | self.abroad
        positions = (self.export.browse(), self.export)
        cases = list(combinations(SOURCES, currencies, positions, (1, QUANTITY)))
        nets = set()
        for source, currency, position, quantity in cases[::STRIDE]:
            customer = self.make_case(source, currency, position)
            expected = self.by_quotation(customer, quantity)
            for way in self.WAYS:
                if way.__name__ == "by_offer" and quantity > 1:
                    # Of several quantities an offer has margins, unless the price is
                    # special.
                    if source not in ("special", "minimum"):
                        continue
                found = way(self, customer, quantity)
                told = (source, currency.name, position.name, quantity, way.__name__)
                self.assertPrices(found, expected, told)
            nets.update(round(net, 2) for net in expected.values())
        # The cases do differ.
        self.assertGreater(len(nets), 10)

    def test_the_same_price_on_a_day_gone_by(self):
        """The rate of exchange and the tariff are those of the document's day."""
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.abroad.id,
                "rate": 4,
                "name": "2026-02-01",
                "company_id": self.env.company.root_id.id,
            }
        )
        customer = self.make_case("special", self.abroad, self.export.browse())
        for day, rate in (("2026-01-15", RATE), ("2026-02-15", 4)):
            moment = fields.Datetime.to_datetime(day)
            order = self.make_sale(
                self.net_article, customer=customer, date_order=moment
            )
            line = Command.create({"product_id": self.net_article.id})
            invoice = self.make_invoice(
                customer, invoice_date=day, invoice_line_ids=[line]
            )
            net = 9.5 * rate * 0.9 * 0.95
            self.assertAlmostEqual(
                self.get_nets(order.order_line)[self.net_article], net, 2
            )
            self.assertAlmostEqual(
                self.get_nets(invoice.invoice_line_ids)[self.net_article], net, 2
            )
            data = order._get_product_catalog_order_data(self.net_article)
            self.assertAlmostEqual(data[self.net_article.id]["price"], net, 2)
