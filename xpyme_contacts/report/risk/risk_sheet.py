from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..contact.contact_sheet import FONT_PX


class RiskSheet(models.AbstractModel):
    """The printed risk report, with the figures of the moment it was made."""

    _name = "report.xpyme_contacts.risk_sheet"
    _description = "Risk Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        return {
            "doc_ids": docids,
            "doc_model": "xpyme.risk.report",
            "docs": self.env["xpyme.risk.report"].browse(docids),
            "font_size": FONT_PX[_wkhtml().is_patched_qt],
        }
