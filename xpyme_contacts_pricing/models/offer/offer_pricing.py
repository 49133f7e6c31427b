from odoo import api, models

from ...tools.price_terms import PriceRequest, PriceTerms


class OfferPricing(models.AbstractModel):
    """An offer says what a quotation of the same moment would.

    A price typed for the offer goes before; so do, for articles without a special
    price, the margins of the campaign.
    """

    _inherit = "xpyme.offer.pricing"

    @api.model
    def _get_options(self, campaign):
        """``ignore_special_prices``: of the campaign; ``nearby``: ids of the articles
        of all customers, as soon as the first one is priced; ``tariff_lines`` and
        ``taxed``: what tariffs and fiscal positions have made of amounts."""
        return {
            **super()._get_options(campaign),
            "ignore_special_prices": campaign.ignore_special_prices,
            "nearby": None,
            "tariff_lines": {},
            "taxed": {},
        }

    @api.model
    def _put_customer_prices(self, customer, prices, keys, date, company, options):
        """Put what the price engine says into the prices of an offer.

        :param prices: ``{(product_id, quantity): price}`` of margins or of the tariff
        :param keys: pairs of article and quantity
        """
        terms = self._get_terms(customer, date, company, options)
        requests = []
        for article, quantity in keys:
            # What all customers are offered is read at once.
            product = article.with_prefetch(options["nearby"])
            requests.append(PriceRequest(product, quantity, product.uom_id))
        resolved = self.env["xpyme.price.engine"]._resolve(requests, terms)
        position = customer._get_offer_position(options)
        for request, found in zip(requests, resolved, strict=True):
            key = (request.product.id, request.quantity)
            place = request.product, terms, position, options
            price = self._to_offer(found.net, *place)
            minimum = self._to_offer(found.minimum, *place)
            options["minimums"][request.product.id] = minimum, "minimum"
            if found.source == "special" or not options["margins"]:
                prices[key] = price
                raised = any(step["code"] == "minimum" for step in found.steps)
                options["origins"][key] = "minimum" if raised else found.source
            elif key in prices and prices[key] < minimum:
                prices[key] = minimum
                options["origins"][key] = "minimum"
        return prices

    @api.model
    def _get_terms(self, customer, date, company, options):
        """The terms of a quotation; its currency is that of the customer's tariff."""
        if options["nearby"] is None:
            wanted = options["demand"].values()
            options["nearby"] = {key for products in wanted for key in products.ids}
            Engine = self.env["xpyme.price.engine"]
            Engine._fetch_special_prices(company, options["demand"])
        pricelist = customer.property_product_pricelist
        return PriceTerms(
            customer=customer,
            company=company,
            currency=pricelist.currency_id or company.currency_id,
            date=date,
            pricelist=pricelist,
            header=customer._get_only_discount().percent,
            ignore_special_prices=options["ignore_special_prices"],
            get_nearby=lambda: options["nearby"],
            tariffs=options["tariff_lines"],
        )

    @api.model
    def _to_offer(self, amount, product, terms, position, options):
        """An amount of the engine in the company's currency, with the taxes of the
        customer's fiscal position."""
        key = (amount, product.id, terms.currency.id, position.id)
        known = options["taxed"]
        if key not in known:
            own = terms.company.currency_id
            if amount and terms.currency != own:
                amount = terms.currency._convert(
                    amount, own, terms.company, terms.date, round=False
                )
            known[key] = product._to_fiscal_position(amount, terms.company, position)
        return known[key]
