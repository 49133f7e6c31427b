from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.xpyme_contacts_billing.models.run.item import (
    DONE,
    NOT_DELIVERED,
    PENDING,
    SKIPPED,
)

from .note_common import NoteCase

JULY_31 = date(2026, 7, 31)


@tagged("post_install", "-at_install")
class TestRunNotes(NoteCase):
    """The billing run knows of notes what orders know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.invoice_months_apart = True
        cls.biller = cls.make_user(
            "biller",
            "xpyme_contacts_billing.group_billing_run,"
            "sales_team.group_sale_salesman_all_leads",
        )

    def make_order(self, *notes, ordered=10, customer=None, product=None):
        """An order of 2 July; a note is a pair of quantity and moment."""
        line = ((product or self.goods), ordered)
        order = self.order(line, customer=customer)
        order.date_order = "2026-07-02 10:00:00"
        for quantity, moment in notes:
            self.deliver(order, quantity).date_done = moment
        return order

    def prepare(self, day=JULY_31, **vals):
        run = self.env["xpyme.billing.run"].with_user(self.biller)
        run = run.create(
            {
                "invoice_date": day,
                "date_to": day,
                "partner_ids": [(6, 0, (self.customer | self.grouped).ids)],
                **vals,
            }
        )
        run.action_prepare()
        return run

    def test_each_note_of_an_order_becomes_an_invoice_of_its_item(self):
        order = self.make_order((4, "2026-07-05 10:00:00"), (6, "2026-07-20 10:00:00"))
        run = self.prepare()
        [item] = run.item_ids
        self.assertEqual((item.state, item.invoice_count), (PENDING, 2))
        self.assertIn("Invoices to make: 2, ", run.health)
        run.action_run()
        self.assertEqual(item.state, DONE)
        quantities = (
            item.move_ids.sudo().sorted("id").invoice_line_ids.mapped("quantity")
        )
        self.assertEqual(quantities, [4, 6])
        self.assertEqual(run.health, "Invoiced: 2")
        self.assertEqual(order.invoice_status, "invoiced")

    def test_its_drafts_can_be_undone_and_made_again(self):
        self.make_order((4, "2026-07-05 10:00:00"), (6, "2026-07-20 10:00:00"))
        run = self.prepare()
        run.action_run()
        run.action_undo_drafts()
        self.assertFalse(run.item_ids.move_ids)
        self.assertEqual(run.item_ids.invoice_count, 2)
        run.action_run()
        self.assertEqual(len(run.item_ids.move_ids), 2)

    def test_they_are_confirmed_in_the_order_of_the_notes(self):
        self.make_order((4, "2026-07-05 10:00:00"), (6, "2026-07-20 10:00:00"))
        run = self.prepare(action_after="post")
        run.action_run()
        moves = run.item_ids.move_ids.sudo().sorted("name")
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assertEqual(moves.invoice_line_ids.mapped("quantity"), [4, 6])

    def test_an_order_waits_for_its_note(self):
        self.goods.invoice_policy = "order"
        waiting = self.make_order()
        part = self.make_order((4, "2026-07-05 10:00:00"))
        run = self.prepare()
        by_state = run.item_ids.grouped("state")
        self.assertEqual(by_state[SKIPPED].order_ids, waiting)
        self.assertEqual(by_state[SKIPPED].reason, NOT_DELIVERED)
        self.assertEqual(by_state[PENDING].order_ids, part)
        # What has left, and not what was ordered.
        self.assertEqual(by_state[PENDING].amount, 40)
        self.assertFalse(waiting._get_note_parts(final=True))

    def test_an_order_whose_note_is_invoiced_waits_for_the_next(self):
        self.goods.invoice_policy = "order"
        order = self.make_order((4, "2026-07-05 10:00:00"))
        order._create_invoices(final=True)
        self.assertEqual(self.prepare().item_ids.reason, NOT_DELIVERED)

    def test_the_day_is_that_of_the_last_note(self):
        # Half past midnight of August in Madrid.
        order = self.make_order((6, "2026-07-31 22:30:00"), customer=self.grouped)
        self.assertEqual(order._get_delivery_day(), date(2026, 8, 1))
        with self.assertRaisesRegex(Exception, "No order"):
            self.prepare()
        run = self.prepare(day=date(2026, 8, 31))
        self.assertEqual(run.item_ids.month, date(2026, 8, 1))
        self.assertEqual(run.item_ids.date_to, date(2026, 8, 1))

    def test_orders_of_a_customer_who_groups_share_one_by_month_of_the_notes(self):
        july = self.make_order((10, "2026-07-20 10:00:00"), customer=self.grouped)
        july |= self.make_order((10, "2026-07-21 10:00:00"), customer=self.grouped)
        august = self.make_order((10, "2026-08-03 10:00:00"), customer=self.grouped)
        run = self.prepare(day=date(2026, 8, 31))
        groups = [item.order_ids for item in run.item_ids]
        self.assertEqual(groups, [july, august])
        moves = (july | august)._create_invoices(final=True)
        made = [move.invoice_line_ids.sale_line_ids.order_id for move in moves]
        self.assertCountEqual(made, groups)

    def test_a_return_after_the_invoice_is_credited_by_the_run(self):
        order = self.make_order((4, "2026-07-05 10:00:00"), ordered=4)
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-07-10"
        invoice.action_post()
        back = self.bring_back(order.picking_ids, 1)
        self.assertEqual(self.prepare().item_ids.reason, NOT_DELIVERED)
        back.date_done = "2026-07-12 10:00:00"
        run = self.prepare()
        self.assertEqual(run.item_ids.state, PENDING)
        run.action_run()
        [credit] = run.item_ids.move_ids.sudo()
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(credit.reversed_entry_id, invoice)

    def test_a_voucher_that_waits_for_its_note_holds_no_other_back(self):
        self.goods.taxes_id = self.net_tax
        off = self.make_article("Vale", 0, self.included_tax, type="service")
        off.invoice_policy = "order"
        less = {"product_id": off.id, "product_uom_qty": 1, "price_unit": -60}
        order = self.order((self.goods, 10), less)
        order.date_order = "2026-07-02 10:00:00"
        self.deliver(order, 2).date_done = "2026-07-05 10:00:00"
        run = self.prepare()
        [item] = run.item_ids
        self.assertEqual((item.state, item.amount), (PENDING, 20))
        run.action_run()
        self.assertAlmostEqual(item.move_ids.sudo().amount_total, 24.2)
        item.move_ids.sudo().action_post()
        self.deliver(order, 8).date_done = "2026-07-06 10:00:00"
        run = self.prepare()
        self.assertAlmostEqual(run.item_ids.amount, 80 - 49.59)
        run.action_run()
        self.assertAlmostEqual(run.item_ids.move_ids.sudo().amount_total, 36.8)

    # === UNTIL A DAY ===#

    def test_what_left_after_its_day_stays_for_the_next_run(self):
        for customer in (self.customer, self.grouped):
            # Half past midnight of August in Madrid.
            order = self.make_order(
                (4, "2026-07-31 21:30:00"),
                (6, "2026-07-31 22:30:00"),
                customer=customer,
            )
            self.assertMadeAsTold(40, 40)
            july = order.invoice_ids
            self.assertEqual(july.invoice_line_ids.move_line_ids.quantity, 4)
            self.assertMadeAsTold(60, 60, day=date(2026, 8, 31))
            august = order.invoice_ids - july
            self.assertEqual(august.invoice_line_ids.move_line_ids.quantity, 6)
            self.assertEqual(order.invoice_status, "invoiced")

    def test_so_does_what_leaves_before_it_is_made(self):
        orders = self.env["sale.order"]
        for customer in (self.customer, self.grouped):
            orders |= self.make_order((4, "2026-07-20 10:00:00"), customer=customer)
        run = self.prepare()
        self.assertEqual(run.item_ids.mapped("amount"), [40, 40])
        for order in orders:
            self.deliver(order, 6).date_done = "2026-08-02 10:00:00"
        run.action_run()
        made = orders.invoice_ids
        self.assertEqual(made.mapped("amount_untaxed"), [40, 40])

    def test_what_left_before_its_day_shares_the_invoice_of_its_month(self):
        july = self.make_order((10, "2026-07-21 10:00:00"), customer=self.grouped)
        july |= self.make_order(
            (4, "2026-07-20 10:00:00"),
            (6, "2026-08-03 10:00:00"),
            customer=self.grouped,
        )
        self.assertMadeAsTold(140, 140)
        self.assertEqual(july.invoice_ids.invoice_line_ids.sale_line_ids.order_id, july)

    def test_what_is_invoiced_when_ordered_is_whatever_leaves_later(self):
        self.scarce.invoice_policy = "order"
        order = self.order((self.goods, 10), (self.scarce, 2), customer=self.grouped)
        order.date_order = "2026-07-02 10:00:00"
        self.deliver(order, 4, 0).date_done = "2026-07-20 10:00:00"
        self.deliver(order).date_done = "2026-08-03 10:00:00"
        self.assertMadeAsTold(60, 60)
        self.assertMadeAsTold(60, 60, day=date(2026, 8, 31))

    def test_where_all_was_invoiced_until_its_day_nothing_is(self):
        for customer in (self.customer, self.grouped):
            order = self.make_order((4, "2026-07-20 10:00:00"), customer=customer)
            self.post(order._create_invoices(final=True))
            self.deliver(order, 6).date_done = "2026-08-03 10:00:00"
        run = self.prepare()
        self.assertEqual(set(run.item_ids.mapped("reason")), {NOT_DELIVERED})

    # === WHAT IS TOLD IS WHAT IS MADE ===#

    def assertMadeAsTold(self, amount, *invoices, day=JULY_31):
        """The run tells an amount, and as many invoices as it makes of it."""
        run = self.prepare(day)
        told = [(item.state, item.amount, item.invoice_count) for item in run.item_ids]
        self.assertEqual(told, [(PENDING, amount, len(invoices))])
        run.action_run()
        moves = run.item_ids.move_ids.sudo().sorted("id")
        self.assertEqual(moves.mapped("amount_untaxed_signed"), list(invoices))

    def test_a_down_payment_larger_than_its_notes_waits_for_more(self):
        self.scarce.invoice_policy = "order"
        order = self.order((self.goods, 9), (self.scarce, 6))
        order.date_order = "2026-07-02 10:00:00"
        self.pay_down(order, 60)
        self.deliver(order, 3, 0).date_done = "2026-07-05 10:00:00"
        self.assertMadeAsTold(30, 30)

    def test_one_that_only_all_notes_together_cover_waits_too(self):
        order = self.make_order(ordered=8)
        self.pay_down(order, 30)
        for quantity, day in ((2, "05"), (1, "06")):
            self.deliver(order, quantity).date_done = f"2026-07-{day} 10:00:00"
        self.assertMadeAsTold(30, 20, 10)

    def cancel_rest(self, order):
        order.picking_ids.filtered(lambda note: note.state != "done").action_cancel()

    def test_what_was_ordered_and_is_not_to_come_goes_with_its_note(self):
        self.goods.invoice_policy = "order"
        self.cancel_rest(self.make_order((4, "2026-07-05 10:00:00")))
        self.assertMadeAsTold(100, 100)

    def test_a_voucher_of_what_will_not_leave_is_taken_off_it(self):
        self.goods.invoice_policy = "order"
        off = self.make_article("Vale", 0, self.net_tax, type="service")
        off.invoice_policy = "order"
        less = {"product_id": off.id, "product_uom_qty": 1, "price_unit": -40}
        order = self.order((self.goods, 10), less)
        order.date_order = "2026-07-02 10:00:00"
        self.cancel_rest(order)
        self.assertMadeAsTold(60, 60)

    def test_a_service_waits_where_all_has_come_back(self):
        service = self.make_article("Corte", 5, self.net_tax, type="service")
        service.invoice_policy = "order"
        order = self.order((self.goods, 8), (service, 1))
        order.date_order = "2026-07-02 10:00:00"
        note = self.deliver(order, 3)
        note.date_done = "2026-07-05 10:00:00"
        self.bring_back(note, 3)
        item = self.prepare().item_ids
        self.assertEqual((item.state, item.reason), (SKIPPED, NOT_DELIVERED))
        with self.assertRaises(UserError):
            order._create_invoices(final=True)

    def test_what_was_credited_before_it_came_back_is_told_once(self):
        order = self.make_order((4, "2026-07-05 10:00:00"))
        invoice = order._create_invoices()
        self.post(invoice)
        credit = self.reverse(invoice)
        credit.invoice_line_ids.quantity = 1
        self.post(credit)
        back = self.bring_back(order.picking_ids.filtered("invoice_ids"), 1)
        back.date_done = "2026-07-12 10:00:00"
        self.deliver(order, 6).date_done = "2026-07-20 10:00:00"
        self.assertMadeAsTold(60, 60)

    def test_what_is_invoiced_when_ordered_and_came_back_is_told_without_it(self):
        self.goods.invoice_policy = "order"
        order = self.make_order((4, "2026-07-05 10:00:00"))
        self.post(order._create_invoices(final=True))
        back = self.bring_back(order.picking_ids.filtered("invoice_ids"), 2)
        back.date_done = "2026-07-12 10:00:00"
        self.deliver(order, 3).date_done = "2026-07-20 10:00:00"
        self.assertMadeAsTold(30, 30)

    def test_statements_do_not_grow_with_what_orders_reckon_themselves(self):
        def count(number):
            for _n in range(number):
                order = self.make_order(ordered=8)
                self.pay_down(order, 30)
                self.deliver(order, 2).date_done = "2026-07-05 10:00:00"
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.prepare()
            return self.cr.sql_log_count - before

        count(1)
        few = count(1)
        self.assertLessEqual(count(6), few)
