from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.offer_template import is_safe_image


class OfferCampaignProduct(models.Model):
    """An article for everybody (seed 004: the table of the window *Fidelización*)."""

    _name = "xpyme.offer.campaign.product"
    _technicians_only_read = True
    _description = "Article of an Offer Campaign"
    _order = "sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    campaign_id = fields.Many2one(
        "xpyme.offer.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="campaign_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Article",
        required=True,
        domain="[('sale_ok', '=', True)]",
        check_company=True,
        ondelete="restrict",
    )
    price = fields.Float(
        min_display_digits="Product Price",
        help="The same for every customer, in the company's currency. 0: the price "
        "that each customer has.",
    )
    image_url = fields.Char(
        string="Link to picture",
        help="Address of a picture of the article; it starts with https://.",
    )

    _price_positive = models.Constraint(
        "CHECK (price IS NULL OR price >= 0)",
        "The price of an offer cannot be negative. Type 0 for the customer's own one.",
    )
    _product_unique = models.Constraint(
        "UNIQUE (campaign_id, product_id)",
        "This article is already in the campaign. Change its row.",
    )

    @api.constrains("image_url")
    def _check_image_url(self):
        """:raise ValidationError: a picture that a customer could not see safely"""
        for product in self.filtered("image_url"):
            if not is_safe_image(product.image_url):
                raise ValidationError(
                    self.env._(
                        "%s is no address of a picture that customers can see. It "
                        "starts with https:// and a web site's name.",
                        product.image_url,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["image_url"] = (vals.get("image_url") or "").strip() or False
        products = super().create(vals_list)
        products.campaign_id._check_open()
        return products

    def write(self, vals):
        campaigns = self.campaign_id.browse(vals.get("campaign_id") or [])
        (self.campaign_id | campaigns)._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_prepared(self):
        self.campaign_id._check_open()
