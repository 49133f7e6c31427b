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

    def _get_agreed_moves(self):
        """What becomes of the due dates of these drafts: ``{draft: moves}``.

        Of a term's dates, else of the typed one; see ``Agreement.get_moves``.
        """
        documents = self.filtered(
            lambda move: move.state != "posted"
            and move._is_due_as_agreed()
            and move.invoice_line_ids
        )
        agreements = documents._get_due_date_agreements()
        return {
            move: agreement.get_moves(move._get_original_due_dates())
            for move, agreement in agreements.items()
            if agreement
        }

    def _get_original_due_dates(self):
        """When it would be due if nothing were agreed."""
        self.ensure_one()
        term = self.invoice_payment_term_id
        if not term:
            return [self.invoice_date_due]
        # As core reckons from.
        day = self.invoice_date or self.date or fields.Date.context_today(self)
        return [line._get_due_date(day) for line in term.line_ids]

    # The leaves themselves are no dependency: they would touch thousands of posted
    # invoices. Drafts are told of them (see followed_agreement.py). Nor is the date
    # that is due, which each change of an amount leads to: a typed one is looked at
    # when it is told of, and when it is posted.
    @api.depends(
        *("commercial_partner_id", "move_type", "state", "invoice_line_ids"),
        *("invoice_payment_term_id", "invoice_date"),
    )
    def _compute_due_date_moves(self):
        agreed = self.filtered("invoice_payment_term_id")._get_agreed_moves()
        for move in self:
            if move.state != "posted" and move.invoice_payment_term_id:
                move.due_date_moves = agreed.get(move)
                continue
            kept = move.due_date_moves
            if move.state != "posted" and kept and not move._has_typed_date_moved(kept):
                kept = False
            move.due_date_moves = kept

    @api.depends("due_date_moves")
    def _compute_needed_terms(self):
        result = super()._compute_needed_terms()
        # sudo: on which dates it is due, for whoever may read that.
        invoices = self.sudo().filtered(
            lambda move: move._is_due_as_agreed() and move.invoice_payment_term_id
        )
        # The term itself may have been changed since, of which it tells nobody.
        drafts = invoices.filtered(lambda move: move.state != "posted")
        self.env.add_to_compute(self._fields["due_date_moves"], drafts)
        # As core does: what is computed is no file.
        for move in invoices.with_context(bin_size=False):
            terms = move.needed_terms
            if moves := terms and move.due_date_moves:
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

    def _has_typed_date_moved(self, moves):
        """Whether the date that was typed is already where ``moves`` bring it."""
        days = {day or due for due, day, _away_until in read_moves(moves)}
        return not self.invoice_payment_term_id and self.invoice_date_due in days

    @api.depends("needed_terms")
    def _compute_invoice_date_due(self):
        """What is posted is due when its lines are, whatever its term would say now."""
        others = self.browse()
        for move in self:
            lines = move.line_ids.browse()
            if move.state == "posted" and move._is_due_as_agreed():
                lines = move.line_ids.filtered(
                    lambda line: line.display_type == "payment_term"
                )
            if days := list(filter(None, lines.mapped("date_maturity"))):
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
        typed = self.filtered(
            lambda move: move._is_due_as_agreed()
            and not move.invoice_payment_term_id
            and not (soft and move.date and move.date > today)
            and not move._has_typed_date_moved(move.due_date_moves)
        )
        for move, moves in typed._get_agreed_moves().items():
            # sudo: what is reckoned here is nobody's to write.
            move.sudo().due_date_moves = moves
            for _due, day, _away_until in read_moves(moves):
                if day:
                    move.invoice_date_due = day

    def button_draft(self):
        """A draft again, it follows what is agreed now."""
        moves = self.filtered(lambda m: m.state == "posted" and m._is_due_as_agreed())
        before = {move: move.due_date_moves for move in moves}
        result = super().button_draft()
        for move in moves:
            if original := move._get_typed_due_date(before[move]):
                move.invoice_date_due = original
        typed = moves.filtered(lambda move: not move.invoice_payment_term_id)
        # sudo: as where it is posted.
        typed.sudo().due_date_moves = False
        moves._follow_agreement(before)
        return result

    def _get_typed_due_date(self, moves):
        """What was typed as due date, which has become one of ``moves``; or None."""
        self.ensure_one()
        if not self.invoice_payment_term_id:
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

    due_date_moves = fields.Json("Due Dates Moved", store=False, exportable=False)
    due_date_note = fields.Text(store=False, exportable=False)
