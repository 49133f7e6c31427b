from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.customer import delivery_note
from .common import StockCase


@tagged("post_install", "-at_install")
class TestCustomerNote(StockCase):
    """*Albarán [H]*: a draft that begins with the customer's special prices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_price(cls.goods, price_1=9.2, price_2=8.5)

    def begin(self, user=None):
        customer = self.customer.with_user(user or self.salesperson)
        return customer.action_create_delivery_note()

    def get_order(self, action):
        action = action.get("params", {}).get("next", action)
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_it_has_a_line_for_each_price_and_names_who_is_left_out(self):
        old = self.make_goods("Descatalogado", active=False)
        carrier = self.make_carrier()
        self.make_price(old, price_1=3)
        self.make_price(carrier.product_id, min_price=6)
        action = self.begin()
        order = self.get_order(action)
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.user_id, self.salesperson)
        [line] = order.order_line
        self.assertEqual((line.product_id, line.product_uom_qty), (self.goods, 1))
        self.assertAlmostEqual(line.price_unit, 9.2)
        for name in ("Descatalogado", "Portes Transportes Ter"):
            self.assertIn(name, action["params"]["message"])
            self.assertIn(name, order.message_ids[0].body)

    def test_an_article_with_a_discount_of_its_own_is_in_it(self):
        self.make_price(self.scarce, special_discount=3)
        order = self.get_order(self.begin())
        line = order.order_line.filtered(lambda li: li.product_id == self.scarce)
        self.assertEqual((line.price_unit, line.discount), (10, 3))

    def test_nothing_to_begin_with_is_said(self):
        self.customer.customer_price_ids.unlink()
        with self.assertRaisesRegex(UserError, "no special prices"):
            self.begin()

    def test_when_all_are_left_out_they_are_named(self):
        self.goods.sale_ok = False
        with self.assertRaisesRegex(UserError, "Tornillos"):
            self.begin()

    def test_nobody_makes_one_for_a_customer_on_baja(self):
        self.customer.is_blocked = True
        with self.assertRaisesRegex(ValidationError, "blocked"):
            self.begin()
        choice = self.env["xpyme.delivery.note.choice"].with_user(self.salesperson)
        choice = choice.create({"partner_id": self.customer.id})
        with self.assertRaisesRegex(ValidationError, "blocked"):
            choice.action_create_delivery_note()

    def test_the_price_is_that_of_the_tariff_and_follows_it(self):
        self.customer.specific_property_product_pricelist = self.tariff_2
        order = self.get_order(self.begin())
        self.assertAlmostEqual(order.order_line.price_unit, 8.5)
        order.pricelist_id = self.tariff_1
        order.action_update_prices()
        self.assertAlmostEqual(order.order_line.price_unit, 9.2)

    def test_the_company_may_begin_without_quantities(self):
        self.company.delivery_note_quantity = "zero"
        order = self.get_order(self.begin())
        self.assertEqual(order.order_line.product_uom_qty, 0)

    def test_warehouse_and_carrier_are_the_customers(self):
        own, carrier = self.make_warehouse("OWN"), self.make_carrier()
        self.customer.sale_warehouse_id = own
        self.customer.property_delivery_carrier_id = carrier
        order = self.get_order(self.begin())
        self.assertEqual((order.warehouse_id, order.carrier_id), (own, carrier))

    def test_from_a_contact_it_is_the_customers(self):
        contact = self.contact.with_user(self.salesperson)
        order = self.get_order(contact.action_create_delivery_note())
        self.assertEqual(order.partner_id, self.customer)

    # === VERY MANY ===#

    def choose(self, user=None):
        self.startPatcher(patch.object(delivery_note, "_MANY", 1))
        self.make_price(self.scarce, price_1=5)
        action = self.begin(user)
        model = self.env[action["res_model"]].with_user(user or self.salesperson)
        return Form(model.with_context(**action["context"]))

    def test_of_very_many_some_are_chosen_by_family(self):
        self.scarce.categ_id = self.subfamily
        form = self.choose()
        self.assertEqual(form.article_count, 2)
        form.categ_ids.add(self.family)
        self.assertEqual(form.article_count, 1)
        order = self.get_order(form.save().action_create_delivery_note())
        self.assertEqual(order.order_line.product_id, self.scarce)

    def test_or_by_what_was_bought_lately(self):
        self.order((self.goods, 1))
        form = self.choose()
        form.bought_since = date.today() - timedelta(days=2)
        order = self.get_order(form.save().action_create_delivery_note())
        self.assertEqual(order.order_line.product_id, self.goods)

    def test_a_technician_who_sells_makes_few_or_many(self):
        """It is an order, which is no part of the customer's file."""
        mark = "xpyme_contacts.group_service_technician"
        technician = self.make_user(
            "technician", f"sales_team.group_sale_salesman,{mark}"
        )
        few = self.get_order(self.begin(technician))
        self.assertEqual(few.order_line.product_id, self.goods)
        many = self.choose(technician).save().action_create_delivery_note()
        self.assertEqual(len(self.get_order(many).order_line), 2)

    def test_a_choice_of_none_is_said(self):
        """The customer has special prices: none of them is of this choice."""
        form = self.choose()
        form.bought_since = date.today() - timedelta(days=2)
        with self.assertRaisesRegex(UserError, "choose other families"):
            form.save().action_create_delivery_note()
        self.customer.customer_price_ids.unlink()
        choice = self.env["xpyme.delivery.note.choice"].with_user(self.salesperson)
        choice = choice.create({"partner_id": self.customer.id})
        with self.assertRaisesRegex(UserError, "no special prices"):
            choice.action_create_delivery_note()

    def test_many_articles_take_no_more_statements(self):
        def count(number):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.customer._get_prices_to_deliver()[:number]._filter_deliverable()
            return self.cr.sql_log_count - before

        for number in range(10):
            self.make_price(self.make_goods(f"Arandela {number}"), price_1=1)
        self.env.flush_all()
        self.assertEqual(count(2), count(10))
