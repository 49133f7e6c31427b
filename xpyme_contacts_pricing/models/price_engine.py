from collections import namedtuple

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, float_round

from ..tools import arithmetic, sides
from ..tools.rule_book import family_ids
from .customer_price import MEMO
from .price_book import PriceBook
from .price_terms import PriceTerms, ResolvedPrice

_COLUMNS = (
    "product_id",
    *(f"price_{tariff}" for tariff in sides.TARIFFS),
    *(f"pvp_{tariff}" for tariff in sides.TARIFFS),
    "typed_sides",
    "min_price",
    "special_discount",
    "no_discount",
)
SpecialRow = namedtuple("SpecialRow", _COLUMNS)


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
        # sudo: prices are the same for whoever makes the document; what leaves here is
        # the price, and the steps only for those who may read special prices.
        engine = self.sudo().with_company(terms.company)
        book = PriceBook(engine, requests, terms)
        return [engine._resolve_one(request, terms, book) for request in requests]

    def _resolve_one(self, request, terms, book):
        found = ResolvedPrice()
        row = book.get_row(request.product)
        self._resolve_price(found, request, terms, book, row)
        self._resolve_increase(found, terms, book)
        self._resolve_discount(found, request, terms, book, row)
        self._resolve_floor(found, request, terms, book, row)
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
        # sudo: as in _resolve.
        book = PriceBook(self.sudo().with_company(company), requests, terms)
        return [self._resolve_tariff_alone(request, book) for request in requests]

    def _resolve_tariff_alone(self, request, book):
        rule = book.get_rule(request)
        product = book.get_product(request.product)
        if not product.combination_indices and rule.base in (False, "list_price"):
            # Without attributes it costs what its template does, which need not
            # compute for each variant what that inherits.
            product = product.product_tmpl_id
        price = rule._compute_price(
            product,
            request.quantity,
            request.uom,
            date=book.terms.date,
            currency=book.tariff_currency,
        )
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
            self._resolve_tariff(found, request, terms, book)

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
        found.price = float_round(
            book.to_document(price, request), precision_digits=book.price_digits
        )
        found.step(
            "cost_sale" if margins[0] else "cost_cost",
            cost=book.to_document(cost, request),
            percent=margins[0] or margins[1],
            price=found.price,
        )
        return True

    def _resolve_tariff(self, found, request, terms, book):
        """As Odoo: a rule that shows its discount gives the price before it."""
        rule = book.get_rule(request)
        product = book.get_product(request.product)
        arguments = (product, request.quantity, request.uom)
        options = {"date": terms.date, "currency": book.tariff_currency}
        price = book.from_tariff(rule._compute_price(*arguments, **options))
        found.price = price
        if book.is_discount_shown(rule):
            base = rule._compute_price_before_discount(*arguments, **options)
            base = book.from_tariff(base)
            found.price = max(base, price)
            discount = (base - price) / base * 100 if base else 0.0
            if (discount > 0) == (base > 0):
                found.own_discount = discount
        found.step(
            "tariff" if rule else "card",
            name=book.pricelist_name,
            price=found.price,
        )

    def _resolve_increase(self, found, terms, book):
        percent = terms.customer.price_increase
        if not percent or (
            found.source == "special" and not terms.company.increase_special_prices
        ):
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

    # === FLOOR ===#

    def _resolve_floor(self, found, request, terms, book, row):
        """What is given back is no sale: there the minimum says nothing."""
        found.agreed_discount = found.discount
        if not (row and row.min_price and terms.with_floor and request.quantity > 0):
            return
        mode = book.get_mode(request.product)
        found.floor = book.to_document(mode.unit(row.min_price), request)
        found.price, found.discount, acted = arithmetic.floored(
            found.price, found.discount, found.floor, book.price_digits
        )
        if acted:
            found.is_ours = True
            found.step("floor", price=found.floor)

    # === FETCHING ===#

    def _fetch_rows(self, company, customer, product_ids, get_nearby):
        """Special rows of a customer by article, remembered for the transaction.

        New lines are computed one by one: the first one fetches for all of them.
        """
        known = self._get_known_rows(company, customer.id)
        if not product_ids <= known.keys():
            missing = {*product_ids, *get_nearby()} - known.keys()
            self._fetch_missing_rows(company, {customer.id: missing})
        return known

    def _get_known_rows(self, company, customer_id):
        memo = self.env.cr.cache.setdefault(MEMO, {})
        return memo.setdefault((company.id, customer_id), {})

    @api.model
    def _fetch_rows_of(self, company, demand):
        """Remember the special rows of many customers, in one query.

        :param demand: ``{customer_id: articles}``
        """
        missing = {
            customer: {*products.ids} - self._get_known_rows(company, customer).keys()
            for customer, products in demand.items()
        }
        self._fetch_missing_rows(
            company, {one: ids for one, ids in missing.items() if ids}
        )

    def _fetch_missing_rows(self, company, missing):
        """:param missing: ``{customer_id: ids of articles}``"""
        if not missing:
            return
        self.env["xpyme.customer.price"].flush_model()
        query = SQL(
            "SELECT partner_id, %s FROM xpyme_customer_price WHERE company_id = %s"
            " AND partner_id = ANY(%s) AND product_id = ANY(%s)",
            SQL(", ").join(SQL.identifier(column) for column in _COLUMNS),
            company.id,
            list(missing),
            list(set().union(*missing.values())),
        )
        found = {
            (row[0], row[1]): SpecialRow(*row[1:])
            for row in self.env.execute_query(query)
        }
        for customer, product_ids in missing.items():
            known = self._get_known_rows(company, customer)
            known.update({one: found.get((customer, one)) for one in product_ids})

    @api.model
    def _check_percent(self, percent, name):
        """:raise ValidationError: a percentage outside 0 to 100"""
        if not 0 <= percent <= 100:
            raise ValidationError(
                self.env._(
                    "The discount of %(name)s is %(percent)s: write one from 0 to 100.",
                    name=name,
                    percent=percent,
                )
            )
