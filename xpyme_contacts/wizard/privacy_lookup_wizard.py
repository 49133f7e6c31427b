from odoo import api, models


class PrivacyLookupWizard(models.TransientModel):
    _name = "privacy.lookup.wizard"
    _inherit = ["privacy.lookup.wizard", "xpyme.technician.guard"]


class PrivacyLookupWizardLine(models.TransientModel):
    """It archives and deletes any record as superuser, even from an onchange."""

    _name = "privacy.lookup.wizard.line"
    _inherit = ["privacy.lookup.wizard.line", "xpyme.technician.guard"]

    @api.onchange("is_active")
    def _onchange_is_active(self):
        self.check_access("write")
        return super()._onchange_is_active()

    def action_unlink(self):
        self.check_access("unlink")
        return super().action_unlink()
