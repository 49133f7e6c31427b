from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """A document decides whether there is VAT: one that comes over is told."""
        # sudo: a merge concerns the documents of every company.
        companies = self.env["res.company"].sudo()
        for company in companies.search([]):  # pylint: disable=no-search-all
            kept = dst_partner.sudo().with_company(company)
            others = src_partners.sudo().with_company(company).sorted("id")
            document = others.filtered("default_document_type_id")[-1:]
            document = document.default_document_type_id
            if document and not kept.default_document_type_id:
                kept._message_log(
                    body=self.env._(
                        "%(document)s came over when merging, as the document of the "
                        "customer's invoices of %(company)s.",
                        document=document.display_name,
                        company=company.name,
                    )
                )
        return super()._update_foreign_keys(src_partners, dst_partner)
