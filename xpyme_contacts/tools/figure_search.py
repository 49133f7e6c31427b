"""Searching for customers by a figure that is reckoned from their documents."""

from odoo.fields import Domain
from odoo.tools import SQL

_COMPARED = ("<", ">", "<=", ">=")


def get_figure_domain(
    partners, fname, operator, value, figures, link="commercial_partner_id"
):
    """Domain of the partners whose customer's figure ``fname`` compares so.

    Who has no documents has an amount of 0, and no date.

    :param figures: SQL of rows of a customer's id and their figure
    :param link: column of the partners with the customer's id
    :raise AccessError: the user may not read the figure
    """
    # Core asks for a column's groups only, and this is none.
    partners._check_field_access(partners._fields[fname], "read")
    is_date = partners._fields[fname].type == "date"
    figure = SQL("figure.value" if is_date else "COALESCE(figure.value, 0)")
    if operator in _COMPARED:
        condition = SQL("%s %s %s", figure, SQL(operator), value)
    elif operator in ("in", "not in"):
        condition = _get_equality(figure, value, is_date)
        if operator == "not in":
            condition = SQL("NOT %s", condition)
    else:
        return NotImplemented
    found = SQL(
        "(SELECT card.id FROM res_partner card"
        " LEFT JOIN (%s) AS figure(id, value) ON figure.id = card.id WHERE %s)",
        figures,
        condition,
    )
    return Domain.custom(
        to_sql=lambda model, alias, _query: SQL(
            "%s IN %s", SQL.identifier(alias, link), found
        )
    )


def _get_equality(figure, values, is_date):
    """SQL condition, never NULL: the figure is one of the values; False is none."""
    if not is_date:
        amounts = [float(value or 0) for value in values]
        return SQL("(%s = ANY(%s::numeric[]))", figure, amounts)
    dates = [value for value in values if value]
    equal = SQL("COALESCE(%s = ANY(%s::date[]), FALSE)", figure, dates)
    if len(dates) == len(values):
        return equal
    return SQL("(%s OR %s IS NULL)", equal, figure)
