from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

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

    # === AN ORDER, AS FAR AS IT HAS SOMETHING LEFT ===#

    def block(self):
        self.customer.is_blocked = True

    def assertRefused(self, note):
        """Whatever it names, the goods do not leave."""
        with self.assertRaisesRegex(ValidationError, "blocked"):
            note.action_confirm()
            for move in note.move_ids:
                move.quantity = max(move.quantity, move.product_uom_qty)
            note.button_validate()
        self.assertNotEqual(note.state, "done")

    def test_a_duplicate_of_a_note_delivers_nothing_more(self):
        note = self.deliver(self.order((self.goods, 3)))
        self.block()
        with self.assertRaisesRegex(ValidationError, "blocked"):
            note.with_user(self.packer).copy()

    def test_a_duplicate_may_deliver_what_is_left(self):
        order = self.order((self.goods, 3))
        note = self.deliver(order, 1)
        rest = order.picking_ids - note
        self.block()
        again = note.with_user(self.packer).copy()
        again.move_ids.product_uom_qty = 2
        again.action_confirm()
        again.button_validate()
        self.assertEqual(again.state, "done")
        self.assertRefused(rest)

    def test_no_more_leaves_than_was_ordered(self):
        order = self.order((self.goods, 5))
        self.block()
        note = order.picking_ids
        with self.assertRaisesRegex(ValidationError, "blocked"), self.cr.savepoint():
            with Form(note) as form, form.move_ids.edit(0) as line:
                line.quantity = 500
        note = note.with_user(self.packer)
        note.move_ids.quantity = 500
        self.assertRefused(note)

    def test_nor_is_it_added_once_the_goods_have_left(self):
        note = self.deliver(self.order((self.goods, 5)))
        self.block()
        note.is_locked = False
        with self.assertRaisesRegex(ValidationError, "blocked"), self.cr.savepoint():
            note.move_ids.move_line_ids.quantity = 500
        with self.assertRaisesRegex(ValidationError, "blocked"), self.cr.savepoint():
            self.env["stock.move.line"].create(
                {
                    "picking_id": note.id,
                    "product_id": self.goods.id,
                    "quantity": 1,
                    "location_id": note.location_id.id,
                    "location_dest_id": note.location_dest_id.id,
                }
            )
        note.move_ids.move_line_ids.quantity = 4
        self.assertEqual(note.move_ids.quantity, 4)

    def test_an_article_that_was_not_ordered_does_not_leave(self):
        order = self.order((self.goods, 5))
        self.block()
        note, other = order.picking_ids, self.make_goods("Tuercas")
        with self.assertRaisesRegex(ValidationError, "blocked"):
            note.move_ids = [
                Command.create(
                    {
                        "product_id": other.id,
                        "product_uom_qty": 1,
                        "location_id": note.location_id.id,
                        "location_dest_id": note.location_dest_id.id,
                    }
                )
            ]

    def test_links_to_others_notes_and_orders_excuse_nothing(self):
        other = self.make_customer("Otra S.A.", vat=self.OTHER_RUT)
        order = self.order((self.goods, 50), customer=other)
        note = self.deliver(order, 1)
        quotation = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.goods.id})],
            }
        )
        self.block()
        line = order.order_line
        moved = {
            "product_id": self.goods.id,
            "product_uom_qty": 1,
            "location_id": note.location_id.id,
            "location_dest_id": note.location_dest_id.id,
        }
        for vals, line_vals in (
            ({"return_id": note.id}, {}),
            ({"backorder_id": note.id}, {}),
            ({"sale_id": order.id}, {}),
            ({"sale_id": quotation.id}, {}),
            ({}, {"sale_line_id": line.id}),
            ({}, {"sale_line_id": quotation.order_line.id}),
            ({}, {"origin_returned_move_id": note.move_ids.id}),
        ):
            with self.subTest(vals=vals, line_vals=line_vals):
                with self.assertRaisesRegex(ValidationError, "blocked"):
                    made = self.make_direct_note(user=self.packer, move_ids=[], **vals)
                    made.move_ids.create({**moved, "picking_id": made.id, **line_vals})
                    made.action_confirm()
                    made.button_validate()

    def test_a_customer_cannot_be_named_afterwards(self):
        self.block()
        note = self.make_direct_note(user=self.packer, partner_id=False)
        note.button_validate()
        for record in (note, note.move_ids):
            with (
                self.assertRaisesRegex(ValidationError, "blocked"),
                self.cr.savepoint(),
            ):
                record.partner_id = self.address

    def test_nor_on_the_lines_alone(self):
        self.block()
        note = self.make_direct_note(user=self.packer, partner_id=False)
        with self.assertRaisesRegex(ValidationError, "blocked"):
            note.move_ids.partner_id = self.customer

    def test_what_was_brought_back_may_leave_again_once(self):
        note = self.deliver(self.order((self.goods, 3)))
        back = self.bring_back(note, 2)
        self.block()
        again = self.bring_back(back, 2)
        self.assertEqual(again.state, "done")
        with self.assertRaisesRegex(ValidationError, "blocked"):
            self.bring_back(back, 2)

    def test_an_order_of_dozens_is_delivered_in_pieces(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {"product_id": self.goods.id, "product_uom_id": dozen.id}
        order = self.order({**line, "product_uom_qty": 2})
        self.block()
        self.deliver(order, 12), self.deliver(order, 12)
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_all_steps_of_an_order_are_taken(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self.order((self.goods, 4))
        self.block()
        order.picking_ids.button_validate()
        order.action_deliver_note()
        self.assertEqual(order.order_line.qty_delivered, 4)

    def test_goods_of_an_order_may_be_exchanged(self):
        note = self.deliver(self.order((self.goods, 4)))
        self.block()
        wizard = self.env["stock.return.picking"].with_context(
            active_id=note.id, active_ids=note.ids, active_model="stock.picking"
        )
        wizard = wizard.create({"picking_id": note.id})
        wizard.product_return_moves.quantity = 2
        back = note.browse(wizard.action_create_exchanges()["res_id"])
        new = note.sale_id.picking_ids - note - back
        self.assertEqual(new.move_ids.product_uom_qty, 2)
        refused = self.assertRaisesRegex(ValidationError, "blocked")
        with refused, self.cr.savepoint():
            new.button_validate()
        back.move_ids.picked = True
        back._action_done()
        new.button_validate()
        self.assertEqual(new.state, "done")

    def test_goods_of_an_order_may_go_to_somebody_else(self):
        other = self.make_customer("Otra S.A.", vat=self.OTHER_RUT)
        order = self.order((self.goods, 3), partner_shipping_id=other.id)
        other.is_blocked = True
        self.block()
        self.assertEqual(self.deliver(order).state, "done")

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

    def test_a_limit_judges_what_leaves_beyond_the_order(self):
        order = self.order((self.goods, 5))
        self.customer.credit_limit = 15
        self.company.risk_delivery_action = "block"
        note = order.picking_ids
        note.move_ids.quantity = 7
        with self.assertRaisesRegex(UserError, "would owe"):
            note.button_validate()
        note.move_ids.quantity = 6
        self.assertEqual(note._get_goods_value(), 10)

    def test_a_limit_judges_what_is_added_to_goods_that_have_left(self):
        self.customer.credit_limit = 15
        self.company.risk_delivery_action = "block"
        direct = self.make_direct_note(user=self.packer)
        direct.button_validate()
        ordered = self.deliver(self.order((self.goods, 1))).with_user(self.packer)
        for note in (direct, ordered):
            note.is_locked = False
            line = note.move_ids.move_line_ids
            more = {"move_id": line.move_id.id, "quantity": 500}
            for add in (
                lambda line=line: line.write({"quantity": 500}),
                lambda line=line, more=more: line.create(more),
            ):
                with self.assertRaisesRegex(UserError, "owe"), self.cr.savepoint():
                    add()
            line.quantity = 0.5

    def test_a_limit_judges_goods_that_have_left_for_whoever_gets_them(self):
        self.customer.credit_limit = 15
        self.company.risk_delivery_action = "block"
        note = self.make_direct_note(user=self.packer, quantity=5, partner_id=False)
        note.button_validate()
        for named in (note, note.move_ids):
            with self.assertRaisesRegex(UserError, "would owe"), self.cr.savepoint():
                named.partner_id = self.contact
