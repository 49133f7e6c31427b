import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_points_zone(self):
        """Name of the time zone in which a sale belongs to a day, and so to a period.

        That of the company, as core judges the dates of its programs; where none is
        typed, that of its country.
        """
        self.ensure_one()
        # sudo: where the company is, for whoever works in it.
        place = self.sudo().partner_id
        if place.tz:
            return place.tz
        code = (place.country_id.code or "").lower()
        return pytz.country_timezones.get(code, ["UTC"])[0]

    def _get_points_today(self):
        """The day that it is where the company is."""
        return fields.Date.context_today(self.with_context(tz=self._get_points_zone()))
