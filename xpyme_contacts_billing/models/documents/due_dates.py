from odoo import api, fields, models
from odoo.tools import frozendict
from odoo.tools.sql import column_exists, create_column

from ...tools.agreement import read_moves

_AMOUNTS = ("balance", "discount_balance")
_FOREIGN_AMOUNTS = ("amount_currency", "discount_amount_currency")


class AccountMove(models.Model):
    """Due dates of customer invoices fall on the customer's pay days, outside of their
    leaves (seed 004, Factura: Días de Pago; Esp: Bajas Temporales).

    With a payment term the dates of the term move, while the invoice is a draft. A date
    that was typed stays as typed, and moves when the invoice is posted. What is posted
    keeps its dates, whatever is agreed later.
    """

    _inherit = "account.move"

    agreed_due_dates = fields.Json(
        compute="_compute_needed_terms", exportable=False, groups="base.group_user"
    )
    due_date_moves = fields.Json(
        string="Due Dates Moved",
        compute="_compute_due_date_moves",
        store=True,
        exportable=False,
        groups="base.group_user",
        help="What the customer's agreement moved: of a draft today's, of a posted "
        "invoice that of its posting.",
    )

    def _auto_init(self):
        """The invoices that are there when the addon comes were moved by nobody."""
        if not column_exists(self.env.cr, self._table, "due_date_moves"):
            create_column(self.env.cr, self._table, "due_date_moves", "jsonb")
        return super()._auto_init()

    def _is_due_as_agreed(self):
        """Whether the customer's agreement decides the due dates of this document."""
        self.ensure_one()
        return self.move_type == "out_invoice"

    def _get_due_date_agreements(self):
        """What moves the due dates: ``{document: Agreement}``; empty: nothing does."""
        return {
            move: agreement
            for customer, moves in self.grouped("commercial_partner_id").items()
            for agreement in [customer._get_payment_agreement()]
            for move in moves
        }

    # The leaves themselves are no dependency: they would touch thousands of posted
    # invoices. Drafts are told of them (see followed_agreement.py).
    @api.depends("commercial_partner_id", "move_type")
    def _compute_needed_terms(self):
        result = super()._compute_needed_terms()
        documents = self.filtered(lambda move: move._is_due_as_agreed())
        agreements = documents._get_due_date_agreements()
        # As core does: what is computed is no file.
        for move in self.with_context(bin_size=False):
            moves, terms = None, move.needed_terms
            if terms and move in agreements:
                due_dates = [key["date_maturity"] for key in terms]
                moves = agreements[move].get_moves(due_dates)
            move.agreed_due_dates = moves
            if moves and move.invoice_payment_term_id:
                move.needed_terms = move._move_terms(terms, moves)
        return result

    def _move_terms(self, terms, moves):
        """``terms`` on their new dates; instalments that meet there become one."""
        self.ensure_one()
        days = {due: day for due, day, _away_until in read_moves(moves)}
        currencies = {
            **dict.fromkeys(_AMOUNTS, self.company_currency_id),
            **dict.fromkeys(_FOREIGN_AMOUNTS, self.currency_id),
        }
        moved = {}
        for key, values in terms.items():
            due = key["date_maturity"]
            key = frozendict(key, date_maturity=days.get(due) or due)
            if other := moved.get(key):
                values = dict(values)
                for fname, currency in currencies.items():
                    values[fname] = currency.round(values[fname] + other[fname])
            moved[key] = values
        return moved

    @api.depends("needed_terms", "state")
    def _compute_due_date_moves(self):
        for move in self:
            kept = move.due_date_moves
            if move.state != "posted" and not move._has_typed_date_moved(kept):
                kept = move.agreed_due_dates
            move.due_date_moves = kept

    def _has_typed_date_moved(self, moves):
        """Whether the date that was typed is already the one of ``moves``."""
        days = {day for _due, day, _away_until in read_moves(moves)}
        return not self.invoice_payment_term_id and self.invoice_date_due in days

    @api.depends("needed_terms")
    def _compute_invoice_date_due(self):
        """What is posted is due when its lines are, whatever its term would say now."""
        others = self.browse()
        for move in self:
            lines = move.line_ids if move.state == "posted" else move.line_ids.browse()
            lines = lines.filtered(lambda line: line.display_type == "payment_term")
            days = list(filter(None, lines.mapped("date_maturity")))
            if days and move._is_due_as_agreed():
                move.invoice_date_due = max(days)
            else:
                others += move
        return super(AccountMove, others)._compute_invoice_date_due()

    def write(self, vals):
        if vals.get("state") == "posted":
            # What a draft still owes is settled as a draft: afterwards it is kept.
            self._recompute_recordset(["due_date_moves"])
        return super().write(vals)

    def _post(self, soft=True):
        # Avoids the mark of what a person changed by hand, as core does here.
        moves = self.with_context(skip_is_manually_modified=True)
        moves._move_typed_due_dates(soft)
        return super()._post(soft=soft)

    def _move_typed_due_dates(self, soft):
        """Those of drafts that are about to be posted."""
        today = fields.Date.context_today(self)
        for move in self.filtered(lambda move: move._is_due_as_agreed()):
            is_later = soft and move.date and move.date > today
            if move.invoice_payment_term_id or is_later:
                continue
            for due, day, _away_until in read_moves(move.due_date_moves):
                if day and due == move.invoice_date_due:
                    move.invoice_date_due = day

    def button_draft(self):
        """A draft again, it follows what is agreed now."""
        moves = self.filtered(lambda m: m.state == "posted" and m._is_due_as_agreed())
        before = {move: move.due_date_moves for move in moves}
        result = super().button_draft()
        for move in moves:
            if original := move._get_typed_due_date(before[move]):
                move.invoice_date_due = original
        moves._follow_agreement(before)
        return result

    def _get_typed_due_date(self, moves):
        """What was typed as due date, which has become one of ``moves``; or None."""
        self.ensure_one()
        if self._has_typed_date_moved(moves):
            for due, day, _away_until in read_moves(moves):
                if day == self.invoice_date_due:
                    return due
        return None

    def _follow_agreement(self, before):
        """Move the dates of drafts that were made when something else was agreed.

        :param before: ``{draft: its due_date_moves}`` of then
        """
        for move in self:
            term = move.invoice_payment_term_id
            if term and before[move] != move.due_date_moves:
                # Core leaves lines alone whose term says what it said before.
                move.invoice_payment_term_id = False
                move.invoice_payment_term_id = term

    def _get_fields_to_copy_recurring_entries(self, values):
        """The next one is due as long after its date as was typed, not as moved."""
        result = super()._get_fields_to_copy_recurring_entries(values)
        if original := self._get_typed_due_date(self.due_date_moves):
            result["invoice_date_due"] = values["date"] + (original - self.date)
        return result


class AccountBankStatementLine(models.Model):
    """An entry by delegation, of which nobody agreed when it is due.

    As for the notice of its customer, fields of its own cost invoices nothing.
    """

    _inherit = "account.bank.statement.line"

    agreed_due_dates = fields.Json(store=False, exportable=False)
    due_date_moves = fields.Json("Due Dates Moved", store=False, exportable=False)
    due_date_note = fields.Text(store=False, exportable=False)
