from odoo import models

# Where the law asks a credit note to name what it corrects: RD 1619/2012, art. 15, and
# the references of the Chilean tax office's documents.
_COUNTRIES = {"ES", "CL"}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _link_corrected_invoices(self):
        """Credit notes of orders name the invoice that they take back.

        Odoo does so in one region only, and only for a single credit note. A note that
        also sells something takes back no invoice, there and here.
        """
        # sudo: a salesperson makes the invoices of orders, and may not change them.
        credits = self.sudo().filtered(
            lambda move: move.move_type == "out_refund"
            and move.company_id.account_fiscal_country_id.code in _COUNTRIES
        )
        for move in credits:
            if not move.reversed_entry_id:
                goods = move.invoice_line_ids.filtered(
                    lambda line: line.display_type == "product"
                )
                move.reversed_entry_id = goods.sale_line_ids._get_corrected_invoice()
