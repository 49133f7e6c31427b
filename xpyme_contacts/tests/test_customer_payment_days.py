from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..tools.pay_days import shift
from .common import CustomerCase


def _day(text):
    return date.fromisoformat(text)


@tagged("post_install", "-at_install")
class TestPaymentDays(CustomerCase):
    def test_days_are_stored_one_way_however_they_are_typed(self):
        customer = self.make_customer(payment_days="20 y 5")
        self.assertEqual(customer.payment_days, "5, 20")
        customer.payment_days = "31/15;15"
        self.assertEqual(customer.payment_days, "15, 31")
        customer.payment_days = " "
        self.assertFalse(customer.payment_days)

    def test_what_is_no_day_of_a_month_is_refused(self):
        customer = self.make_customer()
        for typed in ("0", "32", "a", "-5", "1.5", "٥"):
            with self.subTest(typed=typed), self.assertRaises(ValidationError):
                customer.payment_days = typed

    def test_an_address_pays_on_its_customers_days(self):
        customer = self.make_customer(payment_days="5")
        address = self.make_contact(customer, type="invoice")
        self.assertEqual(address._get_payment_days(), [5])
        sunday = date(2026, 8, 9)
        self.assertEqual(address._get_pay_day_from(sunday), date(2026, 9, 5))
        self.assertEqual(address._get_pay_day_from(sunday, any_day=True), sunday)

    def test_due_dates_of_the_specification(self):
        august = ("2026-08-01", "2026-08-31")
        rows = [
            ("2026-08-09", [5, 20], [], False, "2026-08-20"),
            ("2026-08-20", [5, 20], [], False, "2026-08-20"),
            ("2026-08-21", [5, 20], [], False, "2026-09-05"),
            ("2026-02-10", [31], [], False, "2026-02-28"),
            ("2028-02-10", [30], [], False, "2028-02-29"),
            ("2026-04-30", [31], [], False, "2026-04-30"),
            ("2026-08-09", [], [august], False, "2026-09-01"),
            ("2026-08-09", [5, 20], [august], False, "2026-09-05"),
            ("2026-08-09", [20], [("2026-08-20",) * 2], False, "2026-09-20"),
            ("2026-08-10", [], [("2004-08-01", "2004-08-15")], True, "2026-08-16"),
            ("2026-08-10", [], [("2004-08-01", "2004-08-15")], False, "2026-08-10"),
            ("2026-12-24", [25], [("2004-12-20", "2005-01-07")], True, "2027-01-25"),
            ("2027-01-03", [], [("2004-12-20", "2005-01-07")], True, "2027-01-08"),
            (
                *("2026-08-10", [15], [august, ("2026-09-01", "2026-09-20")]),
                *(False, "2026-10-15"),
            ),
            (
                "2026-08-10",
                [15],
                [("2026-08-01", "2026-08-20"), ("2026-08-18", "2026-09-05")],
                *(False, "2026-09-15"),
            ),
            ("2026-08-10", [31], [("2026-01-01", "2026-12-31")], True, None),
            ("2027-02-28", [], [("2028-02-29",) * 2], True, "2027-03-01"),
            ("2026-08-31", [31], [august], False, "2026-09-30"),
            ("2026-08-31", [], [august], False, "2026-09-01"),
        ]
        for due, days, leaves, ignore_year, expected in rows:
            leaves = [tuple(map(_day, leave)) for leave in leaves]
            with self.subTest(due=due, days=days, leaves=leaves):
                found = shift(_day(due), days, leaves, ignore_year)
                self.assertEqual(found, expected and _day(expected))
