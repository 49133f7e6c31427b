from dataclasses import replace
from functools import cached_property

from odoo import fields

from ...tools import memory, sides
from ...tools.rule_book import RuleBook
from ...tools.taxes import TaxMode
from .special_rows import SpecialRows


class PriceBook:
    """What a document's lines are priced with; each thing is read once.

    It reads by itself and knows nothing of the engine, which asks it. ``env``: the
    superuser's in the company of the terms.
    """

    def __init__(self, env, requests, terms):
        customer = terms.customer.sudo().with_company(terms.company)
        self.env, self.terms = env, replace(terms, customer=customer)
        precision = env["decimal.precision"].precision_get
        self.price_digits = precision("Product Price")
        self.discount_digits = precision("Discount")
        self.product_ids = {request.product.id for request in requests}
        self._modes, self._envs, self._shown, self._rows = {}, {}, {}, None

    @cached_property
    def families(self):
        """``{family_id: percent}`` of the customer's discounts on families."""
        return {
            family.categ_id.id: family.discount
            for family in self.terms.customer.family_discount_ids
        }

    @cached_property
    def discount_pricelist(self):
        """The customer's discount tariff: the company's, or that of one above it."""
        customer, company = self.terms.customer, self.terms.company.sudo()
        found = customer.discount_pricelist_id
        while company.parent_id and not found:
            company = company.parent_id
            found = customer.with_company(company).discount_pricelist_id
        return found

    @cached_property
    def tariff_currency(self):
        return self.terms.pricelist.sudo().currency_id or self.terms.currency

    @cached_property
    def pricelist_name(self):
        return self.terms.pricelist.sudo().name or ""

    def get_row(self, product):
        """The customer's ``SpecialRow`` of an article, or None."""
        terms = self.terms
        if not terms.customer.id:
            return None
        if self._rows is None:
            self._rows = SpecialRows(self.env, terms.company).get_rows(
                terms.customer.id, self.product_ids, terms.get_nearby
            )
        return self._rows.get(product.id)

    def get_product(self, product):
        """The article as superuser of the company; the environment is made once."""
        env = self._envs.get(product.env)
        if env is None:
            env = product.sudo().with_company(self.terms.company).env
            self._envs[product.env] = env
        return product.with_env(env)

    def is_discount_shown(self, rule):
        if rule not in self._shown:
            self._shown[rule] = rule._show_discount()
        return self._shown[rule]

    def get_mode(self, product):
        product = self.get_product(product)
        taxes = product.taxes_id._filter_taxes_by_company(self.terms.company)
        if taxes not in self._modes:
            self._modes[taxes] = TaxMode(taxes)
        return self._modes[taxes]

    def get_special(self, product, row, tariff):
        """The row's price as documents show it, in the company's currency; 0: none."""
        side = sides.side_of(row.typed_sides, tariff)
        if side == sides.NONE:
            return 0.0
        net, taxed = getattr(row, f"price_{tariff}"), getattr(row, f"pvp_{tariff}")
        mode = self.get_mode(product)
        if mode.included and side in (sides.TAXED, sides.BOTH):
            return taxed
        return mode.unit(net if side != sides.TAXED else mode.net(taxed))

    def get_minimum(self, request):
        """The least net price of a line, as documents show it; 0 for none."""
        minimum = self.get_net_minimum(request)
        return self.get_mode(request.product).unit(minimum) if minimum else 0.0

    def get_net_minimum(self, request):
        """The least net price of a line, without any tax; 0 for none.

        What is given back is no sale: there the minimum says nothing.
        """
        row = self.get_row(request.product)
        if not (row and row.min_price and self.terms.with_minimum):
            return 0.0
        if request.quantity <= 0:
            return 0.0
        return self.to_document(row.min_price, request)

    def to_document(self, amount, request):
        """An amount of the company for the article's unit, as the document counts."""
        own, currency = self.terms.company.currency_id, self.terms.currency
        if currency != own:
            amount = own._convert(
                amount, currency, self.terms.company, self.terms.date, round=False
            )
        if request.uom != request.product.uom_id:
            amount = request.product.uom_id._compute_price(amount, request.uom)
        return amount

    def from_tariff(self, amount):
        """A price of the pricelist, whose fixed prices are in its own currency."""
        terms = self.terms
        if self.tariff_currency == terms.currency:
            return amount
        return self.tariff_currency._convert(
            amount, terms.currency, terms.company, terms.date, round=False
        )

    def get_rule_arguments(self, product, request):
        """What a rule of the tariff is asked with, by keyword as Odoo's documents ask:
        it hands them on to pricelists that it is based on."""
        return {
            "product": product,
            "quantity": request.quantity,
            "uom": request.uom,
            "date": self.terms.date,
            "currency": self.tariff_currency,
        }

    def get_rule(self, request):
        return self._find_rule(self.terms.pricelist, request)

    def get_discount_rule(self, request):
        pricelist = self.discount_pricelist
        return self._find_rule(pricelist, request) if pricelist else None

    def _find_rule(self, pricelist, request):
        pricelist = pricelist.sudo()
        memo = self.env.cr.cache.setdefault(memory.RULES, {})
        key = (pricelist.id, fields.Datetime.to_datetime(self.terms.date))
        known, book = memo.get(key, (set(), None))
        if request.product.id not in known:
            known = known | self.product_ids | set(self.terms.get_nearby())
            products = self.env["product.product"].browse(known)
            rules = pricelist._get_applicable_rules(products, self.terms.date)
            book = RuleBook(rules)
            memo[key] = known, book
        return book.find(request.product, request.own_quantity)
