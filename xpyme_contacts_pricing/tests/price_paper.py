"""A customer's price on paper, in fractions: nothing of the addons is used here."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction


def exact(amount):
    """What was typed, not its nearest binary fraction."""
    return amount if isinstance(amount, Fraction) else Fraction(repr(amount))


def half_up(amount, digits):
    scale = 10**digits
    whole = int(abs(amount) * scale + Fraction(1, 2))
    return Fraction(whole if amount >= 0 else -whole, scale)


def unit_rounded(amount, digits, significant=4):
    """Half up, to so many decimals and no fewer digits that count."""
    if not amount:
        return amount
    first = Decimal(amount.numerator) / Decimal(amount.denominator)
    return half_up(amount, max(digits, significant - 1 - first.adjusted()))


def less(amount, percent):
    return amount * (100 - exact(percent)) / 100


@dataclass
class Article:
    """``tax``: percent; ``included``: whether it is in the price; ``families``: the
    nearest first."""

    card: float
    cost: float
    tax: float
    included: bool
    families: tuple

    @property
    def grown(self):
        return 1 + exact(self.tax) / 100

    def shown(self, net):
        """A price as documents show it, from the one without tax."""
        return net * self.grown if self.included else net


@dataclass
class Row:
    """A special price; ``net``, ``taxed``: what was typed, None for nothing."""

    net: float | None = None
    taxed: float | None = None
    minimum: float = 0
    discount: float = 0
    flag: bool = False


@dataclass
class Rule:
    """A pricelist with one rule for everything.

    ``kind``: card, fixed, percentage or formula; ``base``: card, cost or another such
    pricelist; ``rate``: of the pricelist's money for one of the company's.
    """

    kind: str = "card"
    value: float = 0
    surcharge: float = 0
    base: object = "card"
    rate: int = 1


@dataclass
class Deal:
    """``rows``: the nearest company's first; ``families``: percent by family;
    ``position``: function of a price with its taxes and an article."""

    pricelist: Rule
    rows: list = field(default_factory=list)
    on_sale: float = 0
    on_cost: float = 0
    increase: float = 0
    families: dict = field(default_factory=dict)
    table: float = 0
    header: float = 0
    position: object = None
    digits: int = 2


def get_price(article, deal):
    """``(price, discount)`` of a line, before the fiscal position."""
    rate, special = deal.pricelist.rate, _get_special(article, deal)
    own = 0
    if special is not None:
        price = special * rate
    elif (deal.on_sale or deal.on_cost) and article.cost:
        cost = article.shown(exact(article.cost))
        if deal.on_sale:
            price = cost * 100 / (100 - exact(deal.on_sale))
        else:
            price = cost * (100 + exact(deal.on_cost)) / 100
        # In the shop's money first: so it is written in the price list.
        price = unit_rounded(price * rate, deal.digits)
    else:
        price, own = _get_tariff(article, deal.pricelist)
    if deal.increase and special is None:
        grown = price * (100 + exact(deal.increase)) / 100
        price = unit_rounded(grown, deal.digits)
    discount = _get_discount(article, deal, 0 if special is not None else own)
    minimum = next((row.minimum for row in deal.rows if row.minimum), 0)
    if minimum:
        least = article.shown(exact(minimum)) * rate
        net = less(price, discount)
        if unit_rounded(net, deal.digits) < unit_rounded(least, deal.digits):
            return least, 0
    return price, discount


def get_net(article, deal):
    """What is paid for a unit, with the taxes of the fiscal position."""
    net = less(*get_price(article, deal))
    return deal.position(net, article) if deal.position else net


def get_offered(article, deal):
    """The same in an offer, in the company's money."""
    net = get_net(article, deal) / deal.pricelist.rate
    return unit_rounded(net, deal.digits, significant=3)


def is_plain(article, deal):
    """Whether nothing of the customer acts: the price is the card's."""
    by_cost = (deal.on_sale or deal.on_cost) and article.cost
    by_family = set(article.families) & deal.families.keys()
    by_row = any(row.flag or row.discount for row in deal.rows)
    if deal.increase or deal.table or deal.header or by_cost or by_family or by_row:
        return False
    card = exact(article.card) * deal.pricelist.rate
    is_card = deal.pricelist.kind == "card" and _get_special(article, deal) is None
    return is_card and get_price(article, deal) == (card, 0)


def _get_special(article, deal):
    row = next((r for r in deal.rows if r.net or r.taxed), None)
    if row is None:
        return None
    if article.included:
        return exact(row.taxed) if row.taxed else exact(row.net) * article.grown
    return exact(row.net) if row.net else exact(row.taxed) / article.grown


def _get_tariff(article, rule):
    """The price before a discount that is shown, and that discount."""
    price = _get_rule_price(article, rule)
    if rule.kind != "percentage":
        return price, 0
    deepest = rule
    while isinstance(deepest.base, Rule) and deepest.base.kind == "percentage":
        deepest = deepest.base
    before = _get_base(article, deepest, rule.rate)
    if before <= price:
        return price, 0
    # A line keeps two decimals of a discount.
    return before, half_up((before - price) / before * 100, 2)


def _get_rule_price(article, rule):
    if rule.kind == "fixed":
        return exact(rule.value)
    base = _get_base(article, rule, rule.rate)
    return less(base, rule.value) + exact(rule.surcharge)


def _get_base(article, rule, rate):
    if isinstance(rule.base, Rule):
        return _get_rule_price(article, rule.base) * rate / rule.base.rate
    return exact(article.cost if rule.base == "cost" else article.card) * rate


def _get_discount(article, deal, own):
    flagged = next((row for row in deal.rows if row.flag), None)
    of_article = next((row.discount for row in deal.rows if row.discount), 0)
    if flagged:
        return of_article
    if of_article:
        discount = of_article
    else:
        of_families = [f for f in article.families if f in deal.families]
        if of_families:
            discount = deal.families[of_families[0]]
        else:
            discount = deal.table or own
    if deal.header:
        left = less(less(Fraction(100), discount), deal.header)
        discount = half_up(100 - left, 2)
    return discount
