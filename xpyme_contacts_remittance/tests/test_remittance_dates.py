from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import RemittanceCase


@tagged("post_install", "-at_install")
class TestDates(RemittanceCase):
    """When receipts are debited: on a pay day, not while away, when banks work."""

    def get_dates(self, **vals):
        remittance = self.make_remittance(**vals)
        remittance.draft2open()
        return sorted(str(line.date) for line in remittance.payment_line_ids)

    def assertDebit(self, due, debited):
        found = self.customer._get_debit_date(date.fromisoformat(due))
        self.assertEqual(str(found), debited)

    def test_on_its_due_date(self):
        self.make_invoice(due="2026-10-20")
        self.assertEqual(self.get_dates(), ["2026-10-20"])

    def test_a_sunday_and_a_holiday_of_the_banks_wait(self):
        self.assertDebit("2026-10-18", "2026-10-19")
        self.assertDebit("2026-12-25", "2026-12-28")
        self.assertDebit("2027-03-26", "2027-03-30")

    def test_a_day_in_the_past_is_the_next_banking_day(self):
        """A file of today is debited tomorrow at the earliest: on Friday on Monday."""
        self.make_invoice(due="2026-10-02")
        self.assertEqual(self.get_dates(), ["2026-10-06"])
        with freeze_time("2026-10-09"):
            self.assertDebit("2026-10-02", "2026-10-12")

    def test_on_the_pay_days_of_the_customer(self):
        self.customer.payment_days = "5, 20"
        self.assertDebit("2026-10-02", "2026-10-20")
        # The 5th of December is a Saturday.
        self.assertDebit("2026-12-01", "2026-12-07")

    def test_not_while_the_customer_is_away(self):
        if "leave_ids" not in self.customer:
            self.skipTest("leaves are of the addon of billing")
        self.customer.payment_days = "5, 20"
        self.customer.leave_ids = [
            Command.create({"date_from": "2027-01-01", "date_to": "2027-01-10"})
        ]
        invoice = self.make_invoice(due="2027-01-05")
        self.assertEqual(str(invoice.line_ids[-1:].date_maturity), "2027-01-20")
        self.assertEqual(self.get_dates(until="2027-02-01"), ["2027-01-20"])
        # A leave that was typed after the invoice.
        self.customer.leave_ids.date_to = "2027-01-21"
        self.make_invoice(due="2026-12-10")
        self.assertEqual(self.get_dates(), ["2026-12-21"])
        self.assertDebit("2027-01-20", "2027-02-05")

    def test_away_for_good(self):
        if "leave_ids" not in self.customer:
            self.skipTest("leaves are of the addon of billing")
        self.make_invoice()
        self.customer.write(
            {
                "leave_ignore_year": True,
                "leave_ids": [
                    Command.create({"date_from": "2026-01-01", "date_to": "2026-12-31"})
                ],
            }
        )
        self.assertRegex(self.judge()[self.customer.name], "away for good")

    def test_one_day_for_all(self):
        """It is moved to a banking day; who is away or owes it later is left out."""
        self.make_invoice()
        self.make_invoice(due="2026-10-06", customer=self.make_debtor("Otra S.A."))
        self.customer.payment_days = "5"
        fixed = {"date_mode": "fixed", "date_fixed": "2026-10-17"}
        self.assertEqual(self.get_dates(**fixed), ["2026-10-19"] * 2)
        late = self.make_invoice(due="2026-11-20", customer=self.customer)
        self.assertRegex(self.judge(**fixed)[self.customer.name], "due after the day")
        late.button_cancel()

    def test_one_day_for_all_leaves_out_who_is_away(self):
        if "leave_ids" not in self.customer:
            self.skipTest("leaves are of the addon of billing")
        self.make_invoice()
        self.customer.leave_ids = [
            Command.create({"date_from": "2026-10-18", "date_to": "2026-10-20"})
        ]
        fixed = {"date_mode": "fixed", "date_fixed": "2026-10-17"}
        self.assertRegex(self.judge(**fixed)[self.customer.name], "away on that day")

    def test_one_day_in_the_past(self):
        self.make_invoice(due="2026-09-20")
        fixed = {"date_mode": "fixed", "date_fixed": "2026-10-01"}
        self.assertEqual(self.get_dates(**fixed), ["2026-10-06"])
