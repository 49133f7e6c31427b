from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_open_customer_prices(self):
        return self._get_customer_prices_action(self.display_name)

    def _get_customer_prices_action(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts_pricing.xpyme_customer_price_action"
        )
        return {
            **action,
            "display_name": self.env._("Special prices of %s", name),
            "domain": [("product_id", "in", self.ids)],
            "context": {"default_product_id": self[:1].id},
        }
