from odoo import api, fields, models


class OfferDate(models.TransientModel):
    """Asks for another date of a campaign, or of the next one of its series."""

    _name = "xpyme.offer.date"
    _technicians_only_read = True
    _description = "Date of an Offer Campaign"

    campaign_id = fields.Many2one("xpyme.offer.campaign", required=True, readonly=True)
    date = fields.Datetime(
        string="Send on",
        compute="_compute_date",
        store=True,
        readonly=False,
        help="The mails stay as they were reviewed. In a series the later dates are "
        "counted from it.",
    )

    @api.depends("campaign_id")
    def _compute_date(self):
        for window in self:
            campaign = window.campaign_id
            window.date = campaign and campaign._get_planned_date()

    def action_apply(self):
        self.ensure_one()
        self.campaign_id._change_date(self.date or fields.Datetime.now())
        return {"type": "ir.actions.act_window_close"}
