"""Which limits a customer's debt is over, and by how much: decided here alone.

*Figures* are a dictionary with ``debt`` and the limits that judge it, by tax id or of
the root company too (None: no limit), in the currency of the company that judges.
"""

from collections import namedtuple

from odoo.tools import float_round

# The limits of a customer's card, strongest first, with the figure that holds each.
LIMITS = {"credit_limit": "granted", "internal_credit_limit": "internal"}

# A limit (a name of LIMITS) that ``debt`` is over by ``amount``.
Excess = namedtuple("Excess", "name limit debt amount")

# The verdict of :func:`get_excesses` in SQL, on a row ``%(risk)s`` of figures: a search
# among all customers cannot ask for each.
EXCEEDED = " OR ".join(
    f"COALESCE(%(risk)s.debt > %(risk)s.{figure}, FALSE)" for figure in LIMITS.values()
)


def add_to_debt(figures, amount, rounding):
    """The figures once ``amount`` is sold, in a currency of that ``rounding``.

    >>> add_to_debt({"debt": 0.1, "granted": 0.3, "internal": None}, 0.2, 0.01)
    {'debt': 0.3, 'granted': 0.3, 'internal': None}
    """
    debt = float_round(figures["debt"] + amount, precision_rounding=rounding)
    return {**figures, "debt": debt}


def get_excesses(figures):
    """The limits that the debt is over, each judged apart: :class:`Excess` list.

    >>> get_excesses({"debt": 1000.0, "granted": 1000.0, "internal": None})
    []
    >>> get_excesses({"debt": 1200.0, "granted": 1000.0, "internal": None})
    [Excess(name='credit_limit', limit=1000.0, debt=1200.0, amount=200.0)]
    >>> both = {"debt": 1200.0, "granted": 1000.0, "internal": 500.0}
    >>> [(excess.name, excess.amount) for excess in get_excesses(both)]
    [('credit_limit', 200.0), ('internal_credit_limit', 700.0)]
    >>> (EXCEEDED % {"risk": "row"}).split(" OR ")  # doctest: +NORMALIZE_WHITESPACE
    ['COALESCE(row.debt > row.granted, FALSE)',
     'COALESCE(row.debt > row.internal, FALSE)']
    """
    debt = figures["debt"]
    limits = {name: figures[figure] for name, figure in LIMITS.items()}
    return [
        Excess(name, limit, debt, debt - limit)
        for name, limit in limits.items()
        if limit and debt > limit
    ]
