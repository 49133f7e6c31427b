"""When a repeating campaign comes round again."""

from datetime import UTC
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

STEPS = {
    "week": relativedelta(weeks=1),
    "fortnight": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}


def next_date(first, every, now, tz="UTC"):
    """The first date of a series after ``now``; dates are naive UTC, as Odoo's.

    The hour is that of the place: summer time does not move it. The day is that of
    the first date, where the month has it.

    :param first: the series' first date

    >>> from datetime import datetime
    >>> next_date(datetime(2026, 1, 31, 9), "month", datetime(2026, 2, 1))
    datetime.datetime(2026, 2, 28, 9, 0)
    >>> next_date(datetime(2026, 1, 31, 9), "month", datetime(2026, 3, 1))
    datetime.datetime(2026, 3, 31, 9, 0)
    >>> start = datetime(2026, 3, 23, 8)  # nine in Madrid
    >>> next_date(start, "week", start, "Europe/Madrid")
    datetime.datetime(2026, 3, 30, 7, 0)
    """
    zone = ZoneInfo(tz)
    local = first.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    number = 0
    while True:
        number += 1
        found = (local + STEPS[every] * number).replace(tzinfo=zone)
        found = found.astimezone(UTC).replace(tzinfo=None)
        if found > now:
            return found
