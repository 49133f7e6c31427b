from urllib.parse import quote

from odoo import api, models
from odoo.tools import SQL

from ..tools.targets import CONTACTS, CUSTOMERS
from .conversion_of_parts import RowConverter
from .row import (
    CREATE,
    DONE,
    DUPLICATE,
    LEFT,
    MIRROR,
    MODULE,
    NEAR,
    PENDING,
    REJECT,
    SAME,
    UPDATE,
)

# What a row without a code is known by: see ``_get_key_without_code``.
IS_WITHOUT_CODE = "row.code ~ '^(id|name) '"
# How alike two names of one postal code are, from 0 to 1, that may be one customer's.
_ALIKE = 0.85


class Movein(models.Model):
    """What each row would be: judged set by set, in a fixed number of statements.

    A judgement holds for rows without one; the first that fits stays. Rows that have a
    state have moved in before.
    """

    _inherit = "xpyme.movein"

    def _get_converter(self):
        """What makes values of the cells of a row; see ``RowConverter``."""
        return RowConverter(self)

    def _judge(self):
        self.ensure_one()
        self.env.flush_all()
        # The planner has not heard of the rows that have just come in.
        self._run("ANALYZE xpyme_movein_row")
        self._reject_repeated()
        self._reject_forgotten()
        self._find_known()
        self._drop_moved_in()
        if self.kind == CUSTOMERS:
            self._ask_other_tax_ids()
            # Whose tax id is there is there, whatever their code.
            self._find_same_tax_ids()
            self._reject_taken_codes()
            self._find_near_names()
        else:
            self._find_owners()
        if self.kind == CONTACTS:
            self._find_mirrors()
        self._run(
            "UPDATE xpyme_movein_row SET verdict = %s WHERE movein_id = %s"
            " AND verdict IS NULL",
            CREATE,
            self.id,
        )
        self._decide()
        self.env["xpyme.movein.row"].invalidate_model()
        self.invalidate_recordset(["row_ids"])

    def _run(self, query, *arguments, **named):
        self.env.cr.execute(SQL(query, *arguments, **named))

    def _tell(self, text, **values):
        """SQL of a sentence with values of the row in it.

        :param text: translated, with ``{name}`` where a value goes
        """
        told = SQL("%s", text)
        for name, value in values.items():
            told = SQL("replace(%s, %s, %s)", told, "{%s}" % name, value)
        return told

    # === ANY KIND ===#

    def _reject_repeated(self):
        """Two rows of one code, or of one tax id or name without: the first is it."""
        text = self.env._("Line {line} has the same code. Correct one of them.")
        nameless = self.env._(
            "Line {line} is the same customer, and neither has a code. Type a code for "
            "each if they are two."
        )
        line = SQL("given.first_number::text")
        reason = SQL(
            "CASE WHEN %s THEN %s ELSE %s END",
            SQL(IS_WITHOUT_CODE),
            self._tell(nameless, line=line),
            self._tell(text, line=line),
        )
        self._run(
            """
            UPDATE xpyme_movein_row row SET verdict = %(reject)s, reason = %(reason)s
              FROM (
                    SELECT id, first_value(number) OVER same AS first_number,
                           row_number() OVER same AS place
                      FROM xpyme_movein_row
                     WHERE movein_id = %(movein)s AND verdict IS NULL
                    WINDOW same AS (PARTITION BY key ORDER BY number)
                   ) AS given
             WHERE given.id = row.id AND given.place > 1
            """,
            reject=REJECT,
            reason=reason,
            movein=self.id,
        )

    def _reject_forgotten(self):
        """Whoever has been forgotten does not come in again, nor what is theirs."""
        self._run(
            """
            UPDATE xpyme_movein_row row SET verdict = %s, reason = %s
             WHERE row.movein_id = %s AND row.verdict IS NULL AND EXISTS (
                   SELECT FROM xpyme_movein_row other
                    WHERE other.is_forgotten
                      AND other.key IN (row.key, row.owner_key, %s))
            """,
            REJECT,
            self.env._(
                "This customer has been forgotten at their wish. Make a card by hand "
                "if they are one again."
            ),
            self.id,
            self._get_mark_sql(SQL("row.key")),
        )

    @api.model
    def _get_mark_sql(self, key):
        """SQL by which a key is known again that would tell whose it is."""
        return self.env["xpyme.offer.consent"]._get_hash_sql(key)

    def _get_key(self, kind, code):
        """The external id, without module, of what a code of the program means."""
        word = quote(code, safe="")  # without blanks, as ids are
        return f"{self.source}_{self.company_id.id}_{kind}_{word}"

    def _find_known(self):
        """Rows that have come in before: the same, or changed since.

        Compared with what the row said last, so that what people have typed since
        stays: only what the file itself changes is written.
        """
        model = self._get_kind_model(self.kind)
        self._run(
            """
            UPDATE xpyme_movein_row row
               SET res_id = known.res_id,
                   verdict = CASE WHEN last.vals = row.vals THEN %(same)s
                                  ELSE %(update)s END
              FROM ir_model_data known
              LEFT JOIN LATERAL (
                    SELECT vals FROM xpyme_movein_row
                     WHERE key = known.name AND state = %(done)s
                     ORDER BY id DESC LIMIT 1) last ON TRUE
             WHERE row.movein_id = %(movein)s AND row.verdict IS NULL
               AND known.module = %(module)s AND known.model = %(model)s
               AND known.name = row.key
               AND EXISTS (SELECT FROM %(table)s WHERE id = known.res_id)
            """,
            same=SAME,
            update=UPDATE,
            done=DONE,
            movein=self.id,
            module=MODULE,
            model=model,
            table=SQL.identifier(self.env[model]._table),
        )
        if model == "res.partner":
            self._run(
                "UPDATE xpyme_movein_row SET partner_id = res_id"
                " WHERE movein_id = %s AND res_id > 0 AND state IS NULL",
                self.id,
            )

    def _drop_moved_in(self):
        """A line that has moved in with this file, and says the same, stands there."""
        self._run(
            """
            DELETE FROM xpyme_movein_row row
             WHERE row.movein_id = %s AND row.verdict = %s AND row.state IS NULL
               AND EXISTS (
                   SELECT FROM xpyme_movein_row moved
                    WHERE moved.key = row.key AND moved.movein_id = row.movein_id
                      AND moved.state = %s)
            """,
            *(self.id, SAME, DONE),
        )

    def _ask_other_tax_ids(self):
        """One code and two tax ids: two shops that have the same program.

        Only a person can say that it is one customer, whose tax id has changed.
        """
        text = self.env._(
            "{name}, who came in with this code, has another tax ID. Take the row in "
            "if it is the same customer; else give the file a program of its own."
        )
        self._ask_whose_tax_id(text)

    def _ask_whose_tax_id(self, text):
        """A code and a tax id that are not one customer's: a person says whose.

        :param text: why it is asked, with ``{name}`` of the customer of the code
        """
        self._run(
            """
            UPDATE xpyme_movein_row row SET verdict = %(near)s, reason = %(reason)s
              FROM res_partner member
              JOIN res_partner card ON card.id = member.commercial_partner_id
             WHERE row.movein_id = %(movein)s AND row.state IS NULL
               AND (row.verdict IS NULL OR row.verdict = %(update)s)
               AND member.id = row.partner_id AND card.vat_key <> row.vat_key
            """,
            near=NEAR,
            reason=self._tell(text, name=SQL("card.name")),
            movein=self.id,
            update=UPDATE,
        )

    def _decide(self):
        """What is to be done with each row, as its judgement and the settings say.

        What a person has decided of a row stays.
        """
        self.env["xpyme.movein.row"].flush_model()
        left = [REJECT, SAME]
        left += [DUPLICATE] if self.duplicates == "leave" else []
        is_asked = self.nears == "leave" or self.kind != CUSTOMERS
        left += [NEAR] if is_asked else []
        self._run(
            """
            UPDATE xpyme_movein_row
               SET state = CASE WHEN verdict IN %s OR verdict = %s AND res_id > 0
                                THEN %s ELSE %s END
             WHERE movein_id = %s AND is_chosen IS NOT TRUE AND is_forgotten IS NOT TRUE
               AND (state IS NULL OR state IN %s)
            """,
            tuple(left),
            NEAR,
            LEFT,
            PENDING,
            self.id,
            (PENDING, LEFT),
        )
        if self.duplicates == "update":
            # A second row of the file with the tax id of a first one has no card yet.
            self._run(
                "UPDATE xpyme_movein_row SET state = %s WHERE movein_id = %s"
                " AND verdict = %s AND partner_id IS NULL AND is_chosen IS NOT TRUE"
                " AND state = %s",
                *(LEFT, self.id, DUPLICATE, PENDING),
            )
        self.env["xpyme.movein.row"].invalidate_model(["state"])

    # === CUSTOMERS ===#

    def _get_seen_sql(self, company):
        """SQL condition of rows that are seen where the file moves in.

        :param company: SQL of the column of a company
        """
        ids = self.company_id.sudo().parent_ids.ids
        return SQL("(%s IS NULL OR %s = ANY(%s))", company, company, ids)

    def _get_range_sql(self, company):
        """SQL condition of customers whose codes the new ones may not have."""
        if not self.is_company_only:
            return SQL("TRUE")
        # sudo: how companies hang together, whether or not the user works in them.
        companies = self.env["res.company"].sudo()
        ids = companies.search([("id", "child_of", self.company_id.root_id.id)]).ids
        return SQL("(%s IS NULL OR %s = ANY(%s))", company, company, ids)

    def _reject_taken_codes(self):
        """Of a customer who is not seen where the file moves in no name is told."""
        text = self.env._(
            "The code {code} belongs to {name}. Correct it, or have new codes given."
        )
        unseen = self.env._("a customer of another company")
        seen = self._get_seen_sql(SQL("taken.company_id"))
        name = SQL("CASE WHEN %s THEN taken.name ELSE %s END", seen, unseen)
        self._run(
            """
            UPDATE xpyme_movein_row row
               SET verdict = %(reject)s, reason = %(reason)s,
                   partner_id = CASE WHEN %(seen)s THEN taken.id END
              FROM (
                    SELECT customer_code AS number, id, name, company_id
                      FROM res_partner WHERE customer_code > 0
                     UNION ALL
                    SELECT other.number, partner.id, partner.name, other.company_id
                      FROM xpyme_alternative_code other
                      JOIN res_partner partner ON partner.id = other.partner_id
                     WHERE other.number > 0
                   ) AS taken
             WHERE row.movein_id = %(movein)s AND row.verdict IS NULL
               AND taken.number = row.code_number AND %(range)s
            """,
            reject=REJECT,
            reason=self._tell(text, code=SQL("row.code_number::text"), name=name),
            seen=seen,
            movein=self.id,
            range=self._get_range_sql(SQL("taken.company_id")),
        )

    def _find_same_tax_ids(self):
        known = self.env._("{name} has the same tax ID.")
        self._run(
            """
            UPDATE xpyme_movein_row row
               SET verdict = %(duplicate)s, reason = %(reason)s, partner_id = card.id
              FROM (
                    SELECT DISTINCT ON (vat_key) vat_key, id, name FROM res_partner
                     WHERE is_customer_card AND vat_key IS NOT NULL AND %(seen)s
                     ORDER BY vat_key, active DESC, id
                   ) AS card
             WHERE row.movein_id = %(movein)s AND row.verdict IS NULL
               AND card.vat_key = row.vat_key
            """,
            duplicate=DUPLICATE,
            reason=self._tell(known, name=SQL("card.name")),
            movein=self.id,
            seen=self._get_seen_sql(SQL("company_id")),
        )
        repeated = self.env._("Line {line} has the same tax ID.")
        self._run(
            """
            UPDATE xpyme_movein_row row
               SET verdict = %(duplicate)s, reason = %(reason)s
              FROM (
                    SELECT id, first_value(number) OVER same AS first_number,
                           row_number() OVER same AS place
                      FROM xpyme_movein_row
                     WHERE movein_id = %(movein)s AND verdict IS NULL
                       AND vat_key IS NOT NULL
                    WINDOW same AS (PARTITION BY vat_key ORDER BY number)
                   ) AS given
             WHERE given.id = row.id AND given.place > 1
            """,
            duplicate=DUPLICATE,
            reason=self._tell(repeated, line=SQL("given.first_number::text")),
            movein=self.id,
        )

    def _find_near_names(self):
        """Names that are almost those of another in the same postal code.

        Two tax ids that differ are two customers. Only names that begin with the same
        two letters are compared: those of a postal code with each other are too many.
        """
        text = self.env._("{name} is almost the same, in the same postal code.")
        self._run(
            """
            WITH asked AS (
                SELECT id, number, name, zip, vat_key, left(lower(name), 2) AS head
                  FROM xpyme_movein_row
                 WHERE movein_id = %(movein)s AND verdict IS NULL AND zip IS NOT NULL
            ), known AS (
                SELECT id AS card_id, 0 AS number, name, zip, vat_key,
                       left(lower(name), 2) AS head
                  FROM res_partner
                 WHERE is_customer_card AND active AND zip IS NOT NULL AND %(seen)s
                 UNION ALL
                SELECT NULL, number, name, zip, vat_key, head FROM asked
            ), near AS (
                SELECT DISTINCT ON (asked.id) asked.id, known.card_id, known.name
                  FROM asked JOIN known
                    ON known.zip = asked.zip AND known.head = asked.head
                   AND known.number < asked.number
                   AND (known.vat_key IS NULL OR asked.vat_key IS NULL)
                   AND %(alike)s
                 ORDER BY asked.id, known.number
            )
            UPDATE xpyme_movein_row row
               SET verdict = %(verdict)s, reason = %(reason)s, partner_id = near.card_id
              FROM near WHERE near.id = row.id
            """,
            movein=self.id,
            seen=self._get_seen_sql(SQL("company_id")),
            alike=self._get_alike_sql(SQL("known.name"), SQL("asked.name")),
            verdict=NEAR,
            reason=self._tell(text, name=SQL("near.name")),
        )

    def _get_alike_sql(self, one, other):
        """SQL condition of two names; the points of S.L. are none of a name."""
        one, other = (SQL("replace(%s, '.', '')", name) for name in (one, other))
        if self.env.registry.has_trigram:
            return SQL("similarity(%s, %s) >= %s", one, other, _ALIKE)
        return SQL("lower(%s) = lower(%s)", one, other)

    # === WHAT BELONGS TO CUSTOMERS ===#

    def _find_owners(self):
        """Whose each row is: known from the same program, else by code or tax id."""
        self._run(
            """
            UPDATE xpyme_movein_row row SET partner_id = known.res_id
              FROM ir_model_data known JOIN res_partner ON res_partner.id = known.res_id
             WHERE row.movein_id = %s AND row.verdict IS DISTINCT FROM %s
               AND known.module = %s AND known.model = 'res.partner'
               AND known.name = row.owner_key AND row.state IS NULL
            """,
            *(self.id, REJECT, MODULE),
        )
        self._find_owners_by("vat_key", "vat_key", SQL("TRUE"))
        allowed = self._get_is_free_code_sql()
        self._find_owners_by("customer_code", "code_number", allowed)
        text = self.env._(
            "No customer {code} has come in from this program. Move the customers in "
            "first, or correct the code."
        )
        self._run(
            "UPDATE xpyme_movein_row row SET verdict = %s, reason = %s"
            " WHERE movein_id = %s AND verdict IS NULL AND partner_id IS NULL",
            REJECT,
            self._tell(text, code=SQL("COALESCE(customer, vat_key, '')")),
            self.id,
        )
        text = self.env._(
            "{name}, whose code it has, has another tax ID. Take the row in if it is "
            "theirs; else correct its code."
        )
        self._ask_whose_tax_id(text)

    def _find_owners_by(self, column, asked, allowed):
        """Give rows that have no owner the card whose column holds the word asked for.

        :param allowed: SQL condition of the rows that may be answered by this word
        """
        self._run(
            """
            UPDATE xpyme_movein_row row SET partner_id = card.id
              FROM (
                    SELECT DISTINCT ON (%(column)s) %(column)s AS word, id
                      FROM res_partner WHERE is_customer_card AND %(seen)s
                       AND %(column)s IS NOT NULL
                     ORDER BY %(column)s, active DESC, id
                   ) AS card
             WHERE row.movein_id = %(movein)s AND row.partner_id IS NULL
               AND row.verdict IS DISTINCT FROM %(reject)s AND row.state IS NULL
               AND card.word = %(asked)s AND %(allowed)s
            """,
            allowed=allowed,
            column=SQL.identifier(column),
            asked=SQL.identifier("row", asked),
            seen=self._get_seen_sql(SQL("company_id")),
            movein=self.id,
            reject=REJECT,
        )

    def _get_is_free_code_sql(self):
        """SQL condition of rows whose code may be one that stands here.

        Of a program whose customers got new codes none is: 701 here is another 701.
        Neither is that of a customer of the program who has not come in.
        """
        job = [("kind", "=", CUSTOMERS), ("source", "=", self.source)]
        job += [("company_id", "=", self.company_id.id), ("state", "!=", "draft")]
        if self.sudo().search_count([*job, ("codes", "=", "new")], limit=1):
            return SQL("FALSE")
        return SQL(
            "NOT EXISTS (SELECT FROM xpyme_movein_row other"
            " WHERE other.key = row.owner_key)"
        )

    def _find_mirrors(self):
        """Contacts named like their customer are the one that the customer has."""
        self._run(
            r"""
            UPDATE xpyme_movein_row row SET verdict = %s
              FROM res_partner card
             WHERE row.movein_id = %s AND row.verdict IS NULL
               AND card.id = row.partner_id
               AND lower(regexp_replace(trim(normalize(card.name)), '\s+', ' ', 'g'))
                 = lower(regexp_replace(trim(normalize(row.name)), '\s+', ' ', 'g'))
            """,
            *(MIRROR, self.id),
        )
