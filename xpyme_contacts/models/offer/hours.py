from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .offer import WAITING

# Campaigns that reached the customer in the last days, but not the one whose mail to
# this mailbox is just being judged: a customer with two boxes gets it at both.
_TOO_OFTEN = """EXISTS (
    SELECT FROM res_company own WHERE own.id = %(company)s AND own.offer_most > 0
       AND own.offer_most <= (
           SELECT count(DISTINCT earlier.campaign_id) FROM xpyme_offer earlier
            WHERE earlier.partner_id = partner.id AND earlier.company_id = own.id
              AND earlier.sent_at > (now() AT TIME ZONE 'UTC')
                                    - own.offer_most_days * interval '1 day'
              AND NOT EXISTS (
                  SELECT FROM xpyme_offer same
                   WHERE same.campaign_id = earlier.campaign_id
                     AND same.partner_id = earlier.partner_id
                     AND same.email = %(email)s AND same.state IN %(waiting)s)))
"""


class Offer(models.Model):
    _inherit = "xpyme.offer"

    skip_reason = fields.Selection(
        selection_add=[("too_often", "Has had enough offers of late")]
    )

    @api.model
    def _get_refusal_conditions(self, email, company, today):
        """Who has had as many offers as the company allows gets no more for now."""
        too_often = SQL(_TOO_OFTEN, company=company, email=email, waiting=WAITING)
        conditions = super()._get_refusal_conditions(email, company, today)
        return [*conditions, ("too_often", too_often)]


class OfferCampaign(models.Model):
    _inherit = "xpyme.offer.campaign"

    def _get_opening(self):
        """When offers may be sent again, in UTC; None if they may now."""
        self.ensure_one()
        company, zone = self.company_id, pytz.timezone(self._get_zone())
        if not company._has_offer_hours():
            return None
        now = fields.Datetime.context_timestamp(
            self.with_context(tz=zone.zone), fields.Datetime.now()
        )
        for number in range(8):
            day = now.date() + timedelta(days=number)
            if company._is_offer_day(day):
                begin, end = company._get_offer_hours(day, zone)
                if now < end:
                    opening = begin.astimezone(pytz.utc).replace(tzinfo=None)
                    return opening if now < begin else None
        return None


class ResCompany(models.Model):
    """When offers are sent, and how many a customer gets."""

    _inherit = "res.company"

    offer_hour_from = fields.Float(
        string="Offers from",
        help="No offer is sent before this hour, by the clock of the campaign's "
        "responsible.",
    )
    offer_hour_to = fields.Float(
        string="Offers until",
        default=24.0,
        help="No offer is sent from this hour on; what is left goes the next day.",
    )
    offer_days = fields.Selection(
        [
            ("all", "Every day"),
            ("no_sunday", "Monday to Saturday"),
            ("workdays", "Monday to Friday"),
        ],
        string="Days for offers",
        default="all",
        required=True,
        help="On the other days no offer is sent.",
    )
    offer_most = fields.Integer(
        string="Most offers to a customer",
        help="Who got as many campaigns in the last days is left out. 0: no limit.",
    )
    offer_most_days = fields.Integer(
        string="In so many days",
        default=30,
        help="How many days the offers to a customer are counted for.",
    )

    @api.constrains("offer_hour_from", "offer_hour_to")
    def _check_offer_hours(self):
        """:raise ValidationError: there is no time between the hours"""
        for company in self:
            if not 0 <= company.offer_hour_from < company._get_offer_end() <= 24:
                raise ValidationError(
                    self.env._(
                        "Offers need some time of the day. Choose a first and a later "
                        "last hour between 0:00 and 24:00."
                    )
                )

    @api.constrains("offer_most", "offer_most_days")
    def _check_offer_most(self):
        """:raise ValidationError: a number is negative, or the days are none"""
        for company in self:
            if company.offer_most < 0 or company.offer_most_days < 1:
                raise ValidationError(
                    self.env._(
                        "The offers to a customer are counted in whole days. Type 0 "
                        "offers for no limit, and at least one day."
                    )
                )

    def _get_offer_end(self):
        # 0 stands for midnight, as in companies from before there were hours.
        return self.offer_hour_to or 24.0

    def _has_offer_hours(self):
        whole_day = self.offer_hour_from <= 0 and self._get_offer_end() >= 24
        return not whole_day or self.offer_days != "all"

    def _get_offer_hours(self, day, zone):
        """First and last time of a day at which offers are sent."""
        midnight = datetime.combine(day, datetime.min.time())
        return [
            zone.localize(midnight + timedelta(hours=hour))
            for hour in (self.offer_hour_from, self._get_offer_end())
        ]

    def _is_offer_day(self, date):
        last = {"no_sunday": 5, "workdays": 4}.get(self.offer_days, 6)
        return date.weekday() <= last


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    offer_hour_from = fields.Float(related="company_id.offer_hour_from", readonly=False)
    offer_hour_to = fields.Float(related="company_id.offer_hour_to", readonly=False)
    offer_days = fields.Selection(related="company_id.offer_days", readonly=False)
    offer_most = fields.Integer(related="company_id.offer_most", readonly=False)
    offer_most_days = fields.Integer(
        related="company_id.offer_most_days", readonly=False
    )
