from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ...tools.offer_articles import Row
from .campaign import DONE, PAUSED, RUNNING


class OfferCampaign(models.Model):
    """Until when an offer holds: whoever reads it is told, and nobody gets it later.

    Chile, Ley 19.496 art. 35: an offer says its term.
    """

    _inherit = "xpyme.offer.campaign"

    valid_until = fields.Date(
        copy=False,
        help="The last day of the offer. Every mail says it; none is sent after it. "
        "Repeated, each campaign holds for as many days from its own date on.",
    )
    valid_days = fields.Integer(
        string="Valid for",
        copy=False,
        help="How many days each next campaign of the series holds, counted from its "
        "date of sending, which is the first of them. 0: its mails say no last day.",
    )

    @api.model
    def _get_content_fields(self):
        return super()._get_content_fields() | {"valid_until", "valid_days"}

    # === A SERIES ===#

    def copy_data(self, default=None):
        """The next campaign of a series holds for as many days as the first."""
        vals_list = super().copy_data(default)
        default = default or {}
        date = fields.Datetime.to_datetime(default.get("scheduled_at"))
        for campaign, vals in zip(self, vals_list, strict=True):
            days = campaign._get_valid_days()
            if default.get("is_plan"):
                vals["valid_days"] = days
            elif date and days and "valid_until" not in default:
                first = campaign._get_sending_day(date)
                vals["valid_until"] = first + timedelta(days=days - 1)
        return vals_list

    def _get_valid_days(self):
        """For how many days the offer holds, with that of sending; 0 for no end."""
        self.ensure_one()
        if self.is_plan or not self.valid_until:
            return self.valid_days
        moments = filter(None, (self.scheduled_at, self.approved_at))
        first = self._get_day(max(moments, default=fields.Datetime.now()))
        return (self.valid_until - first).days + 1

    # === TOO LATE ===#

    def _get_day(self, moment):
        here = self.with_context(tz=self._get_zone())
        return fields.Date.context_today(here, moment)

    def _get_sending_day(self, date):
        """The day on which the first mail of a date goes: of one that is past, today.

        :param date: None for at once
        """
        now = fields.Datetime.now()
        return self._get_day(max(date or now, now))

    @api.constrains("valid_until", "valid_days", "scheduled_at", "is_plan")
    def _check_valid_until(self):
        """:raise ValidationError: the offer would be over when it is sent"""
        for campaign in self:
            date, last_day = campaign.scheduled_at, campaign.valid_until
            if campaign.valid_days < 0 or (campaign.is_plan and last_day):
                raise ValidationError(
                    self.env._(
                        "The campaigns of a series hold for a number of days, and not "
                        "until a date. Type the days, or 0 for no last day."
                    )
                )
            if date and last_day and last_day < campaign._get_day(date):
                raise ValidationError(
                    self.env._(
                        "The offer is valid until %(last_day)s, and would be sent on "
                        "%(date)s. Choose an earlier date of sending, or a later last "
                        "day before the mails are prepared.",
                        last_day=format_date(self.env, last_day),
                        date=format_date(self.env, campaign._get_day(date)),
                    )
                )

    def _get_obstacle(self):
        """Besides: the offer would be over when it arrives."""
        if obstacle := super()._get_obstacle():
            return obstacle
        last_day = self.valid_until
        if last_day and last_day < self._get_sending_day(self.scheduled_at):
            return self.env._(
                "The offer is valid until %(date)s, and would be sent later. Set the "
                "campaign back to draft and change the date.",
                date=format_date(self.env, last_day),
            )
        return None

    def _get_closing_rows(self, lang):
        """What stands below the articles of every mail."""
        if not self.valid_until:
            return ()
        env = self.with_context(lang=lang).env
        date = format_date(env, self.valid_until, lang_code=lang)
        return (Row("note", env._("Valid until %s.", date)),)


class Offer(models.Model):
    _inherit = "xpyme.offer"

    def action_write_anew(self):
        """Write to the present addresses of customers whose address has changed.

        :raise UserError: one of the offers was left out for another reason, or its
            customer has no other address, or is no longer one of the campaign's, or
            the mails would be wrong (``_get_stop``)
        """
        campaigns = self.campaign_id
        campaigns._check_manager()
        campaigns._check_state(RUNNING, PAUSED, DONE)
        for campaign in campaigns:
            if stop := campaign._get_stop():
                raise UserError(stop)
        if any(offer.skip_reason != "moved" for offer in self):
            raise UserError(
                self.env._(
                    "Only offers whose address is no longer the customer's can be "
                    "written anew. Choose those."
                )
            )
        # sudo: nobody writes offers but the campaign, the outbox and this button.
        for campaign, offers in self.sudo().grouped("campaign_id").items():
            if not campaign._enqueue(offers.partner_id.ids):
                raise UserError(
                    self.env._(
                        "There is no other address to write to. Type it in the "
                        "customer's card first."
                    )
                )
            while campaign._freeze_batch():
                pass
        campaigns._reopen()
        self.env["xpyme.offer.outbox"]._wake_lanes()
        return True
