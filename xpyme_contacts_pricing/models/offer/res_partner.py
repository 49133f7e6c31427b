from odoo import models


class ResPartner(models.Model):
    """Prices of an offer are those of a quotation of the same moment."""

    _inherit = "res.partner"

    def _get_offer_prices(self, products, quantities, date, company, options):
        prices = {}
        if options["margins"]:
            # Without margins the price engine says every price, tariffs too.
            prices = super()._get_offer_prices(
                products, quantities, date, company, options
            )
        keys = [(product, quantity) for product in products for quantity in quantities]
        return self.env["xpyme.offer.pricing"]._put_customer_prices(
            self, prices, keys, date, company, options
        )
