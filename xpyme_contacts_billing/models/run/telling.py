from odoo import models

from .run import RUNNER


class BillingRun(models.Model):
    """A run that the lanes have finished tells what has failed: nobody looks on."""

    _inherit = "xpyme.billing.run"

    def _tell_failed(self):
        for run in self.filtered("failed_count"):
            run = run._in_its_language()
            run.message_post(
                body=run.env._(
                    "Invoices that could not be made or confirmed: %s. The list of "
                    "the failed says why.",
                    run.failed_count,
                ),
                partner_ids=run._get_told().partner_id.ids,
            )

    def _get_told(self):
        """The responsible; of a run that nobody has made, whoever may go on with it."""
        if self.user_id.active:
            return self.user_id
        billers = self.env.ref(RUNNER).all_user_ids
        return billers.filtered(lambda user: self.company_id in user.company_ids)
