from odoo import api, fields, models
from odoo.exceptions import UserError
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
        help="The last day of the offer. Every mail says it; none is sent after it.",
    )

    @api.model
    def _get_content_fields(self):
        return super()._get_content_fields() | {"valid_until"}

    def copy_data(self, default=None):
        """The next campaign of a series holds for as many days as the first."""
        vals_list = super().copy_data(default)
        date = (default or {}).get("scheduled_at")
        for campaign, vals in zip(self, vals_list, strict=True):
            first = campaign.scheduled_at or campaign.approved_at
            if date and first and campaign.valid_until:
                days = fields.Datetime.to_datetime(date) - first
                vals["valid_until"] = campaign.valid_until + days
        return vals_list

    def _check_approval_allowed(self):
        """:raise UserError: an offer would be over when it arrives"""
        result = super()._check_approval_allowed()
        for campaign in self.filtered("valid_until"):
            here = campaign.with_context(tz=campaign._get_zone())
            sent_on = fields.Date.context_today(here, campaign.scheduled_at or None)
            if campaign.valid_until < sent_on:
                raise UserError(
                    self.env._(
                        "The offer is valid until %(date)s, and would be sent later. "
                        "Set the campaign back to draft and change the date.",
                        date=format_date(self.env, campaign.valid_until),
                    )
                )
        return result

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
            customer has no other address, or is no longer one of the campaign's
        """
        campaigns = self.campaign_id
        campaigns._check_manager()
        campaigns._check_state(RUNNING, PAUSED, DONE)
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
