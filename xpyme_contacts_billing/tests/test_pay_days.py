import os
import random
from calendar import isleap
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.xpyme_contacts.tools import pay_days

CASES = 10_000 * (10 if os.environ.get("XPYME_LONG") else 1)
DAY = timedelta(days=1)
SEED = 20260810


def is_pay_day(day, days):
    if not days or day.day in days:
        return True
    is_last = (day + DAY).month != day.month
    return is_last and max(days) > day.day


def is_away(day, leaves, ignore_year):
    if not ignore_year:
        return any(start <= day <= end for start, end in leaves)
    today = (day.month, day.day)
    for start, end in leaves:
        first, last = in_year_of(day, start), in_year_of(day, end)
        if start.year == end.year and first <= today <= last:
            return True
        if start.year < end.year and (today >= first or today <= last):
            return True
    return False


def in_year_of(day, edge):
    """Month and day of an edge of a leave; common years have no 29th of February."""
    if (edge.month, edge.day) == (2, 29) and not isleap(day.year):
        return 2, 28
    return edge.month, edge.day


def search(due, days, leaves, ignore_year):
    day = due
    for _step in range(4 * 366):
        if is_pay_day(day, days) and not is_away(day, leaves, ignore_year):
            return day
        day += DAY
    return None


AUGUST = ("2026-08-01", "2026-08-31")
CHRISTMAS = ("2004-12-20", "2005-01-07")
# Due, days of the month, leaves, whether they come round each year, paid on.
WORKED_OUT = (
    ("2026-08-09", "5,20", [], False, "2026-08-20"),
    ("2026-08-20", "5,20", [], False, "2026-08-20"),
    ("2026-08-21", "20 5", [], False, "2026-09-05"),
    ("2026-02-10", "31", [], False, "2026-02-28"),
    ("2028-02-10", "30", [], False, "2028-02-29"),
    ("2026-04-30", "31", [], False, "2026-04-30"),
    ("2026-08-09", "", [AUGUST], False, "2026-09-01"),
    ("2026-08-09", "5,20", [AUGUST], False, "2026-09-05"),
    ("2026-08-09", "20", [("2026-08-20", "2026-08-20")], False, "2026-09-20"),
    ("2026-08-10", "", [("2004-08-01", "2004-08-15")], True, "2026-08-16"),
    ("2026-08-10", "", [("2004-08-01", "2004-08-15")], False, "2026-08-10"),
    ("2026-12-24", "25", [CHRISTMAS], True, "2027-01-25"),
    ("2027-01-03", "", [CHRISTMAS], True, "2027-01-08"),
    ("2026-08-10", "15", [AUGUST, ("2026-09-01", "2026-09-20")], False, "2026-10-15"),
    (
        *("2026-08-10", "15"),
        [("2026-08-01", "2026-08-20"), ("2026-08-18", "2026-09-05")],
        *(False, "2026-09-15"),
    ),
    ("2026-08-10", "31", [("2026-01-01", "2026-12-31")], True, None),
    ("2027-02-28", "", [("2028-02-29", "2028-02-29")], True, "2027-03-01"),
    ("2026-08-31", "31", [AUGUST], False, "2026-09-30"),
    ("2026-08-31", "", [AUGUST], False, "2026-09-01"),
    (
        *("2026-08-10", "15"),
        [(f"2026-{month:02}-10", f"2026-{month:02}-20") for month in range(1, 13)],
        *(True, None),
    ),
)


@tagged("post_install", "-at_install")
class TestPayDays(BaseCase):
    """The arithmetic finds what a search day by day finds."""

    def test_the_dates_that_were_worked_out_by_hand(self):
        day = date.fromisoformat
        for due, days, leaves, ignore_year, expected in WORKED_OUT:
            leaves = [(day(first), day(last)) for first, last in leaves]
            found = pay_days.shift(day(due), pay_days.parse(days), leaves, ignore_year)
            self.assertEqual(found, expected and day(expected), (due, days, leaves))

    def test_the_first_day_on_which_the_customer_pays_and_is_there(self):
        chance, wrong = random.Random(SEED), []
        for number in range(CASES):
            due = date(2026, 1, 1) + timedelta(days=chance.randrange(1500))
            days = sorted(chance.sample(range(1, 32), chance.randrange(4)))
            ignore_year = chance.random() < 0.5
            leaves = []
            for _leave in range(chance.randrange(4)):
                start = due + timedelta(days=chance.randrange(-400, 400))
                end = start + timedelta(days=chance.choice((0, 3, 14, 31, 90)))
                leaves.append((start, end))
            case = (due, days, leaves, ignore_year)
            if pay_days.shift(*case) != search(*case):
                wrong.append(f"case {number}: {case}")
        self.assertFalse(wrong)
