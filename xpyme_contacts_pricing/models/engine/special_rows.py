from collections import defaultdict, namedtuple

from odoo.tools import SQL

from ...tools import memory, sides

_COLUMNS = (
    "product_id",
    *(f"price_{tariff}" for tariff in sides.TARIFFS),
    *(f"pvp_{tariff}" for tariff in sides.TARIFFS),
    "typed_sides",
    "min_price",
    "special_discount",
    "no_discount",
)
SpecialRow = namedtuple("SpecialRow", _COLUMNS)


def _together(rows):
    """What holds of an article's rows, the nearest company's first."""
    if len(rows) == 1:
        return rows[0]
    held = {"product_id": rows[0].product_id, "typed_sides": ""}
    for tariff in sides.TARIFFS:
        own = next((r for r in rows if _has_price(r, tariff)), rows[0])
        held["typed_sides"] += sides.side_of(own.typed_sides, tariff)
        for column in (f"price_{tariff}", f"pvp_{tariff}"):
            held[column] = getattr(own, column)
    for column in ("min_price", "special_discount", "no_discount"):
        held[column] = next(filter(None, (getattr(r, column) for r in rows)), 0.0)
    return SpecialRow(**held)


def _has_price(row, tariff):
    return sides.side_of(row.typed_sides, tariff) != sides.NONE


class SpecialRows:
    """Special prices as they are stored, remembered for the transaction.

    A branch has those of the companies above it where it has none of its own. New
    lines are computed one by one: the first one fetches for all of them.
    """

    def __init__(self, env, company):
        self.env, self.company = env, company

    def get_rows(self, customer_id, product_ids, get_nearby):
        """``{product_id: SpecialRow or None}`` of a customer, of these at least."""
        known = self._get_known(customer_id)
        if not product_ids <= known.keys():
            missing = {*product_ids, *get_nearby()} - known.keys()
            self._fetch({customer_id: missing})
        return known

    def fetch_together(self, demand):
        """Remember the rows of many customers, in one query.

        :param demand: ``{customer_id: articles}``
        """
        missing = {
            customer: {*products.ids} - self._get_known(customer).keys()
            for customer, products in demand.items()
        }
        self._fetch({one: ids for one, ids in missing.items() if ids})

    def _get_known(self, customer_id):
        rows = self.env.cr.cache.setdefault(memory.ROWS, {})
        return rows.setdefault((self.company.id, customer_id), {})

    def _fetch(self, missing):
        """:param missing: ``{customer_id: ids of articles}``"""
        if not missing:
            return
        self.env["xpyme.customer.price"].flush_model()
        # The nearest company first.
        chain = self.company.sudo().parent_ids.ids[::-1]
        query = SQL(
            "SELECT company_id, partner_id, %s FROM xpyme_customer_price"
            " WHERE company_id = ANY(%s)"
            " AND partner_id = ANY(%s) AND product_id = ANY(%s)",
            SQL(", ").join(SQL.identifier(column) for column in _COLUMNS),
            chain,
            list(missing),
            list(set().union(*missing.values())),
        )
        stored = defaultdict(dict)
        for company_id, customer_id, *columns in self.env.execute_query(query):
            row = SpecialRow(*columns)
            stored[customer_id, row.product_id][company_id] = row
        found = {
            key: _together([rows[one] for one in chain if one in rows])
            for key, rows in stored.items()
        }
        for customer, product_ids in missing.items():
            known = self._get_known(customer)
            known.update({one: found.get((customer, one)) for one in product_ids})
