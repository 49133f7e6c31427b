"""On which days banks debit receipts: those of TARGET, the euro's settlement system.

>>> from datetime import date
>>> str(next_banking_day(date(2026, 7, 19)))  # a Sunday
'2026-07-20'
>>> str(next_banking_day(date(2026, 7, 20)))
'2026-07-20'

Easter of 2026 is on the 5th of April; the banks rest from Friday to Monday:

>>> str(next_banking_day(date(2026, 4, 3)))
'2026-04-07'
>>> str(next_banking_day(date(2026, 12, 25)))
'2026-12-28'
"""

from datetime import timedelta

from dateutil.easter import easter

_DAY = timedelta(days=1)
_FIXED = {(1, 1), (5, 1), (12, 25), (12, 26)}
_SATURDAY = 5


def is_banking_day(day):
    """
    >>> from datetime import date
    >>> [is_banking_day(date(2026, 5, number)) for number in (1, 2, 4)]
    [False, False, True]
    """
    sunday = easter(day.year)
    return not (
        day.weekday() >= _SATURDAY
        or (day.month, day.day) in _FIXED
        or day in (sunday - 2 * _DAY, sunday + _DAY)
    )


def next_banking_day(day):
    """The first banking day from ``day`` on."""
    while not is_banking_day(day):
        day += _DAY
    return day


def first_debit_date(today):
    """The first day that a file sent ``today`` can ask for: the next banking day.

    >>> from datetime import date
    >>> str(first_debit_date(date(2026, 7, 17)))  # a Friday
    '2026-07-20'
    """
    return next_banking_day(today + _DAY)
