"""Arithmetic of prices, without the ORM. Percentages are 0 to 100."""

from odoo.tools import float_round

from odoo.addons.xpyme_contacts.tools import unit_price


def compound(first, second):
    """Two discounts, one after the other.

    >>> compound(10, 5)
    14.5
    >>> compound(0, 5)
    5.0
    """
    return float_round(
        100 * (1 - (1 - first / 100) * (1 - second / 100)), precision_digits=10
    )


def from_cost(cost, margin_on_sale=0.0, margin_on_cost=0.0):
    """Price that leaves a margin over the price itself, or over the cost.

    >>> from_cost(40, margin_on_sale=20)
    50.0
    >>> from_cost(40, margin_on_cost=25)
    50.0
    """
    if margin_on_sale:
        return cost / (1 - margin_on_sale / 100)
    return cost * (1 + margin_on_cost / 100)


def raised(price, percent, digits):
    """``price`` increased by a percentage and rounded to so many digits, or to those
    that a small price keeps.

    >>> raised(100, 3, 2)
    103.0
    >>> raised(9.99, 3, 2)
    10.29
    >>> raised(0.004, 3, 2)
    0.00412
    """
    return unit_price.rounded(price * (1 + percent / 100), digits)


def raised_to_minimum(price, discount, minimum, digits):
    """Price and discount whose net is not under a minimum, and whether it acted.

    >>> raised_to_minimum(10, 50, 6, 2)
    (6, 0.0, True)
    >>> raised_to_minimum(10, 40, 6, 2)
    (10, 40, False)
    """
    net = price * (1 - discount / 100)
    if unit_price.compare(net, minimum, digits) < 0:
        return minimum, 0.0, True
    return price, discount, False
