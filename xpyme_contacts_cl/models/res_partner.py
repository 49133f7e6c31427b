from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """The document of a customer: in Chile it is the series (seed 004: Factura).

    Folios are numbered by kind of document, whatever the journal.
    """

    _inherit = "res.partner"

    default_document_type_id = fields.Many2one(
        "l10n_latam.document.type",
        string="Document",
        company_dependent=True,
        domain=lambda self: self._get_invoice_documents_domain(),
        help="What the customer's invoices are: factura, factura exenta, boleta. "
        "Empty: as Odoo chooses.",
    )
    is_invoiced_in_chile = fields.Boolean(compute="_compute_is_invoiced_in_chile")

    @api.depends_context("company")
    def _compute_is_invoiced_in_chile(self):
        country = self.env.company.account_fiscal_country_id
        self.is_invoiced_in_chile = country.code == "CL"

    @api.model
    def _get_invoice_documents_domain(self):
        """What the company of the environment invoices a sale with, as Odoo judges."""
        domain = [("country_id.code", "=", "CL"), ("internal_type", "=", "invoice")]
        if self.env.company.partner_id.l10n_cl_sii_taxpayer_type == "1":
            # Boletas de honorarios are for who issues no facturas.
            domain.append(("code", "!=", "71"))
        return domain

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "default_document_type_id"]

    @api.constrains("default_document_type_id")
    def _check_default_document_type(self):
        """:raise ValidationError: no document that a sale in Chile is invoiced with"""
        allowed = self._get_invoice_documents_domain()
        for partner in self.filtered("default_document_type_id"):
            if not partner.default_document_type_id.filtered_domain(allowed):
                raise ValidationError(
                    self.env._(
                        "%(document)s does not invoice a sale: choose a factura or a "
                        "boleta of Chile.",
                        document=partner.default_document_type_id.display_name,
                    )
                )

    def _get_invoice_document(self, company):
        """The kind of document of this customer's invoices in a company; may be empty.

        A branch where none is chosen uses that of its head office.
        """
        # sudo: which document, for whoever makes an invoice of the customer.
        customer = self.commercial_partner_id.sudo()
        documents = self.env["l10n_latam.document.type"]
        for office in reversed(company.sudo().parent_ids) if customer else ():
            if document := customer.with_company(office).default_document_type_id:
                return documents.browse(document.id)
        return documents
