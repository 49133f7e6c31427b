from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.offer_head import is_safe_image

_PICTURE = "image_256"


class OfferCampaign(models.Model):
    """What a mail looks like before it is opened, and its letter's own style."""

    _inherit = "xpyme.offer.campaign"

    preheader = fields.Char(
        string="Line below the subject",
        help="What lists of mails show beside the subject. Empty: how the mail begins.",
    )

    @api.model
    def _get_content_fields(self):
        return {*super()._get_content_fields(), "preheader"}

    def _get_head(self, lang):
        head = super()._get_head(lang)
        return head._replace(
            style=self.template_id.head_html or "", preheader=self.preheader or ""
        )


class ProductProduct(models.Model):
    """The picture of an article, for those who have no login."""

    _inherit = "product.product"

    def _get_offer_picture(self):
        """The https address of the article's own picture, or an empty text.

        The picture gets a token: whoever has a mail may see this one, and no other.
        """
        self.ensure_one()
        base = self.env["xpyme.offer"]._get_base()
        if not is_safe_image(f"{base}/"):
            return ""
        # sudo: the picture is shown to the customer; pictures are attachments.
        attachments = self.env["ir.attachment"].sudo()
        variant = Domain("res_model", "=", "product.product")
        variant &= Domain("res_id", "=", self.id)
        variant &= Domain("res_field", "=", _PICTURE.replace("_", "_variant_"))
        template = Domain("res_model", "=", "product.template")
        template &= Domain("res_id", "=", self.product_tmpl_id.id)
        template &= Domain("res_field", "=", _PICTURE)
        found = attachments.search(variant | template)
        picture = found.sorted(lambda a: a.res_model != "product.product")[:1]
        if not picture:
            return ""
        [token] = picture.generate_access_token()
        return f"{base}/web/image/{picture.id}?access_token={token}"
