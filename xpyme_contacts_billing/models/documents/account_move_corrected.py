from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _link_corrected_invoices(self):
        """Credit notes of orders name the invoice that they take back.

        Odoo does so in one country only, and only for a single credit note.
        """
        # sudo: a salesperson makes the invoices of orders, and may not change them.
        credits = self.sudo().filtered(lambda move: move.move_type == "out_refund")
        for move in credits:
            taken_back = move.invoice_line_ids.filtered(
                lambda line: line.display_type == "product" and line.price_subtotal > 0
            )
            if not move.reversed_entry_id:
                lines = taken_back.sale_line_ids
                move.reversed_entry_id = lines._get_corrected_invoice()
