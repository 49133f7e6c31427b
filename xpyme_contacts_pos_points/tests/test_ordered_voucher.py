from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from .common import VoucherTillCase


@tagged("post_install", "-at_install")
class TestOrderedVoucher(VoucherTillCase):
    """Of an order that the till takes, the order or the ticket takes of the voucher."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls.give_voucher(30)
        cls.seller = cls.make_seller()

    def make_order(self, confirm=False):
        """Of 62.92, of which the voucher pays 30."""
        order = self.make_sale(self.goods)
        order._try_apply_code(self.card.code)
        order._apply_program_reward(self.card.program_id.reward_ids, self.card)
        if confirm:
            order.action_confirm()
        return order

    def take(self, order, **vals):
        """The ticket of an order as Odoo's till makes it: it names no voucher."""
        total = order.amount_total
        data = self.prepare_ticket(lines=[], **vals)
        for line in order.order_line:
            taken = {
                "uuid": str(uuid4()),
                "product_id": line.product_id.id,
                "qty": line.product_uom_qty,
                "price_unit": line.price_unit,
                "price_subtotal": line.price_subtotal,
                "price_subtotal_incl": line.price_total,
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "sale_order_origin_id": order.id,
                "sale_order_line_id": line.id,
            }
            data["lines"].append(Command.create(taken))
        data.update(amount_total=total, amount_paid=total)
        data["payment_ids"][0][2]["amount"] = total
        return self.send(data, self.seller)

    def test_the_order_takes_it_and_the_ticket_gives_it_back(self):
        for confirm in (False, True):
            ticket = self.take(self.make_order(confirm))
            self.assertEqual((ticket.amount_total, self.get_balance()), (32.92, 0))
            self.give_all_back(ticket)
            self.assertEqual(self.get_balance(), 30)

    def test_a_ticket_gives_it_back_once(self):
        ticket = self.take(self.make_order(True))
        for _time in range(2):
            self.give_all_back(ticket)
        self.assertEqual(self.get_balance(), 30)

    def test_the_ticket_takes_what_its_order_gives_back(self):
        """Cancelled, the order has paid nothing: the ticket had the voucher's 30."""
        order = self.make_order(True)
        ticket = self.take(order)
        order._action_cancel()
        self.assertEqual(self.get_balance(), 0)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.get_balance(), 0)
        self.give_all_back(ticket)
        self.assertEqual(self.get_balance(), 30)

    def test_an_order_pays_one_ticket(self):
        """A second one that names it takes of the voucher itself."""
        order = self.make_order(True)
        self.take(order)
        self.take(order)
        self.assertEqual(self.card.points * self.card.program_id._get_coin(), -30)

    def test_what_was_invoiced_with_the_order_pays_no_ticket(self):
        order = self.make_order(True)
        order.order_line[0].qty_delivered = 1
        order._create_invoices().action_post()
        self.take(order)
        self.assertEqual(self.card.points * self.card.program_id._get_coin(), -30)

    def test_anothers_order_pays_none(self):
        self.take(self.make_order(True), customer=self.other)
        self.assertEqual(self.card.points * self.card.program_id._get_coin(), -30)
