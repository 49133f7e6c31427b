from odoo import api, fields, models

from odoo.addons.xpyme_contacts_pricing.tools.price_terms import (
    PriceRequest,
    PriceTerms,
)


class ResPartner(models.Model):
    """What a customer pays at a till: what the price engine says, for the till to work
    out tickets by itself."""

    _inherit = "res.partner"

    def _get_till_terms(self, config, pricelist_id, product_ids):
        """The customer's terms with a pricelist, and their prices of some articles.

        :return: ``has_terms``: whether anything differs from the tariff;
            ``increase``: percent on tariff prices; ``discounts``: those that a ticket
            may get, ``{"id", "name", "percent"}``; ``prices``: ``{product_id:
            [price, discount, floor, is_fixed]}`` of the articles with terms of their
            own: the price of a unit as tickets show it, None for the tariff's; percent;
            the least net price, 0 for none; and whether the ticket's discount leaves
            the article out
        """
        company = config.company_id
        # sudo: prices are the same for whoever sells; what leaves is those of the
        # articles of a till that the user works at.
        customer = self.sudo().with_company(company)
        discounts = [
            {"id": one.id, "name": one.display_name, "percent": one.percent}
            for one in customer.customer_discount_ids
        ]
        special = customer._get_specially_priced(company, product_ids)
        is_general = customer._has_general_terms()
        terms = {
            "has_terms": is_general or special is not None,
            "increase": customer.price_increase,
            "discounts": discounts,
            "prices": {},
        }
        wanted = product_ids if is_general else special
        if wanted:
            products = self._get_till_products(wanted)
            terms["prices"] = customer._get_till_prices(config, pricelist_id, products)
        return terms

    def _has_general_terms(self):
        """Whether the customer's terms reach articles without a special price."""
        return bool(
            self.margin_on_sale
            or self.margin_on_cost
            or self.price_increase
            or self.discount_pricelist_id
            or self.family_discount_ids
        )

    def _get_specially_priced(self, company, product_ids):
        """Of the articles those with a special price in the company or above it; None
        where the customer has none at all."""
        prices = self.env["xpyme.customer.price"]
        domain = [
            ("partner_id", "=", self.id),
            ("company_id", "in", company.sudo().parent_ids.ids),
        ]
        if not prices.search_count(domain, limit=1):
            return None
        domain.append(("product_id", "in", list(product_ids)))
        found = prices._read_group(domain, ["product_id"])
        return [product.id for (product,) in found]

    @api.model
    def _get_till_products(self, product_ids):
        """The articles that are sold at tills, as far as the user sees them."""
        domain = [("id", "in", list(product_ids)), ("available_in_pos", "=", True)]
        return self.env["product.product"].search(domain)

    def _get_till_prices(self, config, pricelist_id, products):
        pricelist = config.pricelist_id.browse(pricelist_id or ())
        if pricelist not in config._get_available_pricelists():
            pricelist = config.pricelist_id
        terms = PriceTerms(
            customer=self,
            company=config.company_id,
            currency=config.currency_id,
            date=fields.Datetime.now(),
            pricelist=pricelist,
        )
        requests = [PriceRequest(product, 1.0, product.uom_id) for product in products]
        resolved = self.env["xpyme.price.engine"]._resolve(requests, terms)
        rows = zip(products, map(self._prepare_till_price, resolved), strict=True)
        return {product.id: row for product, row in rows if row}

    @api.model
    def _prepare_till_price(self, found):
        """The row of a ``ResolvedPrice``; None where the tariff alone says it all.

        The till works the tariff out by itself, by quantity, with the discounts that
        its rules show taken off.
        """
        codes = {step["code"] for step in found.steps}
        discount = 0.0 if "pricelist" in codes else found.agreed_discount
        is_tariff = found.source == "tariff" and (
            not found.own_discount or "pricelist" in codes
        )
        price = None if is_tariff else found.agreed_price
        is_fixed = "no_discount" in codes
        if price is None and not (discount or found.minimum or is_fixed):
            return None
        return [price, discount, found.minimum, is_fixed]
