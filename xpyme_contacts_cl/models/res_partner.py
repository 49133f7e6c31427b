from odoo import api, fields, models
from odoo.exceptions import ValidationError

_INVOICES = [("country_id.code", "=", "CL"), ("internal_type", "=", "invoice")]


class ResPartner(models.Model):
    """The document of a customer: in Chile it is the series (seed 004: Factura).

    Folios are numbered by kind of document, whatever the journal.
    """

    _inherit = "res.partner"

    default_document_type_id = fields.Many2one(
        "l10n_latam.document.type",
        string="Document",
        company_dependent=True,
        domain=_INVOICES,
        help="What the customer's invoices are: factura, factura exenta, boleta. "
        "Empty: as the kind of taxpayer asks.",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "default_document_type_id"]

    @api.constrains("default_document_type_id")
    def _check_default_document_type(self):
        """:raise ValidationError: no document that a sale in Chile is invoiced with"""
        for partner in self.filtered("default_document_type_id"):
            if not partner.default_document_type_id.filtered_domain(_INVOICES):
                raise ValidationError(
                    self.env._(
                        "%(document)s does not invoice a sale: choose a factura or a "
                        "boleta of Chile.",
                        document=partner.default_document_type_id.display_name,
                    )
                )
