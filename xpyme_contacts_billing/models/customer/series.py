from odoo import api, models
from odoo.exceptions import ValidationError


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @api.model
    def _get_series_domain(self):
        """Journals that may be a customer's series.

        Where a country's documents are numbered by their type, two journals would give
        the same number twice: there the type is the series.
        """
        domain = [("type", "=", "sale")]
        if "l10n_latam_use_documents" in self._fields:
            domain.append(("l10n_latam_use_documents", "=", False))
        return domain


class ResPartner(models.Model):
    """The series of a customer's invoices (seed 004, Factura: Serie Facturas)."""

    _inherit = "res.partner"

    @api.constrains("invoice_journal_id")
    def _check_invoice_journal(self):
        """:raise ValidationError: it is no series"""
        series = self.env["account.journal"]._get_series_domain()
        for partner in self:
            # sudo: which kind of journal it is, for whoever may change the customer.
            journal = partner.invoice_journal_id.sudo()
            if journal and not journal.filtered_domain(series):
                raise ValidationError(
                    self.env._(
                        "%(journal)s cannot be a customer's series: choose a sales "
                        "journal that numbers its invoices by itself.",
                        journal=journal.display_name,
                    )
                )

    def _get_invoice_series(self, company):
        """The journal of this customer's invoices in a company; empty: the company's.

        A branch without a series of its own uses that of its head office.
        """
        # sudo: which journal, for whoever makes a document of the customer.
        customer = self.commercial_partner_id.sudo()
        series = self.env["account.journal"]._get_series_domain()
        for owner in reversed(company.sudo().parent_ids) if customer else ():
            journal = customer.with_company(owner).invoice_journal_id
            is_usable = journal.active and journal.company_id in company.parent_ids
            if is_usable and journal.filtered_domain(series):
                return self.env["account.journal"].browse(journal.id)
        return self.env["account.journal"]
