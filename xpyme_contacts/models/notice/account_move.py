from collections import defaultdict

from odoo import api, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xpyme.document.notice.mixin"]

    @api.constrains("partner_id", "move_type")
    def _check_customer_not_blocked(self):
        self.filtered(lambda m: m.state == "draft")._check_no_sale_to_blocked()

    def _check_no_sale_to_blocked(self):
        """:raise ValidationError: one sells anew to a blocked customer"""
        # Few are blocked, and what is sold anew takes longer to tell.
        if self.partner_id._get_blocked_customer():
            for move in self:
                if move._is_new_sale():
                    move.partner_id._check_not_blocked()

    # === NEW SALE ===#

    def _is_new_sale(self):
        """Whether the document sells anew, to be judged under a customer's block.

        Not the correction of an invoice or of a credit note, nor the invoice of what
        was ordered before, as far as the order goes; nor that of a ticket of the till.
        """
        self.ensure_one()
        if not self.is_sale_document(include_receipts=True):
            return False
        if self.reversed_entry_id and self.move_type == "out_refund":
            return False
        lines = self._get_sold_lines()
        covered = self._get_amount_of_tickets()
        if lines and all(line._get_ordered_lines() for line in lines):
            if self.move_type == "out_refund":
                return False
        else:
            covered += self._get_amount_taken_back()
            if not covered:
                return True
        return self.currency_id.compare_amounts(self._get_new_amount(), covered) > 0

    def _get_sold_lines(self):
        return self.invoice_line_ids.filtered(lambda li: li.display_type == "product")

    def _get_new_amount(self):
        """What is sold anew, with tax, in the invoice's currency.

        Of a line that comes from a confirmed order of the same payer and company it is
        what exceeds the rest of that line, of all such lines what exceeds the order's.
        """
        self.ensure_one()
        new, left = 0.0, {}
        invoiced, beyond = defaultdict(float), defaultdict(float)
        for line in self._get_sold_lines():
            ordered = line._get_ordered_lines()
            if ordered:
                invoiced[ordered.order_id] += line.price_total
                beyond[ordered.order_id] += line._get_amount_beyond(ordered, left)
            else:
                new += line.price_total
        for order, amount in invoiced.items():
            is_same = order.currency_id == self.currency_id
            factor = 1.0 if is_same else order._get_own_rate() / self._get_own_rate()
            excess = order._get_excess(amount * factor, self) / factor
            new += max(beyond[order], excess)
        return new

    def _takes_before(self, invoice):
        """Whether this one takes of an order before an ``invoice``: of two drafts the
        older one does, and a credit note gives back when it is posted."""
        saved = invoice._origin
        if self == saved or self.state == "cancel":
            return False
        if self.state == "posted":
            return True
        return self.move_type != "out_refund" and (not saved or self.id < saved.id)

    def _get_own_rate(self):
        """How much of the invoice's currency is one of its company's."""
        if self.currency_id == self.company_id.currency_id:
            return 1.0
        return self.invoice_currency_rate or 1.0

    # === TICKETS OF THE TILL ===#

    def _get_tickets(self):
        """The tickets, paid or on account, that Odoo's Point of Sale invoices here.

        Its orders of the same customer and company; without that addon there are none.
        """
        if "pos_order_ids" not in self._fields:
            return ()
        # sudo: who invoices need not see the till.
        return self.sudo().pos_order_ids.filtered(
            lambda ticket: ticket.state not in ("draft", "cancel")
            and ticket.company_id == self.company_id
            and ticket.currency_id == self.currency_id
            and ticket.partner_id.commercial_partner_id
            == self.partner_id.commercial_partner_id
        )

    def _get_amount_of_tickets(self):
        """The total of the tickets, which nobody refuses any more."""
        tickets = self._get_tickets()
        if not tickets:
            return 0.0
        # The till rounds each ticket, and the invoice all of them.
        slack = 2 * self.currency_id.rounding * (1 + len(self.invoice_line_ids))
        return abs(sum(ticket.amount_total for ticket in tickets)) + slack

    def _get_amount_paid_at_till(self):
        """What of the tickets was not put on the customer's account.

        Cash is rounded: what it lacks of the total is owed by nobody.
        """
        tickets = self._get_tickets()
        payments = [pay for ticket in tickets for pay in ticket.payment_ids]
        later = sum(
            payment.amount
            for payment in payments
            if payment.payment_method_id.type == "pay_later"
        )
        if not later:
            return self._get_amount_of_tickets()
        return sum(ticket.amount_total for ticket in tickets) - later

    def _get_amount_taken_back(self):
        """What is left of the credit note that this invoice takes back, with tax.

        In the invoice's currency, and only of a credit note to the same customer: less
        what other invoices, drafts too, take back of it.
        """
        note = self.reversed_entry_id
        if (
            self.move_type != "out_invoice"
            or (note.move_type, note.state) != ("out_refund", "posted")
            or note.commercial_partner_id != self.commercial_partner_id
            or note.currency_id != self.currency_id
            or note.company_id != self.company_id
        ):
            return 0.0
        others = (note.reversal_move_ids - self - self._origin).filtered(
            lambda move: move.state != "cancel"
        )
        return max(note.amount_total - sum(others.mapped("amount_total")), 0.0)

    # === NOTICE ===#

    @api.model
    def _get_notice_triggers(self):
        """What the total is made of, rather than the total: core's figures of payment
        lead to that, and each of their changes would look for notices to forget."""
        return (
            *super()._get_notice_triggers(),
            *("partner_id", "move_type", "state", "invoice_line_ids.price_total"),
            *("currency_id", "invoice_currency_rate", "invoice_cash_rounding_id"),
        )

    def _get_noticed_customers(self):
        is_sale = self.is_sale_document(include_receipts=True)
        if not is_sale or self.state == "cancel":
            return self.env["res.partner"]
        return self.partner_id.commercial_partner_id

    def _get_blocked_customer(self):
        customers = self.partner_id if self._is_new_sale() else self.env["res.partner"]
        return customers._get_blocked_customer()
