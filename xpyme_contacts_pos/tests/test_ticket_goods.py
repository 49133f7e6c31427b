from unittest import SkipTest

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTicketGoods(TillCase):
    """Goods of a ticket, which has been paid, leave; beside it nothing does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "risk_delivery_action" not in cls.company._fields:
            raise SkipTest("nobody judges direct notes here")
        cls.packer = cls.make_user("packer", "stock.group_stock_user")

    def sell_to_blocked(self, **vals):
        self.customer.is_blocked = True
        return self.sell(paid_offline=True, **vals)

    def test_what_was_sold_offline_to_a_blocked_customer_has_left(self):
        note = self.sell_to_blocked().picking_ids
        self.assertEqual((note.state, note.partner_id), ("done", self.customer))

    def test_what_is_to_be_sent_later_leaves_and_no_more(self):
        ticket = self.sell_to_blocked(shipping_date="2036-01-01")
        note = ticket.picking_ids.with_user(self.packer)
        self.assertEqual(note.partner_id, self.customer)
        move = note.move_ids
        move.quantity = 3
        move.picked = True
        with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
            note._action_done()
        move.quantity = 1
        note._action_done()
        self.assertEqual(note.state, "done")
        with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
            note.copy({"pos_order_id": ticket.id})

    def test_the_tills_kind_of_note_excuses_nothing(self):
        ticket = self.sell()
        self.customer.is_blocked = True
        kind = self.config.picking_type_id
        places = {
            "location_id": kind.default_location_src_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        move = {"product_id": self.goods.id, "product_uom_qty": 1, **places}
        note = {
            "partner_id": self.customer.id,
            "picking_type_id": kind.id,
            "move_ids": [Command.create(move)],
            **places,
        }
        for vals in (note, {**note, "pos_order_id": ticket.id}):
            with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
                self.env["stock.picking"].with_user(self.packer).create(vals)
