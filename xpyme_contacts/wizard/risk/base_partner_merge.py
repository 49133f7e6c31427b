from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merging is done by SQL: what writing a card asks is asked here.

        :raise AccessError: see ``_keeping_judges_of_merged``
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        with partners._keeping_judges_of_merged():
            return super()._merge(partner_ids, dst_partner, extra_checks)
