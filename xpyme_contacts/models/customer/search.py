from odoo import api, fields, models
from odoo.fields import Domain
from odoo.modules.db import FunctionStatus
from odoo.tools import SQL

from ...tools.search_terms import NUMBER_MARKS, bare_number, indexed_term

# What a customer is found by: his texts, and his numbers however they are written.
_TEXTS = (
    "complete_name",
    "email",
    "ref",
    "vat",
    "company_registry",
    "trade_name",
    "contact_code",
)
_PHONES = ("phone", "phone2", "mobile")
_NUMBERS = ("vat", *_PHONES)
# So many hits are read one by one. Where there are more, the first ones in the order
# of the list are soon met by walking through it.
_MANY = 1_000


def _all_texts(columns):
    """SQL of the texts in one, parted by what no single term can hold."""
    return SQL(" || '|||' || ").join(SQL("coalesce(%s, '')", c) for c in columns)


def _all_numbers(columns):
    """SQL of the numbers in one, without the marks that people write in them."""
    numbers = SQL(" || '|' || ").join(SQL("coalesce(%s, '')", c) for c in columns)
    return SQL("translate(%s, %s, '')", numbers, SQL(f"'{NUMBER_MARKS}'"))


def search_index(registry):
    """Definition of the one index behind the search, '' where none would be used.

    One for all fields: each index is paid for whenever a partner is written. Searches
    read what waits to be sorted in, so that has to stay short.
    """
    if not registry.has_trigram or registry.has_unaccent == FunctionStatus.PRESENT:
        return ""
    texts = registry.unaccent(_all_texts([SQL(name) for name in _TEXTS]))
    numbers = _all_numbers([SQL(name) for name in _NUMBERS])
    return (
        f"USING gin (({texts.code}) gin_trgm_ops, ({numbers.code}) gin_trgm_ops)"
        " WITH (gin_pending_list_limit = 256)"
    )


