"""Unit prices keep their meaning: at least four significant digits.

A screw costs less than a cent; rounded to two decimals it would be given away.
"""

from math import floor, log10

from odoo.tools import float_compare, float_round

SIGNIFICANT = 4
# An offer says what one unit is billed: its cents, and no less than these digits.
PROMISED = 3
# More of them are noise of the calculation.
MOST_DIGITS = 12


def digits_of(amount, digits, significant=SIGNIFICANT):
    """Decimals that a unit price keeps; ``digits`` or more.

    >>> digits_of(103.0, 2), digits_of(0.0041667, 2), digits_of(0, 2)
    (2, 6, 2)
    >>> digits_of(1e-30, 2)
    12
    """
    if not amount:
        return digits
    enough = significant - 1 - floor(log10(abs(amount)))
    return max(digits, min(enough, MOST_DIGITS))


def rounded(amount, digits, significant=SIGNIFICANT):
    """A unit price rounded to ``digits``, or to more if it would lose its meaning.

    >>> rounded(10.2897, 2), rounded(0.00416667, 2), rounded(2.675, 2)
    (10.29, 0.004167, 2.675)
    >>> rounded(2.675, 2, PROMISED), rounded(0.004167, 2, PROMISED)
    (2.68, 0.00417)
    """
    digits = digits_of(amount, digits, significant)
    return float_round(amount, precision_digits=digits)


def shown_digits(amount, least, digits):
    """Decimals to write a unit price with: ``least``, and more while they count.

    >>> shown_digits(12.5, 0, 2), shown_digits(0.015, 2, 2), shown_digits(7, 0, 2)
    (1, 3, 0)
    """
    most = digits_of(amount, digits)
    whole = float_round(amount, precision_digits=most)
    while least < most and float_round(whole, precision_digits=least) != whole:
        least += 1
    return least


def compare(one, other, digits):
    """-1, 0 or 1, as ``float_compare``, of two unit prices.

    >>> compare(0.0123, 0.0115, 2), compare(100.001, 100, 2), compare(0, 0, 2)
    (1, 0, 0)
    """
    most = max(abs(one), abs(other))
    return float_compare(one, other, precision_digits=digits_of(most, digits))
