from collections import defaultdict

from odoo import models


class ResPartner(models.Model):
    """What core does to partners as superuser for whoever works: not for technicians.

    Left out where the rest of the work may go on; refused elsewhere, see
    ``refusal.py``.
    """

    _inherit = "res.partner"

    def signup_get_auth_param(self):
        """Core writes the invitation into the portal that a link to a document has."""
        if self.env.user._is_service_technician():
            if not self.env.su:
                self._refuse_technician()
            return defaultdict(dict)
        return super().signup_get_auth_param()

    def _increase_rank(self, field, n=1):
        """A document of theirs makes nobody a customer or a supplier."""
        ranked = self
        if self.env.user._is_service_technician():
            # sudo: the rank only, of whoever stands in the document.
            ranked = self.filtered(lambda partner: partner.sudo()[field])
        return super(ResPartner, ranked)._increase_rank(field, n)


class AccountMoveSendWizard(models.TransientModel):
    _inherit = "account.move.send.wizard"

    def _update_preferred_settings(self):
        """The report chosen once becomes the customer's."""
        if self.env.user._is_service_technician():
            return None
        return super()._update_preferred_settings()


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def _update_partner_email(self):
        """Granting, revoking and inviting again begin with it."""
        self._refuse_technician()
        return super()._update_partner_email()
