from odoo import api, models

from odoo.addons.xpyme_contacts.tools.inner import heard, inner

_OF_ORDER = inner("xpyme_payments_of_order")


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _get_invoice_in_payment_state(self):
        """Of no invoice payments ask it: whether Enterprise reconciles them.

        OCA's batch payments always say so, for their orders; then a payment without an
        account makes no entry, and what a customer has paid would remain their debt.
        """
        enterprise = self.env["ir.module.module"]._get("account_accountant")
        if (
            self
            or enterprise.state == "installed"
            or heard(self.env.context, "xpyme_payments_of_order")
        ):
            return super()._get_invoice_in_payment_state()
        return "paid"


class AccountPayment(models.Model):
    """Payments outside payment orders stay in the books."""

    _inherit = "account.payment"

    @api.model_create_multi
    def create(self, vals_list):
        makers = self
        if all(vals.get("payment_order_id") for vals in vals_list):
            makers = self.with_context(**_OF_ORDER)
        payments = super(AccountPayment, makers).create(vals_list)
        return payments.with_env(self.env)
