from odoo import api, fields, models

_DECISIVE = (
    "equivalence_surcharge",
    "irpf_percent",
    "irpf_base",
    "forced_tax_id",
    "property_account_position_id",
)


class CustomerTaxesMixin(models.AbstractModel):
    """An open document whose customer's taxes have changed since it was made."""

    _name = "xpyme.customer.taxes.mixin"
    _description = "Document with a Customer's Taxes"

    customer_taxes_changed = fields.Boolean(compute="_compute_customer_taxes_changed")

    @api.depends(lambda self: self._get_taxes_dependencies())
    def _compute_customer_taxes_changed(self):
        for document in self:
            document.customer_taxes_changed = document._are_taxes_open() and (
                document.fiscal_position_id._is_outdated(
                    document._get_customer_position()
                )
                or document.fiscal_position_id._is_missed_by(
                    document._get_taxed_lines().tax_ids
                )
            )

    @api.model
    def _get_taxes_dependencies(self):
        """The fields that say whether the taxes have changed."""
        flags = (f"partner_id.commercial_partner_id.{flag}" for flag in _DECISIVE)
        return ["fiscal_position_id", "partner_id", "state", *flags]

    def _are_taxes_open(self):
        """Whether the document can still have other taxes."""
        raise NotImplementedError

    def _get_customer_position(self):
        """The fiscal position that a new document of this kind would have."""
        raise NotImplementedError

    def _get_taxed_lines(self):
        """The lines with articles."""
        raise NotImplementedError

    def _update_taxes(self):
        """Give the lines the taxes of the document's fiscal position."""
        raise NotImplementedError

    def action_update_customer_taxes(self):
        """Take the customer's taxes as they are now."""
        for document in self.filtered("customer_taxes_changed"):
            document.fiscal_position_id = document._get_customer_position()
            document._update_taxes()
        return True


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "xpyme.customer.taxes.mixin"]

    @api.model
    def _get_taxes_dependencies(self):
        return [*super()._get_taxes_dependencies(), "order_line.tax_ids"]

    def _are_taxes_open(self):
        return bool(self.partner_id) and self.state in ("draft", "sent")

    def _get_customer_position(self):
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        return positions._get_fiscal_position(self.partner_id, self.partner_shipping_id)

    def _get_taxed_lines(self):
        return self.order_line.filtered("product_id")

    def _update_taxes(self):
        self.action_update_taxes()


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xpyme.customer.taxes.mixin"]

    @api.model
    def _get_taxes_dependencies(self):
        return [*super()._get_taxes_dependencies(), "invoice_line_ids.tax_ids"]

    def _are_taxes_open(self):
        """A credit note keeps the taxes of the invoice that it takes back."""
        return (
            bool(self.partner_id)
            and self.state == "draft"
            and self.is_sale_document(include_receipts=True)
            and not self.reversed_entry_id
        )

    def _get_customer_position(self):
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        delivery = self.partner_shipping_id or self.partner_id.browse(
            self.partner_id.address_get(["delivery"])["delivery"]
        )
        return positions._get_fiscal_position(self.partner_id, delivery)

    def _get_taxed_lines(self):
        return self.invoice_line_ids.filtered("product_id")

    def _update_taxes(self):
        self.action_update_fpos_values()
