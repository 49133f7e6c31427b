from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Core deletes what would be double, and leaves two vouchers to a customer.

        What is merged into a contact is its customer's.
        """
        holder = dst_partner.commercial_partner_id
        holder._take_settlements(src_partners)
        own = holder._get_vouchers()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        holder._join_vouchers(own, dst_partner)
        return result
