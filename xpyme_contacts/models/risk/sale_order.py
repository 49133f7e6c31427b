from contextlib import contextmanager

from odoo import api, models, tools

from ...tools.inner import JUDGED_ABOVE, SILENTLY
from ...tools.risk_terms import PENDING_ORDER, Exposure

_STAGES = {"draft": "quotation", "sent": "quotation", "sale": "order"}


class SaleOrder(models.Model):
    _name = "sale.order"
    # The mixin first: it extends what the order tells of its customer.
    _inherit = ["xpyme.risk.document.mixin", "sale.order"]

    _risk_order_idx = models.Index(
        f"(partner_invoice_id) WHERE {PENDING_ORDER.replace('so.', '')}"
    )

    # === EXPOSURE ===#

    @api.model
    def _get_risk_fields(self):
        """Fields that can make an order grow, or another customer's.

        An addon adds the fields of the order on which its prices, discounts or taxes
        of lines depend: computed lines are not written, so only this judges them.
        """
        return [
            *("state", "order_line", "partner_id", "partner_invoice_id", "company_id"),
            *("pricelist_id", "currency_id", "date_order", "fiscal_position_id"),
        ]

    @api.model
    @tools.ormcache()
    def _load_risk_fields(self):
        return frozenset(self._get_risk_fields())

    def _get_risk_exposure(self, state=None):
        """What is left of the order after what was paid online.

        Delivering and invoicing change nothing here: an order is judged once.
        """
        state = state or self.state
        stage = _STAGES.get(state)
        customer = self.partner_invoice_id.commercial_partner_id
        if not stage or not customer:
            return None
        amount, owed = (
            self._convert_risk(self.amount_total - paid)
            for paid in self.transaction_ids._get_paid_amounts(self)
        )
        return Exposure(stage, state, customer, amount, owed)

    def _convert_risk(self, amount):
        """At the order's own rate, as the debt counts it; never below zero."""
        return self.company_id.currency_id.round(
            max(amount, 0.0) / self._get_own_rate()
        )

    def _get_uncounted_risk(self, exposure):
        """An order that the debt leaves out may be partly invoiced."""
        if self.state != "sale":
            return exposure.owed
        return min(exposure.owed, self._convert_risk(self.risk_to_invoice))

    def _is_counted_in_risk(self):
        counted = self.company_id._get_counted_risk_components()
        return self.state == "sale" and "order" in counted and not self.risk_left_out

    @api.model
    def _is_risk_judged_in(self, state, action):
        """A quotation that is being made cannot ask: it does when it is sent."""
        return action == "block" or state != "draft"

    def _get_next_risk_state(self):
        return "sale"

    @api.model
    def _get_risk_continuations(self):
        return {"confirm": "action_confirm", "send": "action_quotation_send"}

    # === JUDGEMENT ===#

    @contextmanager
    def _judging_risk(self, state=None):
        """Check *Baja* again, too, when a quotation becomes an order by whatever door,
        and when a confirmed order's total or payer changes.

        :raise ValidationError: such an order's customer is blocked
        """
        if self._is_judged_above():
            yield
            return
        # sudo: as the judgement.
        confirmed = self.sudo().filtered(lambda order: order.state == "sale")
        before = {order: order._get_payer_and_total() for order in confirmed}
        with super()._judging_risk(state):
            yield
            grown = confirmed.filtered(
                lambda order: order.state == "sale"
                and order._has_grown_since(*before[order])
            )
            grown._restore_left_out()
            new = (self.sudo() - confirmed).filtered(lambda o: o.state == "sale")
            sold = grown | new
            (sold.partner_id | sold.partner_invoice_id)._check_not_blocked()

    def _get_payer_and_total(self):
        """Who pays the order, and its total in the company's currency."""
        return self.partner_invoice_id, self._convert_risk(self.amount_total)

    def _has_grown_since(self, old_payer, old_total):
        """Whether the order has a higher total than before, or another customer pays.

        :param old_total: in the company's currency
        """
        payer, total = self._get_payer_and_total()
        if self.company_id.currency_id.compare_amounts(total, old_total) > 0:
            return True
        old_customer = old_payer.commercial_partner_id
        return payer != old_payer and payer.commercial_partner_id != old_customer

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_risk_left_out_vals(vals)
        # A client's context may bring a default, which is in no vals.
        counted = {"risk_left_out": False, "risk_left_out_reason": False}
        vals_list = [{**counted, **vals} for vals in vals_list]
        judged_above = self.with_context(**JUDGED_ABOVE)
        orders = super(SaleOrder, judged_above).create(vals_list).with_env(self.env)
        orders._check_risk({})
        return orders

    def write(self, vals):
        self._check_risk_left_out_vals(vals)
        if "state" in vals and any(self.mapped("risk_left_out")):
            vals = {**vals, "risk_left_out": False, "risk_left_out_reason": False}
        if self._load_risk_fields().isdisjoint(vals):
            return super().write(vals)
        with self._judging_risk(vals.get("state")):
            result = super(SaleOrder, self.with_context(**JUDGED_ABOVE)).write(vals)
            if "state" in vals:
                # Reckoned now, it is stored with what else changes in each line; core
                # stores the lines twice.
                self.order_line.mapped("untaxed_amount_to_invoice")
        return result

    def action_quotation_send(self):
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        if question := quotations._ask_risk("sent", "send"):
            return question
        return super().action_quotation_send()

    def action_quotation_sent(self):
        if self._is_risk_silent():
            self -= self._skip_over_risk("sent")
        return super().action_quotation_sent() if self else None

    def action_confirm(self):
        if self._is_risk_silent():
            self -= self._skip_blocked() | self._skip_over_risk("sale")
            return super().action_confirm() if self else True
        if question := self._ask_risk("sale", "confirm"):
            return question
        return super().action_confirm()

    def _validate_order(self):
        """The customer has signed or bought: nobody is there to read a refusal."""
        return super(SaleOrder, self.with_context(**SILENTLY))._validate_order()
