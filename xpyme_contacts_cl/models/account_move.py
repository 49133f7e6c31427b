from odoo import models
from odoo.exceptions import UserError

# Factura and boleta that are not affected or exempt, on paper and electronic.
_EXEMPT = ("32", "34", "38", "41")


class AccountMove(models.Model):
    """An invoice is the document of its customer, until it has a folio."""

    _inherit = "account.move"

    # Odoo's is one for each journal.
    _unique_folio = models.UniqueIndex(
        "(company_id, l10n_latam_document_type_id, name)"
        " WHERE state = 'posted' AND name != '/'"
        " AND l10n_latam_document_type_id IS NOT NULL"
        " AND move_type IN ('out_invoice', 'out_refund')",
        "Another invoice has the same folio already.",
    )

    def _compute_l10n_latam_document_type(self):
        result = super()._compute_l10n_latam_document_type()
        for move in self.filtered(lambda move: move._takes_customers_document()):
            document = move._get_customers_document()
            if document in move.l10n_latam_available_document_type_ids._origin:
                move.l10n_latam_document_type_id = document
        return result

    def _takes_customers_document(self):
        self.ensure_one()
        return (
            self.move_type == "out_invoice"
            and self.state == "draft"
            and not self.posted_before
            and not self.debit_origin_id
            and self.l10n_latam_use_documents
        )

    def _get_customers_document(self):
        """The kind of document that the customer of this invoice is to get."""
        self.ensure_one()
        return self.partner_id._get_invoice_document(self.company_id)

    def _check_document_types_post(self):
        """:raise UserError: an exempt document with VAT, whoever chose it"""
        for move in self.filtered(lambda move: move.move_type == "out_invoice"):
            document = move.l10n_latam_document_type_id
            if document.code in _EXEMPT and not move.currency_id.is_zero(
                move.amount_tax
            ):
                raise UserError(
                    self.env._(
                        "%(document)s carries no VAT, and this invoice of %(customer)s "
                        "has some: take the taxes off, or choose another document.",
                        document=document.display_name,
                        customer=move.partner_id.display_name,
                    )
                )
        return super()._check_document_types_post()

    def _locked_increment(self, format_string, format_values):
        """A folio of a document is one, in whichever journal: what was counted in other
        ones of this transaction is looked up again."""
        result = super()._locked_increment(format_string, format_values)
        if self.l10n_latam_document_type_id.country_id.code == "CL":
            counted = self._get_sequence_cache()
            for key in [key for key in counted if key[1] != self.journal_id]:
                del counted[key]
        return result
