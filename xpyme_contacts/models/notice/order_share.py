from collections import namedtuple

from odoo import models

# What invoice lines have taken of an order line: ``amount`` with tax, in the order's
# currency, and the quantity of credit notes that ``corrected`` a price alone.
Taken = namedtuple("Taken", "amount corrected")


class SaleOrder(models.Model):
    """How much of an order invoices have taken, and how much is left for one more."""

    _inherit = "sale.order"

    def _get_own_rate(self):
        """How much of the order's currency is one of its company's."""
        return self.currency_rate or 1.0

    def _get_share_left(self, invoice):
        """What is left of the whole order for an ``invoice``, after the others.

        With tax, in the order's currency.
        """
        self.ensure_one()
        down_payments = self.order_line.filtered(lambda line: line._is_advance())
        left = 0.0
        for line in self.order_line - down_payments:
            rest = line.price_total - line._get_taken(line._get_earlier(invoice)).amount
            # What was invoiced beyond a line is no credit for the others.
            left += max(rest, 0.0) if line.price_total > 0 else min(rest, 0.0)
        for line in down_payments._get_earlier(invoice):
            left -= line._get_amount_in(self)
        return max(left, 0.0)

    def _get_excess(self, amount, invoice):
        """What an ``invoice`` of ``amount`` has over the rest of the whole order."""
        excess = amount - self._get_share_left(invoice)
        slack = 2 * self.currency_id.rounding * (1 + len(self.order_line))
        return excess if excess > slack else 0.0


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _is_advance(self):
        """Whether the line is a down payment: those of Odoo have no quantity.

        The mark alone is anybody's to write.
        """
        self.ensure_one()
        return self.is_downpayment and not self.product_uom_qty

    def _get_taken(self, invoiced):
        """The :class:`Taken` of lines of invoices and credit notes.

        A credit note for less than the price of its quantity corrects the price: the
        quantity stays invoiced.
        """
        if not invoiced:
            # All lines of an order that is being confirmed.
            return Taken(0.0, 0.0)
        order = self.order_id
        notes = invoiced.filtered(lambda line: line.move_type == "out_refund")
        amount = sum(line._get_amount_in(order) for line in invoiced - notes)
        if not notes:
            return Taken(amount, 0.0)
        least = self._get_least_price(invoiced - notes)
        corrected, slack = 0.0, 4 * self.currency_id.rounding
        for note in notes:
            quantity = note._get_quantity_in(self)
            given_back = -note._get_amount_in(order)
            if abs(given_back) + slack < least * abs(quantity):
                corrected += quantity
            else:
                amount -= given_back
        return Taken(amount, corrected)

    def _get_least_price(self, invoiced):
        """The lowest price with tax at which one unit was invoiced, else ordered."""
        prices = [
            abs(line._get_amount_in(self.order_id) / quantity)
            for line in invoiced
            if (quantity := line._get_quantity_in(self))
        ]
        ordered = self.product_uom_qty
        own = abs(self.price_total / ordered) if ordered else 0.0
        return min(prices, default=own)

    def _get_own_invoice_lines(self):
        """The lines that invoice these, of one order, to who pays it, in its company.

        A link to a line of any other invoice is anybody's to write.
        """
        lines = self.invoice_lines
        return lines and lines.filtered(
            lambda line: line.company_id == self.order_id.company_id
            and line.move_id.commercial_partner_id
            == self.order_id.partner_invoice_id.commercial_partner_id
        )

    def _get_earlier(self, invoice):
        """The invoice lines that take of these lines before an ``invoice`` does."""
        return self._get_own_invoice_lines().filtered(
            lambda line: line.move_id._takes_before(invoice)
        )

    def _get_share_left(self, invoice):
        """What is left of the line for an ``invoice``, after the others.

        With tax, in the order's currency; of what was ordered, whatever was delivered.
        """
        self.ensure_one()
        taken = self._get_taken(self._get_earlier(invoice)).amount
        return max(self.price_total - taken, 0.0)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_amount_in(self, order):
        """The total with tax in an order's currency, what is given back below zero."""
        move = self.move_id
        amount = self.price_total * -move.direction_sign
        if self.currency_id == order.currency_id:
            return amount
        return amount / move._get_own_rate() * order._get_own_rate()

    def _get_quantity_in(self, order_line):
        unit = order_line.product_uom_id
        return self.product_uom_id._compute_quantity(self.quantity, unit)

    def _get_ordered_lines(self):
        """The lines that this one invoices of a confirmed order which the same
        customer pays to the same company."""
        self.ensure_one()
        move = self.move_id
        # sudo: who invoices need not see orders.
        lines = self.sudo().sale_line_ids._origin.filtered(
            lambda line: line.order_id.state == "sale"
            and line.company_id == move.company_id
            and line.order_id.partner_invoice_id.commercial_partner_id
            == move.partner_id.commercial_partner_id
        )
        return lines.filtered(lambda line: line.order_id == lines[0].order_id)

    def _get_amount_beyond(self, ordered, left):
        """What the line has over what is left of the lines ``ordered``, with tax.

        :param left: what is left of each line, lowered here
        """
        if self.price_total <= 0 or any(line._is_advance() for line in ordered):
            # A down payment is of the whole order.
            return 0.0
        amount = self._get_amount_in(ordered.order_id)
        beyond = amount
        for source in ordered:
            if source not in left:
                left[source] = source._get_share_left(self.move_id)
            taken = min(beyond, left[source])
            left[source] -= taken
            beyond -= taken
        # Each invoice rounds its part of the line.
        slack = 2 * ordered.currency_id.rounding * (1 + len(ordered.invoice_lines))
        return self.price_total * beyond / amount if beyond > slack else 0.0
