from collections import defaultdict
from functools import partial

from babel.dates import format_date, format_skeleton

from odoo import api, fields, models
from odoo.tools import format_list, get_lang
from odoo.tools.misc import babel_locale_parse

from ...tools.agreement import read_moves

# How many days after its date an invoice may be due, where a law says so, and the law.
_LONGEST = {"ES": (60, "Ley 3/2004")}
_SHORTEST = min(days for days, _law in _LONGEST.values())


class AccountMove(models.Model):
    """Why an invoice is due when it is: on its form, and in its history if somebody
    should look into it."""

    _inherit = "account.move"

    due_date_note = fields.Text(
        compute="_compute_due_date_note", groups="base.group_user"
    )

    # Nor here is the date that is due a dependency: with each change of an amount core
    # would look for the note wherever a payment leads. A typed one comes with its line.
    @api.depends("due_date_moves", "invoice_date", "company_id")
    @api.depends_context("lang")
    def _compute_due_date_note(self):
        """Of a draft's typed date, what will become of it."""
        typed = self.filtered(lambda move: not move.invoice_payment_term_id)
        agreed = typed._get_agreed_moves()
        for move in self:
            to_come = agreed.get(move)
            moves = to_come or move.due_date_moves
            sentences = move._get_due_date_sentences(moves, bool(to_come))
            if notice := move._get_late_notice(moves):
                sentences.append(notice)
            move.due_date_note = "\n".join(sentences) or False

    @api.onchange("invoice_date_due")
    def _onchange_typed_due_date(self):
        """On screen it has no line yet."""
        self._compute_due_date_note()

    def _get_late_notice(self, moves):
        """That pay days and leaves make it due later than the law has it, or None.

        It is told, and forbids nothing.
        """
        self.ensure_one()
        days = [day for _due, day, _away in read_moves(moves) if day]
        date = self.invoice_date or fields.Date.context_today(self)
        late = (max(days) - date).days if days else 0
        if late <= _SHORTEST:
            return None
        # sudo: in which country the company is, for whoever reads its invoice.
        country = self.company_id.sudo().account_fiscal_country_id
        longest, law = _LONGEST.get(country.code, (late, None))
        if late <= longest:
            return None
        return self.env._(
            "That is %(late)s days after the date of the invoice: the law allows "
            "%(longest)s (%(law)s).",
            late=late,
            longest=longest,
            law=law,
        )

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        odd = posted.filtered(lambda move: move._is_due_date_odd())
        for company, moves in odd.grouped("company_id").items():
            # What posts by itself has no language.
            lang = self.env.lang or company.partner_id.lang
            moves = moves.with_context(lang=lang)
            moves._message_log_batch({move.id: move.due_date_note for move in moves})
        return posted

    def _is_due_date_odd(self):
        """Whether what was agreed gives no date, or one later than the law has it."""
        self.ensure_one()
        moves = self.due_date_moves
        is_away = any(not day for _due, day, _away in read_moves(moves))
        return is_away or self._get_late_notice(moves)

    @api.model
    def _get_due_date_sentences(self, moves, to_come=False):
        """One for each date that ``moves`` leads to, for whoever reads the invoice.

        :param to_come: whether the date is still the one that was typed
        """
        grouped, sentences = defaultdict(list), []
        for due, day, away_until in read_moves(moves):
            grouped[day, away_until].append(due)
        for (day, away_until), dues in grouped.items():
            years = {date.year for date in (*dues, day, away_until) if date}
            tell = partial(self._format_due_date, with_year=len(years) > 1)
            original = format_list(self.env, [tell(due) for due in dues])
            if not day:
                sentence = self.env._(
                    "Due on %(original)s as it was: the customer's leaves have no end, "
                    "or cover each pay day.",
                    original=original,
                )
            else:
                until = away_until and tell(away_until)
                reasons = self._get_due_date_reasons(moves["days"], until)
                told = {"day": tell(day), "original": original}
                told["reasons"] = ", ".join(reasons)
                sentence = self._get_moved_sentence(told, to_come)
            sentences.append(sentence)
        return sentences

    @api.model
    def _get_moved_sentence(self, told, to_come):
        if to_come:
            return self.env._(
                "When it is confirmed it will be due on %(day)s, not on %(original)s: "
                "%(reasons)s.",
                **told,
            )
        return self.env._("Due on %(day)s, not on %(original)s: %(reasons)s.", **told)

    @api.model
    def _get_due_date_reasons(self, days, until):
        if until:
            yield self.env._("customer on leave until %(until)s", until=until)
        if len(days) == 1:
            yield self.env._("pays on day %(day)s", day=days[0])
        elif days:
            listed = format_list(self.env, [str(day) for day in days])
            yield self.env._("pays on days %(days)s", days=listed)

    @api.model
    def _format_due_date(self, day, with_year):
        """In words, as the user's language has them."""
        locale = babel_locale_parse(get_lang(self.env).code)
        if with_year:
            return format_date(day, "long", locale=locale)
        return format_skeleton("MMMMd", day, locale=locale)