class ResPartner(models.Model):
    """Finding a customer among very many by whatever one remembers of him.

    Odoo looks through all partners for it. Here an index answers for terms of three
    characters and more; shorter ones and other comparisons are left to Odoo.
    """

    _inherit = "res.partner"

    _rec_names_search = [*_TEXTS]

    _search_idx = models.Index(search_index)

    def _phone_get_number_fields(self):
        """The second telephone is found like the others; it is written to last."""
        return [*super()._phone_get_number_fields(), "phone2"]

    @api.model
    def _search_display_name(self, operator, value):
        """The index answers what core would look through all partners for.

        Only what is said of the partners themselves is looked up here: access rights,
        rules and the rest of the domain are for whoever uses the answer.
        """
        if not self._may_read_ours():
            return self._search_readable_texts(operator, value)
        term = indexed_term(value) if operator == "ilike" else ""
        if not term:
            found = super()._search_display_name(operator, value)
            return self._or_by_alternative_code(found, operator, value)
        # A field that another addon has added is not in the index.
        added = [name for name in self._rec_names_search if name not in _TEXTS]
        others = Domain.OR(Domain(name, operator, value) for name in added)
        return self._search_indexed(term) | others

    @api.model
    def _get_phone_domain(self, term):
        """Domain of the partners with ``term`` in a telephone of their own."""
        number = bare_number(term)
        if not number:
            return Domain.FALSE
        return Domain.custom(
            to_sql=lambda model, alias, _query: model._match_number(
                alias, _PHONES, number
            )
        )

    @api.model
    def _search_readable_texts(self, operator, value):
        """Domain for portal users: they find by what they may read of themselves."""
        domains = [
            Domain(name, operator, value)
            for name in self._rec_names_search
            if self._has_field_access(self._fields[name], "read")
        ]
        negative = operator in Domain.NEGATIVE_OPERATORS
        return Domain.AND(domains) if negative else Domain.OR(domains)

    @api.model
    def _search_indexed(self, term):
        """Domain of the partners with ``term`` in what the index holds.

        Where customers are listed or chosen, a customer is found by their people and
        addresses, too.
        """
        through = self._is_choosing_customer()
        found = self.env.execute_query(self._select_by_term(term))
        if len(found) <= _MANY:
            ids = {row[0] for row in found}
            ids.update(row[1] for row in found if through and row[1])
            return Domain("id", "in", [*ids])
        return Domain.custom(
            to_sql=lambda model, alias, _query: model._match_many(alias, term, through)
        )

    @api.model
    def _match_many(self, alias, term, through):
        """SQL condition of ``_search_indexed`` where very many are found."""
        conditions = [self._match_term(alias, term)]
        selects = [self._select_by_alternative_code(term)]
        if through:
            of_people = "SELECT commercial_partner_id FROM res_partner WHERE active"
            match = self._match_term("res_partner", term)
            selects.append(SQL(f"{of_people} AND parent_id > 0 AND %s", match))
        row_id = SQL.identifier(alias, "id")
        conditions += [SQL("%s IN (%s)", row_id, select) for select in selects]
        return SQL("(%s)", SQL(" OR ").join(conditions))

    @api.model
    def _or_by_alternative_code(self, domain, operator, value):
        """``domain``, and the customers with such an alternative code.

        Negative operators do not search alternative codes.
        """
        domain = Domain(domain)
        if operator in Domain.NEGATIVE_OPERATORS or not value:
            return domain
        return domain | Domain("alternative_code_ids.name", operator, value)

    @api.model
    def _select_by_term(self, term):
        """SQL of the ids found by ``term``, and of those whom they belong to.

        More than ``_MANY`` if there are more.
        """
        active, owner = (
            self._field_to_sql("res_partner", name)
            for name in ("active", "commercial_partner_id")
        )
        return SQL(
            "(SELECT id, CASE WHEN %s THEN %s END FROM res_partner WHERE %s LIMIT %s)"
            " UNION ALL (SELECT partner_id, NULL FROM (%s LIMIT %s) AS coded)",
            active,
            owner,
            self._match_term("res_partner", term),
            _MANY + 1,
            self._select_by_alternative_code(term),
            _MANY + 1,
        )

    @api.model
    def _match_term(self, alias, term):
        """SQL condition: a partner's own texts or numbers hold ``term``."""
        texts = [self._field_to_sql(alias, name) for name in _TEXTS]
        condition = self._contains(_all_texts(texts), term)
        number = bare_number(term)
        if not number:
            return condition
        return SQL("(%s OR %s)", condition, self._match_number(alias, _NUMBERS, number))

    @api.model
    def _match_number(self, alias, names, number):
        """SQL condition: one of the fields ``names`` holds the bare ``number``."""
        numbers = [self._field_to_sql(alias, name) for name in names]
        return SQL("%s ILIKE %s", _all_numbers(numbers), f"%{number}%")

    @api.model
    def _select_by_alternative_code(self, term):
        """SQL of the ids of the customers with ``term`` in an alternative code."""
        # sudo: whoever finds a customer by his name finds him by his codes.
        codes = self.env["xpyme.alternative.code"].sudo()
        name = codes._field_to_sql(codes._table, "name")
        return SQL(
            "SELECT partner_id FROM xpyme_alternative_code WHERE %s",
            self._contains(name, term),
        )

    @api.model
    def _contains(self, expression, term):
        """Odoo's *ilike*: without case, and without accents where it can."""
        unaccent = self.env.registry.unaccent
        return SQL(
            "%s ILIKE %s", unaccent(expression), unaccent(SQL("%s", f"%{term}%"))
        )


class ResConfigSettings(models.TransientModel):
    """What the search lacks is told where somebody sets the shop up."""

    _inherit = "res.config.settings"

    search_advice = fields.Char(compute="_compute_search_advice")

    def _compute_search_advice(self):
        registry = self.env.registry
        query = SQL("SELECT to_regclass('res_partner_search_idx') IS NOT NULL")
        [[has_index]] = self.env.execute_query(query)
        advice = False
        if not has_index:
            advice = self.env._(
                "Customers are searched without an index, which is slow among many: "
                "have a superuser of PostgreSQL run deploy/postgresql/init.sql, then "
                "update the addon."
            )
        elif registry.has_unaccent == FunctionStatus.MISSING:
            advice = self.env._(
                "Who types Jose does not find José: have a superuser of PostgreSQL run "
                "deploy/postgresql/init.sql, then restart Odoo and update the addon."
            )
        self.search_advice = advice
