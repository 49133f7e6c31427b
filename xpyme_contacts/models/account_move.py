from odoo import api, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xpyme.customer.document.mixin"]

    _risk_draft_idx = models.Index(
        "(commercial_partner_id) WHERE state = 'draft'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

    @api.constrains("partner_id", "move_type")
    def _check_customer_not_blocked(self):
        for move in self.filtered(lambda m: m.state == "draft"):
            if move._is_new_sale():
                move.partner_id._check_not_blocked()

    def _is_new_sale(self):
        """Whether the document sells anew, to be judged under a customer's block.

        Not the correction of an invoice, nor the invoice of what was ordered before:
        that order was judged when it was made.
        """
        self.ensure_one()
        if not self.is_sale_document(include_receipts=True) or self.reversed_entry_id:
            return False
        lines = self.invoice_line_ids.filtered(lambda li: li.display_type == "product")
        return not lines or not all(line.sale_line_ids for line in lines)

    def _message_add_default_recipients(self):
        recipients = super()._message_add_default_recipients()
        invoices = self.filtered(lambda m: m.is_sale_document(include_receipts=True))
        return self.env["res.partner"]._address_documents(invoices, recipients)

    def _post(self, soft=True):
        for move in self:
            if move._is_new_sale():
                move.partner_id._check_not_blocked()
        return super()._post(soft=soft)

    def _compute_sale_warning_text(self):
        # Not made to depend on the customer's date: uninstalling us, core would take
        # its own field away from the models that inherit this one by delegation.
        result = super()._compute_sale_warning_text()
        for move in self.filtered(lambda m: m.is_sale_document(include_receipts=True)):
            move.sale_warning_text = move._append_notices(move.sale_warning_text)
        return result
