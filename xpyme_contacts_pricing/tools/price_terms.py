"""What the price engine is asked, and what it answers."""

from dataclasses import dataclass, field

from odoo import models


@dataclass
class PriceTerms:
    """What all the lines of a document share.

    ``customer``: commercial partner, may be empty; ``date``: of tariffs and of exchange
    rates; ``header``: discount of the document, 0 to 100; ``ignore_special_prices``: as
    if the customer had none, nor discounts of single articles; ``with_minimum``:
    whether minimum prices hold; ``get_nearby``: gives the ids of articles whose special
    prices are worth fetching in the same go; ``tariffs``: what tariffs have said of a
    line, to be shared by customers who are priced together.
    """

    customer: models.BaseModel
    company: models.BaseModel
    currency: models.BaseModel
    date: object
    pricelist: models.BaseModel
    header: float = 0.0
    ignore_special_prices: bool = False
    with_minimum: bool = True
    get_nearby: object = tuple
    tariffs: dict = field(default_factory=dict)

    @property
    def key(self):
        """What tells these terms from others: all but what spares work."""
        records = (self.customer, self.company, self.currency, self.pricelist)
        return (
            *(record._origin.id for record in records),
            self.date,
            self.header,
            self.ignore_special_prices,
            self.with_minimum,
        )


@dataclass
class PriceRequest:
    """A line: so much of an article, in a unit of measure.

    ``extras``: what else the price depends on, as pairs of the article's context.
    """

    product: models.BaseModel
    quantity: float
    uom: models.BaseModel
    extras: tuple = ()

    @property
    def key(self):
        """What tells this line from others."""
        uom = self.uom._origin.id
        return self.product._origin.id, self.quantity, uom, repr(self.extras)

    @property
    def own_quantity(self):
        """The quantity in the article's own unit, as rules count it."""
        own = self.product.product_tmpl_id.uom_id
        if self.uom == own:
            return self.quantity
        return self.uom._compute_quantity(self.quantity, own, raise_if_failure=False)


@dataclass
class ResolvedPrice:
    """``price`` per unit as documents show it; ``discount`` 0 to 100;
    ``agreed_price`` and ``agreed_discount``: the same before the minimum acted, the
    discount being that of a typed price too; ``minimum``: the least net price, 0 for
    none; ``is_ours``: whether Odoo's own pricelists would say otherwise; ``has_rule``:
    whether a rule of the tariff gave the price, not the article's card; ``steps``:
    dicts with a ``code`` and its figures.
    """

    price: float = 0.0
    discount: float = 0.0
    agreed_price: float = 0.0
    agreed_discount: float = 0.0
    minimum: float = 0.0
    source: str = "tariff"
    is_ours: bool = False
    has_rule: bool = False
    own_discount: float = 0.0
    steps: list = field(default_factory=list)

    @property
    def net(self):
        """What is paid per unit, after the discount."""
        return self.price * (1 - self.discount / 100)

    def step(self, code, **figures):
        self.steps.append({"code": code, **figures})
