from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.xpyme_contacts.tools.risk_terms import STOPS
from odoo.addons.xpyme_contacts.tools.risk_verdict import add_to_debt, get_excesses

from .till_risk import STAGE


class ResPartner(models.Model):
    """What a ticket puts on the customer's account is judged by the limits before it is
    paid (seed 004: Control Deuda)."""

    _inherit = "res.partner"

    def judge_pos_account(self, config_id, amount, is_invoiced=False):
        """What a limit says of an amount that a till wants to put on account.

        :param amount: in the till's currency, with tax
        :param is_invoiced: whether an invoice is asked for, which is a stage too
        :return: ``{"action": "none", "tell", "ask" or "block", "message": str}``
        :raise AccessError: the user may not see the customer, or works at no such till
        """
        self.ensure_one()
        self = self._get_remaining()
        self.check_access("read")
        config = self._get_till_config(config_id)
        company = config.company_id
        amount = config.currency_id._convert(
            max(amount, 0.0), company.currency_id, company, fields.Date.today()
        )
        excesses = self._get_till_excesses(company, amount)
        action = company._get_till_action(is_invoiced)
        if not excesses or action == "ignore":
            return {"action": "none", "message": ""}
        return {
            "action": action,
            "message": self._get_till_refusal(company, excesses),
        }

    def _get_till_excesses(self, company, amount):
        """The limits that ``amount`` brings the customer over."""
        # sudo: how a customer is judged holds for whoever sells.
        customer = self.sudo().commercial_partner_id
        figures = customer._get_risk_figures(company)[customer.id]
        owed = add_to_debt(figures, amount, company.currency_id.rounding)
        return get_excesses(owed)

    def _get_till_refusal(self, company, excesses):
        """The sentence, with figures for those who may see debts."""
        name = self.sudo().commercial_partner_id.name
        if not self._may_see_risk():
            return self.env._(
                "%s would be over the limit with this on account: take another "
                "payment, or ask the office.",
                name,
            )
        return self.env._(
            "%(customer)s would be %(excess)s with this on account: take another "
            "payment, or have the limit raised.",
            customer=name,
            excess=", ".join(self._describe_excess(one, company) for one in excesses),
        )


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _get_amount_on_account(self):
        """What of the ticket is put on the customer's account, in the company's
        currency."""
        self.ensure_one()
        later = self._get_payments_on_account()
        amount = sum(later.mapped("amount")) / (self.currency_rate or 1.0)
        return self.company_id.currency_id.round(amount)

    def _get_owed_more(self):
        """What the customer owes more than before, in the company's currency: what is
        on account, but for what a confirmed order had brought into the debt."""
        amount = self._get_amount_on_account()
        if amount <= 0:
            return 0.0
        ordered = self.lines.filtered(lambda line: line._is_ordered())
        known = sum(ordered.mapped("price_subtotal_incl"))
        if known > 0:
            # The till rounds each line.
            slack = self.currency_id.rounding * len(ordered)
            amount -= (known + slack) / (self.currency_rate or 1.0)
        return max(self.company_id.currency_id.round(amount), 0.0)

    def _get_share_paid_at_once(self):
        """Which part of the ticket was not put on account, 0 to 1."""
        total = sum(self.payment_ids.mapped("amount"))
        later = self._get_payments_on_account()
        return max(0.0, 1 - sum(later.mapped("amount")) / total) if total else 1.0

    def _get_payments_on_account(self):
        # sudo: a cashier need not read journals; cash is known without its own.
        return self.payment_ids.filtered(
            lambda payment: not payment.payment_method_id.is_cash_count
            and payment.payment_method_id.sudo().type == "pay_later"
        )

    def _is_counted_in_risk(self):
        """Whether the debt, as it is now in the database, holds the ticket."""
        counted = self.company_id._get_counted_risk_components()
        is_open = self._is_paid() and not self.account_move
        return is_open and "till" in counted

    def _get_added_amount(self):
        """What the debt lacks of what the ticket puts on account."""
        return 0.0 if self._is_counted_in_risk() else self._get_amount_on_account()

    def _check_account(self):
        """Two tills that sell on one account meet here.

        :raise UserError: a limit blocks what is put on account
        """
        company, customer = self.company_id, self.partner_id
        is_blocking = company._get_till_action(self.to_invoice) == "block"
        if not is_blocking or not customer or self._get_owed_more() <= 0:
            return
        self.env["xpyme.risk.lock"]._hold(customer.sudo().commercial_partner_id)
        if excesses := customer._get_till_excesses(company, self._get_added_amount()):
            raise UserError(customer._get_till_refusal(company, excesses))

    def _is_stopped_on_account(self):
        """Whether a limit asks about, or blocks, what is owed more."""
        action = self.company_id._get_till_action(self.to_invoice)
        return action in STOPS and self._get_owed_more() > 0


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_till_action(self, is_invoiced):
        """What a limit does to a ticket on account; an invoice is a stage too."""
        stages = (STAGE, "invoice") if is_invoiced else (STAGE,)
        return self._get_strongest_risk_action(stages)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_amount_paid_at_till(self):
        """All of its tickets: what they put on account was judged when it was, and
        whoever asks for the invoice later puts nothing more there."""
        return self._get_amount_of_tickets()
