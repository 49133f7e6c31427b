from collections import defaultdict, namedtuple
from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...tools import customer_code

CodeHolder = namedtuple(
    "CodeHolder",
    "table row_id number name partner_id partner_name company_id write_date",
    defaults=[None],
)
_PARTNERS, _ALTERNATIVES = "res_partner", "xpyme_alternative_code"
# More than were asked for: some of them may have been taken a moment ago.
_SPARE = 16
# Runs of free codes: between neighbours that do not follow each other.
_GAPS = """
    SELECT code + 1, next_code - 1
      FROM (
            SELECT code, lead(code) OVER (ORDER BY code) AS next_code
              FROM (
                    SELECT customer_code AS code FROM res_partner
                     WHERE customer_code > %(start)s
                       AND id <> ALL(%(released)s) AND %(condition)s
                    UNION ALL
                    SELECT number FROM xpyme_alternative_code
                     WHERE number > %(start)s AND %(condition)s
                    UNION ALL SELECT %(start)s
                    UNION ALL SELECT %(end)s
                   ) AS used
           ) AS neighbours
     WHERE next_code > code + 1
     ORDER BY code
     LIMIT %(count)s
"""
# Each line has an index to itself; that on ``ref`` is core's.
_HOLDERS = """
    SELECT 'res_partner', id, customer_code, ref,
           id, complete_name, company_id, write_date
      FROM res_partner
     WHERE customer_code > 0 AND customer_code = ANY(%(numbers)s)
     UNION
    SELECT 'res_partner', id, customer_code, ref,
           id, complete_name, company_id, write_date
      FROM res_partner
     WHERE ref = ANY(%(refs)s) AND is_customer_card
     UNION
    SELECT 'xpyme_alternative_code', alternative.id, alternative.number,
           alternative.name, partner.id, partner.complete_name,
           alternative.company_id, alternative.write_date
      FROM xpyme_alternative_code alternative
      JOIN res_partner partner ON partner.id = alternative.partner_id
     WHERE alternative.number > 0 AND alternative.number = ANY(%(numbers)s)
        OR lower(alternative.name) = ANY(%(names)s)
"""
# Which versions of rows this transaction sees.
_VERSIONS = """
    SELECT 'res_partner', id, write_date FROM res_partner
     WHERE id = ANY(%(partners)s)
     UNION ALL
    SELECT 'xpyme_alternative_code', id, write_date FROM xpyme_alternative_code
     WHERE id = ANY(%(alternatives)s)
"""


