from collections import namedtuple

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


class SpecialRows:
    """Special prices as they are stored, remembered for the transaction.

    New lines are computed one by one: the first one fetches for all of them.
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
        query = SQL(
            "SELECT partner_id, %s FROM xpyme_customer_price WHERE company_id = %s"
            " AND partner_id = ANY(%s) AND product_id = ANY(%s)",
            SQL(", ").join(SQL.identifier(column) for column in _COLUMNS),
            self.company.id,
            list(missing),
            list(set().union(*missing.values())),
        )
        found = {
            (row[0], row[1]): SpecialRow(*row[1:])
            for row in self.env.execute_query(query)
        }
        for customer, product_ids in missing.items():
            known = self._get_known(customer)
            known.update({one: found.get((customer, one)) for one in product_ids})
