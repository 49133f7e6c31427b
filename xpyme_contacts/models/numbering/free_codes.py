from collections import defaultdict, namedtuple
from itertools import chain

from psycopg2.errors import LockNotAvailable

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...tools import code_format

# A code given or about to be given: its row (a partner or an alternative code; ids
# below 0 are new ones) and the customer found by it, whose name another session tells.
Code = namedtuple(
    "Code", "table row_id name partner_id company_id owner", defaults=[None]
)
PARTNERS, ALTERNATIVES = "res_partner", "xpyme_alternative_code"
# What is locked: a number, all numbers of a block, a code that is none.
_NUMBER, _BLOCK, _TEXT = (f"xpyme_contacts.code.{kind}" for kind in "nbt")
_BLOCK_SIZE = 256
# So many more free codes are looked at than are asked for: others may be giving some.
_SPARE = 16
# From so many codes of one transaction on it locks blocks: PostgreSQL has room for some
# thousand locks of all sessions together.
_MANY = 1_000
# How long who types a code waits for a session that is giving the same one.
_PATIENCE = "10s"
# An ALTER TABLE that waits for this transaction would hold up its second cursor, and
# that the transaction, for ever: Odoo repeats the request instead.
_SHORT_PATIENCE = "3s"
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

    Whoever is about to give a code first reserves it, to the end of the transaction.
    A free code that another session has reserved is passed over, so nobody waits for
    an import, or for a host that was cut off; who types a code waits for it. The
    snapshot of the transaction may lack what was given meanwhile: so codes are read
    twice, by the own transaction, which sees its own, and through a fresh cursor,
    which sees all others'.
    """

    _name = "xpyme.code.register"
    _description = "Register of Customer Codes"

    # === RESERVING ===#

    @api.model
    def _reserve_free(self, numbers, count):
        """Of these numbers the first ``count`` that no other session has reserved.

        They are reserved for this transaction. In whole blocks, where there are many.
        """
        if not numbers:
            return []
        condition = SQL(
            "pg_try_advisory_xact_lock_shared(hashtext(%s), block)"
            " AND pg_try_advisory_xact_lock(hashtext(%s), number)",
            *(_BLOCK, _NUMBER),
        )
        if self._are_many(count):
            condition = SQL("pg_try_advisory_xact_lock(hashtext(%s), block)", _BLOCK)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT number
                  FROM (SELECT number, number / %s AS block
                          FROM unnest(%s::int[]) AS number
                         ORDER BY number OFFSET 0) AS free
                 WHERE %s LIMIT %s
                """,
                _BLOCK_SIZE,
                list(numbers),
                condition,
                count,
            )
        )
        return [number for (number,) in rows]

    @api.model
    def _reserve(self, names):
        """Reserve codes that were typed, waiting for who is giving the same ones.

        :raise UserError: another session goes on giving one of them
        """
        keys = {code_format.key(name) for name in names}
        numbers = {key for key in keys if isinstance(key, int)}
        others = numbers.difference(self._reserve_free(numbers, len(numbers)))
        texts = self._hash_texts(keys - numbers)
        if not (others or texts):
            return
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", _PATIENCE))
                blocks = {number // _BLOCK_SIZE for number in others}
                self._wait_for("pg_advisory_xact_lock_shared", _BLOCK, blocks)
                self._wait_for("pg_advisory_xact_lock", _NUMBER, others)
                self._wait_for("pg_advisory_xact_lock", _TEXT, texts)
                self.env.cr.execute("SET LOCAL lock_timeout TO DEFAULT")
        except LockNotAvailable as error:
            raise UserError(
                self.env._(
                    "The code %(code)s is just being given to another customer: try "
                    "again in a moment, or choose another one.",
                    code=", ".join(map(str, sorted(others) or sorted(keys - numbers))),
                )
            ) from error

    @api.model
    def _hash_texts(self, texts):
        if not texts:
            return []
        query = SQL("SELECT hashtext(text) FROM unnest(%s) AS text", list(texts))
        return [number for (number,) in self.env.execute_query(query)]

    @api.model
    def _wait_for(self, function, kind, numbers):
        """All sessions wait in the order of the numbers, so that none do in a ring."""
        self.env.cr.execute(
            SQL(
                "SELECT %s(hashtext(%s), number) FROM unnest(%s::int[]) AS number",
                SQL.identifier(function),
                kind,
                sorted(numbers),
            )
        )

    @api.model
    def _are_many(self, count):
        """Whether this transaction reserves many codes, these ``count`` among them."""
        counts = self.env.cr.postcommit.data
        counts[self._name] = counts.get(self._name, 0) + count
        return counts[self._name] > _MANY

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
        """The lowest codes that nobody has (seed 004, Código), reserved.

        :param taken: codes that the caller is about to give to others
        :param released: ids of customers whose own codes count as free
        :return: ``count`` numbers, gaps first, then those after the highest
        :raise UserError: all codes are in use
        """
        self._flush()
        taken, looked, asked = set(taken), count + _SPARE, count + _SPARE
        while True:
            free = self._read_gaps(looked, company_id, taken, released)
            codes = self._reserve_free(free, count)
            if len(codes) < count:
                # An import beside this transaction may have reserved thousands.
                self._check_any_left(free, looked)
                looked *= 8
                continue
            near = free[free.index(codes[0]) :][:asked]
            given = self._read_given({*codes, *near}, company_id, released)
            if given.isdisjoint(codes):
                return codes
            taken |= given
            # Where only some were given, a longer list would only take longer, while
            # others give the next ones.
            if given.issuperset(near):
                asked *= 8
                looked = max(looked, asked)

    @api.model
    def _check_any_left(self, free, looked):
        """:raise UserError: fewer codes are free than were looked for"""
        if len(free) < looked:
            raise UserError(
                self.env._(
                    "All customer codes from 1 to %(highest)s are in use. Take the "
                    "code of a customer who is no longer needed.",
                    highest=code_format.HIGHEST,
                )
            )

    @api.model
    def _read_given(self, numbers, company_id, released):
        """Which of these codes others gave since this transaction began.

        Only few are asked about: a large list is slow on a table not yet analysed.
        """
        return {
            code_format.parse(holder.name)
            for holder in self._read_others(numbers)
            if holder.partner_id not in released
            and self._is_one_range(company_id, holder.company_id)
        }

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
            cr.execute(SQL("SET LOCAL lock_timeout = %s", _SHORT_PATIENCE))
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
        self._reserve({code.name for code in wanted})
        holders = self._read_holders(numbers, names)
        holders += self._read_others(numbers, names)
        for new, holder in self._judge(wanted, holders):
            if holder:
                self._refuse(new.name, holder)

    @api.model
    def _is_free(self, code):
        """Whether a ``Code`` may be given; it is reserved."""
        numbers = [code_format.parse(code.name)]
        if not self._reserve_free(numbers, 1):
            return False
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
