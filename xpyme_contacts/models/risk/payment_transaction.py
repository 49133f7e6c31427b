from odoo import models

from ...tools.inner import SILENTLY


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """Booked, whoever its customer is by now and whatever his limits say."""
        return super(PaymentTransaction, self.with_context(**SILENTLY))._post_process()

    def _check_amount_and_confirm_order(self):
        """A payment is booked whatever becomes of the order it does not cover."""
        silent = self.with_context(**SILENTLY)
        confirmed = super(PaymentTransaction, silent)._check_amount_and_confirm_order()
        return confirmed.with_env(self.env).filtered(
            lambda order: order.state == "sale"
        )
