from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .common import PriceCase

URL = "/sale/product_configurator/"


@tagged("post_install", "-at_install")
class TestPriceConfigurator(PriceCase, HttpCase):
    """The window of an article with variants shows what the line will cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        colour = cls.env["product.attribute"].create(
            {
                "name": "Color",
                "value_ids": [Command.create({"name": n}) for n in ("Rojo", "Azul")],
            }
        )
        cls.pen = cls.env["product.template"].create(
            {
                "name": "Bolígrafo",
                "list_price": 50,
                "taxes_id": [Command.set(cls.included_tax.ids)],
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": colour.id,
                            "value_ids": [Command.set(colour.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        cls.red, cls.blue = cls.pen.product_variant_ids
        cls.make_price(cls.red, pvp_1=24.2)
        cls.customer.customer_discount_ids = [
            Command.create({"name": "Feria", "percent": 5}),
            Command.create({"name": "Obra", "percent": 10}),
        ]
        cls.make_user("ventas", "sales_team.group_sale_salesman")

    def setUp(self):
        super().setUp()
        self.authenticate("ventas", "ventas")

    def ask(self, product, route="get_values", **terms):
        values = product.product_template_attribute_value_ids.ids
        found = self.make_jsonrpc_request(
            URL + route,
            {
                "product_template_id": self.pen.id,
                "ptav_ids": values,
                "quantity": 1,
                "currency_id": self.env.company.currency_id.id,
                "so_date": "2026-06-01T10:00:00",
                "product_uom_id": self.pen.uom_id.id,
                "company_id": self.env.company.id,
                "pricelist_id": self.tariff_1.id,
                **terms,
            },
        )
        return found["products"][0]["price"] if "products" in found else found["price"]

    def test_the_customers_price_is_shown(self):
        for route in ("get_values", "update_combination"):
            terms = {"customer_id": self.customer.id}
            self.assertAlmostEqual(self.ask(self.red, route, **terms), 24.2)
            self.assertAlmostEqual(self.ask(self.blue, route, **terms), 50)
            self.assertAlmostEqual(self.ask(self.red, route), 50)

    def test_with_the_orders_discount_and_fiscal_position(self):
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        self.make_tax(
            "0",
            0,
            fiscal_position_ids=[Command.link(position.id)],
            original_tax_ids=[Command.link(self.included_tax.id)],
        )
        order = self.make_sale(
            self.red,
            customer_discount_id=self.customer.customer_discount_ids[1].id,
            fiscal_position_id=position.id,
        )
        shown = self.ask(
            self.red,
            customer_id=self.customer.id,
            customer_discount_id=order.customer_discount_id.id,
            fiscal_position_id=position.id,
        )
        self.assertAlmostEqual(shown, 18)
        self.assertAlmostEqual(order.order_line._get_net_price(), shown)

    def test_anothers_discount_gives_nothing(self):
        other = self.make_customer("Otra", vat=False)
        found = self.ask(
            self.red,
            customer_id=other.id,
            customer_discount_id=self.customer.customer_discount_ids[0].id,
        )
        self.assertAlmostEqual(found, 50)

    def test_nobody_asks_for_another_companys_customer(self):
        company = self.env["res.company"].create({"name": "Ajena"})
        own = self.make_customer("Ajeno", vat=False, company_id=company.id)
        refused = self.assertRaisesRegex(JsonRpcException, "AccessError")
        with mute_logger("odoo.http"), refused:
            self.ask(self.red, customer_id=own.id)
