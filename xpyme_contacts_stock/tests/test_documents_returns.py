from odoo.exceptions import UserError
from odoo.tests import tagged

from .note_common import NoteCase


@tagged("post_install", "-at_install")
class TestDocumentsReturns(NoteCase):
    """*AlbxFra*: what comes back lowers its note, or is credited: once."""

    def test_a_return_before_the_invoice_lowers_its_note(self):
        order, [note] = self.make_delivered(3, ordered=3)
        self.bring_back(note, 1)
        [invoice] = self.invoice(order)
        self.assertEqual(self.get_quantities(invoice), [2])
        self.assertEqual(invoice.move_type, "out_invoice")

    def test_a_return_after_it_is_a_credit_note(self):
        order, [note] = self.make_delivered(3, ordered=3)
        invoice = self.invoice(order)
        self.post(invoice)
        back = self.bring_back(note, 1)
        [credit] = self.invoice(order)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(self.get_quantities(credit), [1])
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(credit.picking_ids, back)
        with self.assertRaises(UserError):
            self.invoice(order)

    def test_a_return_and_a_new_note_are_two_documents(self):
        order, [note] = self.make_delivered(4)
        invoice = self.invoice(order)
        self.post(invoice)
        self.bring_back(note, 1)
        self.deliver(order, 6)
        made = self.invoice(order)
        by_type = made.grouped("move_type")
        self.assertEqual(self.get_quantities(by_type["out_refund"]), [1])
        self.assertEqual(self.get_quantities(by_type["out_invoice"]), [6])

    # === WHAT GIVES NOTHING TO INVOICE ===#

    def credit(self, invoice, quantity):
        """The bookkeeper credits so much of an invoice by hand."""
        credit = self.reverse(invoice)
        credit.invoice_line_ids.quantity = quantity
        self.post(credit)
        return credit

    def make_credited_before(self, customer=None, ordered=10):
        """An order with 4 invoiced, of which 1 is credited by hand, and comes back."""
        vals = {"customer": customer or self.customer}
        order, [note] = self.make_delivered(4, ordered=ordered, **vals)
        invoice = self.invoice(order)
        self.post(invoice)
        self.credit(invoice, 1)
        self.bring_back(note, 1)
        return order

    def test_what_was_credited_before_it_came_back_is_not_credited_again(self):
        order = self.make_credited_before()
        note = self.deliver(order, 6)
        [invoice] = self.invoice(order)
        self.assertEqual(self.get_quantities(invoice), [6])
        self.assertEqual(invoice.picking_ids, note)
        self.assertEqual(order.order_line.qty_invoiced, 9)
        grouped = self.make_credited_before(customer=self.grouped)
        self.deliver(grouped, 6)
        self.assertEqual(self.get_quantities(self.invoice(grouped)), [6])

    def test_neither_is_it_beside_another_order(self):
        order = self.make_credited_before(ordered=4)
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        other, _notes = self.make_delivered(2, ordered=2)
        invoice = self.invoice(order | other)
        self.assertEqual(self.get_quantities(invoice), [2])
        self.assertEqual(invoice.invoice_line_ids.sale_line_ids, other.order_line)

    def test_what_comes_back_afterwards_is_credited(self):
        order = self.make_credited_before(ordered=4)
        note = order.picking_ids.filtered(lambda note: note._is_delivery_note())
        again = self.bring_back(note, 2)
        [credit] = self.invoice(order)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(self.get_quantities(credit), [2])
        self.assertEqual(credit.picking_ids, again)

    def make_invoiced_when_ordered(self, ordered):
        """An order with a note of 4 that is invoiced, of which 2 come back."""
        self.goods.invoice_policy = "order"
        order, [note] = self.make_delivered(4, ordered=ordered)
        self.post(self.invoice(order))
        return order, self.bring_back(note, 2)

    def test_what_is_invoiced_when_ordered_is_not_credited_when_it_comes_back(self):
        order, _back = self.make_invoiced_when_ordered(10)
        with self.assertRaises(UserError):
            self.invoice(order)
        self.deliver(order, 6)
        [invoice] = self.invoice(order)
        self.assertEqual(self.get_quantities(invoice), [6])
        self.assertEqual(order.order_line.qty_invoiced, 10)

    def test_nor_is_it_invoiced_when_it_leaves_again(self):
        order, back = self.make_invoiced_when_ordered(4)
        other, _notes = self.make_delivered(2, ordered=2)
        self.assertEqual(self.get_quantities(self.invoice(order | other)), [2])
        self.bring_back(back, 2)
        other, _notes = self.make_delivered(2, ordered=2)
        self.assertEqual(self.get_quantities(self.invoice(order | other)), [2])

    def test_it_is_credited_once_the_order_is_lowered(self):
        order, back = self.make_invoiced_when_ordered(4)
        order.order_line.product_uom_qty = 2
        [credit] = self.invoice(order)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(self.get_quantities(credit), [2])
        self.assertEqual(credit.picking_ids, back)

    def test_what_the_window_did_not_credit_is_not_charged_with_the_next_note(self):
        order, [note] = self.make_delivered(4, ordered=20)
        self.post(self.invoice(order))
        self.bring_back(note, 1)
        self.deliver(order, 6)
        self.post(self.invoice(order, final=False))
        last = self.deliver(order, 10)
        [invoice] = self.invoice(order)
        self.assertEqual(self.get_quantities(invoice), [10])
        self.assertEqual(invoice.picking_ids, last)
        self.assertEqual(order.order_line.qty_invoiced, 19)
