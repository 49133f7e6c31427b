from collections import defaultdict, namedtuple
from itertools import chain

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...tools import code_format
from ...tools.inner import heard

# A code given or about to be given: its row (a partner or an alternative code; ids
# below 0 are new ones) and the customer found by it, whose name another session tells.
Code = namedtuple(
    "Code", "table row_id name partner_id company_id owner", defaults=[None]
)
PARTNERS, ALTERNATIVES = "res_partner", "xpyme_alternative_code"
# The first numbers between neighbours that do not follow each other.
_GAPS = """
    SELECT generate_series(code + 1, least(next_code - 1, code + %(count)s))
      FROM (
            SELECT code, lead(code) OVER (ORDER BY code) AS next_code
              FROM (
                    SELECT customer_code AS code, company_id FROM res_partner
                     WHERE customer_code > 0 AND id <> ALL(%(released)s)
                     UNION ALL
                    SELECT number, company_id FROM xpyme_alternative_code
                     WHERE number > 0
                     UNION ALL
                    SELECT unnest(%(taken)s), NULL
                   ) AS used
             WHERE %(root)s IS NULL OR company_id IS NULL OR company_id IN (
                   SELECT id FROM res_company WHERE parent_path LIKE %(root)s)
           ) AS neighbours
     WHERE next_code > code + 1
     ORDER BY code
     LIMIT %(count)s
"""
# Each condition has an index to itself; that on ``ref`` is core's.
_HOLDERS = """
    SELECT 'res_partner', id, ref, id, company_id, complete_name
      FROM res_partner
     WHERE customer_code > 0 AND customer_code = ANY(%(numbers)s)
        OR ref = ANY(%(refs)s) AND is_customer_card
     UNION ALL
    SELECT 'xpyme_alternative_code', code.id, code.name, code.partner_id,
           code.company_id, complete_name
      FROM xpyme_alternative_code code
      JOIN res_partner partner ON partner.id = code.partner_id
     WHERE number > 0 AND number = ANY(%(numbers)s)
        OR lower(code.name) = ANY(%(names)s)
"""
_WRITTEN = """
    SELECT 'res_partner', id FROM res_partner
     WHERE id = ANY(%(ids)s) AND write_date = %(now)s
     UNION ALL
    SELECT 'xpyme_alternative_code', id FROM xpyme_alternative_code
     WHERE id = ANY(%(ids)s) AND write_date = %(now)s
"""


