from odoo import api, fields, models


class DocumentNoticeMixin(models.AbstractModel):
    """What the banner of a document tells of limits."""

    _inherit = "xpyme.document.notice.mixin"

    is_over_risk = fields.Boolean(
        compute="_compute_customer_notice",
        help="A limit of the customer asks about the document, or blocks it.",
    )

    def _is_stopped_by_risk(self, _entry):
        """Whether a limit of the customer asks about the document, or blocks it."""
        return False

    @api.model
    def _prepare_customer_notice_vals(self, notices, entry=None):
        vals = super()._prepare_customer_notice_vals(notices, entry)
        stopped = bool(entry) and self._is_stopped_by_risk(entry)
        return {**vals, "is_over_risk": stopped}

    def action_open_customer_risk(self):
        """*Ver riesgo*: the full report of the customer who pays."""
        self.ensure_one()
        customer = self._get_noticed_customers()[:1]
        return customer.with_company(self.company_id).action_open_risk_report()
