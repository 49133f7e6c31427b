from odoo import api, fields, models
from odoo.tools import html2plaintext

_DECISIVE = (
    "equivalence_surcharge",
    "irpf_percent",
    "irpf_base",
    "forced_tax_id",
    "property_account_position_id",
)


class CustomerTaxesMixin(models.AbstractModel):
    """An open document whose customer's taxes have changed since it was made.

    It is judged line by line, by the taxes that each would have if it were made now.
    """

    _name = "xpyme.customer.taxes.mixin"
    _description = "Document with a Customer's Taxes"

    customer_taxes_changed = fields.Boolean(compute="_compute_customer_taxes_changed")
    taxes_taken_off = fields.Char(
        compute="_compute_customer_taxes_changed",
        help="What lines have and would have no longer; somebody may have typed it.",
    )

    @api.depends(lambda self: self._get_taxes_dependencies())
    def _compute_customer_taxes_changed(self):
        self.customer_taxes_changed = self.taxes_taken_off = False
        for document in self:
            if not document._are_taxes_open():
                continue
            position = document._get_new_position()
            changes = document._get_changed_lines(position)
            if changes or position != document.fiscal_position_id._origin:
                document.customer_taxes_changed = True
                document.taxes_taken_off = document._name_taken_off(changes)

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
        """The lines that taxes stand on."""
        raise NotImplementedError

    def _get_new_position(self):
        """The customer's position, if the document has one that was theirs before."""
        expected = self._get_customer_position()
        position = self.fiscal_position_id._origin
        return expected if position._is_outdated(expected) else position

    def _get_changed_lines(self, position):
        """``[(lines, their taxes if they were made now)]``, of those that differ.

        :param position: the fiscal position that the document is to have
        """
        company, changes = self.company_id, []
        former = self.fiscal_position_id._origin
        alike = self._get_taxed_lines().grouped(
            lambda line: (line.tax_ids._origin, line.product_id._origin)
        )
        for (taxes, product), lines in alike.items():
            article = product.taxes_id._filter_taxes_by_company(company)
            found = position._tax_line_anew(taxes, article, former)
            if position._is_other_agreement(taxes, found, article, former):
                changes.append((lines, found))
        return changes

    def _name_taken_off(self, changes):
        gone = self.env["account.tax"]
        for lines, found in changes:
            gone |= lines.tax_ids._origin._get_origins() - found._get_origins()
        # names of the chart are English codes, such as 15% WHI
        return ", ".join(html2plaintext(tax.description) or tax.name for tax in gone)

    def action_update_customer_taxes(self):
        """Take the customer's taxes as they are now.

        No price changes: what was agreed, or given away, stays so.
        """
        for document in self.filtered("customer_taxes_changed"):
            before, position = document.fiscal_position_id, document._get_new_position()
            changes = document._get_changed_lines(position)
            gone = document._name_taken_off(changes)
            document.fiscal_position_id = position
            for lines, found in changes:
                lines.tax_ids = found
            document._follow_position(before)
            document._tell_taxes(gone)
        return True

    def _follow_position(self, before):
        """Do what Odoo does beside the taxes where the position is another one.

        :param before: the fiscal position until now
        """

    def _tell_taxes(self, gone):
        """:param gone: names of the taxes that were taken off"""
        position = self.fiscal_position_id.name or self.env._("none")
        body = self.env._("Taxes as the customer's are now: %s.", position)
        if gone:
            body += " " + self.env._("Taken off: %s.", gone)
        self._message_log(body=body)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "xpyme.customer.taxes.mixin"]

    @api.model
    def _get_taxes_dependencies(self):
        lines = ("order_line.product_id", "order_line.tax_ids")
        return [*super()._get_taxes_dependencies(), *lines]

    def _are_taxes_open(self):
        return bool(self.partner_id) and self.state in ("draft", "sent")

    def _get_customer_position(self):
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        return positions._get_fiscal_position(self.partner_id, self.partner_shipping_id)

    def _get_taxed_lines(self):
        return self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )

    def _follow_position(self, before):
        self.show_update_fpos = False
        return super()._follow_position(before)


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xpyme.customer.taxes.mixin"]

    @api.model
    def _get_taxes_dependencies(self):
        lines = ("invoice_line_ids.product_id", "invoice_line_ids.tax_ids")
        return [*super()._get_taxes_dependencies(), *lines]

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
        """What is deducted has the taxes of the down payment that was invoiced."""
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.is_downpayment
        )

    def _follow_position(self, before):
        """Accounts are those of the position; typed ones stay where it has none."""
        if (before.account_map or {}) != (self.fiscal_position_id.account_map or {}):
            self.invoice_line_ids._compute_account_id()
        return super()._follow_position(before)
