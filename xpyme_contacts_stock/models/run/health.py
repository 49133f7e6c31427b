from odoo import models

from odoo.addons.xpyme_contacts_billing.models.run.item import DONE, MADE
from odoo.addons.xpyme_contacts_billing.models.run.run import DRAFT


class BillingRun(models.Model):
    _inherit = "xpyme.billing.run"

    def _get_health_line(self, row, amounts):
        """Invoices are told, of which an item may have several."""
        if self.state != DRAFT and any(row.values()):
            row = {**row, DONE: row[DONE] + self._count_further_invoices(row)}
        return super()._get_health_line(row, amounts)

    def _count_further_invoices(self, row):
        """Invoices that were made, beyond the first of each item."""
        # sudo: how many, for whoever may see the run.
        made = self.env["account.move"].sudo()
        domain = [
            *self._origin._get_made(),
            ("billing_run_item_id.state", "in", (MADE, DONE)),
        ]
        return max(made.search_count(domain) - row[MADE] - row[DONE], 0)
