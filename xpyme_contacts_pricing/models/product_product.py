from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _to_position(self, price, company, position):
        """A price of the engine with the taxes that a fiscal position gives instead."""
        return self._get_tax_included_unit_price_from_price(
            price,
            product_taxes=self.taxes_id._filter_taxes_by_company(company),
            fiscal_position=position,
        )

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
