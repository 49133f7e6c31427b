from odoo import models

from ...tools.inner import SILENTLY
from ...tools.risk_terms import TAKEN_BACK


class PaymentTransaction(models.Model):
    """What an online payment has paid of an order.

    A capture, a void and a refund are children of their transaction, linked to no
    order: each amount is counted once, where it stands.
    """

    _inherit = "payment.transaction"

    # === WHAT IS PAID ===#

    def _get_paid_amounts(self, order):
        """What these transactions of an order have paid of it.

        :return: in the order's currency, all of it and what is in no books yet
        """
        paid = unbooked = 0.0
        for root in self:
            share = root._get_share(order)
            for payment in root._get_family():
                amount = share * payment._get_amount_in(order)
                paid += amount
                if payment.payment_id.move_id.state != "posted":
                    unbooked += amount
        return paid, unbooked

    def _get_family(self):
        """The transaction and all that came of it."""
        family = generation = self
        while generation := generation.child_transaction_ids - family:
            family |= generation
        return family

    def _get_share(self, order):
        """How much of it is the order's: core lets it be of several."""
        weights = {
            linked: max(linked.amount_total, 0.0) / (linked.currency_rate or 1.0)
            for linked in self.sale_order_ids
            if linked == order or linked.state != "cancel"
        }
        total = sum(weights.values())
        return weights[order] / total if total and order in weights else 1.0

    def _get_amount_in(self, order):
        """The money of this transaction alone, in the order's currency."""
        if self.state not in ("authorized", "done"):
            return 0.0
        if self.state == "done" and self.payment_id.state in TAKEN_BACK:
            return 0.0
        amount = self.amount
        if amount > 0:
            # Captured or voided: a child holds it, of the same operation.
            parts = self.child_transaction_ids.filtered(
                lambda child: child.operation == self.operation
                and child.state in ("authorized", "done", "cancel")
            )
            amount = max(amount - sum(parts.mapped("amount")), 0.0)
        if self.currency_id == order.currency_id:
            return amount
        return amount * self.currency_id._get_conversion_rate(
            self.currency_id,
            order.currency_id,
            order.company_id,
            order.date_order.date(),
        )

    # === WHERE NOBODY IS ===#

    def _post_process(self):
        """Book it, whatever has become of the customer and of the limits."""
        return super(PaymentTransaction, self.with_context(**SILENTLY))._post_process()

    def _check_amount_and_confirm_order(self):
        """Confirm what passes; the payment is booked even if its order does not."""
        silent = self.with_context(**SILENTLY)
        confirmed = super(PaymentTransaction, silent)._check_amount_and_confirm_order()
        return confirmed.with_env(self.env).filtered(
            lambda order: order.state == "sale"
        )
