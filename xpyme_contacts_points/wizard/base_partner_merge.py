from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Core deletes what would be double, and leaves two vouchers to a customer."""
        dst_partner._take_settlements(src_partners)
        own = dst_partner._get_vouchers()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        dst_partner._join_vouchers(own)
        return result
