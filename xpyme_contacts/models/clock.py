from datetime import UTC
from zoneinfo import ZoneInfo

import pytz

from odoo import fields, models


class ResCompany(models.Model):
    """What day it is where a company is, for scheduled actions and tills too."""

    _inherit = "res.company"

    def _get_zone(self):
        """Name of the time zone: the company's, or its country's where none is
        typed."""
        self.ensure_one()
        # sudo: where the company is, for whoever works in it.
        place = self.sudo().partner_id
        if place.tz:
            return place.tz
        code = (place.country_id.code or "").lower()
        return pytz.country_timezones.get(code, ["UTC"])[0]

    def _to_local_time(self, moment):
        """:param moment: in UTC, as Odoo keeps it"""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self._get_zone()))

    def _to_local_day(self, moment):
        return self._to_local_time(moment).date()

    def _get_local_today(self):
        return self._to_local_day(fields.Datetime.now())
