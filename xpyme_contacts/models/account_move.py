from odoo import api, models

from .risk_document_mixin import Exposure

_SALE_TYPES = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = [
        "account.move",
        "xpyme.customer.document.mixin",
        "xpyme.risk.document.mixin",
    ]

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

    def _message_add_default_recipients(self):
        recipients = super()._message_add_default_recipients()
        invoices = self.filtered(lambda m: m.is_sale_document(include_receipts=True))
        return self.env["res.partner"]._address_documents(invoices, recipients)

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

    def _get_alerts(self):
        """Core's warning of the limit, in the user's company, would be a second one."""
        alerts = super()._get_alerts()
        alerts.pop("account_partner_credit_warning", None)
        return alerts

    # === RISK ===#

    def _get_risk_exposure(self, state=None):
        """What is invoiced without an order; an order was judged when it was made."""
        state = state or self.state
        customer = self.partner_id.commercial_partner_id
        is_sale = self.move_type in _SALE_TYPES
        if not is_sale or state == "cancel" or not customer:
            return None
        lines = self.invoice_line_ids.filtered(lambda line: not line.sale_line_ids)
        total = sum(lines.mapped("price_total")) - self._get_amount_taken_back()
        rate = self.invoice_currency_rate or 1.0
        amount = self.company_id.currency_id.round(max(total, 0) / rate)
        return Exposure("invoice", state, customer, amount, amount)

    def _is_counted_in_risk(self):
        counted = self.company_id._get_counted_risk_components()
        return self.state == "draft" and "draft" in counted

    @api.model
    def _is_risk_judged_in(self, state, action):
        return state == "posted"

    def _get_next_risk_state(self):
        return "posted"

    @api.model
    def _get_risk_continuations(self):
        return {"post": "action_post"}

    def write(self, vals):
        if vals.get("state") == "posted":
            self.filtered(lambda m: m.state != "posted")._check_risk(
                dict.fromkeys(self.ids), "posted"
            )
        return super().write(vals)

    def _get_blocked_customer(self):
        customers = self.partner_id if self._is_new_sale() else self.env["res.partner"]
        return customers._get_blocked_customer()

    def action_post(self):
        if self._is_risk_silent():
            self -= self._leave_blocked() | self._leave_over_risk("posted")
            return super().action_post() if self else False
        if question := self._ask_risk("posted", "post"):
            return question
        return super().action_post()
