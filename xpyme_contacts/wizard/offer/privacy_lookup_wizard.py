from odoo import models


class PrivacyLookupWizardLine(models.TransientModel):
    """Offers and consents are not deleted: they forget whom they are of.

    What the person refused is kept as a mark, and the figures of campaigns stay true.
    """

    _inherit = "privacy.lookup.wizard.line"

    def action_unlink(self):
        if self.res_model not in ("xpyme.offer", "xpyme.offer.consent"):
            return super().action_unlink()
        self.ensure_one()
        self._refuse_technician()
        # sudo: as core deletes what it finds; the window is the administrators'.
        self.env[self.res_model].sudo().browse(self.res_id).exists()._forget()
        self.execution_details = self.env._(
            "Forgotten %(model)s #%(id)s", model=self.res_model_id.name, id=self.res_id
        )
        self.is_unlinked = True
        return None
