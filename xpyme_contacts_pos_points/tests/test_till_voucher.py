from odoo import fields
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
        self.use(self.sell(), card, 30)
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
        self.use(self.sell(), card, 30)
        self.assertEqual(self.get_balance(), 0)
        self.assertFalse(self.get_activities())

    def test_used_at_two_tills_both_tickets_are_kept_and_it_is_told(self):
        manager = self.make_user("boss", "sales_team.group_sale_manager")
        card = self.give_voucher(30)
        self.use(self.sell(), card, 30)
        self.use(self.sell(paid_offline=True), card, 15)
        self.assertEqual(card.points * card.program_id._get_coin(), -15)
        activity = self.get_activities().filtered(lambda one: one.user_id == manager)
        self.assertIn(card.code, activity.summary)

    def test_anothers_voucher_is_told(self):
        card = self.give_voucher(30)
        self.use(self.sell(self.other), card, 10)
        self.assertTrue(self.get_activities())
