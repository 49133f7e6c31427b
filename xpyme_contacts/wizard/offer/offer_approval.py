from odoo import api, fields, models
from odoo.exceptions import UserError


class OfferApproval(models.TransientModel):
    """Asks once, with the number, before a campaign's mails go out."""

    _name = "xpyme.offer.approval"
    _technicians_only_read = True
    _description = "Approval of an Offer Campaign"

    campaign_id = fields.Many2one("xpyme.offer.campaign", required=True, readonly=True)
    first_offer = fields.Integer(
        readonly=True, help="The id of the first mail that was asked about."
    )
    ready_count = fields.Integer(related="campaign_id.ready_count")
    skipped_count = fields.Integer(related="campaign_id.skipped_count")
    light_html = fields.Html(related="campaign_id.light_html")
    question = fields.Char(compute="_compute_question")

    @api.depends("campaign_id")
    def _compute_question(self):
        for approval in self:
            campaign = approval.campaign_id
            approval.question = self.env._(
                "The offer is sent to %(ready)s addresses; %(skipped)s are left out.",
                ready=campaign.ready_count,
                skipped=campaign.skipped_count,
            )

    @api.model_create_multi
    def create(self, vals_list):
        """The question is about the mails that there are now."""
        approvals = super().create(vals_list)
        for approval in approvals:
            approval.first_offer = approval.campaign_id._get_first_offer().id
        return approvals

    def action_approve(self):
        """:raise UserError: the mails are not those that have been reviewed"""
        self.ensure_one()
        if self.first_offer != self.campaign_id._get_first_offer().id:
            raise UserError(
                self.env._(
                    "The campaign has been prepared anew since you were asked. Review "
                    "its mails, and send them then."
                )
            )
        self.campaign_id.action_approve()
        return {"type": "ir.actions.act_window_close"}
