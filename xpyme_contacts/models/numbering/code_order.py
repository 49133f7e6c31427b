from odoo import api, models
from odoo.tools import SQL

_FIRST = "xpyme_first_ids"
# How the list of customers is sorted as long as nobody chooses another order.
_BY_CODE = "ref ASC"


class ResPartner(models.Model):
    """Codes in lists: they sort as numbers, and who has the very code stands first."""

    _inherit = "res.partner"

    @api.model
    def web_search_read(self, domain, specification, *args, **kwargs):
        """In lists of customers, unless they are sorted otherwise."""
        if self._is_choosing_customer() and not self._is_sorted(*args, **kwargs):
            term = self._get_typed_term(domain)
            if ids := term and self._find_by_code(term):
                self = self.with_context(**{_FIRST: tuple(ids)})
        return super().web_search_read(domain, specification, *args, **kwargs)

    @api.model
    def _is_sorted(self, offset=0, limit=None, order=None, count_limit=None):
        """Whether a list is asked for in an order of its own; see web_search_read."""
        return bool(order) and order != _BY_CODE

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        by_order = super()._order_to_sql(order, query, alias, reverse)
        ids = self.env.context.get(_FIRST)
        if not ids or alias not in (None, self._table):
            return by_order
        row_id = SQL.identifier(self._table, "id")
        return SQL("%s = ANY(%s) DESC, %s", row_id, [*ids], by_order)

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """What is no code stands after the codes."""
        by_text = super()._order_field_to_sql(
            alias, field_name, direction, nulls, query
        )
        if field_name != "ref" or not self._may_read_ours():
            return by_text
        number = self._field_to_sql(alias, "customer_code", query)
        query._order_groupby.append(number)
        return SQL("nullif(%s, 0) %s, %s", number, direction, by_text)
