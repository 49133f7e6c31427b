from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.xpyme_contacts.tests.common import assert_carried

from .common import StockCase

PRINTED = "stock.report_deliveryslip"


@tagged("post_install", "-at_install")
class TestDocumentsDeliver(StockCase):
    """*Entregar y albarán*: one press from the draft to the printed note."""

    def make_draft(self, *lines, **vals):
        return (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
                        for product, quantity in lines
                    ],
                    **vals,
                }
            )
        )

    def get_note(self, order):
        return order.sudo().picking_ids.filtered(lambda p: p._is_delivery_note())

    def test_what_is_in_stock_leaves_and_is_printed(self):
        other = self.make_goods("Tuercas")
        order = self.make_draft((self.goods, 2), (other, 3))
        action = order.action_deliver_note()
        note = self.get_note(order)
        self.assertEqual((order.state, note.state), ("sale", "done"))
        self.assertEqual(order.order_line.mapped("qty_delivered"), [2, 3])
        self.assertEqual(action["report_name"], PRINTED)
        self.assertEqual(action["context"]["active_ids"], note.ids)

    def test_a_program_is_told_too(self):
        """By then the note has left: it must not look like a failure."""
        order = self.make_draft((self.goods, 2))
        # As a client calls it: with_user() leaves a None in the context.
        order = order.with_env(self.env(user=self.salesperson.id))
        assert_carried(order.action_deliver_note())
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_who_sells_prints_what_they_deliver(self):
        """Packages and lots are Inventory's to read, and stand on the paper."""
        self.env.user.group_ids += self.env.ref("stock.group_lot_on_delivery_slip")
        self.salesperson.group_ids += self.env.ref("stock.group_lot_on_delivery_slip")
        tracked = self.make_goods("Pintura", stock=0, tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L-77", "product_id": tracked.id})
        self.env["stock.quant"]._update_available_quantity(
            tracked, self.warehouse.lot_stock_id, 5, lot_id=lot
        )
        action = self.make_draft((self.goods, 2), (tracked, 1)).action_deliver_note()
        # As the request that prints comes with nothing in the cache.
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(self.salesperson)
        ids = action["context"]["active_ids"]
        paper = reports._render_qweb_html(action["report_name"], ids)[0].decode()
        self.assertIn("Tornillos", paper)
        self.assertIn("L-77", paper)

    def test_nobody_prints_what_they_may_not_read(self):
        order = self.make_draft((self.goods, 2))
        order.action_deliver_note()
        clerk = self.make_user("clerk", "base.group_user")
        reports = self.env["ir.actions.report"].with_user(clerk)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            reports._render_qweb_html(PRINTED, self.get_note(order).ids)

    def answer(self, action, method="process"):
        """What the window of an ``action`` answers to who presses its button."""
        windows = self.env[action["res_model"]].with_user(self.salesperson)
        windows = windows.with_context(**action["context"])
        self.env.invalidate_all()
        windows.get_views([(action["view_id"], "form")])
        return getattr(windows.create({}), method)()

    def test_who_sells_answers_what_odoo_asks(self):
        answers = [
            ("process", ["done", "confirmed"]),
            ("process_cancel_backorder", ["done"]),
        ]
        for method, states in answers:
            order = self.make_draft((self.goods, 2), (self.scarce, 3))
            action = self.answer(order.action_deliver_note(), method)
            self.assertEqual(order.order_line.mapped("qty_delivered"), [2, 0])
            notes = self.get_note(order).sorted("id")
            self.assertEqual(notes.mapped("state"), states)
            self.assertEqual(action["report_name"], PRINTED)
            self.assertEqual(action["context"]["active_ids"], notes[:1].ids)

    def test_with_the_answer_the_next_steps_go_on(self):
        """Each asks for itself, and all that has left is printed at the end."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self.make_draft((self.goods, 5), (self.scarce, 3))
        order.action_confirm()
        move = order.sudo().picking_ids.move_ids.sorted("id")[0]
        move.write({"quantity": 2, "picked": True})
        action = self.answer(order.action_deliver_note())
        self.assertEqual(order.order_line.mapped("qty_delivered"), [2, 0])
        self.assertEqual(action["context"]["active_ids"], self.get_note(order).ids)
        # The answer about the first step was none about the others.
        second = self.answer(order.action_deliver_note())
        self.assertEqual(order.order_line.mapped("qty_delivered"), [5, 0])
        self.assertEqual(second["report_name"], PRINTED)

    def test_what_is_not_in_stock_makes_odoo_ask(self):
        order = self.make_draft((self.goods, 2), (self.scarce, 3))
        action = order.action_deliver_note()
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.get_note(order).state, "assigned")
        order = self.make_draft((self.scarce, 3))
        with self.assertRaises(UserError):
            order.action_deliver_note()

    def test_the_company_may_deliver_whatever_the_stock_says(self):
        self.company.delivers_unreserved = True
        order = self.make_draft((self.scarce, 3))
        action = order.action_deliver_note()
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(action["report_name"], PRINTED)

    def test_what_was_counted_leaves_whatever_the_company_may(self):
        self.company.delivers_unreserved = True
        order = self.make_draft((self.goods, 5), (self.scarce, 2))
        order.action_confirm()
        moves = self.get_note(order).with_user(self.packer).move_ids.sorted("id")
        moves[0].write({"quantity": 3, "picked": True})
        self.answer(order.action_deliver_note())
        self.assertEqual(order.order_line.mapped("qty_delivered"), [3, 0])
        order.action_deliver_note()
        self.assertEqual(order.order_line.mapped("qty_delivered"), [5, 2])

    def test_what_nobody_wanted_is_taken_out(self):
        order = self.make_draft((self.goods, 2), (self.scarce, 0))
        order.action_deliver_note()
        self.assertEqual(order.order_line.product_id, self.goods)

    def test_pressed_again_there_is_nothing_left(self):
        order = self.make_draft((self.goods, 2))
        order.action_deliver_note()
        with self.assertRaisesRegex(UserError, "Nothing of this order"):
            order.action_deliver_note()

    def test_a_service_has_no_note(self):
        service = self.make_article("Afilado", 5, self.net_tax, type="service")
        with self.assertRaisesRegex(UserError, "Nothing of this order"):
            self.make_draft((service, 1)).action_deliver_note()

    def test_the_rest_leaves_with_the_next_press(self):
        order = self.make_draft((self.goods, 5))
        order.action_confirm()
        self.deliver(order.sudo(), 2)
        action = order.action_deliver_note()
        [_first, second] = self.get_note(order).sorted("id")
        self.assertEqual(action["context"]["active_ids"], second.ids)
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_what_is_missing_waits_where_odoo_does_not_ask(self):
        for answer, states in (("always", ["done", "confirmed"]), ("never", ["done"])):
            self.warehouse.out_type_id.create_backorder = answer
            order = self.make_draft((self.goods, 2), (self.scarce, 3))
            action = order.action_deliver_note()
            self.assertEqual(order.order_line.mapped("qty_delivered"), [2, 0])
            notes = self.get_note(order).sorted("id")
            self.assertEqual(notes.mapped("state"), states)
            self.assertEqual(action["context"]["active_ids"], notes[:1].ids)

    def test_what_one_press_leaves_behind_is_of_the_next_one(self):
        """It was counted so, whatever is in stock."""
        self.warehouse.out_type_id.create_backorder = "always"
        order = self.make_draft((self.goods, 5))
        order.action_confirm()
        move = self.get_note(order).move_ids
        move.write({"quantity": 3, "picked": True})
        order.action_deliver_note()
        self.assertEqual(order.order_line.qty_delivered, 3)
        order.action_deliver_note()
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_what_is_missing_at_the_first_step_stops_no_other(self):
        self.warehouse.delivery_steps = "pick_ship"
        kinds = self.warehouse.pick_type_id | self.warehouse.out_type_id
        kinds.create_backorder = "always"
        order = self.make_draft((self.goods, 2), (self.scarce, 3))
        action = order.action_deliver_note()
        self.assertEqual(order.order_line.mapped("qty_delivered"), [2, 0])
        self.assertEqual(action["report_name"], PRINTED)
        with self.assertRaises(UserError):
            order.action_deliver_note()

    def test_what_came_back_is_put_away_by_who_moves_it(self):
        self.warehouse.reception_steps = "two_steps"
        order = self.make_draft((self.goods, 5))
        order.action_confirm()
        self.bring_back(self.deliver(order.sudo(), 4), 1)
        order.action_deliver_note()
        self.assertEqual(order.order_line.qty_delivered, 4)
        with self.assertRaisesRegex(UserError, "Nothing of this order"):
            order.action_deliver_note()
        notes = order.sudo().picking_ids
        [put_away] = notes.filtered(lambda p: p.picking_type_code == "internal")
        self.assertEqual(put_away.state, "assigned")

    def test_a_lot_is_asked_for_by_odoo(self):
        lots = self.make_goods("Pintura", stock=0, tracking="lot")
        self.company.delivers_unreserved = True
        order = self.make_draft((lots, 1))
        with self.assertRaisesRegex(UserError, "Lot|lote"):
            order.action_deliver_note()

    def test_of_three_steps_the_last_one_is_the_note(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self.make_draft((self.goods, 2))
        action = order.action_deliver_note()
        note = self.get_note(order)
        self.assertEqual(len(order.sudo().picking_ids), 3)
        self.assertEqual(note.state, "done")
        self.assertEqual(action["context"]["active_ids"], note.ids)
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_what_odoo_prints_by_itself_is_printed_once(self):
        self.warehouse.out_type_id.auto_print_delivery_slip = True
        action = self.make_draft((self.goods, 2)).action_deliver_note()
        [report] = action["params"]["reports"]
        self.assertEqual(report["report_name"], PRINTED)

    def test_a_limit_asks_first_and_then_it_goes_on(self):
        self.customer.credit_limit = 15
        self.company.risk_order_action = "ask"
        order = self.make_draft((self.goods, 2)).with_context(risk_interactive=True)
        action = order.action_deliver_note()
        self.assertEqual(order.state, "draft")
        wizard = self.env[action["res_model"]].with_user(self.salesperson)
        answer = wizard.with_context(**action["context"]).create({}).action_accept()
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(answer["report_name"], PRINTED)

    def test_a_limit_that_blocks_stops_it(self):
        self.customer.credit_limit = 15
        self.company.risk_order_action = "block"
        order = self.make_draft((self.goods, 2)).with_context(risk_interactive=True)
        with self.assertRaisesRegex(UserError, "would owe"):
            order.action_deliver_note()
        self.assertFalse(order.picking_ids)
