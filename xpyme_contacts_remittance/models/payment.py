from odoo import api, models


class AccountPayment(models.Model):
    """Payments outside remittances stay in the books.

    OCA's batch payments tell Odoo that invoices wait for a bank statement, as if its
    Enterprise edition were there; then a payment without an account makes no entry, and
    what a customer has paid would remain their debt.
    """

    _inherit = "account.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        enterprise = self.env["ir.module.module"]._get("account_accountant")
        if enterprise.state != "installed":
            for payment in payments:
                if not (payment.payment_order_id or payment.outstanding_account_id):
                    payment.outstanding_account_id = payment._get_outstanding_account(
                        payment.payment_type
                    )
        return payments
