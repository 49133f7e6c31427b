from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestJudgedTicket(TillCase):
    """A ticket is judged by what comes of it, whatever its lines call themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.make_user(
            "tillseller",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads",
        )
        cls.discount = cls.make_article(
            "Descuento", 1, cls.net_tax, type="service", available_in_pos=True
        )

    def limit(self, amount=10):
        self.company.risk_till_action = "block"
        self.customer.internal_credit_limit = amount

    def give_back(self, sold, quantity=-1, **vals):
        line = {"refunded_orderline_id": sold.lines[:1].id, **vals.pop("line", {})}
        return self.sell(quantity=quantity, is_refund=True, line=line, **vals)

    def give_again(self, back, quantity=1, line=None, **vals):
        line = {"refunded_orderline_id": back.lines[:1].id, **(line or {})}
        return self.sell(quantity=quantity, line=line, **vals)

    def assertRefused(self, attempt, **vals):
        """By *Baja* or by a limit."""
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            attempt(**vals)
        words = "Baja" if isinstance(caught.exception, ValidationError) else "limit"
        self.assertIn(words, str(caught.exception))

    # === LINES ===#

    def test_what_was_brought_back_is_given_again_and_no_more(self):
        back = self.give_back(self.sell(quantity=3), -3)
        self.customer.is_blocked = True
        self.assertRefused(self.give_again, back=back, quantity=100)
        self.assertRefused(
            self.give_again, back=back, line={"product_id": self.net_article.id}
        )
        self.assertRefused(
            self.give_again, back=back, line={"price_subtotal_incl": 500}
        )
        self.assertEqual(self.give_again(back, 2).state, "paid")
        self.assertRefused(self.give_again, back=back, quantity=2)
        self.assertEqual(self.give_again(back).state, "paid")
        self.assertRefused(self.give_again, back=back)

    def test_another_link_to_it_gives_no_more(self):
        """Whoever takes back what was taken back takes nothing back."""
        back = self.give_back(self.sell())
        self.give_again(back, -100)
        self.customer.is_blocked = True
        self.assertRefused(self.give_again, back=back, quantity=100)

    def test_nor_does_what_came_back_for_nothing_bring_money(self):
        free = {"price_unit": 0, "price_subtotal": 0, "price_subtotal_incl": 0}
        money = {"amount_total": 0, "amount_paid": 0}
        back = self.sell(quantity=-1, line=free, **money)
        self.customer.is_blocked = True
        self.assertRefused(self.give_again, back=back)
        again = self.give_again(back, line=free, **money)
        self.assertEqual(again.state, "paid")

    def test_nor_does_one_that_is_not_paid(self):
        draft = {"state": "draft", "payment_ids": [], "amount_paid": 0}
        draft = self.sell(quantity=-1, **draft)
        self.customer.is_blocked = True
        self.assertRefused(self.give_again, back=draft)

    def test_a_discount_that_is_taken_back_sells_nothing(self):
        data = self.prepare_ticket()
        off = {
            **data["lines"][0][2],
            "uuid": "off",
            "product_id": self.discount.id,
            "price_unit": -2,
            "price_subtotal": -2,
            "price_subtotal_incl": -2.42,
        }
        data["lines"].append(Command.create(off))
        data["payment_ids"][0][2]["amount"] = 60.5
        sold = self.send({**data, "amount_total": 60.5, "amount_paid": 60.5})
        self.customer.is_blocked = True
        back = self.prepare_ticket(quantity=-1, is_refund=True)
        back["lines"][0][2]["refunded_orderline_id"] = sold.lines[0].id
        off.update(uuid="on", qty=-1, price_subtotal=2, price_subtotal_incl=2.42)
        off["refunded_orderline_id"] = sold.lines[1].id
        back["lines"].append(Command.create(off))
        back["payment_ids"][0][2]["amount"] = -60.5
        back.update(amount_total=-60.5, amount_paid=-60.5)
        self.assertEqual(self.send(back).state, "paid")

    def test_two_signs_make_a_sale(self):
        line = {"qty": -1, "price_unit": -52}
        self.customer.is_blocked = True
        self.assertRefused(self.sell, line=line)
        self.customer.is_blocked = False
        self.limit()
        self.assertRefused(self.sell, line=line, method=self.later)

    def test_a_paid_ticket_sells_no_more_to_one_who_is_blocked(self):
        """A refund that was accepted does not become a sale."""
        sold = self.sell()
        self.customer.is_blocked = True
        ticket = self.give_back(sold).with_user(self.cashier)
        more = {"qty": 5, "price_subtotal": 260, "price_subtotal_incl": 314.6}
        more["refunded_orderline_id"] = False
        new = {**more, "product_id": self.goods.id, "name": "Clavos"}
        for attempt in (
            lambda: ticket.lines.write(more),
            lambda: ticket.write({"lines": [Command.update(ticket.lines.id, more)]}),
            lambda: ticket.lines.create({**new, "order_id": ticket.id}),
            lambda: ticket.write({"lines": [Command.create(new)]}),
        ):
            self.assertRefused(attempt)
        sold.lines.with_user(self.cashier).write({"price_subtotal": 50})

    # === WHAT IS OWED ===#

    def test_what_the_customer_owes_more_is_judged_without_a_sale(self):
        sold = self.sell()
        self.limit()
        loan = self.prepare_ticket(
            quantity=-1, line={"refunded_orderline_id": sold.lines.id}
        )
        payment = loan["payment_ids"][0][2]
        loan["payment_ids"] = [
            Command.create(
                {**payment, "uuid": method.name, "amount": amount}
                | {"payment_method_id": method.id}
            )
            for method, amount in ((self.later, 1000), (self.cash, -1062.92))
        ]
        empty = self.prepare_ticket(method=self.later, lines=[])
        for data in (loan, empty):
            self.assertRefused(lambda data=data: self.send(dict(data)))
        back = self.give_back(sold)
        self.assertRefused(self.give_again, back=back, method=self.later)

    def test_so_it_is_of_one_who_is_blocked(self):
        self.customer.is_blocked = True
        self.assertRefused(self.sell, method=self.later, lines=[])
        ticket = self.sell(method=self.later, lines=[], paid_offline=True)
        self.assertTrue(ticket.sold_to_blocked)

    def test_a_payment_taken_off_is_judged(self):
        ticket = self.sell()
        self.limit(100)
        commands = [
            Command.create({"payment_method_id": method.id, "amount": amount})
            for method, amount in ((self.later, 150), (self.later, -150))
        ]
        ticket.write({"payment_ids": commands})
        payment = ticket.payment_ids.filtered(lambda one: one.amount < 0)
        self.assertRefused(payment.with_user(self.cashier).sudo().unlink)

    def make_order(self, quantity=1):
        order = self.make_sale(self.goods)
        order.order_line.product_uom_qty = quantity
        order.action_confirm()
        return order

    def take(self, order, quantity=1, **vals):
        line = {
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line[:1].id,
            **vals.pop("line", {}),
        }
        return self.sell(user=self.seller, quantity=quantity, line=line, **vals)

    def test_what_an_order_has_brought_into_the_debt_is_owed_already(self):
        order = self.make_order(2)
        self.limit()
        self.assertEqual(self.take(order, method=self.later).state, "paid")
        data = self.prepare_ticket(method=self.later, quantity=2)
        link = {
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line.id,
        }
        half = {"qty": 1, "price_subtotal": 52, "price_subtotal_incl": 62.92}
        new = {**data["lines"][0][2], **half}
        data["lines"] = [
            Command.create(new),
            Command.create({**new, **link, "uuid": "of the order"}),
        ]
        payment = data["payment_ids"][0][2]
        data["payment_ids"] = [
            Command.create(
                {**payment, "uuid": method.name, "amount": 62.92}
                | {"payment_method_id": method.id}
            )
            for method in (self.later, self.cash)
        ]
        self.assertEqual(self.send(data, self.seller).state, "paid")
        self.assertEqual(self.customer.risk_debt, 125.84)

    def test_what_is_invoiced_of_an_order_is_not_taken_once_more(self):
        advance = self.make_article("Anticipo", 52, self.net_tax, type="service")
        self.config.down_payment_product_id = advance
        order = self.make_order()
        order.order_line.qty_delivered = 1
        order._create_invoices().action_post()
        self.limit()
        line = {"product_id": advance.id, "sale_order_line_id": False}
        self.assertRefused(self.take, order=order, method=self.later, line=line)
        self.customer.is_blocked = True
        self.assertRefused(self.take, order=order, line=line)

    def test_nor_is_what_tickets_have_taken_paid_in_advance(self):
        advance = self.make_article("Anticipo", 52, self.net_tax, type="service")
        self.config.down_payment_product_id = advance
        order = self.make_order()
        self.take(order)
        self.customer.is_blocked = True
        line = {"product_id": advance.id, "sale_order_line_id": False}
        self.assertRefused(self.take, order=order, line=line)

    # === WHO IS NAMED LATER ===#

    def test_a_paid_ticket_of_one_who_is_blocked_is_invoiced_and_told(self):
        """By the till's button *Invoice*."""
        bosses = self.make_bosses()
        ticket = self.sell(self.Partner).with_user(self.cashier)
        self.customer.is_blocked = True
        ticket.partner_id = self.customer
        ticket.with_context(generate_pdf=False).action_pos_order_invoice()
        self.assertEqual(ticket.sudo().account_move.partner_id, self.customer)
        self.assertTrue(ticket.sold_to_blocked)
        self.assertToldInOwn(bosses, "became that of", "pasó a ser de")
