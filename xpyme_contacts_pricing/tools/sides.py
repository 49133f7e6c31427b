"""Which side of a special price was typed: without tax, with tax, or both.

The sides of the six tariffs are one text, a letter each: ``n`` the price without tax
was typed, ``t`` the one with tax, ``b`` both, ``-`` none. What was typed is kept to the
last decimal; the other side follows from it.
"""

TARIFFS = range(1, 7)
NONE, NET, TAXED, BOTH = "-", "n", "t", "b"
EMPTY = NONE * len(TARIFFS)


def normalise(text):
    """``text`` as sides of six tariffs; what is no side is none.

    >>> normalise(None)
    '------'
    >>> normalise("nxb")
    'n-b---'
    """
    letters = (text or "")[: len(TARIFFS)].ljust(len(TARIFFS), NONE)
    return "".join(c if c in (NET, TAXED, BOTH) else NONE for c in letters)


def side_of(sides, tariff):
    """The side of a tariff 1..6.

    >>> side_of("n-t---", 3)
    't'
    """
    return normalise(sides)[tariff - 1]


def typed(sides, tariff, net, taxed):
    """The sides after a tariff's prices were typed; None is what was not typed.

    Zero takes a price away.

    >>> typed("------", 1, 10, None)
    'n-----'
    >>> typed("n-----", 1, None, 12.1)
    't-----'
    >>> typed("n-----", 1, 10, 12.5)
    'b-----'
    >>> typed("b-----", 1, 0, None)
    't-----'
    >>> typed("n-----", 1, 0, None)
    '------'
    >>> typed("b-----", 1, None, None)
    'b-----'
    """
    old = side_of(sides, tariff)
    if net or taxed:
        side = BOTH if net and taxed else NET if net else TAXED
    else:
        side = _left(old, net, taxed)
    letters = list(normalise(sides))
    letters[tariff - 1] = side
    return "".join(letters)


def _left(side, net, taxed):
    """What is left of a side when a zero, or nothing, was typed."""
    left = {NET, TAXED} if side == BOTH else {side} - {NONE}
    left -= {letter for letter, price in ((NET, net), (TAXED, taxed)) if price == 0}
    return BOTH if len(left) > 1 else left.pop() if left else NONE
