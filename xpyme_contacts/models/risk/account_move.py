from odoo import api, fields, models

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
        """What is sold anew; an order was judged when it was made.

        Of a ticket of the till only what is put on the customer's account.
        """
        state = state or self.state
        customer = self.partner_id.commercial_partner_id
        is_sale = self.move_type in _SALE_TYPES
        if not is_sale or state == "cancel" or not customer:
            return None
        paid, rate = self._get_amount_paid_at_till(), self._get_judged_rate()
        new = self._get_new_amount() - self._get_amount_taken_back() - paid
        amount = self._convert_risk(new, rate)
        owed = self._convert_risk(self.amount_total - paid, rate)
        return Exposure("invoice", state, customer, amount, owed)

    def _convert_risk(self, amount, rate):
        return self.company_id.currency_id.round(max(amount, 0) / rate)

    def _get_judged_rate(self):
        """Who types a rate of his own makes no sale smaller by it."""
        rate = self._get_own_rate()
        if self.currency_id == self.company_id.currency_id:
            return rate
        day = self._get_invoice_currency_rate_date()
        return min(rate, self._get_expected_currency_rate_at(day))

    def _get_added_risk(self, exposure):
        """The debt holds a draft whole, at the rate that it says."""
        added = super()._get_added_risk(exposure)
        if not self._is_counted_in_risk():
            return added
        return exposure.owed - self._convert_risk(
            self.amount_total, self._get_own_rate()
        )

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
        """Whoever posts an invoice, a program that writes its state too, passes here.

        :raise ValidationError: one sells anew to a blocked customer
        :raise UserError, RedirectWarning: see :meth:`_refuse_over_risk`
        """
        if vals.get("state") == "posted":
            drafts = self.filtered(lambda move: move.state != "posted")
            drafts._check_no_sale_to_blocked()
            drafts._check_risk(dict.fromkeys(self.ids), "posted")
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


class AccountBankStatementLine(models.Model):
    """An entry by delegation, which tells nothing of customers.

    Without fields of its own, each change of an invoice's line would ask, field by
    field, which lines of statements tell the same.
    """

    _inherit = "account.bank.statement.line"

    customer_notice = fields.Text(store=False, exportable=False)
    customer_notice_level = fields.Char(store=False, exportable=False)
    is_over_risk = fields.Boolean(store=False, exportable=False)
    tells_risk = fields.Boolean(store=False, exportable=False)
