from odoo.tests import Form, tagged

from .common import PriceCase


@tagged("post_install", "-at_install")
class TestPriceFloor(PriceCase):
    """Nothing is sold under a customer's minimum without his seller being told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.manager = cls.make_user("jefa", "sales_team.group_sale_manager")

    def make_order(self, *lines, **vals):
        """A salesperson's order."""
        order = self.make_sale(*lines, user_id=self.salesperson.id, **vals)
        return order.with_user(self.salesperson)

    # --- combos

    def make_combo(self):
        """A menu of 60 for everybody, with one article; and its special price of 50."""
        combo = self.env["product.combo"].create(
            {"name": "Plato", "combo_item_ids": [(0, 0, self._item(self.net_article))]}
        )
        menu = self.make_article(
            "Menu", 60, self.net_tax, type="combo", combo_ids=[(6, 0, combo.ids)]
        )
        self.make_price(menu, price_1=50, min_price=45)
        return menu

    @staticmethod
    def _item(product):
        return {"product_id": product.id}

    def sell_combo(self, menu, **vals):
        order = self.make_order({"product_id": menu.id, **vals})
        item = menu.combo_ids.combo_item_ids
        line = {**self._item(item.product_id), "combo_item_id": item.id}
        line["linked_line_id"] = order.order_line.id
        order.order_line = [(0, 0, line)]
        return order

    def test_a_combo_is_charged_once_whatever_minimum_it_has(self):
        order = self.sell_combo(self.make_combo())
        self.assertEqual(order.amount_untaxed, 50)
        order.action_update_prices()
        self.assertEqual(order.order_line.mapped("price_unit"), [0, 50])
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 2
        order.order_line[1].product_uom_qty = 2
        order.order_line[0].discount = 10
        self.assertEqual(order.order_line.mapped("price_unit"), [0, 50])

    def test_a_combo_sent_along_with_its_price_is_automatic(self):
        order = self.sell_combo(self.make_combo(), price_unit=0)
        self.assertFalse(order.order_line._get_typed_lines())
        order.action_update_prices()
        self.assertEqual(order.amount_untaxed, 50)
