from unittest.mock import patch
from uuid import uuid4

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTickets(TillCase):
    """A ticket is refused before it is paid, and never afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.make_user(
            "tillseller",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads",
        )

    @staticmethod
    def link(order):
        """What a line says that is of an order."""
        return {
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line[:1].id,
        }

    def assertRefused(self, **vals):
        with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
            self.sell(**vals)

    def test_baja_refuses_a_sale_and_nothing_of_it_is_left(self):
        self.customer.is_blocked = True
        with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
            self.sell()
        with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
            self.sell(self.make_contact(self.customer))
        self.assertFalse(self.config.current_session_id.order_ids)
        self.assertEqual(self.sell(self.Partner).state, "paid")

    def test_one_paid_without_connection_is_kept_and_told(self):
        boss = self.make_user("boss", "sales_team.group_sale_manager")
        self.customer.is_blocked = True
        ticket = self.sell(paid_offline=True)
        self.assertEqual(ticket.state, "paid")
        self.assertTrue(ticket.sold_to_blocked)
        activity = self.get_activities().filtered(lambda one: one.user_id == boss)
        self.assertEqual(len(activity), 1)
        self.assertIn("26-1-000001", activity.summary)

    def test_each_manager_is_told_in_their_own_language(self):
        bosses = self.make_bosses()
        self.customer.is_blocked = True
        self.sell(paid_offline=True)
        self.assertToldInOwn(bosses, "without connection", "sin conexión")

    def test_with_an_invoice_too(self):
        self.customer.is_blocked = True
        ticket = self.sell(paid_offline=True, to_invoice=True)
        self.assertEqual(ticket.account_move.state, "posted")
        self.assertTrue(ticket.sold_to_blocked)

    def test_a_customer_in_order_is_not_told(self):
        ticket = self.sell(paid_offline=True)
        self.assertTrue(ticket.paid_offline)
        self.assertFalse(ticket.sold_to_blocked)
        self.assertFalse(self.get_activities())

    def test_who_sends_the_mark_does_not_decide_it(self):
        self.assertFalse(self.sell(sold_to_blocked=True).sold_to_blocked)
        self.customer.is_blocked = True
        ticket = self.sell(paid_offline=True)
        ticket.with_user(self.cashier).write({"sold_to_blocked": False})
        self.assertTrue(ticket.sold_to_blocked)

    def test_who_may_not_insist_has_not(self):
        line = {"insisted_minimum": True}
        self.assertFalse(self.sell(line=line).lines.insisted_minimum)
        boss = self.make_user(
            "boss", "point_of_sale.group_pos_user,sales_team.group_sale_manager"
        )
        ticket = self.sell(user=boss, line=line)
        self.assertTrue(ticket.lines.insisted_minimum)
        plain = self.sell(state="draft", payment_ids=[], amount_paid=0)
        plain = plain.with_user(self.cashier)
        plain.write({"lines": [Command.update(plain.lines.id, line)]})
        self.assertFalse(plain.lines.insisted_minimum)

    def test_a_refund_goes_on(self):
        sold = self.sell()
        self.customer.is_blocked = True
        refund = self.sell(
            quantity=-1,
            is_refund=True,
            line={"refunded_orderline_id": sold.lines.id},
        )
        self.assertEqual(refund.state, "paid")

    def test_an_order_confirmed_before_goes_on_and_a_quotation_does_not(self):
        before = self.make_sale(self.goods)
        before.action_confirm()
        quotation = self.make_sale(self.goods)
        self.customer.is_blocked = True
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.sell(user=self.seller, line=self.link(quotation))
        ticket = self.sell(user=self.seller, line=self.link(before))
        self.assertEqual(ticket.state, "paid")

    def test_links_that_anybody_may_write_excuse_nothing(self):
        sold, other = self.sell(), self.make_customer("Other", vat=False)
        before, foreign = self.make_sale(self.goods), self.make_sale(self.goods)
        foreign.write({"partner_id": other.id})
        self.assertEqual(foreign.partner_invoice_id, other)
        (before | foreign).action_confirm()
        self.customer.is_blocked = True
        self.assertRefused(line={"refunded_orderline_id": sold.lines.id})
        self.assertRefused(line={"sale_order_origin_id": before.id})
        self.assertRefused(line=self.link(foreign))
        self.assertRefused(line={**self.link(before), "price_subtotal_incl": 90})
        self.assertRefused(
            line={**self.link(before), "product_id": self.net_article.id}
        )
        self.assertRefused(quantity=2, line=self.link(before))
        ticket = self.sell(user=self.seller, line=self.link(before))
        self.assertEqual(ticket.state, "paid")
        self.assertRefused(line=self.link(before))

    def test_an_advance_of_a_confirmed_order_goes_on_as_far_as_the_order(self):
        before = self.make_sale(self.goods)
        before.action_confirm()
        self.config.down_payment_product_id = self.goods
        self.customer.is_blocked = True
        line = {"sale_order_origin_id": before.id}
        self.assertEqual(self.sell(user=self.seller, line=line).state, "paid")
        self.assertRefused(line=line)

    def test_whatever_has_it_paid_passes_the_same_gate(self):
        draft = {"state": "draft", "payment_ids": [], "amount_paid": 0}
        ticket = self.sell(**draft).with_user(self.cashier)
        self.customer.is_blocked = True
        ticket.add_payment(
            {
                "pos_order_id": ticket.id,
                "amount": ticket.amount_total,
                "payment_method_id": self.cash.id,
            }
        )
        data = self.prepare_ticket()
        for attempt in (
            ticket.action_pos_order_paid,
            lambda: ticket.write({"state": "paid"}),
            lambda: ticket._process_saved_order(False),
            lambda: ticket.create(dict(data)),
        ):
            with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
                attempt()
        self.assertEqual(ticket.state, "draft")

    def get_no_customers(self):
        """Users, companies, their addresses, mirrors, mailboxes."""
        self.customer.document_email = "docs@example.com"
        family = self.customer.with_context(active_test=False).child_ids
        mailbox = family.filtered("is_document_mailbox")
        self.assertTrue(mailbox)
        own = self.cashier.partner_id | self.company.partner_id
        places = own.browse()
        for card in own:
            places |= self.make_contact(card, type="delivery", name="Nave")
        return own | places | self.get_mirror(self.customer) | mailbox

    def test_nobody_sells_to_those_who_are_no_customers(self):
        for partner in self.get_no_customers():
            with self.subTest(partner.name):
                with self.assertRaises(UserError) as caught, self.cr.savepoint():
                    self.sell(partner, to_invoice=True)
                self.assertIn("no customer", str(caught.exception))
                ticket = self.sell(self.Partner).with_user(self.cashier)
                with self.assertRaises(UserError), self.cr.savepoint():
                    ticket.partner_id = partner

    def test_a_ticket_of_an_address_is_its_customers(self):
        """As Odoo has it: the address is where the invoice says that the goods go."""
        place = self.make_contact(self.customer, type="delivery", name="Nave")
        ticket = self.sell(place, to_invoice=True)
        self.assertEqual(ticket.account_move.partner_id, self.customer)
        self.assertEqual(ticket.account_move.partner_shipping_id, place)
        self.customer.is_blocked = True
        with self.assertRaisesRegex(ValidationError, "Baja"), self.cr.savepoint():
            self.sell(place)

    def test_whoever_becomes_a_company_or_is_none_any_more(self):
        company = self.env["res.company"].create({"name": "Otra"})
        partner = company.partner_id
        with self.assertRaises(UserError), self.cr.savepoint():
            self.sell(partner)
        company.partner_id = self.make_customer("La otra", vat=False)
        self.assertEqual(self.sell(partner).state, "paid")

    def test_unless_it_was_paid_without_connection_which_is_told(self):
        bosses = self.make_bosses()
        ticket = self.sell(self.cashier.partner_id, paid_offline=True)
        self.assertEqual(ticket.state, "paid")
        told = self.get_activities(ticket.partner_id)
        told = {one.user_id: one.summary for one in told}
        self.assertIn("no customer", told[bosses["en_US"]])
        self.assertIn("no es un cliente", told[bosses["es_ES"]])

    def test_or_it_is_an_order_of_theirs(self):
        order = self.make_sale(self.goods, customer=self.cashier.partner_id)
        ticket = self.sell(order.partner_id, user=self.seller, line=self.link(order))
        self.assertEqual((ticket.state, order.state), ("paid", "sale"))

    def test_a_draft_is_kept_whoever_it_is_of(self):
        self.customer.is_blocked = True
        ticket = self.sell(state="draft", payment_ids=[], amount_paid=0)
        self.assertEqual(ticket.state, "draft")

    def test_the_invoice_comes_to_what_was_paid(self):
        """Also under a minimum price: a paid ticket is not priced."""
        self.make_price(self.goods, price_1=80, min_price=70)
        ticket = self.sell(to_invoice=True)
        invoice = ticket.account_move
        self.assertEqual(invoice.amount_total, 62.92)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_the_invoice_names_the_discount_of_its_ticket(self):
        discount = self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "PP", "percent": 2}
        )
        ticket = self.sell(to_invoice=True, customer_discount_id=discount.id)
        self.assertEqual(ticket.customer_discount_id, discount)
        self.assertEqual(ticket.account_move.customer_discount_id, discount)
        plain = self.sell(to_invoice=True)
        self.assertFalse(plain.account_move.customer_discount_id)

    def test_a_strange_or_lost_discount_is_forgotten(self):
        other = self.make_customer("Other", vat=False)
        discount = self.env["xpyme.customer.discount"].create(
            {"partner_id": other.id, "name": "PP", "percent": 2}
        )
        self.assertFalse(
            self.sell(customer_discount_id=discount.id).customer_discount_id
        )
        discount.unlink()
        ticket = self.sell(customer_discount_id=discount.id)
        self.assertFalse(ticket.customer_discount_id)

    def test_a_discount_leaves_the_ticket_with_its_customer(self):
        """A draft that the till has told of, and whose customer changed since."""
        discount = self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "PP", "percent": 2}
        )
        other = self.make_customer("Other", vat=False)
        draft = {"state": "draft", "payment_ids": [], "amount_paid": 0}
        ticket = self.sell(customer_discount_id=discount.id, **draft)
        self.assertEqual(ticket.customer_discount_id, discount)
        self.sell(other, uuid=ticket.uuid, to_invoice=True)
        self.assertFalse(ticket.customer_discount_id)
        self.assertEqual(ticket.account_move.partner_id, other)
        later = self.sell(customer_discount_id=discount.id)
        later.with_user(self.cashier).partner_id = other
        later.with_context(generate_pdf=False)._generate_pos_order_invoice()
        self.assertFalse(later.account_move.customer_discount_id)

    # === WHAT IT COSTS ===#

    def count_queries(self, number):
        """What it takes to keep a ticket of so many lines, paid in cash to a cashier
        of whom nothing is known yet."""
        cashier = self.make_user(
            f"cashier{uuid4()}", "base.group_user,point_of_sale.group_pos_user"
        )
        data = self.prepare_ticket()
        [line] = data["lines"]
        data["lines"] = [
            Command.create({**line[2], "uuid": str(uuid4())}) for _one in range(number)
        ]
        for name in ("amount_total", "amount_paid"):
            data[name] = round(data[name] * number, 2)
        data["payment_ids"][0][2]["amount"] = data["amount_paid"]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.send(data, cashier)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_to_judge_it_costs_one_query_whatever_its_lines(self):
        """Whether the customer has minimum prices; the rest Odoo reads itself."""
        tickets = self.registry["pos.order"]
        stock = {
            "_judge_change": lambda *_args: None,
            "_without_strange_discount": lambda _self, order, _known: dict(order),
        }
        self.count_queries(1)
        for action in ("tell", "block"):
            self.company.risk_till_action = action
            for number in (1, 20):
                with self.subTest(action, lines=number):
                    ours = self.count_queries(number)
                    with patch.multiple(tickets, **stock):
                        self.assertLessEqual(ours, self.count_queries(number) + 1)
