from odoo import api, fields, models


class OfferApproval(models.TransientModel):
    """Asks once, with the number, before a campaign's mails go out."""

    _name = "xpyme.offer.approval"
    _technicians_only_read = True
    _description = "Approval of an Offer Campaign"

    campaign_id = fields.Many2one("xpyme.offer.campaign", required=True, readonly=True)
    ready_count = fields.Integer(related="campaign_id.ready_count")
    skipped_count = fields.Integer(related="campaign_id.skipped_count")
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

    def action_approve(self):
        self.ensure_one()
        self.campaign_id.action_approve()
        return {"type": "ir.actions.act_window_close"}
