from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestNotesDirect(StockCase):
    """Goods that leave without an order are a sale of their own."""

    def test_none_is_made_for_a_customer_on_baja(self):
        self.customer.is_blocked = True
        for partner in (self.customer, self.contact, self.address):
            with self.assertRaisesRegex(ValidationError, "blocked"):
                self.make_direct_note(partner, user=self.packer)

    def test_none_is_given_to_a_customer_on_baja(self):
        other = self.make_customer("Otra S.A.", vat=self.OTHER_RUT, is_blocked=True)
        note = self.make_direct_note(user=self.packer)
        with self.assertRaisesRegex(ValidationError, "blocked"):
            note.partner_id = other

    def test_none_is_validated_after_baja(self):
        note = self.make_direct_note(user=self.packer)
        note.action_confirm()
        self.customer.is_blocked = True
        with self.assertRaisesRegex(ValidationError, "blocked"):
            note.button_validate()
        note.action_cancel()
        self.assertEqual(note.state, "cancel")

    def test_an_order_confirmed_before_baja_is_delivered_to_its_end(self):
        order = self.order((self.goods, 3))
        self.customer.is_blocked = True
        self.deliver(order, 1)
        note = self.deliver(order)
        self.assertEqual(order.order_line.qty_delivered, 3)
        back = self.bring_back(note, 1)
        self.assertEqual(back.state, "done")

    def test_goods_come_back_from_a_customer_on_baja(self):
        note = self.make_direct_note(user=self.packer)
        note.button_validate()
        self.customer.is_blocked = True
        back = self.bring_back(note, 1)
        self.assertEqual(back.state, "done")

    def test_a_supplier_on_baja_gets_his_goods_back(self):
        self.customer.is_blocked = True
        suppliers = self.env.ref("stock.stock_location_suppliers")
        self.env["stock.picking"].create(
            {
                "partner_id": self.customer.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": suppliers.id,
            }
        )

    def test_the_customers_carrier_brings_it(self):
        carrier, other = self.make_carrier(), self.make_carrier("Otro")
        self.customer.property_delivery_carrier_id = carrier
        note = self.make_direct_note(self.address, user=self.packer)
        self.assertEqual(note.carrier_id, carrier)
        note.carrier_id = other
        note.action_confirm()
        self.assertEqual(note.carrier_id, other)

    # === NOTICES ===#

    def test_whoever_packs_is_told_of_a_defaulter(self):
        self.customer.is_defaulter = True
        order = self.order()
        for note in (order.picking_ids, self.make_direct_note()):
            note = note.with_user(self.packer)
            self.assertIn("Pinturas Sol", note.customer_notice)
            self.assertEqual(note.customer_notice_level, "danger")

    def test_what_comes_in_tells_nothing(self):
        self.customer.is_defaulter = True
        note = self.deliver(self.order())
        self.assertFalse(self.bring_back(note, 1).customer_notice)

    # === RISK ===#

    def test_goods_are_worth_what_the_customer_pays(self):
        self.goods.taxes_id = self.net_tax
        self.make_price(self.goods, price_1=7)
        note = self.make_direct_note(quantity=3)
        self.assertAlmostEqual(note._get_goods_value(), 25.41)

    def test_a_limit_may_stop_a_direct_note(self):
        self.customer.credit_limit = 15
        self.company.risk_delivery_action = "block"
        self.make_direct_note(quantity=1, user=self.packer).button_validate()
        note = self.make_direct_note(quantity=2, user=self.packer)
        with self.assertRaisesRegex(UserError, "would owe"):
            note.button_validate()

    def test_a_limit_may_ask_about_a_direct_note(self):
        self.customer.credit_limit = 15
        self.company.risk_delivery_action = "ask"
        note = self.make_direct_note(quantity=2, user=self.shopkeeper)
        note = note.with_context(risk_interactive=True)
        action = note.button_validate()
        wizard = self.env[action["res_model"]].with_user(self.shopkeeper)
        wizard.with_context(**action["context"]).create({}).action_accept()
        self.assertEqual(note.state, "done")

    def test_no_limit_stops_what_was_ordered(self):
        order = self.order((self.goods, 100))
        self.customer.credit_limit = 15
        self.company.risk_delivery_action = "block"
        self.assertEqual(self.deliver(order).state, "done")
