from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductProduct(models.Model):
    _inherit = "product.product"

    pci_cost = fields.Float(
        string="Internal cost (PCI)",
        company_dependent=True,
        groups="base.group_user",
        min_display_digits="Product Price",
        help="What the margins of offers are added to, in the company's currency. "
        "0: the cost.",
    )

    @api.constrains("pci_cost")
    def _check_pci_cost(self):
        """:raise ValidationError: a negative cost"""
        # sudo: also checked when somebody writes an article who may not see its costs.
        if any(product.pci_cost < 0 for product in self.sudo()):
            raise ValidationError(
                self.env._(
                    "The internal cost of an article cannot be negative. Type 0 to use "
                    "its cost."
                )
            )

    def _to_fiscal_position(self, price, company, position):
        """A price with the taxes of a fiscal position instead of those it includes.

        :param position: empty, the price stays as it is
        """
        if not (price and position):
            return price
        # sudo: whoever sells need not read how the article is taxed.
        taxes = self.sudo().taxes_id._filter_taxes_by_company(company)
        return self._get_tax_included_unit_price_from_price(
            price, product_taxes=taxes, fiscal_position=position
        )


class ProductTemplate(models.Model):
    """The internal cost of an article without variants, beside its cost."""

    _inherit = "product.template"

    pci_cost = fields.Float(
        string="Internal cost (PCI)",
        compute="_compute_pci_cost",
        inverse="_inverse_pci_cost",
        search="_search_pci_cost",
        groups="base.group_user",
        min_display_digits="Product Price",
        help="What the margins of offers are added to, in the company's currency. "
        "0: the cost.",
    )

    @api.depends_context("company")
    @api.depends("product_variant_ids.pci_cost")
    def _compute_pci_cost(self):
        self._compute_template_field_from_variant_field("pci_cost")

    def _inverse_pci_cost(self):
        self._set_product_variant_field("pci_cost")

    @api.model
    def _search_pci_cost(self, operator, value):
        return [("product_variant_ids.pci_cost", operator, value)]

    @api.model
    def _get_related_fields_variant_template(self):
        """A new article keeps the internal cost that was typed for it."""
        return [*super()._get_related_fields_variant_template(), "pci_cost"]
