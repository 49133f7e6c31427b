import os
import random
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.xpyme_contacts.tools import pay_days

CASES = 10_000 if os.environ.get("XPYME_LONG") else 500
DAY = timedelta(days=1)
SEED = 20260810


def is_pay_day(day, days):
    if not days or day.day in days:
        return True
    is_last = (day + DAY).month != day.month
    return is_last and max(days) > day.day


def is_away(day, leaves, ignore_year):
    """Whether ``day`` is in a leave, by walking through each of its days."""
    for start, end in leaves:
        walked = start
        while walked <= end:
            if walked == day:
                return True
            if ignore_year:
                if (walked.month, walked.day) == (day.month, day.day):
                    return True
                # A year without the 29th has its 28th instead.
                is_leap_day = (walked.month, walked.day) == (2, 29)
                is_common = (day + DAY).month == 3 and day.day == 28
                at_an_edge = walked in (start, end)
                if is_leap_day and is_common and at_an_edge:
                    return True
            walked += DAY
    return False


def search(due, days, leaves, ignore_year):
    day = due
    for _step in range(4 * 366):
        if is_pay_day(day, days) and not is_away(day, leaves, ignore_year):
            return day
        day += DAY
    return None


@tagged("post_install", "-at_install")
class TestPayDays(BaseCase):
    """The arithmetic finds what a search day by day finds."""

    def test_the_first_day_on_which_the_customer_pays_and_is_there(self):
        chance = random.Random(SEED)
        for number in range(CASES):
            due = date(2026, 1, 1) + timedelta(days=chance.randrange(1500))
            days = sorted(chance.sample(range(1, 32), chance.randrange(4)))
            ignore_year = chance.random() < 0.5
            leaves = []
            for _leave in range(chance.randrange(4)):
                start = due + timedelta(days=chance.randrange(-400, 400))
                end = start + timedelta(days=chance.choice((0, 3, 14, 31, 90)))
                leaves.append((start, end))
            with self.subTest(
                case=number, due=due, days=days, leaves=leaves, each_year=ignore_year
            ):
                self.assertEqual(
                    pay_days.shift(due, days, leaves, ignore_year),
                    search(due, days, leaves, ignore_year),
                )
