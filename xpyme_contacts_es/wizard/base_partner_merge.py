from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What customers agreed on their taxes comes over whole, or not at all."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Core fills what the surviving card leaves empty, field by field: 15 % of the
        one on the total of the other is what nobody agreed."""
        if dst_partner == dst_partner.commercial_partner_id:
            sources = src_partners.filtered(lambda p: p == p.commercial_partner_id)
            # sudo: a merge concerns what was agreed with every company.
            companies = self.env["res.company"].sudo()
            for company in companies.search([]):  # pylint: disable=no-search-all
                if company._is_taxed_in_spain():
                    self._settle_agreements(
                        sources.sudo().with_company(company),
                        dst_partner.sudo().with_company(company),
                    )
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _settle_agreements(self, sources, kept):
        """The surviving card keeps its own; without one it takes that of the newest of
        the others that has one and says so. In the company of the records."""
        told = {partner: partner._tell_own_agreement() for partner in sources | kept}
        taken = kept.browse()
        if not told[kept]:
            taken = sources.filtered(told.get).sorted("id")[-1:]
            if taken and kept._get_merged_refusal(taken):
                taken = kept.browse()
        for partner in sources - taken:
            if told[partner] not in ("", told[kept], told.get(taken)):
                kept._message_log(body=self._say_left_out(partner, told[partner]))
        if taken:
            kept._message_log(body=self._say_taken(taken, told[taken]))
            kept.write(taken._read_own_agreement())
        sources.write(dict.fromkeys(kept._read_own_agreement(), False))

    def _say_left_out(self, partner, taxes):
        return self.env._(
            "%(taxes)s, as %(company)s had agreed with %(customer)s, was left out when "
            "merging: it does not go with what this card has.",
            taxes=taxes,
            company=partner.env.company.name,
            customer=partner.display_name,
        )

    def _say_taken(self, partner, taxes):
        return self.env._(
            "%(taxes)s, as %(company)s had agreed with %(customer)s, came over when "
            "merging.",
            taxes=taxes,
            company=partner.env.company.name,
            customer=partner.display_name,
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _read_own_agreement(self):
        """Values of the flags and of the position that they stand on."""
        names = [*self._get_tax_flags(), "property_account_position_id"]
        return self._convert_fields_to_values(names)

    def _tell_own_agreement(self):
        """It in words, empty if the card has none in the company of the environment."""
        agreement, position = self._read_tax_agreement(), self.base_fiscal_position_id
        forced = self.env["account.tax"].browse(agreement.forced_tax_id or [])
        return position._get_agreed_name(position, agreement, forced)

    def _get_merged_refusal(self, source):
        """Why this card cannot have what ``source`` agreed; nothing if it can."""
        if source.property_account_position_id:
            return None
        return self._get_flags_refusal(source._read_tax_agreement())