class CodeRegister(models.AbstractModel):
    """Which codes find a customer, and which are still free.

    A code finds one customer wherever it may be typed. Codes of companies that share a
    root are one range; those of a customer without a company stand in every range.
    Archived customers keep theirs.

    Whoever is about to give a code first takes the lock, and holds it to the end of the
    transaction. Whoever waited for it goes on with the snapshot of before, which lacks
    what was given meanwhile: so the codes are read twice, by the own transaction, which
    sees its own, and through a fresh cursor, which sees all others'.
    """

    _name = "xpyme.code.register"
    _description = "Register of Customer Codes"

    @api.model
    def _lock(self):
        """Let nobody else give a code until this transaction ends.

        Who has reserved codes beforehand, as an addon that extends ``_read_gaps`` can,
        holds nobody up; should somebody type one all the same, the index refuses it.
        """
        if heard(self.env.context, "xpyme_codes_reserved"):
            return
        key = "xpyme_contacts.customer_code"
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtext(%s))", key))

    @api.model
    def _get_root(self, company_id):
        """Id of the company whose range of codes this one's are in, if in only one."""
        # sudo: how companies hang together, whether or not the user works in them.
        return (
            company_id and self.env["res.company"].sudo().browse(company_id).root_id.id
        )

    @api.model
    def _is_one_range(self, company_id, other_id):
        """Whether customers of both companies must have different codes."""
        root, other = self._get_root(company_id), self._get_root(other_id)
        return not root or not other or root == other

    # === FREE CODES ===#

    @api.model
    def _get_free_codes(self, count, company_id, taken=(), released=()):
        """The lowest codes that nobody has (seed 004, Código), locked for the caller.

        :param taken: codes that the caller is about to give to others
        :param released: ids of customers whose own codes count as free
        :return: ``count`` numbers, gaps first, then those after the highest
        :raise UserError: all codes are in use
        """
        self._lock()
        self._flush()
        taken, spare = set(taken), 0
        while True:
            codes = self._read_gaps(count + spare, company_id, taken, released)
            if len(codes) < count:
                raise UserError(
                    self.env._(
                        "All customer codes from 1 to %(highest)s are in use. Take the "
                        "code of a customer who is no longer needed.",
                        highest=code_format.HIGHEST,
                    )
                )
            for holder in self._read_others(codes):
                if holder.partner_id not in released and self._is_one_range(
                    company_id, holder.company_id
                ):
                    taken.add(code_format.parse(holder.name))
            if len(free := sorted(set(codes) - taken)) >= count:
                return free[:count]
            spare = len(taken)

    @api.model
    def _propose(self, company_id):
        """The first free code as it seems now, as text; nothing is locked.

        False where all are in use.
        """
        self._flush()
        codes = self._read_gaps(1, company_id, (), ())
        return bool(codes) and str(codes[0])

    @api.model
    def _read_gaps(self, count, company_id, taken, released):
        """The first ``count`` codes that are free in this transaction's eyes."""
        root = self._get_root(company_id)
        rows = self.env.execute_query(
            SQL(
                _GAPS,
                count=count,
                root=f"{root}/%" if root else None,
                taken=[0, *taken, code_format.HIGHEST + 1],
                released=list(released),
            )
        )
        return list(chain.from_iterable(rows))

    # === WHO HAS A CODE ===#

    @api.model
    def _read_holders(self, numbers, names=(), cr=None):
        """Who has these codes, in the eyes of this transaction or of ``cr``.

        :param names: codes as text, compared without case
        :return: list of ``Code``
        """
        small = [*map(str.lower, names)]
        refs = [*names, *small, *map(str.upper, names)]
        if cr is None:
            self._flush()
            cr = self.env.cr
        cr.execute(SQL(_HOLDERS, numbers=list(numbers), names=small, refs=refs))
        return [*map(Code._make, cr.fetchall())]

    @api.model
    def _read_others(self, numbers, names=()):
        """Who has these codes in the eyes of a fresh cursor.

        Without the rows that this transaction has written, which it knows better; never
        from a replica, which lags behind.
        """
        if not self.pool.ready:
            # While addons are installed this transaction has altered the table, so
            # that nobody else can write there, and a second cursor would wait for ever.
            return []
        with self.env.registry.cursor() as cr:
            holders = self._read_holders(numbers, names, cr)
        if holders:
            ids = [holder.row_id for holder in holders]
            query = SQL(_WRITTEN, ids=ids, now=self.env.cr.now())
            written = self.env.execute_query(query)
            holders = [holder for holder in holders if holder[:2] not in written]
        return holders

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
        :param wanted: list of ``Code``, as they will be
        :raise ValidationError: a code finds another customer, who is named
        """
        if not wanted:
            return
        numbers = {code_format.parse(code.name) for code in wanted}
        names = {code.name for code in wanted if code.table == ALTERNATIVES}
        self._lock()
        holders = self._read_holders(numbers, names)
        holders += self._read_others(numbers, names)
        for new, holder in self._judge(wanted, holders):
            if holder:
                self._refuse(new.name, holder)

    @api.model
    def _is_free(self, code):
        """Whether a ``Code`` may be given, locked for the caller."""
        self._lock()
        numbers = [code_format.parse(code.name)]
        holders = self._read_holders(numbers) + self._read_others(numbers)
        return not any(holder for _new, holder in self._judge([code], holders))

    @api.model
    def _judge(self, wanted, holders):
        """
        :param wanted: list of ``Code``; the first of several of one meaning is given
        :return: for each, whether it finds a customer already: pairs (code, holder)
        """
        found = defaultdict(list)
        for holder in holders:
            found[code_format.key(holder.name)].append(holder)
        for new in wanted:
            others = found[code_format.key(new.name)]
            disputed = [other for other in others if self._is_disputed(new, other)]
            yield new, disputed[0] if disputed else None
            if not disputed:
                others.append(new)

    @api.model
    def _is_disputed(self, new, holder):
        """Whether two codes of one meaning may not both be given.

        Twice the same text is once too often even for one customer.
        """
        if new[:2] == holder[:2] or not self._is_one_range(
            new.company_id, holder.company_id
        ):
            return False
        return new.partner_id != holder.partner_id or (
            new.table == holder.table == ALTERNATIVES
            and new.name.lower() == holder.name.lower()
        )

    @api.model
    def _refuse(self, code, holder):
        """:raise ValidationError: the code is another customer's, who is named"""
        owner = self.env["res.partner"].browse(max(holder.partner_id, 0) or ())
        owner = holder.owner or owner.display_name or self.env._("a new customer")
        allowed = self.env.user.company_ids.ids
        # Of a company where the user does not work not even the name is told.
        if holder.company_id and not self.env.su and holder.company_id not in allowed:
            owner = self.env._("a customer of another company")
        raise ValidationError(
            self.env._(
                "The code %(code)s belongs to %(owner)s. Choose another one.",
                code=code,
                owner=owner,
            )
        )
