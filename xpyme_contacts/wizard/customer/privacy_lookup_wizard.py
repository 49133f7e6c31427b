from odoo import api, models


class PrivacyLookupWizard(models.TransientModel):
    _inherit = "privacy.lookup.wizard"

    def _get_query_models_blacklist(self):
        """Core asks every table for a column that delegating models do not have.

        A service location is found as the partner that it is.
        """
        delegating = [
            name
            for name, model in self.env.items()
            if "active" in model._fields and not model._fields["active"].store
        ]
        return super()._get_query_models_blacklist() + delegating


class PrivacyLookupWizardLine(models.TransientModel):
    """It archives and deletes any record as superuser, even from an onchange."""

    _inherit = "privacy.lookup.wizard.line"

    @api.onchange("is_active")
    def _onchange_is_active(self):
        self.check_access("write")
        return super()._onchange_is_active()

    def action_unlink(self):
        """Core asks no right but that to the window, which is the administrators'.

        A customer is forgotten first: what is kept of them would keep the card.
        """
        self._refuse_technician()
        if self.res_model == "res.partner":
            # sudo: as core deletes it.
            card = self.env["res.partner"].sudo().browse(self.res_id).exists()
            card.filtered("is_customer_card")._get_family()._forget()
        return super().action_unlink()
