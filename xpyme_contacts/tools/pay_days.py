"""When a customer pays: fixed days of the month, and never while away.

*Días de pago* and *Bajas temporales* (seed 004, Factura): a due date moves to the next
of the customer's pay days; one that falls into a leave moves to the day after it, and
from there to the next pay day again.

>>> from datetime import date
>>> august = [(date(2026, 8, 1), date(2026, 8, 31))]
>>> str(shift(date(2026, 8, 9), [5, 20]))
'2026-08-20'
>>> str(shift(date(2026, 8, 9), [5, 20], august))
'2026-09-05'
>>> [str(shift(date(2026, 8, 31), days, august)) for days in ([31], [])]
['2026-09-30', '2026-09-01']
>>> chained = [*august, (date(2026, 9, 1), date(2026, 9, 20))]
>>> str(shift(date(2026, 8, 10), [15], chained))
'2026-10-15'

A leave without a year comes round each year, over New Year too:

>>> christmas = [(date(2004, 12, 20), date(2005, 1, 7))]
>>> str(shift(date(2026, 12, 24), [25], christmas, ignore_year=True))
'2027-01-25'
>>> str(shift(date(2027, 1, 3), [], christmas, ignore_year=True))
'2027-01-08'
>>> str(shift(date(2026, 12, 24), [25], christmas))
'2026-12-25'
>>> leap_day = [(date(2028, 2, 29), date(2028, 2, 29))]
>>> str(shift(date(2027, 2, 28), [], leap_day, ignore_year=True))
'2027-03-01'

Who is always away, or on each of the pay days, has no date:

>>> always = [(date(2026, 1, 1), date(2026, 12, 31))]
>>> shift(date(2026, 8, 10), [31], always, ignore_year=True)
>>> [str(shift(day, [5], [(date(2026, 12, 1), date.max)])) for day in
...     (date(2026, 8, 9), date(2026, 12, 1))]
['2026-09-05', 'None']
>>> shift(date.max, [5])
>>> monthly = [(date(2026, m, 10), date(2026, m, 20)) for m in range(1, 13)]
>>> shift(date(2026, 8, 10), [15], monthly, ignore_year=True)
"""

import re
from calendar import monthrange
from datetime import date, timedelta

_DAY = timedelta(days=1)
_FENCE = 2 * 366  # days
_WHOLE_YEAR = 365


def parse(text):
    """The days of the month in ``text``, ascending; empty for a blank one.

    >>> parse("20, 5"), parse("5/20;31"), parse("5 y 20 y 5"), parse(False)
    ([5, 20], [5, 20, 31], [5, 20], [])

    :raise ValueError: a word is no day from 1 to 31

    >>> parse("0")
    Traceback (most recent call last):
    ValueError: 0
    >>> [w for w in ("32", "a", "-5", "1.5", "٥") if not _is_day(w)]
    ['32', 'a', '-5', '1.5', '٥']
    """
    words = [
        word for word in re.split(r"[\s,;/]+", text or "") if word not in ("", "y")
    ]
    for word in words:
        if not _is_day(word):
            raise ValueError(word)
    return sorted({int(word) for word in words})


def _is_day(word):
    return bool(re.fullmatch(r"0?[1-9]|[12][0-9]|3[01]", word))


def next_pay_day(day, days):
    """The first date from ``day`` on that is one of ``days`` of its month.

    A month that is too short has its last day instead.

    >>> str(next_pay_day(date(2026, 8, 20), [5, 20]))
    '2026-08-20'
    >>> str(next_pay_day(date(2026, 8, 21), [5, 20]))
    '2026-09-05'
    >>> [str(next_pay_day(date(year, 2, 10), [30])) for year in (2026, 2028)]
    ['2026-02-28', '2028-02-29']
    """
    if not days:
        return day
    year, month = day.year, day.month
    while True:
        last = monthrange(year, month)[1]
        for number in sorted(min(number, last) for number in days):
            if (found := date(year, month, number)) >= day:
                return found
        year, month = year + month // 12, month % 12 + 1


def shift(due, days, leaves=(), ignore_year=False):
    """When what is due on ``due`` is paid.

    :param days: days of the month, of ``parse``; empty: any day
    :param leaves: pairs of first and last date of an absence, both included; they may
        overlap
    :param ignore_year: the leaves come round each year
    :return: a date, never before ``due``; None if there is none within two years
    """
    return explain(due, days, leaves, ignore_year)[0]


def explain(due, days, leaves=(), ignore_year=False):
    """When what is due on ``due`` is paid, as of ``shift``, and what it waits for.

    :return: pair of that date, and of the last date of the last leave that it was moved
        out of, None if of none

    >>> august = [(date(2026, 8, 1), date(2026, 8, 31))]
    >>> [str(day) for day in explain(date(2026, 8, 9), [5, 20], august)]
    ['2026-09-05', '2026-08-31']
    >>> explain(date(2026, 9, 5), [5, 20], august)
    (datetime.date(2026, 9, 5), None)
    """
    try:
        leaves = [_in_order(*leave, ignore_year) for leave in leaves]
        return _walk(due, days, leaves, ignore_year)
    except (OverflowError, ValueError):
        # A leave until 31/12/9999, or a date close to it: the calendar ends there.
        return None, None


def _walk(due, days, leaves, ignore_year):
    if ignore_year and any(
        (end - start).days + 1 >= _WHOLE_YEAR for start, end in leaves
    ):
        return None, None
    fence = max([due, *(end for _start, end in leaves)]).toordinal() + _FENCE
    day, away_until = next_pay_day(due, days), None
    while end := _get_end_of_leave(day, leaves, ignore_year):
        if day.toordinal() > fence:
            break
        day, away_until = next_pay_day(end + _DAY, days), end
    return (day if day.toordinal() <= fence else None), away_until


def _in_order(start, end, ignore_year):
    """A leave without a year that ends before it starts goes over New Year."""
    if ignore_year and end < start:
        return start, _in_year(end, start.year + 1)
    return start, end


def _in_year(day, year):
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _get_end_of_leave(day, leaves, ignore_year):
    """The last date of the leave that ``day`` falls into; None outside of all."""
    for start, end in leaves:
        for year in (day.year - 1, day.year) if ignore_year else (start.year,):
            last = _in_year(end, year + end.year - start.year)
            if _in_year(start, year) <= day <= last:
                return last
    return None
