from odoo import api, models

from ...tools.risk_terms import Exposure

_SALE_TYPES = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    _name = "account.move"
    # The mixin first: it extends what the invoice tells of its customer.
    _inherit = ["xpyme.risk.document.mixin", "account.move"]

    _risk_draft_idx = models.Index(
        "(commercial_partner_id) WHERE state = 'draft'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

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

    def _get_alerts(self):
        """Core's warning of the limit, in the user's company, would be a second one."""
        alerts = super()._get_alerts()
        alerts.pop("account_partner_credit_warning", None)
        return alerts

    def write(self, vals):
        if vals.get("state") == "posted":
            self.filtered(lambda m: m.state != "posted")._check_risk(
                dict.fromkeys(self.ids), "posted"
            )
        return super().write(vals)

    def action_post(self):
        if self._is_risk_silent():
            self -= self._skip_blocked() | self._skip_over_risk("posted")
            return super().action_post() if self else False
        if question := self._ask_risk("posted", "post"):
            return question
        return super().action_post()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # The open items of a customer, few among all entries ever made.
    _risk_open_idx = models.Index(
        "(partner_id) WHERE parent_state = 'posted' AND reconciled IS NOT TRUE"
        " AND amount_residual != 0"
    )
