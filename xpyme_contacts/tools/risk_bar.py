"""The picture of a risk: what is owed against the limits, on one line."""


def get_bar(debt, granted, internal, insured):
    """Places on a line from 0 to 100; None for a limit that there is not.

    The line is a tenth longer than what is highest on it.

    >>> get_bar(50, 100, None, 0)
    {'debt': 45.5, 'insured': 0.0, 'granted': 90.9, 'internal': None}
    >>> get_bar(200, 100, 150, 80)
    {'debt': 90.9, 'insured': 36.4, 'granted': 45.5, 'internal': 68.2}
    >>> get_bar(-10, None, None, 0)
    {'debt': 0.0, 'insured': 0.0, 'granted': None, 'internal': None}
    """
    debt, insured = max(debt, 0), max(insured, 0)
    whole = 1.1 * max(debt, granted or 0, internal or 0) or 1

    def place(amount):
        return round(100 * amount / whole, 1)

    return {
        "debt": place(debt),
        "insured": place(min(insured, debt)),
        "granted": place(granted) if granted else None,
        "internal": place(internal) if internal else None,
    }
