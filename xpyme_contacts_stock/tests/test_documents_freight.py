from odoo.tests import tagged

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
