"""What becomes of a receipt in a remittance."""

from typing import NamedTuple


class Receipt(NamedTuple):
    """An open journal item, as a remittance judges it.

    ``amount``: what would be debited, on ``date``, by ``mandate``; ``reason``: why it
    is left out, one sentence, False if it enters.
    """

    line: object
    amount: float = 0.0
    date: object = None
    mandate: object = None
    reason: object = False


def deduct(amounts, credit):
    """What is left of ``amounts`` when ``credit`` pays the first of them.

    >>> deduct([50, 121, 60], 71)
    [0, 100, 60]
    >>> deduct([50], 80), deduct([50], 0)
    ([0], [50])
    """
    left = []
    for amount in amounts:
        paid = min(amount, credit)
        credit -= paid
        left.append(amount - paid)
    return left
