from odoo import api, models

from .customer_price import MEMO


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        self._forget_rule_memo()
        return items

    def write(self, vals):
        result = super().write(vals)
        self._forget_rule_memo()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_rule_memo()
        return result

    def _forget_rule_memo(self):
        """What the price engine remembers of rules in this transaction is stale."""
        self.env.cr.cache.pop(f"{MEMO}.rules", None)
