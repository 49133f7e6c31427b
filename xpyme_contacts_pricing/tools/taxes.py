"""Prices without and with the taxes of an article.

``taxes`` are records of ``account.tax``; nothing here reads another model.
"""

from odoo.tools import float_round

# Of these what is taken is in proportion to the price.
_PROPORTIONAL = {"percent", "division"}


class TaxMode:
    """How the taxes of an article lead from one side of its price to the other.

    ``included``: whether its price in documents is the one with tax; of a group of
    taxes that is what its taxes say. The digits that are calculated with are not cut.
    """

    def __init__(self, taxes):
        self.taxes = taxes
        self.single = taxes.flatten_taxes_hierarchy()
        self.part = self.single.filtered("price_include")
        self.included = bool(taxes) and self.part == self.single
        self._factors = {}

    def taxed(self, net):
        """The price with tax."""
        return self._grown(self.single, net)

    def net(self, taxed):
        """The price without tax."""
        return self._shrunk(self.single, taxed)

    def unit(self, net):
        """The price as documents show it, from the one without tax."""
        return self._grown(self.part, net)

    def net_of_unit(self, unit):
        """The price without tax, from the one that documents show."""
        return self._shrunk(self.part, unit)

    def _grown(self, taxes, net):
        if not taxes or not net:
            return net
        factor = self._get_factor(taxes)
        if factor:
            return net * factor
        return self._details(taxes, net, "total_excluded")["total_included"]

    def _shrunk(self, taxes, taxed):
        if not taxes or not taxed:
            return taxed
        factor = self._get_factor(taxes)
        if factor:
            return taxed / factor
        return self._details(taxes, taxed, "total_included")["total_excluded"]

    def _get_factor(self, taxes):
        if taxes not in self._factors:
            self._factors[taxes] = None
            if set(taxes.mapped("amount_type")) <= _PROPORTIONAL:
                details = self._details(taxes, 1.0, "total_excluded")
                factor = float_round(details["total_included"], precision_digits=12)
                self._factors[taxes] = factor
        return self._factors[taxes]

    @staticmethod
    def _details(taxes, amount, special_mode):
        return taxes._get_tax_details(
            amount, 1.0, rounding_method="round_globally", special_mode=special_mode
        )
