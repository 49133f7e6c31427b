from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestLostCustomer(TillCase):
    """A till goes on naming a customer who was merged or deleted meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gone = cls.make_customer("Gone", vat=False)
        cls.boss = cls.make_user("boss", "sales_team.group_sale_manager")
        cls.boss.lang = "en_US"

    def merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([source.id, target.id], target)
        self.env.flush_all()
        self.env.invalidate_all()

    def assertTold(self, partner, words):
        told = self.get_activities(partner)
        told = told.filtered(lambda one: one.user_id == self.boss)
        self.assertIn(words, told.summary)

    def test_a_ticket_of_a_merged_customer_is_the_remaining_ones(self):
        for offline in (True, False):
            with self.subTest(offline=offline), self.cr.savepoint() as savepoint:
                data = self.prepare_ticket(
                    self.gone, method=self.later, paid_offline=offline, to_invoice=True
                )
                self.merge(self.gone, self.customer)
                ticket = self.send(data)
                self.assertEqual(ticket.partner_id, self.customer)
                self.assertEqual(ticket.account_move.partner_id, self.customer)
                self.assertEqual(self.customer.risk_debt, 62.92)
                session = self.config.current_session_id
                session.action_pos_session_closing_control()
                self.assertEqual(session.state, "closed")
                savepoint.rollback()

    def test_it_follows_one_merge_after_the_other(self):
        data = self.prepare_ticket(self.gone)
        other = self.make_customer("Other", vat=False)
        self.merge(self.gone, other)
        self.merge(other, self.customer)
        self.assertEqual(self.send(data).partner_id, self.customer)

    def test_the_till_is_told_of_the_remaining_card(self):
        """Before the ticket is paid."""
        self.customer.is_blocked = True
        self.customer.internal_credit_limit = 10
        self.company.risk_till_action = "block"
        self.merge(self.gone, self.customer)
        self.assertTrue(self.get_entry(customer=self.gone)["blocked"])
        gone = self.gone.with_user(self.cashier)
        verdict = gone.judge_pos_account(self.config.id, 11)
        self.assertEqual(verdict["action"], "block")

    def test_the_remaining_card_is_judged(self):
        self.customer.is_blocked = True
        data = self.prepare_ticket(self.gone, paid_offline=True)
        self.merge(self.gone, self.customer)
        self.assertTrue(self.send(data).sold_to_blocked)

    def test_a_ticket_of_a_deleted_customer_is_kept_and_told(self):
        data = self.prepare_ticket(self.gone, method=self.later, paid_offline=True)
        self.gone.unlink()
        ticket = self.send(data)
        self.assertEqual((ticket.state, ticket.partner_id.ids), ("paid", []))
        self.assertTold(self.company.partner_id, "has been deleted")

    def test_nothing_is_put_on_the_account_of_one_who_was_deleted(self):
        later = self.prepare_ticket(self.gone, method=self.later)
        cash = self.prepare_ticket(self.gone)
        self.gone.unlink()
        with self.assertRaisesRegex(UserError, "deleted"), self.cr.savepoint():
            self.send(later)
        self.assertEqual(self.send(cash).state, "paid")
        self.assertTold(self.company.partner_id, "has been deleted")
