"""When money comes in: arithmetic of due dates.

>>> from datetime import date
>>> day = date(2026, 1, 10)
>>> entries = [(date(2026, 1, 12), 1500.0), (date(2026, 1, 12), 300.0)]
>>> entries += [(date(2026, 2, 1), 50.0), (date(2026, 1, 9), 999.0), (None, 7.0)]
>>> get_releases(entries, day)
[(datetime.date(2026, 1, 12), 1800.0), (datetime.date(2026, 2, 1), 50.0)]
"""

from collections import defaultdict


def get_releases(entries, today, count=4):
    """The next dates when a customer's credit frees, and how much.

    :param entries: pairs of due date and amount; without a date, or past it, nothing
        says when they will be paid
    :return: the first ``count`` pairs from ``today`` on, one a date

    >>> get_releases([], None)
    []
    >>> from datetime import date
    >>> days = [date(2026, 1, day) for day in (5, 4, 3, 2, 1)]
    >>> get_releases([(day, 0.1) for day in days], date(2026, 1, 2), count=2)
    [(datetime.date(2026, 1, 2), 0.1), (datetime.date(2026, 1, 3), 0.1)]
    >>> get_releases([(days[0], 5.0), (days[0], -5.0)], days[0])
    []
    """
    released = defaultdict(float)
    for due_date, amount in entries:
        if due_date and due_date >= today:
            released[due_date] += amount
    return sorted((date, amount) for date, amount in released.items() if amount)[:count]
