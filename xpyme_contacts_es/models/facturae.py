from odoo import api, models

# Codes of Odoo's payment methods that debit the customer, and of Facturae's means.
_DIRECT_DEBITS = {"sdd", "sepa_direct_debit"}
_DEBITED, _TRANSFERRED = "02", "04"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _create_account_invoices(self, invoice_vals_list, final):
        """A recapitulative invoice says from when to when it was delivered, where
        Facturae asks for it (RD 1619/2012 art. 13)."""
        if "l10n_es_invoicing_period_start_date" in self.env["account.move"]._fields:
            for vals in invoice_vals_list:
                orders = self._get_orders_of(vals)
                if len(orders) > 1:
                    days = [order._get_delivery_day() for order in orders]
                    vals["l10n_es_invoicing_period_start_date"] = min(days)
                    vals["l10n_es_invoicing_period_end_date"] = max(days)
        return super()._create_account_invoices(invoice_vals_list, final)


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("preferred_payment_method_line_id")
    def _compute_l10n_es_payment_means(self):
        """Of Facturae, which without us takes every customer to pay by transfer."""
        result = super()._compute_l10n_es_payment_means()
        for move in self.filtered("l10n_es_payment_means"):
            method = move.preferred_payment_method_line_id.payment_method_id
            if method.code in _DIRECT_DEBITS:
                move.l10n_es_payment_means = _DEBITED
            elif method and move.l10n_es_payment_means == _DEBITED:
                move.l10n_es_payment_means = _TRANSFERRED
        return result
