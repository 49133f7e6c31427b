"""The day on the user's clock, which need not be the one in UTC."""

from datetime import UTC, datetime, time

from odoo import fields


def day_of(record, date):
    """The day of a date, or of a moment in UTC, where the user of ``record`` is."""
    if isinstance(date, datetime):
        return fields.Datetime.context_timestamp(record, date).date()
    return date


def moment_of(record, date):
    """The moment in UTC, of a moment, or of a day where the user of ``record`` is.

    A day stands for its noon: what holds in the shop's hours holds on that day, and
    in most of the world the noon has the same date in UTC, which rates are read by.
    """
    if isinstance(date, datetime):
        return date
    noon = record.env.tz.localize(datetime.combine(date, time(12)))
    return noon.astimezone(UTC).replace(tzinfo=None)
