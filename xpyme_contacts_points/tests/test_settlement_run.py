from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TODAY, PointsCase


@tagged("post_install", "-at_install")
class TestSettlementRun(PointsCase):
    """The vouchers of many: shown before they are given."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_invoice(122.10)
        cls.idle = cls.make_customer(
            "Ociosa", vat=False, customer_type_id=cls.type.id, **cls.get_period()
        )
        cls.without = cls.make_customer(
            "Sin periodo", vat=False, customer_type_id=cls.type.id
        )

    def make_run(self, user=None, **vals):
        run = self.env["xpyme.points.settlement.run"].with_user(user or self.manager)
        return run.create({"customer_type_ids": self.type.ids, **vals})

    def test_the_preview_tells_who_gets_how_much_and_who_none_and_why(self):
        run = self.make_run()
        self.assertEqual(run.given_count, 1)
        words = ("ACME", "6.11", "No sales", "Ociosa", "Sin periodo", "no period")
        self.assertTold(words, run.preview)

    def test_what_was_shown_is_given(self):
        action = self.make_run().action_settle()
        settlements = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(settlements.partner_id, self.customer)
        self.assertEqual(self.get_balance(), 6.11)
        self.assertTold(("6.11", "not over"), self.make_run().preview)

    def test_without_sales_they_go_on_to_the_next_period(self):
        self.make_run().action_settle()
        self.idle.invalidate_recordset()
        self.assertEqual(self.idle.points_period_end, date(2026, 12, 31))
        self.assertEqual(self.get_settlements(self.idle).mapped("state"), ["empty"])

    def test_unless_that_is_not_wanted_or_they_returned_goods(self):
        self.make_invoice(12.10, move_type="out_refund", partner_id=self.without.id)
        self.without.write(self.get_period())
        self.make_run(roll_empty=False).action_settle()
        self.assertEqual(self.idle.points_period_end, date(2026, 11, 30))
        with self.assertRaises(UserError):
            self.make_run(roll_empty=False).action_settle()
        told = self.make_run().action_settle()
        self.assertIn("Nobody gets a voucher", told["params"]["message"])
        self.without.invalidate_recordset()
        self.assertEqual(self.without.points_period_end, date(2026, 11, 30))

    def test_only_those_chosen(self):
        run = self.make_run(partner_ids=[Command.set(self.idle.ids)])
        self.assertEqual(run.given_count, 0)
        self.assertNotIn("ACME", str(run.preview))

    def test_a_list_of_customers_is_taken_over(self):
        contact = self.make_contact(self.customer)
        run = self.env["xpyme.points.settlement.run"].with_context(
            active_model="res.partner", active_ids=(contact | self.idle).ids
        )
        self.assertEqual(run.create({}).partner_ids, self.customer | self.idle)

    def test_the_window_is_a_sales_administrators(self):
        with self.assertRaises(AccessError):
            self.make_run(user=self.salesperson)

    def test_many_are_settled_without_a_mail_and_set_by_set(self):
        customers = self.env["res.partner"].concat(
            *(
                self.make_customer(
                    f"Cliente {number}",
                    vat=False,
                    customer_type_id=self.type.id,
                    **self.get_period(),
                )
                for number in range(30)
            )
        )
        for customer in customers:
            self.make_invoice(121, partner_id=customer.id)
        self.type.voucher_validity_days = 30
        # The first ones make the program.
        self.make_run(partner_ids=[Command.set(self.customer.ids)]).action_settle()
        self.env.flush_all()
        mails = self.env["mail.mail"].search_count([])
        few = self.count_queries(customers[:3])
        many = self.count_queries(customers[3:])
        self.assertLessEqual(many, few + 3)
        self.assertEqual(self.get_balance(customers[-1]), 6.05)
        # The vouchers that they have by now are topped up no other way.
        for customer in customers:
            self.make_invoice(121, day="2026-12-05", partner_id=customer.id)
        type(self).today = date(2027, 1, 2)
        self.addCleanup(setattr, type(self), "today", TODAY)
        few = self.count_queries(customers[:3])
        many = self.count_queries(customers[3:])
        self.assertLessEqual(many, few + 3)
        self.assertEqual(self.get_balance(customers[-1]), 12.10)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def count_queries(self, customers):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        customers.with_user(self.manager)._settle_points()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
