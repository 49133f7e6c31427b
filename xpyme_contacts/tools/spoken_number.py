"""Numbers in sentences."""

from odoo.tools.misc import formatLang


def say_number(env, number):
    """As the user writes it, without zeros at its end: 15, or 19,5 in Spanish."""
    decimals = f"{number:.6f}".rstrip("0").partition(".")[2]
    return formatLang(env, number, digits=len(decimals))
