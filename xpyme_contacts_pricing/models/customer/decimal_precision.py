from odoo import api, models
from odoo.tools import formatLang

from odoo.addons.xpyme_contacts.tools import unit_price


class DecimalPrecision(models.Model):
    """One question, one tolerance: the digits of *Product Price*, or those that a
    smaller price keeps."""

    _inherit = "decimal.precision"

    @api.model
    def _compare_prices(self, one, other):
        """-1, 0 or 1 for two unit prices."""
        return unit_price.compare(one, other, self.precision_get("Product Price"))

    @api.model
    def _format_price(self, amount, currency):
        """A unit price in words, with the decimals that it keeps.

        In a currency without cents none are written that say nothing.
        """
        digits = self.precision_get("Product Price")
        least = 0 if currency and not currency.decimal_places else digits
        digits = unit_price.shown_digits(amount, least, digits)
        # With a currency the digits would be the currency's.
        text = formatLang(self.env, amount, digits=digits)
        if not currency.symbol:
            return text
        parts = (text, currency.symbol)
        if currency.position == "before":
            parts = parts[::-1]
        return "\N{NO-BREAK SPACE}".join(parts)
