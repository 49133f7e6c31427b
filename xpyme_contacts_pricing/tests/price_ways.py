from odoo import Command
from odoo.tests import Form, HttpCase

from odoo.addons.xpyme_contacts.tests.offer_common import OfferCase

from .common import PriceCase

RATE = 2


class PriceWaysCase(PriceCase, OfferCase, HttpCase):
    """The ways in which a price comes into the world, in the company ``shop``.

    Each answers ``{article: price}``: what is paid for a unit after the discount, in
    the document's currency; an offer's is brought to it.
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
        cls.shop = cls.env.company
        cls.abroad = cls.make_currency(RATE)
        cls.articles = cls.net_article | cls.taxed_article
        cls.user = cls.make_user(
            "ventas", "sales_team.group_sale_manager,account.group_account_invoice"
        )

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
        order = self.make_order_of(customer, order_line=lines)
        return self.get_nets(order.order_line)

    def make_order_of(self, customer, **vals):
        return self.make_sale(customer=customer, company_id=self.shop.id, **vals)

    def by_screen(self, customer, quantity):
        found = {}
        with Form(self.env["sale.order"].with_company(self.shop)) as form:
            form.partner_id = customer
            for article in self.articles:
                with form.order_line.new() as line:
                    line.product_id = article
                    line.product_uom_qty = quantity
                    found |= self.get_nets([line])
        return found

    def by_catalogue(self, customer, quantity):
        order = self.make_order_of(customer)
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
                "company_id": self.shop.id,
                "currency_id": self.get_pricelist(customer).currency_id.id,
                **vals,
            }
        )

    def get_pricelist(self, customer):
        return customer.with_company(self.shop).property_product_pricelist

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
        vals = {"partner_id": customer.id, "company_id": self.shop.id}
        vals["order_line"] = lines
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
        # What an offer costs, whoever may be sent one.
        self.shop.sudo().offer_basis_required = False
        vals = {"products": self.articles, "company_id": self.shop.id}
        card = customer.commercial_partner_id
        offer = self.prepare(card, margins=margins, **vals)
        abroad = self.get_pricelist(customer).currency_id == self.abroad
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
