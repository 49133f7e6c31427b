from contextlib import contextmanager

from odoo import api, models


@contextmanager
def _keeping_journal(documents, partner_id, vals):
    """Within it documents are written: a journal stays while the customer does.

    :param partner_id: id of the address that is written; empty: none is
    """
    if not partner_id or "company_id" in vals:
        yield
        return
    # sudo: whose address it is, for whoever may change the document.
    partner = documents.env["res.partner"].sudo().browse(partner_id)
    customer = partner.commercial_partner_id
    kept = documents.filtered(
        lambda document: document.journal_id
        and document._get_series_customer() == customer
    )
    with documents.env.protecting([documents._fields["journal_id"]], kept):
        yield


def _is_kept_on_screen(document):
    """Whether a form changes the address of a document, and not the customer."""
    saved = document._origin
    return (
        saved
        and saved != document
        and document.journal_id
        and saved.company_id == document.company_id
        and saved._get_series_customer() == document._get_series_customer()
    )


class SaleOrder(models.Model):
    """The series of the customer who pays; one that comes with the order stays."""

    _inherit = "sale.order"

    def write(self, vals):
        partner_id = vals.get("partner_invoice_id") or vals.get("partner_id")
        with _keeping_journal(self, partner_id, vals):
            return super().write(vals)

    def _get_series_customer(self):
        # sudo: see ``_keeping_journal``.
        return self.sudo().partner_invoice_id.commercial_partner_id

    def _prepare_invoice(self):
        """An archived series is none, as on the customer's card."""
        vals = super()._prepare_invoice()
        # sudo: whether it is archived, for whoever makes invoices.
        if not self.journal_id.sudo().active:
            vals.pop("journal_id", None)
        return vals

    @api.depends("partner_invoice_id", "company_id")
    def _compute_journal_id(self):
        kept = {order: order.journal_id for order in self if _is_kept_on_screen(order)}
        result = super()._compute_journal_id()
        for order, journal in kept.items():
            order.journal_id = journal
        for order in self.filtered(lambda order: not order.journal_id):
            payer = order.partner_invoice_id
            order.journal_id = payer._get_invoice_series(order.company_id)
        return result


class AccountMove(models.Model):
    """The series of the customer, until the invoice has a number."""

    _inherit = "account.move"

    def write(self, vals):
        with _keeping_journal(self, vals.get("partner_id"), vals):
            return super().write(vals)

    def _get_series_customer(self):
        # sudo: see ``_keeping_journal``.
        return self.sudo().partner_id.commercial_partner_id

    @api.depends("partner_id")
    def _compute_journal_id(self):
        had_one = self.filtered("journal_id")
        result = super()._compute_journal_id()
        moves = self.filtered(lambda move: move._takes_series())
        parties = moves.grouped(lambda move: (move.partner_id, move.company_id))
        for (partner, company), moves in parties.items():
            if series := partner._get_invoice_series(company):
                moves.journal_id = series
                continue
            for move in moves & had_one:
                if move.journal_id._is_customers_series():
                    move.journal_id = move._search_default_journal()
        return result

    def _takes_series(self):
        """Whether choosing the customer chooses the series.

        Not where a journal was chosen before, from which the invoice is made.
        """
        self.ensure_one()
        return (
            self.move_type in ("out_invoice", "out_refund")
            and self.partner_id
            and self.state == "draft"
            and not self.posted_before
            and (not self.name or self.name == "/")
            and not self.env.context.get("default_journal_id")
            and not _is_kept_on_screen(self)
        )


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _is_customers_series(self):
        """Whether customers have this journal as their series."""
        # sudo: of any customer, also of those that the user may not read.
        partners = self.env["res.partner"].sudo().with_company(self.company_id)
        domain = [("invoice_journal_id", "=", self.id)]
        return bool(partners.search_count(domain, limit=1))
