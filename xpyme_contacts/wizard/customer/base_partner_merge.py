from ast import literal_eval

from odoo import api, models

from ...tools.inner import MIRROR_UNLOCKED

_WITHOUT_FOLLOWERS = (
    "WITH res_partner AS (SELECT * FROM res_partner WHERE is_mirror_contact IS NOT TRUE"
    " AND is_document_mailbox IS NOT TRUE) "
)


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _process_query(self, query):
        """Mirrors and mailboxes have their customer's name or e-mail, and are no
        duplicates: whatever the query of core asks, it does not see them.
        """
        self.env["res.partner"].flush_model(
            ["is_mirror_contact", "is_document_mailbox"]
        )
        result = super()._process_query(_WITHOUT_FOLLOWERS + query)
        # A query that names partners by itself may still pair a customer with their
        # mirror, where core would stop.
        for line in self.line_ids:
            partners = self.env["res.partner"].browse(literal_eval(line.aggr_ids))
            if partners.filtered("is_mirror_contact").parent_id & partners:
                line.unlink()
        return result

    def action_merge(self):
        """Once the last ones are merged, their surviving card opens."""
        survivor = self.dst_partner_id if self.partner_ids else self.dst_partner_id[:0]
        action = super().action_merge()
        if self.state != "finished" or not survivor.exists():
            return action
        return {**survivor.get_formview_action(), "target": "current"}

    def _action_next_screen(self):
        return {**super()._action_next_screen(), "name": self.env._("Merge")}

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Codes stay unique: clear them before contacts and values come over."""
        dst_partner._take_contact_codes(src_partners)
        dst_partner._take_codes(src_partners)
        self.env["xpyme.offer"]._keep_history_of_merged(src_partners)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _merge_bank_accounts(self, src_partners, dst_partner):
        """Core sees no archived account, and a card has a number once: it stays in use
        if any of the cards uses it."""
        every = (src_partners + dst_partner).with_context(active_test=False).bank_ids
        for accounts in every.grouped("sanitized_acc_number").values():
            if any(accounts.mapped("active")):
                # sudo: as core does, who may merge moves accounts.
                accounts.sudo().active = True
        return super()._merge_bank_accounts(
            src_partners.with_context(active_test=False),
            dst_partner.with_context(active_test=False),
        )

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        """Core leaves archived records behind: the follow-up that was done."""
        every = self.with_context(active_test=False)
        return super(BasePartnerMergeAutomaticWizard, every)._update_reference_fields(
            src_partners, dst_partner
        )

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Core skips stored computed fields: the town that comes from a postal code."""
        unlocked = dst_partner.with_context(**MIRROR_UNLOCKED)
        result = super()._update_values(src_partners, unlocked)
        for fname in dst_partner._address_fields():
            source = src_partners.filtered(fname)[:1]
            if source and not unlocked[fname]:
                unlocked.write(source._convert_fields_to_values([fname]))
        # sudo: who merges may not see personal data, and must not lose them.
        unlocked.sudo()._take_personal_data(src_partners.sudo())
        return result

    def _log_merge_operation(self, src_partners, dst_partner):
        """The contacts came over by SQL: see anew who is a mirror, and of whom."""
        result = super()._log_merge_operation(src_partners, dst_partner)
        dst_partner._adopt_alternative_codes()
        family = dst_partner.with_context(active_test=False)
        family |= family.search([("parent_id", "=", dst_partner.id)])
        self.env.add_to_compute(family._fields["is_mirror_contact"], family)
        family._filtered_mirrors()._become_mirrors()
        self._fold_mirrors(dst_partner)
        return result

    @api.model
    def _fold_mirrors(self, customer):
        """Each card had its mirror: those that tell nothing different become one."""
        kept = customer.browse()
        mirrors = customer._search_mirrors()
        for mirror in mirrors.sorted(lambda m: (not m.active, not m.user_ids, m.id)):
            same = kept.filtered(mirror._is_same_person)[:1]
            if same:
                self._merge((same | mirror).ids, same, extra_checks=False)
            else:
                kept |= mirror
