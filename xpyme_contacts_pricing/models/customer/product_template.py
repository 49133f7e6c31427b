from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    customer_price_count = fields.Integer(
        string="Special Prices",
        compute="_compute_customer_price_count",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends_context("company")
    def _compute_customer_price_count(self):
        counts = dict(
            self.env["xpyme.customer.price"]._read_group(
                [
                    ("product_id", "in", self.product_variant_ids.ids),
                    ("company_id", "=", self.env.company.id),
                ],
                ["product_id"],
                ["__count"],
            )
        )
        for template in self:
            template.customer_price_count = sum(
                counts.get(product, 0) for product in template.product_variant_ids
            )

    def write(self, vals):
        result = super().write(vals)
        if "taxes_id" in vals:
            # sudo: whoever may change an article's taxes changes what follows of them.
            prices = self.env["xpyme.customer.price"].sudo()
            domain = [("product_id.product_tmpl_id", "in", self.ids)]
            prices.search(domain)._refresh_derived()
        return result

    def action_open_customer_prices(self):
        """The special prices of the article's variants, of every customer."""
        return self.product_variant_ids._get_customer_prices_action(self.display_name)
