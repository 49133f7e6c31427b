from odoo import models

from .campaign import RUNNING


class OfferCampaign(models.Model):
    """A campaign stops in a database that may have forgotten mails."""

    _inherit = "xpyme.offer.campaign"

    def _approve(self, user):
        self._begin_here()
        return super()._approve(user)

    def action_resume(self):
        result = super().action_resume()
        self._begin_here()
        return result

    def _stop_moved(self):
        self._stop(self._in_its_language()._tell_moved())


class OfferOutbox(models.AbstractModel):
    _inherit = "xpyme.offer.outbox"

    def _get_running_jobs(self):
        return self.env["xpyme.offer.campaign"].search([("state", "=", RUNNING)])
