from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import VoucherTillCase


@tagged("post_install", "-at_install")
class TestTillVoucher(VoucherTillCase):
    """A till tells of vouchers; what was paid with one is kept, whatever it has."""

    def ask(self, card, customer=None):
        """What the till asks when a code is scanned."""
        config = self.config.with_user(self.cashier)
        today = fields.Datetime.to_string(fields.Datetime.now())
        partner = (self.customer if customer is None else customer).id
        return config.use_coupon_code(card.code, today, partner, self.tariff_1.id)

    def test_a_voucher_is_told_with_its_code(self):
        self.assertEqual(self.get_entry()["vouchers"], [])
        card = self.give_voucher(30)
        [voucher] = self.get_entry(customer=self.make_contact(self.customer))[
            "vouchers"
        ]
        self.assertEqual((voucher["code"], voucher["amount"]), (card.code, 30))
        self.assertFalse(self.get_entry()["notices"])

    def test_the_card_silences_it(self):
        self.give_voucher(30)
        self.customer.no_voucher_warning = True
        self.assertEqual(self.get_entry()["vouchers"], [])

    def test_an_empty_one_is_not_told(self):
        card = self.give_voucher(30)
        self.use(card, 30)
        self.assertEqual(self.get_entry()["vouchers"], [])

    def test_a_voucher_is_its_customers(self):
        card = self.give_voucher(30)
        self.assertTrue(self.ask(card)["successful"])
        self.assertTrue(self.ask(card, self.make_contact(self.customer))["successful"])
        for other in (self.other, self.Partner):
            answer = self.ask(card, other)
            self.assertFalse(answer["successful"])
            self.assertIn("another customer's", answer["payload"]["error_message"])

    def test_what_is_used_goes_off_it(self):
        card = self.give_voucher(30)
        self.use(card, 30)
        self.assertEqual(self.get_balance(), 0)
        self.assertFalse(self.get_activities())

    def test_what_the_till_says_of_it_again_takes_nothing_more(self):
        """Its call after the ticket may be lost, or come twice."""
        card = self.give_voucher(30)
        ticket = self.use(card, 10)
        for _time in range(2):
            self.tell(ticket, card.id, -1000, card.program_id)
        self.assertEqual(self.get_balance(), 20)
        ticket.with_user(self.cashier).action_pos_order_paid()
        self.assertEqual(self.get_balance(), 20)

    def test_a_cashier_gives_no_voucher(self):
        card = self.give_voucher(30)
        ticket, program = self.sell(), card.program_id
        self.tell(ticket, card.id, 99_900, program)
        self.tell(ticket, card.id, 99_900, self.program)
        self.tell(self.sell(self.other), -1, 99_900, program)
        for attempt in (
            lambda c: c.write({"points": 99_900}),
            lambda c: c.write({"partner_id": self.other.id}),
            lambda c: c.write({"expiration_date": "2036-01-01"}),
            lambda c: c.env["loyalty.history"].create(
                {"card_id": c.id, "issued": 5, "description": "X"}
            ),
            lambda c: c.env["loyalty.card.update.balance"]
            .create({"card_id": c.id, "new_balance": 999, "description": "X"})
            .action_update_card_point(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt(card.with_user(self.cashier))
        self.assertEqual(self.get_balance(), 30)
        self.assertIsNone(self.get_balance(self.other))

    def test_a_voucher_gives_what_it_pays_whatever_a_till_says_of_it(self):
        """Its cost, what it comes to, a line that it would give back, many lines of a
        cent, no card: 10 of 30."""
        sold = self.sell()
        for said, parts in (
            ({}, 1),
            ({"points_cost": 0}, 1),
            ({"points_cost": -99_900}, 1),
            ({"price_subtotal_incl": -0.01, "points_cost": 0}, 1),
            ({"refunded_orderline_id": sold.lines.id}, 1),
            ({"points_cost": 0}, 1000),
            ({"coupon_id": False}, 1),
            ({"coupon_id": False, "reward_id": False}, 1),
        ):
            with self.subTest(said, parts=parts), self.cr.savepoint() as point:
                card = self.give_voucher(30)
                self.use(card, 10, said=said, parts=parts)
                self.assertEqual(self.get_balance(), 20)
                point.rollback()
                self.env.invalidate_all()

    def test_who_pays_with_a_voucher_that_they_do_not_have_owes_it(self):
        self.use(self.give_voucher(30, self.other), 10, said={"coupon_id": False})
        self.assertEqual(self.get_balance(), -10)
        self.assertTrue(self.get_activities())
        self.assertEqual(self.get_balance(self.other), 30)

    def test_at_a_till_in_another_currency_it_gives_what_that_is_worth(self):
        """Two of which are one of the company's: 30 are 15."""
        till = self.make_foreign_till()
        till.open_ui()
        till.current_session_id.set_opening_control(0, None)
        session = {"session_id": till.current_session_id.id, "pricelist_id": False}
        self.use(self.give_voucher(30), 30, method=self.later, **session)
        self.assertEqual(self.get_balance(), 15)

    def test_what_has_lapsed_pays_no_more(self):
        """10 of 30 until yesterday, activated before: the ticket is kept, and told."""
        card = self.give_voucher(30)
        self.env["xpyme.points.settlement"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "date_from": "2025-01-01",
                "date_to": "2025-12-31",
                "mode": "percent",
                "amount": 10,
                "card_id": card.id,
                "expiration_date": fields.Date.today() - timedelta(days=2),
            }
        )
        self.use(card, 30)
        self.assertEqual((self.get_balance(), card.points), (-10, -1000))
        self.assertTrue(self.get_activities())

    def test_a_draft_takes_nothing(self):
        card = self.give_voucher(30)
        self.use(card, 10, state="draft", amount_paid=0)
        self.assertEqual(self.get_balance(), 30)

    def test_a_till_in_another_currency_offers_none(self):
        self.give_voucher(30)
        entry = self.get_entry(till=self.make_foreign_till())
        self.assertEqual(entry["vouchers"], [])

    def test_a_payment_with_it_that_is_given_back_is_on_it_again(self):
        self.give_all_back(self.use(self.give_voucher(30), 30))
        self.assertEqual(self.get_balance(), 30)
        self.assertFalse(self.get_activities())

    def test_used_at_two_tills_both_tickets_are_kept_and_it_is_told(self):
        manager = self.make_user("boss", "sales_team.group_sale_manager")
        card = self.give_voucher(30)
        self.use(card, 30)
        self.use(card, 15, paid_offline=True)
        self.assertEqual(card.points * card.program_id._get_coin(), -15)
        activity = self.get_activities().filtered(lambda one: one.user_id == manager)
        self.assertIn(card.code, activity.summary)

    def test_each_manager_is_told_in_their_own_language(self):
        bosses = self.make_bosses()
        card = self.give_voucher(30)
        self.use(card, 30)
        self.use(card, 15, paid_offline=True)
        self.assertToldInOwn(bosses, "used the voucher", "usó el vale")

    def test_a_voucher_takes_nothing_of_a_minimum_price(self):
        self.make_price(self.goods, min_price=52)
        card = self.give_voucher(30)
        self.assertFalse(self.use(card, 30).sold_under_minimum)

    def test_a_vouchers_line_without_a_voucher_does(self):
        self.make_price(self.goods, min_price=52)
        card = self.give_voucher(30)
        ticket = self.use(card, 30, said={"coupon_id": False})
        self.assertTrue(ticket.sold_under_minimum)

    def test_a_line_that_calls_itself_a_reward_does(self):
        self.make_price(self.goods, min_price=52)
        data = self.prepare_ticket()
        off = {**data["lines"][0][2], "uuid": "off", "is_reward_line": True}
        off.update(price_unit=-30, price_subtotal=-30, price_subtotal_incl=-36.3)
        data["lines"].append(Command.create(off))
        for name in ("amount_total", "amount_paid"):
            data[name] = 26.62
        data["payment_ids"][0][2]["amount"] = 26.62
        self.assertTrue(self.send(data).sold_under_minimum)

    def test_anothers_voucher_is_told(self):
        card = self.give_voucher(30)
        self.use(card, 10, self.other)
        self.assertTrue(self.get_activities())
