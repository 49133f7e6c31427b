from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_open_customer_prices(self):
        return self._get_customer_prices_action(self.display_name)

    def _get_customer_prices_action(self, name):
        return self.env["xpyme.customer.price"]._get_action(
            name,
            [("product_id", "in", self.ids)],
            {"default_product_id": self[:1].id},
        )