class CodeRegister(models.AbstractModel):
    """Which codes find a customer, and which are still free.

    A code finds one customer wherever it may be typed. Codes of companies that share a
    root are one range; those of a customer without a company stand in every range.
    Archived customers keep theirs.

    Whoever is about to give a code first takes the lock, and holds it to the end of his
    transaction. Whoever waited for it goes on with the snapshot he began with, which
    lacks what was given meanwhile: so the codes are read twice, by his transaction,
    which sees its own, and through a fresh cursor, which sees all others'.
    """

    _name = "xpyme.code.register"
    _description = "Register of Customer Codes"

    @api.model
    def _lock(self):
        """Let nobody else give a code until this transaction ends."""
        key = "xpyme_contacts.customer_code"
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtext(%s))", key))

    # === RANGES ===#

    @api.model
    def _is_one_range(self, company_id, other_id):
        """Whether customers of both companies must have different codes."""
        if not company_id or not other_id or company_id == other_id:
            return True
        # sudo: how companies hang together, whether or not the user works in them.
        one, other = self.env["res.company"].sudo().browse((company_id, other_id))
        return one.root_id == other.root_id

    @api.model
    def _get_range_condition(self, company_id):
        """SQL on ``company_id``: the rows of the company's range of codes."""
        if not company_id:
            return SQL("TRUE")
        # sudo: as above.
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        root = companies.browse(company_id).root_id
        ids = companies.search([("id", "child_of", root.id)]).ids
        return SQL("(company_id IS NULL OR company_id = ANY(%s))", ids)

    # === FREE CODES ===#

    @api.model
    def _get_free_codes(self, count, company_id, reserved=(), released=()):
        """The lowest codes that nobody has (seed 004, Código), locked for the caller.

        :param reserved: codes that the caller is about to give to others
        :param released: ids of customers whose own codes count as free
        :return: ``count`` numbers, gaps first, then those after the highest
        :raise UserError: all codes are in use
        """
        self._lock()
        reserved, codes, start = set(reserved), [], 0
        while len(codes) < count:
            missing = count - len(codes)
            candidates = self._read_gaps(
                company_id, start, missing + _SPARE + len(reserved), released
            )
            if not candidates:
                self._refuse_more()
            reserved |= {
                holder.number
                for holder in self._read_newer_holders(candidates)
                if holder.partner_id not in released
                and self._is_one_range(company_id, holder.company_id)
            }
            codes += [c for c in candidates if c not in reserved][:missing]
            start = candidates[-1]
        return codes

    @api.model
    def _read_gaps(self, company_id, start, count, released):
        """The first ``count`` codes above ``start`` free in this transaction's eyes."""
        self._flush()
        condition = self._get_range_condition(company_id)
        gaps = self.env.execute_query(
            SQL(
                _GAPS,
                start=start,
                end=customer_code.HIGHEST + 1,
                released=list(released),
                condition=condition,
                count=count,
            )
        )
        codes = []
        for first, last in gaps:
            codes += range(first, min(last, first + count - len(codes) - 1) + 1)
        return codes

    # === HOLDERS ===#

    @api.model
    def _find_holders(self, numbers=(), names=()):
        """Who has these codes, in the eyes of this transaction or of any other.

        :param numbers: codes as numbers
        :param names: codes as text, compared without case
        :return: list of ``CodeHolder``
        """
        self._lock()
        self._flush()
        holders = self._read_holders(self.env.cr, numbers, names)
        return holders + self._read_newer_holders(numbers, names)

    @api.model
    def _read_newer_holders(self, numbers=(), names=()):
        """What other transactions have given, but the rows that this one has changed.

        Never from a replica, which lags behind.
        """
        if not self.pool.ready:
            # While addons are installed this transaction has altered the table, so
            # that nobody else can write there, and a second cursor would wait for ever.
            return []
        with self.env.registry.cursor() as cr:
            holders = self._read_holders(cr, numbers, names)
        if not holders:
            return []
        query = SQL(
            _VERSIONS,
            partners=[h.row_id for h in holders if h.table == _PARTNERS],
            alternatives=[h.row_id for h in holders if h.table == _ALTERNATIVES],
        )
        seen = {(t, row_id): date for t, row_id, date in self.env.execute_query(query)}
        return [
            holder
            for holder in holders
            if (holder.table, holder.row_id) not in seen
            or (holder.write_date or datetime.min)
            > (seen[holder.table, holder.row_id] or datetime.min)
        ]

    @api.model
    def _read_holders(self, cr, numbers=(), names=()):
        """Who has these codes, in the eyes of ``cr``."""
        cr.execute(
            SQL(
                _HOLDERS,
                numbers=list(numbers),
                names=[name.lower() for name in names],
                refs=[w for n in names for w in (n, n.lower(), n.upper())],
            )
        )
        return [CodeHolder(*row) for row in cr.fetchall()]

    @api.model
    def _find_partners(self, code):
        """Ids of the partners found by the very code typed or scanned."""
        self._flush()
        query = SQL(
            """
            SELECT id FROM res_partner WHERE customer_code > 0
               AND customer_code = %(number)s
             UNION
            SELECT id FROM res_partner WHERE ref = %(code)s
             UNION
            SELECT partner_id FROM xpyme_alternative_code
             WHERE lower(name) = lower(%(code)s)
            """,
            number=customer_code.parse(code),
            code=code,
        )
        return [partner_id for (partner_id,) in self.env.execute_query(query)]

    @api.model
    def _flush(self):
        self.env["res.partner"].flush_model(
            ["customer_code", "company_id", "ref", "is_customer_card"]
        )
        self.env["xpyme.alternative.code"].flush_model(["number", "name", "company_id"])

    # === JUDGING CODES ===#

    @api.model
    def _check_free(self, wanted):
        """
        :param wanted: list of ``CodeHolder``, as they will be; ids below 0 are new ones
        :raise ValidationError: a code finds another customer, who is named
        """
        if not wanted:
            return
        numbers = {new.number for new in wanted if new.number}
        names = {new.name for new in wanted if new.table == _ALTERNATIVES}
        holders = self._find_holders(numbers, names)
        index = defaultdict(list)
        for new in [*holders, *wanted]:
            for key in {new.number, (new.name or "").strip().lower()} - {0, None, ""}:
                index[key].append(new)
        for new in wanted:
            for holder in {*index[new.number], *index[new.name.lower()]}:
                if self._is_disputed(new, holder):
                    self._refuse(new.name, holder)

    @api.model
    def _is_disputed(self, new, holder):
        """Whether a code that is about to be given finds its holder as well.

        Twice the same text is once too often even for one customer.
        """
        if (new.table, new.row_id) == (holder.table, holder.row_id):
            return False
        if not self._is_one_range(new.company_id, holder.company_id):
            return False
        is_same_text = (holder.name or "").strip().lower() == new.name.lower()
        if new.table == holder.table == _ALTERNATIVES and is_same_text:
            return True
        is_same_number = bool(new.number) and holder.number == new.number
        return holder.partner_id != new.partner_id and (is_same_text or is_same_number)

    # === MESSAGES ===#

    @api.model
    def _refuse(self, code, holder):
        """:raise ValidationError: the code is another customer's, who is named"""
        # Of a company where the user does not work not even the name is told.
        hidden = holder.company_id and holder.company_id not in (
            self.env.user.company_ids.ids if not self.env.su else [holder.company_id]
        )
        owner = (
            self.env._("a customer of another company")
            if hidden
            else holder.partner_name
        )
        raise ValidationError(
            self.env._(
                "The code %(code)s already finds %(owner)s. Choose another one.",
                code=code,
                owner=owner,
            )
        )

    @api.model
    def _refuse_more(self):
        """:raise UserError: all codes are in use"""
        raise UserError(
            self.env._(
                "All customer codes from 1 to %(highest)s are in use. Take the code of "
                "a customer who is no longer needed.",
                highest=customer_code.HIGHEST,
            )
        )
