from odoo import api, models
from odoo.exceptions import AccessError, UserError


class OfferCampaign(models.Model):
    """Who may do what with a campaign, and when."""

    _inherit = "xpyme.offer.campaign"

    def _check_state(self, *states):
        """:raise UserError: the button is not for the state of a campaign"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for campaign in self:
            if campaign.state not in states:
                raise UserError(
                    self.env._(
                        "%(campaign)s is in the state %(state)s. Reload the page to "
                        "see what can be done with it.",
                        campaign=campaign.name,
                        state=labels[campaign.state],
                    )
                )

    @api.model
    def _is_approval_allowed(self):
        user = self.env.user
        manager = user.has_group("xpyme_contacts.group_offer_manager")
        return self.env.su or (manager and not user._is_service_technician())

    def _check_manager(self):
        """:raise AccessError: the user is no offer manager"""
        if not self._is_approval_allowed():
            raise AccessError(
                self.env._(
                    "Only an offer manager approves offers. Prepare the campaign and "
                    "ask one of them."
                )
            )

    def _check_approval_allowed(self):
        """Called by the approval and by its question.

        :raise AccessError: the user is no offer manager
        :raise UserError: not all mails are ready to be reviewed, or there are none
        """
        self._check_manager()
        self._check_state("prepared")
        for campaign in self:
            if not campaign.is_complete:
                raise UserError(
                    self.env._(
                        "The mails are still being prepared. Approve the campaign when "
                        "the bar is full and you have reviewed them."
                    )
                )
            if not campaign.ready_count:
                raise UserError(
                    self.env._(
                        "Nobody would get a mail from this campaign. See why in the "
                        "list of those left out."
                    )
                )
