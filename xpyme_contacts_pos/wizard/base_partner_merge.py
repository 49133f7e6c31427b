from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _log_merge_operation(self, src_partners, dst_partner):
        result = super()._log_merge_operation(src_partners, dst_partner)
        # sudo: nobody's data.
        merged = self.env["xpyme.merged.customer"].sudo()
        merged.create(
            [
                {"merged_id": partner.id, "partner_id": dst_partner.id}
                for partner in src_partners
            ]
        )
        return result
