from odoo import Command
from odoo.tests import Form, tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestDocumentsFreight(StockCase):
    """Freight costs 4, and this customer pays 6 at least."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier = cls.make_carrier(price=4)
        cls.make_price(cls.carrier.product_id, min_price=6)
        cls.manager = cls.make_user("manager", "sales_team.group_sale_manager")
        cls.customer.property_delivery_carrier_id = cls.carrier

    def make_quotation(self, user=None, quantity=1):
        orders = self.env["sale.order"].with_user(user or self.salesperson)
        line = {"product_id": self.goods.id, "product_uom_qty": quantity}
        return orders.create(
            {"partner_id": self.customer.id, "order_line": [(0, 0, line)]}
        )

    def add_freight(self, order):
        """As Odoo's window does; what it shows, and the line."""
        action = order.action_open_delivery_wizard()
        wizard = self.env[action["res_model"]].with_user(order.env.user)
        wizard = wizard.with_context(**action["context"]).create({})
        wizard._get_delivery_rate()
        shown = wizard.delivery_price, wizard.display_price
        wizard.button_confirm()
        return shown, order.order_line.filtered("is_delivery")

    def test_a_rate_under_the_minimum_is_raised_and_shown_so(self):
        shown, line = self.add_freight(self.make_quotation())
        self.assertEqual(shown, (6, 6))
        self.assertEqual(line.price_unit, 6)

    def test_a_rate_over_it_stays(self):
        self.carrier.fixed_price = 9
        shown, line = self.add_freight(self.make_quotation())
        self.assertEqual((*shown, line.price_unit), (9, 9, 9))

    def test_free_freight_stays_free(self):
        self.carrier.write({"free_over": True, "amount": 10})
        order = self.make_quotation(quantity=2)
        shown, line = self.add_freight(order)
        self.assertEqual((shown[0], line.price_unit), (0, 0))
        line.name = "Sin portes"
        order.action_confirm()
        self.assertEqual(line.price_unit, 0)

    def test_free_freight_of_another_quantity_stays_free(self):
        self.carrier.write({"free_over": True, "amount": 10})
        _shown, line = self.add_freight(self.make_quotation(quantity=2))
        line.product_uom_qty = 2
        self.assertEqual(line.price_unit, 0)

    def test_what_is_free_no_more_is_raised_before_it_is_sent(self):
        self.carrier.write({"free_over": True, "amount": 100})
        for send in ("action_quotation_send", "action_quotation_sent"):
            order = self.make_quotation(quantity=20)
            _shown, line = self.add_freight(order)
            (order.order_line - line).product_uom_qty = 1
            getattr(order, send)()
            self.assertEqual(line.price_unit, 6)
            order.action_confirm()
            self.assertEqual(line.price_unit, 6)

    def test_what_was_sent_free_is_told(self):
        self.carrier.write({"free_over": True, "amount": 100})
        order = self.make_quotation(quantity=20)
        _shown, line = self.add_freight(order)
        order.action_quotation_sent()
        (order.order_line - line).product_uom_qty = 1
        order.action_confirm()
        self.assertEqual(line.price_unit, 0)
        self.assertIn("minimum price", "".join(order.message_ids.mapped("body")))

    def test_another_quantity_costs_no_less(self):
        """Odoo takes the list price then, which is 4."""
        for user in (self.salesperson, self.manager):
            order = self.make_quotation(user)
            _shown, line = self.add_freight(order)
            prices = []
            for quantity in (2, 1):
                line.product_uom_qty = quantity
                prices.append(line.price_unit)
            order.action_quotation_sent()
            order.action_confirm()
            line.product_uom_qty = 3
            self.assertEqual([*prices, line.price_unit], [6, 6, 6])

    def test_so_it_is_in_the_form(self):
        order = self.make_quotation(self.manager)
        _shown, line = self.add_freight(order)
        with Form(order) as form, form.order_line.edit(1) as row:
            row.product_uom_qty = 2
            self.assertEqual(row.price_unit, 6)
        self.assertEqual(line.price_unit, 6)

    def test_a_part_of_it_costs_no_less_than_the_whole(self):
        order = self.make_quotation()
        _shown, line = self.add_freight(order)
        line.product_uom_qty = 0.01
        self.assertAlmostEqual(line.price_subtotal, 6)
        line.write({"product_uom_qty": 1, "price_unit": 8})
        line.product_uom_qty = 0.5
        self.assertAlmostEqual(line.price_subtotal, 6)
        order.action_confirm()
        self.assertAlmostEqual(line.price_subtotal, 6)

    def test_who_does_not_go_there_is_not_free(self):
        order = self.make_quotation()
        _shown, line = self.add_freight(order)
        self.carrier.country_ids = self.env.ref("base.fr")
        line.price_unit = 0
        self.assertEqual(line.price_unit, 6)

    def test_what_no_rule_prices_is_not_free(self):
        limit = {"variable": "quantity", "operator": "<=", "max_value": 5}
        rules = [Command.create({**limit, "list_base_price": 4})]
        self.carrier.write({"delivery_type": "base_on_rule", "price_rule_ids": rules})
        order = self.make_quotation()
        _shown, line = self.add_freight(order)
        self.assertEqual(line.price_unit, 6)
        (order.order_line - line).product_uom_qty = 9
        line.price_unit = 0
        self.assertEqual(line.price_unit, 6)

    def test_nobody_makes_it_free_by_hand(self):
        _shown, line = self.add_freight(self.make_quotation())
        line.price_unit = 0
        self.assertEqual(line.price_unit, 6)

    def test_less_that_is_typed_is_raised_and_told(self):
        order = self.make_quotation()
        _shown, line = self.add_freight(order)
        line.price_unit = 3
        self.assertEqual(line.price_unit, 6)
        self.assertIn("minimum price", order.message_ids[0].body)

    def test_a_sales_manager_may_insist(self):
        order = self.make_quotation(self.manager)
        _shown, line = self.add_freight(order)
        line.price_unit = 3
        order.action_confirm()
        self.assertEqual(line.price_unit, 3)

    def test_the_real_cost_is_raised_too(self):
        self.carrier.invoice_policy = "real"
        for user in (self.salesperson, self.manager):
            order = self.make_quotation(user)
            _shown, line = self.add_freight(order)
            self.assertEqual(line.price_unit, 0)
            order.action_confirm()
            note = order.sudo().picking_ids.with_user(user)
            note.carrier_price = 4
            note._add_delivery_cost_to_so()
            self.assertEqual(line.price_unit, 6)
