from odoo import models

from odoo.addons.xpyme_contacts.tools import pay_days

from ...tools.agreement import Agreement


class ResPartner(models.Model):
    """When a customer pays: their days of the month, and never while away."""

    _inherit = "res.partner"

    def _get_payment_agreement(self):
        """What this partner's customer agreed; false where nothing was."""
        # sudo: dates only, which decide those of a document that the user makes,
        # whoever may read the leaves.
        customer = self.commercial_partner_id.sudo()
        if not customer:
            return Agreement()
        return Agreement(
            tuple(customer._get_payment_days()),
            tuple((leave.date_from, leave.date_to) for leave in customer.leave_ids),
            customer.leave_ignore_year,
        )

    def _get_pay_day_from(self, day, any_day=False):
        """Not while they are away."""
        self.ensure_one()
        agreement = self._get_payment_agreement()
        if any_day:
            agreement = agreement._replace(days=())
        return pay_days.shift(day, *agreement)
