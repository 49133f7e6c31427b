"""Periods of points: days with their ends, both included."""

from functools import lru_cache

from dateutil.relativedelta import relativedelta

_DAY = relativedelta(days=1)


# Of thousands of customers the periods are few.
@lru_cache(maxsize=64)
def get_next(start, end):
    """The period of the same length after one; whole months stay whole months.

    >>> from datetime import date
    >>> def told(*period):
    ...     return " ".join(f"{day:%d-%b-%y}" for day in get_next(*period))
    >>> told(date(2026, 1, 1), date(2026, 1, 31))
    '01-Feb-26 28-Feb-26'
    >>> told(date(2026, 10, 26), date(2026, 11, 25))
    '26-Nov-26 25-Dec-26'
    >>> told(date(2026, 1, 1), date(2026, 12, 31))
    '01-Jan-27 31-Dec-27'
    >>> told(date(2026, 11, 1), date(2026, 11, 7))
    '08-Nov-26 14-Nov-26'
    """
    first = end + _DAY
    months = (first.year - start.year) * 12 + first.month - start.month
    if months and start + relativedelta(months=months) == first:
        return first, first + relativedelta(months=months) - _DAY
    return first, first + (end - start)
