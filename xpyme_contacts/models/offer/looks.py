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

    def _get_offer_pictures(self):
        """``{article: https address of its own picture}``, of those that have one.

        The picture gets a token: whoever has a mail may see this one, and no other.
        """
        base = self.env["xpyme.offer"]._get_base()
        if not is_safe_image(f"{base}/"):
            return {}
        variant = _PICTURE.replace("_", "_variant_")
        domain = Domain.OR(
            Domain("res_model", "=", owners._name)
            & Domain("res_id", "in", owners.ids)
            & Domain("res_field", "=", fname)
            for owners, fname in ((self, variant), (self.product_tmpl_id, _PICTURE))
        )
        # sudo: the picture is shown to the customer; pictures are attachments.
        attachments = self.env["ir.attachment"].sudo().search(domain)
        found = {(file.res_model, file.res_id): file for file in attachments}
        pictures = {}
        for product in self:
            owners = (product, product.product_tmpl_id)
            keys = [(owner._name, owner.id) for owner in owners]
            if picture := next(filter(None, map(found.get, keys)), None):
                [token] = picture.generate_access_token()
                path = f"/web/image/{picture.id}?access_token={token}"
                pictures[product] = f"{base}{path}"
        return pictures
