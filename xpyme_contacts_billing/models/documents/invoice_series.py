from odoo import api, models


class SaleOrder(models.Model):
    """The series of the customer who pays; one that comes with the order stays."""

    _inherit = "sale.order"

    @api.depends("partner_invoice_id", "company_id")
    def _compute_journal_id(self):
        result = super()._compute_journal_id()
        for order in self.filtered(lambda order: not order.journal_id):
            payer = order.partner_invoice_id
            order.journal_id = payer._get_invoice_series(order.company_id)
        return result


class AccountMove(models.Model):
    """The series of the customer, until the invoice has a number."""

    _inherit = "account.move"

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
        )


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _is_customers_series(self):
        """Whether customers have this journal as their series."""
        # sudo: of any customer, also of those that the user may not read.
        partners = self.env["res.partner"].sudo().with_company(self.company_id)
        domain = [("invoice_journal_id", "=", self.id)]
        return bool(partners.search_count(domain, limit=1))
