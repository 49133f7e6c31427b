from collections import defaultdict

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import is_html_empty

from odoo.addons.xpyme_contacts.tools.inner import heard, inner

from ...tools.plan import get_plan

GROUP, PER_DELIVERY = "group", "per_delivery"
# What shares an invoice, whatever address it was delivered to.
_GROUPING = inner("xpyme_grouping")
# As long as Odoo lets the reference of a grouped invoice be.
_MAX_REFERENCE = 2000


class SaleOrder(models.Model):
    """Which orders share an invoice, as their customer agreed (seed 004: Agrupar,
    AlbxFra), wherever they are invoiced from."""

    _inherit = "sale.order"

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Part by part. Whoever asks for one per order (``grouped``) gets it."""
        if grouped:
            moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        else:
            moves = self._create_invoices_in_parts(final, date)
        moves._link_corrected_invoices()
        return moves

    def _create_invoices_in_parts(self, final, date):
        """:raise UserError: there is nothing to invoice, and nobody is to be spared"""
        parts = defaultdict(list)
        for order in self:
            parts[order._get_invoicing_part(final)].append(order.id)
        if len(parts) < 2:
            part = next(iter(parts), (False, False))
            return self._create_part_invoices(part, final, date)
        moves = self.env["account.move"]
        # A part without anything to invoice is no error if another has something.
        quiet = self.with_context(raise_if_nothing_to_invoice=False)
        for part, ids in parts.items():
            moves += quiet.browse(ids)._create_part_invoices(part, final, date)
        if not moves and self.env.context.get("raise_if_nothing_to_invoice", True):
            raise UserError(self._nothing_to_invoice_error_message())
        return moves.with_env(self.env)

    def _create_part_invoices(self, part, final, date):
        """The invoices of orders that have ``_get_invoicing_part`` in common."""
        mode, is_negative = part[0], part[-1]
        if mode == GROUP and not is_negative:
            orders = self._sort_by_date().with_context(**_GROUPING)
            moves = super(SaleOrder, orders)._create_invoices(final=final, date=date)
            return moves.with_env(self.env)
        alone = mode == PER_DELIVERY or is_negative
        return super()._create_invoices(grouped=alone, final=final, date=date)

    def _get_invoicing_part(self, final=False):
        """What an order has in common with those that may share its invoice.

        Within a part the customers, terms, currencies, ... are apart as
        ``_get_invoice_grouping_keys`` says. An addon may add to it, before the sign,
        which stays the last.

        :return: tuple of the mode (empty: Odoo's way), the journal's id, the month of
            delivery if it matters, and whether what is to be invoiced is negative
        """
        self.ensure_one()
        mode = self._get_paying_customer().invoice_grouping_mode
        day = None
        if mode == GROUP and self.company_id.invoice_months_apart:
            day = self._get_delivery_day().replace(day=1)
        return mode, self.journal_id.id, day, self._has_negative_net(final)

    def _get_paying_customer(self):
        # sudo: what a payer agreed holds for whoever invoices, also one who may not
        # read his card.
        return self.sudo().partner_invoice_id.commercial_partner_id

    def _get_delivery_day(self):
        """The day when an order was last delivered, where the company is."""
        self.ensure_one()
        return self.company_id._to_local_day(self.date_order)

    def _sort_by_date(self):
        return self.sorted(lambda order: (order.date_order, order.id))

    # === MONTH END ===#

    def _get_held_for_month_end(self):
        """Those whose payer is invoiced on the last day of the month, on other days."""
        days = {company: company._get_local_today() for company in self.company_id}
        return self.filtered(
            lambda order: order._get_paying_customer().invoice_month_end
            and not order.company_id._is_month_end(days[order.company_id])
        )

    # === NEGATIVE ORDERS ===#

    def _has_negative_net(self, final):
        """Whether the invoice of an order would be a credit note."""
        # With tax: Odoo makes a credit note of what has a negative total.
        lines = self._get_invoiceable_lines(final)
        total = sum(line._get_total_to_invoice() for line in lines)
        return self.currency_id.compare_amounts(total, 0) < 0

    def _get_corrected_invoice(self):
        """The invoice that the credit note of this order would take back."""
        lines = self._get_invoiceable_lines(final=True)
        return lines.filtered(
            lambda line: not line.display_type
        )._get_corrected_invoice()

    # === WHAT IS GROUPED ===#

    def _get_invoice_grouping_keys(self):
        keys = super()._get_invoice_grouping_keys()
        if heard(self.env.context, "xpyme_grouping"):
            keys = [key for key in keys if key != "partner_shipping_id"]
            keys += ["invoice_payment_term_id", "preferred_payment_method_line_id"]
        if get_plan(self.env.context):
            keys = ["billing_run_item_id", *keys]
        return keys

    def _prepare_invoice(self):
        vals = super()._prepare_invoice()
        if plan := get_plan(self.env.context):
            vals["billing_run_item_id"] = plan.items[self.id]
            vals["invoice_date"] = plan.invoice_date
        return vals

    def _create_account_invoices(self, invoice_vals_list, final):
        """Odoo joins the references in any order, and keeps the first note alone."""
        for vals in invoice_vals_list:
            orders = self._get_orders_of(vals)._sort_by_date()
            if len(orders) > 1:
                refs = [order.client_order_ref or order.name for order in orders]
                vals["ref"] = ", ".join(dict.fromkeys(refs))[:_MAX_REFERENCE]
                vals["invoice_origin"] = ", ".join(orders.mapped("name"))
                vals["narration"] = orders._join_notes()
        return super()._create_account_invoices(invoice_vals_list, final)

    def _get_orders_of(self, vals):
        """The orders whose lines stand in the values of a new invoice."""
        lines = self.env["sale.order.line"].browse(
            command[1]
            for _command, _id, line_vals in vals["invoice_line_ids"]
            for command in line_vals.get("sale_line_ids", ())
            if command[0] == Command.LINK
        )
        return lines.order_id

    def _join_notes(self):
        notes = [order.note for order in self if not is_html_empty(order.note)]
        return Markup("<br/>").join(dict.fromkeys(notes)) if notes else False


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_total_to_invoice(self):
        """What a line adds to its order's next invoice, with tax."""
        self.ensure_one()
        if self.display_type:
            return 0.0
        if self.product_uom_qty and not self.is_downpayment:
            return self.qty_to_invoice * self.price_total / self.product_uom_qty
        return self._get_amounts_of(self.qty_to_invoice)[1]

    def _get_amounts_of(self, quantity):
        """What so much of the line costs, without tax and with it, in its currency."""
        taxes = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation(quantity=quantity)
        taxes._add_tax_details_in_base_line(base_line, self.company_id)
        taxes._round_base_lines_tax_details([base_line], self.company_id)
        details = base_line["tax_details"]
        return details["total_excluded_currency"], details["total_included_currency"]

    def _get_corrected_invoice(self):
        """The last posted invoice with all of these lines, or none."""
        # sudo: a salesperson may not read invoices, and links no other than these.
        lines = self.sudo()
        invoices = lines.invoice_lines.move_id.filtered(
            lambda move: move.move_type == "out_invoice"
            and move.state == "posted"
            and lines <= move.invoice_line_ids.sale_line_ids
        )
        return invoices.sorted(lambda move: (move.invoice_date, move.id))[-1:]
