from odoo import api, fields, models
from odoo.exceptions import ValidationError

_MAX_MARGINS = 4


class OfferCampaignMargin(models.Model):
    """One margin of a campaign (seed 004: *Margen sobre PCI o PCoste*)."""

    _name = "xpyme.offer.campaign.margin"
    _technicians_only_read = True
    _description = "Margin of an Offer Campaign"
    _order = "min_quantity, id"
    _rec_name = "margin"

    campaign_id = fields.Many2one(
        "xpyme.offer.campaign", required=True, index=True, ondelete="cascade"
    )
    min_quantity = fields.Float(
        string="From quantity",
        required=True,
        default=1,
        digits="Product Unit",
        help="The margin holds from this quantity on.",
    )
    margin = fields.Float(
        string="Margin %",
        required=True,
        help="Added to the internal cost (PCI), or to the cost where that is 0; and to "
        "the price typed in the customer's line. 30 turns 10 into 13.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (min_quantity > 0)",
        "A margin holds from a quantity above 0. Type 1 for the margin of a single "
        "unit.",
    )
    _margin_above_loss = models.Constraint(
        "CHECK (margin > -100)",
        "A margin of -100 % or less leaves no price. Type a higher one.",
    )
    _quantity_unique = models.Constraint(
        "UNIQUE (campaign_id, min_quantity)",
        "Two margins of the campaign hold from the same quantity. Change one of them.",
    )

    @api.constrains("campaign_id")
    def _check_number(self):
        """:raise ValidationError: a fifth margin"""
        for campaign in self.campaign_id:
            if len(campaign.margin_ids) > _MAX_MARGINS:
                raise ValidationError(
                    self.env._(
                        "A campaign has up to four margins. Delete one before you add "
                        "another."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        margins = super().create(vals_list)
        margins.campaign_id._check_open()
        return margins

    def write(self, vals):
        campaigns = self.campaign_id.browse(vals.get("campaign_id") or [])
        (self.campaign_id | campaigns)._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_prepared(self):
        self.campaign_id._check_open()
