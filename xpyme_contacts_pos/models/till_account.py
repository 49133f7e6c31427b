from odoo import api, models
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
        """
        self.ensure_one()
        config = self._get_till_config(config_id)
        stages = (STAGE, "invoice") if is_invoiced else (STAGE,)
        excesses = self._get_till_excesses(config.company_id, max(amount, 0.0))
        action = config.company_id._get_strongest_risk_action(stages)
        if not excesses or action == "ignore":
            return {"action": "none", "message": ""}
        return {
            "action": action,
            "message": self._get_till_refusal(config.company_id, excesses),
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
        later = self.payment_ids.filtered(
            lambda p: p.payment_method_id.type == "pay_later"
        )
        amount = sum(later.mapped("amount")) / (self.currency_rate or 1.0)
        return self.company_id.currency_id.round(amount)

    def _is_counted_in_risk(self):
        """Whether the debt, as it is now in the database, holds the ticket."""
        counted = self.company_id._get_counted_risk_components()
        is_paid = self.state in ("paid", "done") and not self.account_move
        return is_paid and "till" in counted

    def _get_added_amount(self):
        """What the debt lacks of what the ticket puts on account."""
        return 0.0 if self._is_counted_in_risk() else self._get_amount_on_account()

    def _check_account(self):
        """Two tills that sell on one account meet here.

        :raise UserError: a limit blocks what is put on account
        """
        amount, customer = self._get_amount_on_account(), self.partner_id
        company = self.company_id
        is_blocking = company._get_risk_action(STAGE) == "block"
        if amount <= 0 or not customer or not is_blocking:
            return
        self.env["xpyme.risk.lock"]._hold(customer.sudo().commercial_partner_id)
        if excesses := customer._get_till_excesses(company, self._get_added_amount()):
            raise UserError(customer._get_till_refusal(company, excesses))

    @api.model
    def _is_stopped_on_account(self, company):
        return company._get_risk_action(STAGE) in STOPS
