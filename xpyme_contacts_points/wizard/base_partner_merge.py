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

    def _merge_loyalty_cards(self, src_partners, dst_partner):
        """Core brings the points to one card and empties the others: what was earned
        and spent on those, and the orders that earned it, follow them."""
        # sudo: as core does.
        cards = self.env["loyalty.card"].sudo()
        domain = [("program_id.program_type", "=", "loyalty")]
        before = cards.search([*domain, ("partner_id", "in", src_partners.ids)])
        result = super()._merge_loyalty_cards(src_partners, dst_partner)
        emptied = before.filtered(lambda card: not card.active)
        for program, gone in emptied.grouped("program_id").items():
            # The first of theirs, as core looks for it.
            gone._lead_to(program._find_voucher_of(dst_partner)[:1])
        return result
