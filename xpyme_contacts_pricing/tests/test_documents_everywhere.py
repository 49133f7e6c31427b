import os
from itertools import product as combinations

from odoo import Command, fields
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.xpyme_contacts.tests.offer_common import OfferCase

from .common import PriceCase

RATE = 2
QUANTITY = 10
SOURCES = ("special", "minimum", "tariff", "cost", "increase")
# Each source, currency, position and quantity comes up; --long takes all combinations.
STRIDE = 1 if os.environ.get("XPYME_LONG") else 3


@tagged("post_install", "-at_install")
class TestPriceEverywhere(PriceCase, OfferCase, HttpCase):
    """The same customer, article, quantity and date: the same price by every way.

    Compared is what is paid for a unit after the discount, in the document's currency;
    an offer is in the company's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.journal"].create(
            {"name": "Ventas", "code": "XVE", "type": "sale"}
        )
        cls.family.property_account_income_categ_id = cls.env["account.account"].create(
            {"name": "Ventas", "code": "X70001", "account_type": "income"}
        )
        cls.abroad = cls.make_currency(RATE)
        cls.export = cls.make_position()
        cls.articles = cls.net_article | cls.taxed_article
        cls.user = cls.make_user(
            "ventas", "sales_team.group_sale_manager,account.group_account_invoice"
        )

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

    # --- the ways: each answers ``{article: price paid for a unit}``

    def get_nets(self, lines):
        return {
            line.product_id: line.price_unit * (1 - line.discount / 100)
            for line in lines
        }

    def assertPrices(self, found, expected, told):
        self.assertEqual(set(found), set(self.articles), told)
        for article, net in found.items():
            self.assertAlmostEqual(net, expected[article], 3, told)

    def get_lines(self, quantity, name):
        return [
            Command.create({"product_id": article.id, name: quantity})
            for article in self.articles
        ]

    def by_quotation(self, customer, quantity):
        lines = self.get_lines(quantity, "product_uom_qty")
        order = self.make_sale(customer=customer, order_line=lines)
        return self.get_nets(order.order_line)

    def by_screen(self, customer, quantity):
        found = {}
        with Form(self.env["sale.order"]) as form:
            form.partner_id = customer
            for article in self.articles:
                with form.order_line.new() as line:
                    line.product_id = article
                    line.product_uom_qty = quantity
                    found |= self.get_nets([line])
        return found

    def by_catalogue(self, customer, quantity):
        order = self.make_sale(customer=customer)
        return self.take_from_catalogue(order, quantity)

    def take_from_catalogue(self, document, quantity):
        """As the web client: the price that is shown, the one that is taken, and the
        one that is shown afterwards."""
        order = {"res_model": document._name, "order_id": document.id}

        def look():
            info = self.make_jsonrpc_request(
                "/product/catalog/order_lines_info",
                {**order, "product_ids": self.articles.ids},
            )
            return {
                article: info[str(article.id)]["price"] for article in self.articles
            }

        shown = look()
        taken = {
            article: self.make_jsonrpc_request(
                "/product/catalog/update_order_line_info",
                {**order, "product_id": article.id, "quantity": quantity},
            )
            for article in self.articles
        }
        document.invalidate_recordset()
        self.assertPrices(look(), taken, document._name)
        if quantity == 1:
            self.assertPrices(shown, taken, document._name)
        return taken

    def make_invoice(self, customer, **vals):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "currency_id": customer.property_product_pricelist.currency_id.id,
                **vals,
            }
        )

    def by_invoice(self, customer, quantity):
        lines = self.get_lines(quantity, "quantity")
        invoice = self.make_invoice(customer, invoice_line_ids=lines)
        return self.get_nets(invoice.invoice_line_ids)

    def by_invoice_catalogue(self, customer, quantity):
        return self.take_from_catalogue(self.make_invoice(customer), quantity)

    def call(self, model, method, *arguments):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": {}},
        )

    def by_rpc(self, customer, quantity):
        lines = self.get_lines(quantity, "product_uom_qty")
        vals = {"partner_id": customer.id, "order_line": lines}
        (order_id,) = self.call("sale.order", "create", [vals])
        domain = [["order_id", "=", order_id]]
        names = ["product_id", "price_unit", "discount"]
        rows = self.call("sale.order.line", "search_read", domain, names)
        return {
            article: row["price_unit"] * (1 - row["discount"] / 100)
            for article, row in zip(self.articles, rows, strict=True)
        }

    def by_offer(self, customer, quantity):
        """With the rate of the tariff's currency taken out again."""
        margins = [(quantity, 500)] if quantity > 1 else []
        offer = self.prepare(customer, products=self.articles, margins=margins)
        abroad = customer.property_product_pricelist.currency_id == self.abroad
        details = offer.offer_ids.detail_ids.filtered(lambda d: d.quantity == quantity)
        return {d.product_id: d.price * (RATE if abroad else 1) for d in details}

    WAYS = (
        by_quotation,
        by_screen,
        by_catalogue,
        by_invoice,
        by_invoice_catalogue,
        by_rpc,
        by_offer,
    )

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
