from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _link_corrected_invoices(self):
        """Credit notes of orders name the invoice that they take back.

        Odoo does so in one country only, and only for a single credit note. A note that
        also sells something takes back no invoice, there and here.
        """
        # sudo: a salesperson makes the invoices of orders, and may not change them.
        credits = self.sudo().filtered(lambda move: move.move_type == "out_refund")
        for move in credits:
            if not move.reversed_entry_id:
                goods = move.invoice_line_ids.filtered(
                    lambda line: line.display_type == "product"
                )
                move.reversed_entry_id = goods.sale_line_ids._get_corrected_invoice()
