from odoo import api, models


class AccountPayment(models.Model):
    """Payments outside remittances stay in the books.

    OCA's batch payments tell Odoo that invoices wait for a bank statement, as if its
    Enterprise edition were there; then a payment without an account makes no entry, and
    what a customer has paid would remain their debt.
    """

    _inherit = "account.payment"

    @api.depends("payment_type", "company_id")
    def _compute_outstanding_account_id(self):
        """Before core makes the entry of a difference that is written off."""
        result = super()._compute_outstanding_account_id()
        enterprise = self.env["ir.module.module"]._get("account_accountant")
        if enterprise.state != "installed":
            for payment in self:
                if payment.journal_id and not (
                    payment.payment_order_id or payment.outstanding_account_id
                ):
                    payment.outstanding_account_id = payment._get_outstanding_account(
                        payment.payment_type
                    )
        return result
