"""The one verdict on a customer's limits.

Each limit is judged apart, and 0 is none. Documents, notices, sentences and what SQL
has reckoned are judged here, and the condition that a search needs in SQL is made of
the same limits.

>>> figures = {"granted": 1000.0, "internal": 500.0}
>>> [(excess.name, excess.amount) for excess in judge(figures, 1200.0)]
[('credit_limit', 200.0), ('internal_credit_limit', 700.0)]
>>> [excess.name for excess in judge(figures, 500.01)]
['internal_credit_limit']
>>> judge(figures, 500.0), judge({"granted": None, "internal": 0.0}, 9.0)
([], [])
"""

from .risk_terms import Excess

# The limits on a card, each with the figure that it is judged by.
FIGURE_OF_LIMIT = {"credit_limit": "granted", "internal_credit_limit": "internal"}


def judge(figures, debt):
    """The limits that ``debt`` is over, in the order of strength.

    :param figures: with ``granted`` and ``internal``; None or 0 is no limit
    :return: list of :class:`Excess`
    """
    return [
        Excess(name, limit, debt, debt - limit)
        for name, figure in FIGURE_OF_LIMIT.items()
        if (limit := figures[figure]) and debt > limit
    ]


def exceeded_sql():
    """SQL of the verdict on the columns granted, internal and debt.

    >>> exceeded_sql()
    'COALESCE(debt > granted, FALSE) OR COALESCE(debt > internal, FALSE)'
    """
    return " OR ".join(
        f"COALESCE(debt > {figure}, FALSE)" for figure in FIGURE_OF_LIMIT.values()
    )
