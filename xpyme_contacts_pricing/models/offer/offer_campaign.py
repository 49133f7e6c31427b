from odoo import api, fields, models


class OfferCampaign(models.Model):
    _inherit = "xpyme.offer.campaign"

    ignore_special_prices = fields.Boolean(
        help="Offers are made as if the customers had no special prices and discounts "
        "of articles: with the margins, or with the customer's tariff. Minimum "
        "prices hold all the same.",
    )

    @api.model
    def _get_content_fields(self):
        return super()._get_content_fields() | {"ignore_special_prices"}
