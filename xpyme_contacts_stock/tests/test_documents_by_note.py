from odoo.exceptions import UserError
from odoo.tests import tagged

from .note_common import NoteCase


@tagged("post_install", "-at_install")
class TestDocumentsByNote(NoteCase):
    """*AlbxFra*: each delivery note has an invoice of its own."""

    # === EACH NOTE ===#

    def test_each_note_has_an_invoice_with_its_quantity_and_its_name(self):
        order, notes = self.make_delivered(4, 6)
        invoices = self.invoice(order)
        self.assertEqual(self.get_quantities(invoices), [4, 6])
        for invoice, note in zip(invoices, notes, strict=True):
            self.assertEqual(invoice.picking_ids, note)
            self.assertEqual(note.invoice_ids, invoice)
            self.assertEqual(invoice.invoice_origin, f"{order.name}, {note.name}")
        self.assertEqual(order.invoice_status, "invoiced")
        with self.assertRaises(UserError):
            self.invoice(order)
        self.assertEqual(order.invoice_count, 2)

    def test_a_note_is_invoiced_when_the_next_has_not_left(self):
        order, _notes = self.make_delivered(4)
        self.assertEqual(self.get_quantities(self.invoice(order)), [4])
        with self.assertRaises(UserError):
            self.invoice(order)
        self.deliver(order)
        self.assertEqual(self.get_quantities(self.invoice(order)), [6])

    def test_several_orders_and_ways_in_one_go(self):
        apart = self.env["sale.order"].union(
            *(self.make_delivered(1, ordered=1)[0] for _n in range(3))
        )
        self.assertEqual(len(self.invoice(apart)), 3)
        mixed, _notes = self.make_delivered(1, 2, ordered=3)
        for _n in range(3):
            mixed |= self.make_delivered(1, ordered=1, customer=self.grouped)[0]
        invoices = self.invoice(mixed)
        self.assertEqual(len(invoices), 3)
        by_customer = invoices.grouped("commercial_partner_id")
        self.assertEqual(len(by_customer[self.grouped]), 1)

    def test_services_go_with_the_first_note(self):
        service = self.make_article("Corte", 7, self.net_tax, type="service")
        service.invoice_policy = "order"
        order = self.order((self.goods, 10), (service, 1))
        self.deliver(order, 4), self.deliver(order, 6)
        invoices = self.invoice(order)
        self.assertEqual(self.get_quantities(invoices, service), [1, 0])
        self.assertEqual(self.get_quantities(invoices), [4, 6])

    def test_services_wait_for_the_first_note(self):
        service = self.make_article("Corte", 7, self.net_tax, type="service")
        service.invoice_policy = "order"
        order = self.order((self.goods, 10), (service, 1))
        with self.assertRaises(UserError):
            self.invoice(order)
        alone = self.order((service, 2))
        self.assertEqual(self.get_quantities(self.invoice(alone), service), [2])

    def test_headings_stand_over_what_is_invoiced(self):
        lines = [
            {"display_type": "line_section", "name": "Hierro"},
            {"product_id": self.goods.id, "product_uom_qty": 1},
            {"display_type": "line_section", "name": "Madera"},
            {"product_id": self.scarce.id, "product_uom_qty": 1},
        ]
        order = self.order(*lines)
        self.deliver(order, 1, 0)
        [invoice] = self.invoice(order)
        self.assertEqual(invoice.invoice_line_ids.mapped("name")[0], "Hierro")
        self.assertNotIn("Madera", invoice.invoice_line_ids.mapped("name"))

    def test_dozens_stay_dozens(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = {"product_id": self.goods.id, "product_uom_id": dozen.id}
        order = self.order({**line, "product_uom_qty": 2})
        self.deliver(order, 12), self.deliver(order, 12)
        invoices = self.invoice(order)
        self.assertEqual(self.get_quantities(invoices), [1, 1])
        self.assertEqual(invoices.invoice_line_ids.product_uom_id, dozen)

    def test_what_is_invoiced_when_ordered_waits_for_its_note(self):
        self.goods.invoice_policy = "order"
        order = self.order((self.goods, 5))
        with self.assertRaises(UserError):
            self.invoice(order)
        self.deliver(order, 2)
        first = self.invoice(order)
        self.assertEqual(self.get_quantities(first), [2])
        note = self.deliver(order, 3)
        second = self.invoice(order)
        self.assertEqual(self.get_quantities(second), [3])
        self.assertEqual(second.picking_ids, note)

    def test_so_does_what_waits_in_two_series(self):
        self.goods.invoice_policy = "order"
        series = self.journal.copy({"name": "Serie B", "code": "SB"})
        orders = self.order((self.goods, 5))
        orders |= self.order((self.goods, 5), journal_id=series.id)
        with self.assertRaises(UserError):
            self.invoice(orders)

    def test_of_three_steps_only_the_last_is_a_note(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self.order((self.goods, 4))
        first = order.picking_ids
        first.button_validate()
        with self.assertRaises(UserError):
            self.invoice(order)
        order.action_deliver_note()
        [invoice] = self.invoice(order)
        self.assertEqual(self.get_quantities(invoice), [4])
        self.assertTrue(invoice.picking_ids._is_delivery_note())

    # === INVOICES THAT GO AWAY ===#

    def test_the_note_of_a_deleted_draft_is_to_be_invoiced_again(self):
        order, notes = self.make_delivered(4, 6)
        self.invoice(order)[0].unlink()
        again = self.invoice(order)
        self.assertEqual(self.get_quantities(again), [4])
        self.assertEqual(again.picking_ids, notes[0])

    def test_so_is_that_of_a_cancelled_one(self):
        order, notes = self.make_delivered(4, 6)
        self.invoice(order)[1].button_cancel()
        again = self.invoice(order)
        self.assertEqual(self.get_quantities(again), [6])
        self.assertEqual(again.picking_ids, notes[1])

    def test_so_is_that_of_one_taken_back(self):
        order, notes = self.make_delivered(4, 6)
        invoices = self.invoice(order)
        self.post(invoices)
        credit = self.reverse(invoices[0])
        self.post(credit)
        self.assertEqual(invoices[0].payment_state, "reversed")
        again = self.invoice(order)
        self.assertEqual(self.get_quantities(again), [4])
        self.assertEqual(again.picking_ids, notes[0])

    def test_what_left_after_a_whole_note_came_back_is_of_its_own_note(self):
        order, [note] = self.make_delivered(3)
        invoice = self.invoice(order)
        self.post(invoice)
        self.bring_back(note, 3)
        credit = self.invoice(order)
        self.post(credit)
        lines = (credit.line_ids | invoice.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()
        new = self.deliver(order, 2)
        again = self.invoice(order)
        self.assertEqual(self.get_quantities(again), [2])
        self.assertEqual(again.picking_ids, new)

    def test_what_was_invoiced_by_hand_is_not_invoiced_twice(self):
        order, _notes = self.make_delivered(4, 6)
        invoice = self.invoice(order)[0]
        invoice.invoice_line_ids.quantity = 1
        rest = self.invoice(order)
        self.assertEqual(self.get_quantities(rest), [3])

    def test_whoever_asks_for_one_for_each_order_gets_it(self):
        order, notes = self.make_delivered(4, 6)
        invoice = order._create_invoices(grouped=True)
        self.assertEqual(self.get_quantities(invoice), [10])
        self.assertEqual(len(invoice.picking_ids), len(notes))

    # === DOWN PAYMENTS ===#

    def test_a_down_payment_goes_with_the_first_note_that_covers_it(self):
        order = self.order((self.goods, 10))
        self.pay_down(order, 20)
        self.deliver(order, 4), self.deliver(order, 6)
        invoices = self.invoice(order)
        self.assertEqual(invoices.mapped("amount_untaxed"), [20, 60])

    def test_it_waits_for_a_note_that_is_large_enough(self):
        order = self.order((self.goods, 10))
        self.pay_down(order, 50)
        self.deliver(order, 4)
        self.assertEqual(self.invoice(order).amount_untaxed, 40)
        self.deliver(order, 6)
        self.assertEqual(self.invoice(order).amount_untaxed, 10)

    def test_when_all_is_delivered_it_goes_with_the_last(self):
        order = self.order((self.goods, 10))
        self.pay_down(order, 70)
        self.deliver(order, 4), self.deliver(order, 6)
        invoices = self.invoice(order)
        self.assertEqual(invoices.mapped("amount_total_signed"), [40, -10])

    # === VOUCHERS, DISCOUNTS ===#

    def make_discounted(self, amount, *notes, ordered=10):
        """An order of goods at 12.10 with tax, and so much off its total, with tax."""
        self.goods.taxes_id = self.net_tax
        off = self.make_article("Vale", 0, self.included_tax, type="service")
        off.invoice_policy = "order"
        less = {"product_id": off.id, "product_uom_qty": 1, "price_unit": -amount}
        order = self.order((self.goods, ordered), less)
        return order, [self.deliver(order, quantity) for quantity in notes]

    def test_a_voucher_waits_for_a_note_that_covers_it(self):
        order, [one] = self.make_discounted(60, 2)
        first = self.invoice(order)
        self.assertEqual(first.mapped("amount_total_signed"), [24.2])
        self.post(first)
        two = self.deliver(order, 8)
        second = self.invoice(order)
        self.assertEqual(second.mapped("amount_total_signed"), [36.8])
        self.assertEqual((first.picking_ids, second.picking_ids), (one, two))
        self.assertEqual(self.get_quantities(first | second), [2, 8])

    def test_of_two_notes_it_goes_with_the_one_that_covers_it(self):
        order, _notes = self.make_discounted(60, 2, 8)
        invoices = self.invoice(order)
        self.assertEqual(invoices.mapped("amount_total_signed"), [24.2, 36.8])

    def test_what_is_covered_is_the_total_with_tax(self):
        order, _notes = self.make_discounted(24.2, 2, 8)
        invoices = self.invoice(order)
        self.assertEqual(invoices.mapped("amount_total_signed"), [0, 96.8])

    def test_a_voucher_that_no_note_covers_is_taken_off_the_last_ones(self):
        order, notes = self.make_discounted(110, 2, 8)
        [invoice] = self.invoice(order)
        self.assertEqual(invoice.move_type, "out_invoice")
        self.assertAlmostEqual(invoice.amount_total, 11)
        self.assertEqual(invoice.picking_ids, notes[0] | notes[1])
        for note in notes:
            self.assertIn(note.name, invoice.invoice_origin)
        with self.assertRaises(UserError):
            self.invoice(order)

    def test_what_is_more_than_the_order_is_credited_with_its_last_note(self):
        order, notes = self.make_discounted(130, 2, 8)
        invoices = self.invoice(order)
        self.assertEqual(invoices.mapped("amount_total_signed"), [24.2, -33.2])
        self.assertEqual(invoices[1].picking_ids, notes[1])
        with self.assertRaises(UserError):
            self.invoice(order)

    def test_a_note_in_a_credit_note_is_invoiced(self):
        order, [note] = self.make_delivered(4)
        credit = order._create_invoices(grouped=True)
        credit.action_switch_move_type()
        self.assertEqual(credit.move_type, "out_refund")
        credit.invoice_line_ids.quantity = -4
        self.assertTrue(note.move_ids._is_invoiced())

    # === SPEED ===#

    def test_statements_for_each_note_are_few_and_constant(self):
        def count(number):
            orders = self.env["sale.order"].union(
                *(self.make_delivered(1, 1, ordered=2)[0] for _n in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(self.invoice(orders)), 2 * number)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(1)
        few, many = count(2), count(6)
        self.assertLess((many - few) / 8, few / 4)
