from odoo import api, models
from odoo.tools import float_round

from odoo.addons.xpyme_contacts.tools import unit_price

from ...tools import arithmetic
from ...tools.price_terms import PriceTerms, ResolvedPrice
from ...tools.rule_book import family_ids
from .price_book import PriceBook
from .special_rows import SpecialRows


class PriceEngine(models.AbstractModel):
    """What a customer pays for an article: one function for every document.

    Special price → cost rules → tariff → increase → discount of the line → discount of
    the document → minimum price (seed 004: Precios, Dtos, Cálculo Precio Venta).
    """

    _name = "xpyme.price.engine"
    _description = "Price of an Article for a Customer"

    # === RESOLVING ===#

    @api.model
    def _resolve(self, requests, terms):
        """Prices of many lines; the SQL statements do not grow with their number.

        :param requests: list of ``PriceRequest``
        :return: list of ``ResolvedPrice``, in the currency of ``terms``
        """
        book = self._get_book(requests, terms)
        engine = self.with_env(book.env)
        return [engine._resolve_one(request, book.terms, book) for request in requests]

    @api.model
    def _get_minimums(self, requests, terms):
        """The least net price of each line without any tax, in the currency of
        ``terms``; 0 for none.

        No price is resolved for it: it does not depend on what a line costs.
        """
        book = self._get_book(requests, terms)
        return [book.get_net_minimum(request) for request in requests]

    @api.model
    def _get_special_shares(self, requests, terms):
        """What of a special price each line would pay: 0.95 with a discount of 5 %.

        With the increase, if it reaches special prices; the minimum price aside.
        """
        book = self._get_book(requests, terms)
        engine = self.with_env(book.env)
        shares = []
        for request in requests:
            found = ResolvedPrice(source="special")
            row = book.get_row(request.product)
            engine._resolve_discount(found, request, book.terms, book, row)
            increase = engine._get_increase(found, book.terms)
            shares.append((1 + increase / 100) * (1 - found.discount / 100))
        return shares

    def _get_book(self, requests, terms):
        # sudo: prices are the same for whoever makes the document; what leaves here is
        # the price, and the steps only for those who may read special prices.
        return PriceBook(self.sudo().with_company(terms.company).env, requests, terms)

    @api.model
    def _fetch_special_prices(self, company, demand):
        """Read the special prices of many customers in one query, before they matter.

        :param demand: ``{customer_id: articles}``
        """
        # sudo: as in _get_book.
        SpecialRows(self.sudo().env, company).fetch_together(demand)

    def _resolve_one(self, request, terms, book):
        found = ResolvedPrice()
        row = book.get_row(request.product)
        self._resolve_price(found, request, terms, book, row)
        self._resolve_increase(found, terms, book)
        self._resolve_discount(found, request, terms, book, row)
        self._resolve_minimum(found, request, book)
        return found

    @api.model
    def _resolve_tariffs(self, requests, company, pricelist, date):
        """What a tariff alone says, in the company's currency; for *Revisar precios*.

        :return: list of prices as documents show them, discounts of the tariff taken
        """
        terms = PriceTerms(
            customer=self.env["res.partner"],
            company=company,
            currency=company.currency_id,
            date=date,
            pricelist=pricelist,
        )
        book = self._get_book(requests, terms)
        return [self._resolve_tariff_alone(request, book) for request in requests]

    def _resolve_tariff_alone(self, request, book):
        rule = book.get_rule(request)
        product = book.get_product(request.product)
        if not product.combination_indices and rule.base in (False, "list_price"):
            # Without attributes it costs what its template does, which need not
            # compute for each variant what that inherits.
            product = product.product_tmpl_id
        price = rule._compute_price(**book.get_rule_arguments(product, request))
        return book.from_tariff(price)

    # === PRICE ===#

    def _resolve_price(self, found, request, terms, book, row):
        tariff = terms.pricelist._get_tariff()
        special = 0.0
        if row and not terms.ignore_special_prices:
            special = book.get_special(request.product, row, tariff)
        if special:
            found.source, found.is_ours = "special", True
            found.price = book.to_document(special, request)
            found.step("special", tariff=tariff, price=found.price)
        elif not self._resolve_cost(found, request, terms, book):
            self._resolve_tariff(found, request, book)

    def _resolve_cost(self, found, request, terms, book):
        """Whether a price came of the article's cost, in the company's currency."""
        customer = terms.customer
        margins = customer.margin_on_sale, customer.margin_on_cost
        if not any(margins):
            return False
        cost = book.get_product(request.product).standard_price
        if cost <= 0:
            found.step("no_cost")
            return False
        mode = book.get_mode(request.product)
        price = mode.unit(arithmetic.from_cost(cost, *margins))
        found.source, found.is_ours = "cost", True
        found.price = unit_price.rounded(
            book.to_document(price, request), book.price_digits
        )
        found.step(
            "cost_sale" if margins[0] else "cost_cost",
            cost=book.to_document(cost, request),
            percent=margins[0] or margins[1],
            price=found.price,
        )
        return True

    def _resolve_tariff(self, found, request, book):
        terms = book.terms
        key = (terms.pricelist.id, terms.currency.id, request.key)
        if key not in terms.tariffs:
            terms.tariffs[key] = self._ask_tariff(request, book)
        found.price, found.own_discount, found.has_rule = terms.tariffs[key]
        found.step(
            "tariff" if found.has_rule else "card",
            name=book.pricelist_name,
            price=found.price,
        )

    def _ask_tariff(self, request, book):
        """As Odoo: a rule that shows its discount gives the price before it.

        :return: price, discount in percent and whether a rule gave the price
        """
        rule = book.get_rule(request)
        product = book.get_product(request.product)
        arguments = book.get_rule_arguments(product, request)
        price = book.from_tariff(rule._compute_price(**arguments))
        if not book.is_discount_shown(rule):
            return price, 0.0, bool(rule)
        base = book.from_tariff(rule._compute_price_before_discount(**arguments))
        discount = (base - price) / base * 100 if base else 0.0
        if (discount > 0) != (base > 0):
            discount = 0.0
        # As a line keeps it: catalogue and offer promise no other price.
        shown = float_round(discount, precision_digits=book.discount_digits)
        return max(base, price), shown, bool(rule)

    def _get_increase(self, found, terms):
        """The customer's increase that reaches a price, in percent."""
        is_special = found.source == "special"
        if is_special and not terms.company.increase_special_prices:
            return 0.0
        return terms.customer.price_increase

    def _resolve_increase(self, found, terms, book):
        percent = self._get_increase(found, terms)
        if not percent:
            return
        found.price = arithmetic.raised(found.price, percent, book.price_digits)
        found.is_ours = True
        found.step("increase", percent=percent, price=found.price)

    # === DISCOUNT ===#

    def _resolve_discount(self, found, request, terms, book, row):
        """Article's mark → special → family → discount tariff → pricelist's own."""
        if row and row.no_discount:
            found.is_ours = True
            own = 0.0 if terms.ignore_special_prices else row.special_discount
            found.discount = own or 0.0
            found.step("no_discount", percent=found.discount)
            return
        code, percent = self._get_line_discount(request, terms, book, row)
        if code:
            found.is_ours = True
            found.discount = percent
            found.step(code, percent=percent)
        elif found.source == "tariff" and found.own_discount:
            found.discount = found.own_discount
            found.step("pricelist", percent=found.discount)
        if terms.header:
            found.is_ours = True
            found.discount = float_round(
                arithmetic.compound(found.discount, terms.header),
                precision_digits=book.discount_digits,
            )
            found.step("header", percent=terms.header, discount=found.discount)

    def _get_line_discount(self, request, terms, book, row):
        if row and row.special_discount and not terms.ignore_special_prices:
            return "special_discount", row.special_discount
        for family in family_ids(request.product) if book.families else ():
            if family in book.families:
                return "family", book.families[family]
        rule = book.get_discount_rule(request)
        if rule and rule.compute_price == "percentage" and rule.percent_price > 0:
            return "discount_tariff", rule.percent_price
        return None, 0.0

    # === MINIMUM PRICE ===#

    def _resolve_minimum(self, found, request, book):
        found.agreed_price, found.agreed_discount = found.price, found.discount
        found.minimum = book.get_minimum(request)
        if not found.minimum:
            return
        found.price, found.discount, acted = arithmetic.raised_to_minimum(
            found.price, found.discount, found.minimum, book.price_digits
        )
        if acted:
            found.is_ours = True
            found.step("minimum", price=found.minimum)
