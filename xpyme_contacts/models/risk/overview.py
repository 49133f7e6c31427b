from odoo import api, models


class ResPartner(models.Model):
    """A customer's risk on the card: its status, and the report in a tab."""

    _inherit = "res.partner"

    @api.model
    def _get_status_fields(self):
        return [*super()._get_status_fields(), "is_defaulter", "risk_exceeded"]

    @api.model
    def _get_status_sources(self):
        worst, *others = super()._get_status_sources()
        return [worst, "_get_defaulter_status", "_get_exceeded_status", *others]

    def _get_defaulter_status(self):
        return ("danger", self.env._("Defaulter")) if self.is_defaulter else None

    def _get_exceeded_status(self):
        """How much, for whoever may see debts."""
        if not self.risk_exceeded:
            return None
        if not self._may_see_risk() or self.risk_available >= 0:
            return "danger", self.env._("Risk exceeded")
        money = self._format_risk_amounts(self.env.company, excess=-self.risk_available)
        return "danger", self.env._("Risk exceeded by %(excess)s", **money)

    def get_risk_overview(self):
        """The report of this moment as HTML, whose amounts open their documents.

        :raise AccessError: the user may not read the customer, or sees no debts
        """
        self.ensure_one()
        report = self.env["xpyme.risk.report"].create(
            {"partner_id": self.commercial_partner_id.id}
        )
        return self.env["ir.qweb"]._render(
            "xpyme_contacts.risk_overview", {"report": report}
        )
