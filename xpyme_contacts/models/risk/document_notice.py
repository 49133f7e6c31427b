from odoo import api, fields, models

from ...tools.risk_terms import DEFAULTER, LIMIT, RELEASED, STANDING
from ...tools.risk_verdict import add_to_debt


class DocumentNoticeMixin(models.AbstractModel):
    """What a document's banner tells of the risk of its payer."""

    _inherit = "xpyme.document.notice.mixin"

    is_over_risk = fields.Boolean(
        compute="_compute_customer_notice",
        help="A limit of the customer asks about the document, or blocks it, and "
        "nobody has answered for it.",
    )
    tells_risk = fields.Boolean(
        compute="_compute_customer_notice",
        help="What is told is about the customer's risk: the report explains it.",
    )

    def _get_noticed_risk(self):
        """What the document adds to the debt, and the policy for limits."""
        return 0.0, "tell"

    def _is_stopped_by_risk(self, entry):
        """Whether a limit of the payer asks about the document, or blocks it."""
        return False

    def _prepare_notice_entry(self, entry, is_payer):
        """The limits of who pays count, with what the document adds."""
        entry = super()._prepare_notice_entry(entry, is_payer)
        risk = entry["risk"] if is_payer else None
        if risk:
            added, policy = self._get_noticed_risk()
            # sudo: the currency of the document's company, for users of others too.
            rounding = entry["company"].sudo().currency_id.rounding
            figures = add_to_debt(risk.figures, added, rounding)
            risk = risk._replace(figures=figures, added=added, policy=policy)
        return {**entry, "risk": risk}

    @api.model
    def _prepare_customer_notice_vals(self, notices, entry=None):
        vals = super()._prepare_customer_notice_vals(notices, entry)
        is_stopped = bool(entry) and self._is_stopped_by_risk(entry)
        is_answered = bool(entry) and entry.get("risk_answered", False)
        # A defaulter's line is about their risk if it tells what they owe.
        told = {LIMIT, RELEASED, STANDING}
        if entry and entry["risk"] and entry["risk"].figures["overdue"]:
            told.add(DEFAULTER)
        return {
            **vals,
            "is_over_risk": is_stopped and not is_answered,
            "tells_risk": any(notice.strength in told for notice in notices),
        }

    def action_open_customer_risk(self):
        """*Ver riesgo*: the full report of the customer who pays."""
        self.ensure_one()
        customer = self._get_noticed_customers()[:1]
        return customer.with_company(self.company_id).action_open_risk_report()
