from odoo import api, models

from ...tools import memory


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
        """What was read of rules in this transaction is stale."""
        for name in (memory.RULES, memory.LINES):
            self.env.cr.cache.pop(name, None)
