from odoo import models

from ...tools.inner import SILENTLY


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

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
