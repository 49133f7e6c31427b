from contextlib import suppress

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import VoucherTillCase


@tagged("post_install", "-at_install")
class TestTicketPoints(VoucherTillCase):
    """Points follow what is given back at the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.make_seller()

    def give_back(self, sold, quantity, **vals):
        return self.sell(
            quantity=-quantity,
            is_refund=True,
            line={"refunded_orderline_id": sold.lines.id},
            **vals,
        )

    def test_one_of_four_given_back_takes_a_quarter(self):
        sold = self.sell(quantity=4)
        card = self.earn(sold, 251.68)
        self.assertAlmostEqual(card.points, 251.68)
        self.give_back(sold, 1)
        self.assertAlmostEqual(card.points, 188.76)
        self.give_back(sold, 3)
        self.assertAlmostEqual(card.points, 0.0)

    def test_no_more_is_taken_back_than_was_earned(self):
        """Two of which a voucher paid a part, given back one after the other."""
        voucher = self.give_voucher(30)
        sold = self.use(voucher, 30, quantity=2)
        card = self.earn(sold, 95.84)
        goods = {"refunded_orderline_id": sold.lines[0].id}
        self.sell(quantity=-1, is_refund=True, line=goods)
        self.assertAlmostEqual(card.points, 32.92)
        self.sell(quantity=-1, is_refund=True, line=goods)
        self.assertAlmostEqual(card.points, 0.0)

    def test_an_exchange_earns_what_it_sells_less_what_comes_back(self):
        """One back and three more: 62.92 - 62.92 + 188.76, told once or twice."""
        sold = self.sell()
        card = self.earn(sold, 62.92)
        ticket = self.exchange(sold, 3)
        self.assertAlmostEqual(card.points, 0.0)
        for _time in range(2):
            self.tell(ticket, card.id, 188.76, self.program)
        self.assertAlmostEqual(card.points, 188.76)
        self.sell(
            quantity=-1,
            is_refund=True,
            line={"refunded_orderline_id": ticket.lines[0].id},
        )
        self.assertAlmostEqual(card.points, 125.84)

    def test_also_where_the_till_tells_what_is_left_of_it(self):
        """One that was open before takes off itself what comes back."""
        sold = self.sell()
        card = self.earn(sold, 62.92)
        self.tell(self.exchange(sold, 3), card.id, 125.84, self.program)
        self.assertAlmostEqual(card.points, 188.76)

    def exchange(self, sold, quantity):
        """A ticket that takes one of ``sold`` back, and sells some."""
        data = self.prepare_ticket(quantity=quantity)
        [line] = self.prepare_ticket(
            quantity=-1, line={"refunded_orderline_id": sold.lines[0].id}
        )["lines"]
        data["lines"].append(line)
        total = round(62.92 * (quantity - 1), 2)
        data.update(amount_total=total, amount_paid=total)
        data["payment_ids"][0][2]["amount"] = total
        return self.send(data)

    def take(self, order, quantity):
        """A ticket with some of an order."""
        return self.sell(
            quantity=quantity,
            user=self.seller,
            line={
                "sale_order_origin_id": order.id,
                "sale_order_line_id": order.order_line.id,
            },
        )

    def test_points_of_an_order_go_with_what_the_till_takes_back_of_it(self):
        """Three taken, one given back, then the others; the order is cancelled."""
        order = self.make_sale({"product_id": self.goods.id, "product_uom_qty": 3})
        order._update_programs_and_rewards()
        order.action_confirm()
        card = order.coupon_point_ids.coupon_id
        self.assertAlmostEqual(card.points, 188.76)
        ticket = self.take(order, 3)
        self.assertAlmostEqual(card.points, 188.76)
        back = self.give_back(ticket, 1)
        self.assertAlmostEqual(card.points, 125.84)
        [line] = card.history_ids.filtered(lambda line: line.issued < 0)
        self.assertEqual((line.order_model, line.order_id), ("pos.order", back.id))
        self.give_back(ticket, 2)
        self.assertAlmostEqual(card.points, 0.0)
        order._action_cancel()
        self.assertAlmostEqual(card.points, 0.0)

    def test_goods_that_come_back_without_a_link_take_points_back(self):
        """And no more than there are, nor when more is sold."""
        card = self.earn(self.sell(quantity=4), 251.68)
        back = self.sell(quantity=-1)
        self.assertAlmostEqual(card.points, 188.76)
        back._take_points_back()
        self.assertAlmostEqual(card.points, 188.76)
        [line] = card.history_ids.filtered(lambda line: line.issued < 0)
        self.assertEqual((line.order_model, line.order_id), ("pos.order", back.id))
        self.sell(self.other, quantity=-1)
        self.sell(quantity=-5)
        self.assertAlmostEqual(card.points, 0.0)

    def test_and_goods_that_come_back_with_one_beside_them(self):
        """One of a ticket, and one that somebody typed."""
        sold = self.sell(quantity=4)
        card = self.earn(sold, 251.68)
        data = self.prepare_ticket(
            quantity=-1, line={"refunded_orderline_id": sold.lines.id}
        )
        data["lines"] += self.prepare_ticket(quantity=-1)["lines"]
        data.update(amount_total=-125.84, amount_paid=-125.84)
        data["payment_ids"][0][2]["amount"] = -125.84
        self.send(data)
        self.assertAlmostEqual(card.points, 125.84)

    def test_with_an_invoice_they_are_taken_once(self):
        november = {"date_order": "2026-11-10 10:00:00", "to_invoice": True}
        sold = self.sell(quantity=4, **november)
        card = self.earn(sold, 251.68)
        self.assertTrue(self.sell(quantity=-1, **november).account_move)
        self.assertAlmostEqual(card.points, 188.76)
        self.give_back(sold, 1, **november)
        self.assertAlmostEqual(card.points, 125.84)

    def test_what_the_office_credits_of_a_tickets_invoice_takes_them_too(self):
        sold = self.sell(quantity=4, to_invoice=True)
        card = self.earn(sold, 251.68)
        note = self.reverse(sold.account_move)
        note.invoice_line_ids.quantity = 1
        note.action_post()
        self.assertAlmostEqual(card.points, 188.76)

    def test_a_ticket_without_points_takes_none(self):
        sold = self.sell()
        self.give_back(sold, 1)
        self.assertFalse(
            self.env["loyalty.history"].search([("order_model", "=", "pos.order")])
        )

    # --- what a till says

    def get_cards(self):
        return self.env["loyalty.card"].search([("program_id", "=", self.program.id)])

    def test_a_ticket_earns_no_more_than_it_comes_to(self):
        """Whatever is said of it: 62.92, and 10 less for what a reward cost."""
        self.assertAlmostEqual(self.earn(self.sell(), 50_000).points, 62.92)
        card, reward = self.get_cards(), self.program.reward_ids[:1]
        spent = self.sell(
            line={"reward_id": reward.id, "points_cost": 10, "price_unit": 0}
        )
        self.tell(spent, card.id, 50_000, self.program)
        self.assertAlmostEqual(card.points, 52.92)

    def test_what_was_not_paid_for_earns_nothing(self):
        """100 for which a till says that they come to 62.92."""
        card = self.earn(self.sell(), 62.92)
        cheap = self.sell(line={"qty": 100})
        self.tell(cheap, card.id, 6292, self.program)
        self.assertAlmostEqual(card.points, 125.84)

    def test_a_ticket_that_is_not_paid_earns_nothing(self):
        draft = self.sell(state="draft", payment_ids=[], amount_paid=0)
        self.assertFalse(self.earn(draft, 62.92))
        draft.with_user(self.cashier).action_pos_order_cancel()
        self.assertFalse(self.earn(draft, 62.92))

    def test_it_earns_for_its_customer_once(self):
        card = self.earn(self.sell(), 62.92)
        ticket = self.sell(self.other)
        self.tell(ticket, card.id, 62.92, self.program)
        self.assertAlmostEqual(card.points, 62.92)
        told = {"points": 62.92, "program_id": self.program.id, "line_codes": []}
        ticket.with_user(self.cashier).confirm_coupon_programs(
            {"-1": {**told, "partner_id": self.customer.id}, "-2": told}
        )
        other = self.get_cards() - card
        self.assertEqual(other.partner_id, self.other)
        self.assertAlmostEqual(other.points, 62.92)
        self.assertAlmostEqual(card.points, 62.92)
        self.assertFalse(
            self.earn(self.sell(self.env["res.partner"]), 5) - card - other
        )

    def test_a_ticket_that_was_given_back_earns_nothing_afterwards(self):
        sold = self.sell(quantity=4)
        self.give_back(sold, 1)
        card = self.earn(sold, 251.68)
        self.assertAlmostEqual(card.points, 188.76)
        self.give_back(sold, 3)
        self.assertAlmostEqual(card.points, 0.0)

    def test_a_card_of_another_program_moves_no_points(self):
        """Odoo looks for the card that it is told of by what else it is told."""
        card = self.earn(self.sell(), 62.92)
        owner = {"partner_id": self.customer.id}
        programs = self.env["loyalty.program"].create(
            [
                {"name": kind, "program_type": kind, "applies_on": "future"}
                for kind in ("ewallet", "gift_card")
            ]
        )
        wallet = card.create({"program_id": programs[0].id, **owner})
        gift = {"program_id": programs[1].id, "coupon_id": card.id, **owner}
        ticket = self.sell().with_user(self.cashier)
        for told in (
            {str(wallet.id): {"program_id": self.program.id, **owner}},
            {"-1": gift},
        ):
            values = next(iter(told.values()))
            values.update(points=5000, line_codes=[])
            with suppress(AccessError), self.cr.savepoint():
                ticket.confirm_coupon_programs(told)
            self.assertAlmostEqual(card.points, 62.92)
        with self.assertRaises(AccessError):
            ticket.add_loyalty_history_lines(
                [{"card_id": card.id, "won": 5000, "spent": 0}], []
            )

    def test_rules_say_how_much(self):
        """By units from two on, by tickets of 200 or more, for other goods, by code."""
        self.program.rule_ids.unlink()
        rules = self.env["loyalty.rule"].create(
            [
                {"program_id": self.program.id, "reward_point_amount": 1, **vals}
                for vals in (
                    {"reward_point_mode": "unit", "minimum_qty": 2},
                    {"reward_point_mode": "order", "minimum_amount": 200},
                    {
                        "reward_point_mode": "money",
                        "product_ids": [Command.set(self.net_article.ids)],
                    },
                )
            ]
        )
        for quantity, points in ((1, 0), (2, 2), (4, 5)):
            ticket = self.sell(quantity=quantity)
            self.assertAlmostEqual(
                ticket.sudo()._get_points_due(self.program, 1000), points
            )
        rules[0].code = "DOBLE"
        for told, points in ((5, 5), (1, 1)):
            self.assertAlmostEqual(
                ticket.sudo()._get_points_due(self.program, told), points
            )

    def test_a_program_of_another_till_gives_nothing(self):
        self.program.pos_config_ids = self.make_foreign_till()
        self.assertFalse(self.earn(self.sell(), 62.92))

    def test_a_cashier_writes_no_points(self):
        card = self.earn(self.sell(), 62.92)
        for attempt in (
            lambda c: c.write({"points": 99_900}),
            lambda c: c.write({"partner_id": self.other.id}),
            lambda c: c.env["loyalty.history"].create(
                {"card_id": c.id, "issued": 5, "description": "X"}
            ),
            lambda c: c.history_ids.write({"issued": 99_900}),
            lambda c: c.env["loyalty.card.update.balance"]
            .create({"card_id": c.id, "new_balance": 999, "description": "X"})
            .action_update_card_point(),
        ):
            with self.assertRaisesRegex(AccessError, "Points"), self.cr.savepoint():
                attempt(card.with_user(self.cashier))
        self.assertAlmostEqual(card.points, 62.92)

    def test_a_late_refund_is_of_the_running_period(self):
        """One of October that comes when October has been settled."""
        kind = self.env["xpyme.customer.type"].create(
            {"name": "V", "voucher_mode": "percent", "voucher_percent": 5}
        )
        self.customer.write(
            {
                "customer_type_id": kind.id,
                "points_period_start": "2026-10-01",
                "points_period_end": "2026-10-31",
            }
        )
        sold = self.sell(quantity=10, date_order="2026-10-15 10:00:00")
        self.earn(sold, 629.2)
        self.env.flush_all()
        self.customer.action_settle_points()
        self.assertAlmostEqual(self.get_sales(), 0)
        late = {"date_order": "2026-10-31 18:00:00", "paid_offline": True}
        self.give_back(sold, 10, **late)
        self.assertAlmostEqual(self.get_sales(), -629.2)
        self.assertAlmostEqual(self.customer.points_period_total, -629.2)

    def test_who_accumulates_none_earns_none(self):
        self.customer.no_points = True
        self.assertFalse(self.earn(self.sell(), 62.92))
        card = self.env["loyalty.card"].create(
            {"program_id": self.program.id, "partner_id": self.customer.id}
        )
        other = self.env["loyalty.program"].create(
            {"name": "Promo", "program_type": "promotion"}
        )
        self.tell(self.sell(), card.id, 62.92, other)
        self.assertEqual(card.points, 0)
        card = self.give_voucher(30)
        self.use(card, 10)
        self.assertEqual(self.get_balance(), 20)

    PERIOD = {"points_period_start": "2026-11-01", "points_period_end": "2026-11-30"}

    def get_sales(self):
        self.env.flush_all()
        self.customer.invalidate_recordset()
        return self.customer.points_period_sales

    @staticmethod
    def of(total):
        """A ticket of so much, with tax."""
        net = round(total / 1.21, 2)
        line = {"price_unit": net, "price_subtotal": net, "price_subtotal_incl": total}
        return {
            "line": line,
            "amount_total": total,
            "amount_tax": total - net,
            "amount_paid": total,
        }

    def make_invoice(self, kind, total):
        line = {
            "product_id": self.goods.id,
            "price_unit": total / 1.21,
            "tax_ids": [Command.set(self.net_tax.ids)],
        }
        self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.customer.id,
                "invoice_date": "2026-11-10",
                "invoice_line_ids": [Command.create(line)],
            }
        ).action_post()

    def test_points_belong_to_the_day_of_the_ticket(self):
        self.customer.write(self.PERIOD)
        sold = self.sell(date_order="2026-11-10 10:00:00")
        self.earn(sold, 62.92)
        self.env.flush_all()
        self.customer.invalidate_recordset()
        self.assertAlmostEqual(self.customer.points_period_total, 62.92)
        self.assertAlmostEqual(self.customer.points_period_sales, 62.92)

    def test_sales_of_the_period_are_invoices_and_tickets_each_once(self):
        """121.00, 21.00 credited, a ticket of 10.00, and one with an invoice of 12.10
        to a contact: 122.10."""
        november = {"date_order": "2026-11-10 10:00:00"}
        self.customer.write(self.PERIOD)
        for kind, amount in (("out_invoice", 121), ("out_refund", 21)):
            self.make_invoice(kind, amount)
        self.sell(**november, **self.of(10))
        self.sell(**november, **self.of(10), state="draft", payment_ids=[])
        contact = self.make_contact(self.customer)
        ticket = self.sell(contact, **november, **self.of(12.10), to_invoice=True)
        self.assertEqual(ticket.account_move.amount_total, 12.10)
        self.assertAlmostEqual(self.get_sales(), 122.10)

    def test_a_ticket_is_of_the_day_that_it_was_where_the_company_is(self):
        """At 23:30 of 31 October in Madrid it is 22:30 in UTC; at 0:30 of the next day,
        23:30."""
        self.company.partner_id.tz = "Europe/Madrid"
        self.customer.write(self.PERIOD)
        self.sell(date_order="2026-10-31 22:30:00")
        self.assertAlmostEqual(self.get_sales(), 0)
        self.sell(date_order="2026-10-31 23:30:00")
        self.assertAlmostEqual(self.get_sales(), 62.92)
