from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MinimumCase


@tagged("post_install", "-at_install")
class TestWholeDiscount(MinimumCase):
    """Discounts of a whole document take nothing of the minimum prices of its lines."""

    MINIMUM = 92

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sale_discount_product_id = cls.off

    def sell(self, *lines, user=None, quantity=10):
        """10 units with 8 € each above their minimum."""
        own = {"product_id": self.net_article.id, "product_uom_qty": quantity}
        orders = self.env["sale.order"].with_user(user or self.clerk)
        return orders.create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create(vals) for vals in (own, *lines)],
            }
        )

    def take_off(self, amount, **vals):
        return {"product_id": self.off.id, "price_unit": -amount, **vals}

    def discount(self, order, **vals):
        """As the button *Discount* does it."""
        wizard = self.env["sale.order.discount"].with_user(order.env.user)
        wizard.create({"sale_order_id": order.id, **vals}).action_apply_discount()
        return order

    def assertRefused(self, action):
        with (
            self.assertRaisesRegex(UserError, "minimum prices"),
            self.env.cr.savepoint(),
        ):
            action()

    def get_told(self, order):
        return order.message_ids.filtered(lambda m: "minimum price" in (m.body or ""))

    # --- orders

    def test_a_percentage_of_the_whole_order(self):
        percent = {"discount_type": "so_discount"}
        order = self.discount(self.sell(), discount_percentage=0.5, **percent)
        self.assertRefused(order.action_confirm)
        self.assertEqual(order.state, "draft")
        order = self.discount(self.sell(), discount_percentage=0.08, **percent)
        order.action_confirm()
        self.assertEqual(order.amount_untaxed, 920)

    def test_an_amount_or_a_line_typed_by_hand(self):
        amount = {"discount_type": "amount", "discount_amount": 200}
        for order in (
            self.discount(self.sell(), **amount),
            self.sell(self.take_off(81)),
            self.sell(self.take_off(-81, product_uom_qty=-1)),
            self.sell({"product_id": self.net_article.id, "price_unit": -81}),
        ):
            self.assertRefused(order.action_confirm)
        self.sell(self.take_off(80)).action_confirm()

    def test_goods_given_back_are_no_discount(self):
        back = {"product_id": self.net_article.id, "product_uom_qty": -5}
        self.sell(back).action_confirm()

    def test_what_other_articles_earn_may_be_given_away(self):
        other = {"product_id": self.taxed_article.id}
        self.sell(other, self.take_off(180)).action_confirm()
        self.assertRefused(self.sell(other, self.take_off(181)).action_confirm)

    def test_without_minimum_prices_discounts_are_odoos(self):
        self.row.with_user(self.boss).min_price = 0
        self.sell(self.take_off(900)).action_confirm()

    def test_it_is_not_sent_to_the_customer_either(self):
        order = self.sell(self.take_off(200))
        self.assertRefused(order.action_quotation_sent)
        self.assertRefused(lambda: order.write({"state": "sent"}))
        vals = {"order_line": [Command.create(self.take_off(90))], "state": "sale"}
        own = {"product_id": self.net_article.id}
        vals["order_line"].append(Command.create(own))
        orders = order.browse()
        vals["partner_id"] = self.customer.id
        self.assertRefused(lambda: orders.create(vals))

    def test_it_is_not_added_to_a_confirmed_order(self):
        order = self.sell()
        order.action_confirm()
        line = Command.create(self.take_off(81))
        self.assertRefused(lambda: order.write({"order_line": [line]}))
        order.order_line = [Command.create(self.take_off(70))]
        off = order.order_line[1]
        self.assertRefused(lambda: off.write({"price_unit": -81}))
        self.assertRefused(lambda: order.order_line[0].write({"product_uom_qty": 1}))
        off.price_unit = -80
        self.assertEqual(order.amount_untaxed, 920)

    def test_a_sales_administrators_word_holds_for_others(self):
        order = self.discount(
            self.sell(user=self.boss), discount_type="amount", discount_amount=242
        )
        order.with_user(self.clerk).action_confirm()
        self.assertEqual(order.amount_untaxed, 800)
        off = order.order_line[1].with_user(self.clerk)
        self.assertRefused(lambda: off.write({"price_unit": -201}))
        off.price_unit = -150
        self.sell(self.take_off(500), user=self.boss).action_confirm()

    def test_nobody_else_gives_that_word(self):
        order = self.sell(self.take_off(200))
        with self.assertRaises(AccessError):
            order.insisted_shortage = 1000
        with self.assertRaises(AccessError):
            order.create({"partner_id": self.customer.id, "insisted_shortage": 1000})
        named = order.with_context(default_insisted_shortage=1000)
        self.assertRefused(named.copy().action_confirm)

    # --- what the customer has been sent

    def test_a_quotation_that_was_sent_keeps_its_prices_and_tells(self):
        order = self.sell(self.take_off(70))
        order.order_line[0].price_unit = 99
        order.action_quotation_sent()
        self.row.min_price = 95
        self.assertFalse(self.get_told(order))
        order.action_confirm()
        self.assertEqual(order.amount_untaxed, 920)
        self.assertTrue(self.get_told(order))
        order = self.sell()
        order.order_line.price_unit = 96
        order.action_quotation_sent()
        self.row.min_price = 98
        order.action_confirm()
        self.assertPrice(order.order_line, 96)
        self.assertEqual(len(self.get_told(order)), 1)

    def test_a_customer_who_confirms_is_not_refused(self):
        order = self.sell(self.take_off(70))
        order.action_quotation_sent()
        self.row.min_price = 95
        portal = self.make_user("portal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        order.with_user(portal).sudo().order_line[0].product_uom_qty = 9
        order.with_user(portal).sudo().action_confirm()
        self.assertEqual(order.state, "sale")

    # --- direct invoices

    def bill(self, *lines, user=None):
        moves = self.env["account.move"].with_user(user or self.clerk)
        own = {"product_id": self.net_article.id, "quantity": 10}
        return moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "journal_id": self.journal.id,
                "invoice_line_ids": [Command.create(vals) for vals in (own, *lines)],
            }
        )

    def test_a_direct_invoice(self):
        plain = {"name": "Descuento", "price_unit": -81}
        for line in (self.take_off(81), plain):
            self.assertRefused(self.bill(line).action_post)
        self.bill(self.take_off(80)).action_post()
        self.bill(self.take_off(81), user=self.boss).action_post()

    def test_an_orders_invoice_bills_what_was_agreed(self):
        order = self.sell(self.take_off(200), user=self.boss)
        order.action_confirm()
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        invoice = order._create_invoices().with_user(self.clerk)
        more = invoice.copy()
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 800)
        self.assertRefused(more.action_post)

    def test_a_mark_makes_a_discount_no_down_payment(self):
        marked = self.take_off(300, is_downpayment=True)
        self.assertRefused(self.sell(marked).action_confirm)
        self.assertRefused(self.bill(marked).action_post)
        off = {"name": "Descuento", "price_unit": -300, "is_downpayment": True}
        self.assertRefused(self.bill(off).action_post)

    def assertUnbillable(self, line):
        """Nor does the draft stay, which would take of the order before others."""
        invoice = self.bill(line)
        self.assertRefused(invoice.action_post)
        invoice.unlink()

    def test_an_order_takes_off_no_more_than_is_left_of_it(self):
        """Not a quotation, nor another customer's order, and each discount once."""
        order = self.sell(self.take_off(200), user=self.boss)
        order_line = order.order_line[1]
        link = {"sale_line_ids": [Command.link(order_line.id)]}
        self.assertUnbillable(self.take_off(200, **link))
        order.action_confirm()
        self.assertUnbillable(self.take_off(300, **link))
        goods = {"sale_line_ids": [Command.link(order.order_line[0].id)]}
        self.assertUnbillable(self.take_off(200, **goods))
        self.bill(self.take_off(200, **link)).action_post()
        self.assertUnbillable(self.take_off(200, **link))
        stranger = self.make_customer("Otra", vat=False)
        theirs = self.sell(self.take_off(200), user=self.boss)
        theirs.partner_id = stranger
        theirs.action_confirm()
        link = {"sale_line_ids": [Command.link(theirs.order_line[1].id)]}
        self.assertUnbillable(self.take_off(200, **link))

    def test_a_down_payment_is_deducted_as_far_as_it_was_invoiced(self):
        order = self.sell()
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].with_user(self.boss)
        wizard = wizard.with_context(active_model="sale.order", active_ids=order.ids)
        wizard.create(
            {"advance_payment_method": "fixed", "fixed_amount": 300}
        ).create_invoices()
        down = order.invoice_ids
        down.action_post()
        order.order_line[0].qty_delivered = 10
        final = order.sudo()._create_invoices(final=True).with_user(self.clerk)
        taken = final.invoice_line_ids.filtered(lambda line: line.price_subtotal < 0)
        self.assertTrue(taken)
        more = taken.price_unit * 2
        price = taken.price_unit
        taken.sudo().price_unit = more
        self.assertRefused(final.action_post)
        taken.sudo().price_unit = price
        final.action_post()
