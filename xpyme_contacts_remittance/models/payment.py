from odoo import api, models

from odoo.addons.xpyme_contacts.tools.inner import heard, inner

_OF_ORDER = inner("xpyme_payments_of_order")


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _get_invoice_in_payment_state(self):
        """Only what an order of payments has paid waits for the bank.

        OCA's batch payments say so of all invoices, as if Odoo's Enterprise edition
        were there: then a payment without an account makes no entry, and what a
        customer has paid remains their debt. Payments ask it of no invoice.
        """
        enterprise = self.env["ir.module.module"]._get("account_accountant")
        # sudo: whoever confirms a payment need not read those of its invoice. Of many
        # invoices that are paid at once they are read together.
        payments = self.sudo().reconciled_payment_ids
        if (
            enterprise.state == "installed"
            or payments.payment_order_id
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
