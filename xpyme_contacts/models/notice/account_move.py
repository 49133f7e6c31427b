from odoo import api, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xpyme.document.notice.mixin"]

    @api.constrains("partner_id", "move_type")
    def _check_customer_not_blocked(self):
        for move in self.filtered(lambda m: m.state == "draft"):
            if move._is_new_sale():
                move.partner_id._check_not_blocked()

    def _is_new_sale(self):
        """Whether the document sells anew, to be judged under a customer's block.

        Not the correction of an invoice or of a credit note, nor the invoice of what
        was ordered before: that order was judged when it was made.
        """
        self.ensure_one()
        if not self.is_sale_document(include_receipts=True):
            return False
        if self.reversed_entry_id and self.move_type == "out_refund":
            return False
        lines = self.invoice_line_ids.filtered(lambda li: li.display_type == "product")
        new_lines = lines.filtered(lambda line: not line.sale_line_ids)
        if lines and not new_lines:
            return False
        taken_back = self._get_amount_taken_back()
        new = sum(new_lines.mapped("price_total"))
        return not taken_back or self.currency_id.compare_amounts(new, taken_back) > 0

    def _get_amount_taken_back(self):
        """What is left of the credit note that this invoice takes back, with tax.

        In the invoice's currency, and only of a credit note to the same customer: less
        what other invoices, drafts too, take back of it.
        """
        note = self.reversed_entry_id
        if (
            self.move_type != "out_invoice"
            or (note.move_type, note.state) != ("out_refund", "posted")
            or note.commercial_partner_id != self.commercial_partner_id
            or note.currency_id != self.currency_id
            or note.company_id != self.company_id
        ):
            return 0.0
        others = (note.reversal_move_ids - self - self._origin).filtered(
            lambda move: move.state != "cancel"
        )
        return max(note.amount_total - sum(others.mapped("amount_total")), 0.0)

    def _post(self, soft=True):
        for move in self:
            if move._is_new_sale():
                move.partner_id._check_not_blocked()
        return super()._post(soft=soft)

    # === NOTICE ===#

    @api.model
    def _get_notice_triggers(self):
        return (
            *super()._get_notice_triggers(),
            *("partner_id", "move_type", "amount_total", "state"),
        )

    def _get_noticed_customers(self):
        is_sale = self.is_sale_document(include_receipts=True)
        if not is_sale or self.state == "cancel":
            return self.env["res.partner"]
        return self.partner_id.commercial_partner_id

    def _get_blocked_customer(self):
        customers = self.partner_id if self._is_new_sale() else self.env["res.partner"]
        return customers._get_blocked_customer()
