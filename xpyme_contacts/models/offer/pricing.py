from collections import defaultdict
from dataclasses import dataclass, field

from odoo import api, fields, models

from ...tools import unit_price
from ...tools.offer_articles import Row
from ...tools.spoken_number import say_number
from ...tools.unit_price import PROMISED


@dataclass
class OfferContent:
    """The articles of a customer's offer.

    ``details``: (product id, quantity, price, origin); ``omitted``: pairs of an
    article's name and why it was left out.
    """

    lang: str
    rows: list = field(default_factory=list)
    details: list = field(default_factory=list)
    omitted: list = field(default_factory=list)
    html: str = ""

    @property
    def has_articles(self):
        return bool(self.details)


class OfferPricing(models.AbstractModel):
    """What the articles of an offer cost each customer.

    A price comes from, in this order: the line or the campaign where it is typed; what
    ``_get_offer_prices`` of the customer answers (special price, margin on cost,
    tariff). Everything is read once for a batch of customers.
    """

    _name = "xpyme.offer.pricing"
    _description = "Prices of Offers"

    @api.model
    def _get_contents(self, campaign, partners):
        """``{partner_id: OfferContent}`` of a campaign, or of a draft of one.

        :param partners: customers, as superuser and with the campaign's company
        """
        company = campaign.company_id
        lines = self._read_lines(company, partners)
        common = campaign.product_ids
        options = self._get_options(campaign)
        quantities = list(options["margins"]) or [1.0]
        demand = {
            partner.id: common.product_id | lines[partner].product_id
            for partner in partners
        }
        # Read together: each customer may have articles of his own.
        together = common.product_id.union(*demand.values())._ids
        options["demand"] = {
            key: products.with_prefetch(together).filtered("active")
            for key, products in demand.items()
        }
        # In one query: asked one by one they are read one by one.
        demanded = common.product_id.union(*options["demand"].values())
        demanded.product_tmpl_id.fetch(["taxes_id"])
        pictures = demanded._get_offer_pictures()
        date = fields.Datetime.now()
        contents = {}
        by_lang = partners.grouped(lambda p: self._get_lang(p, company))
        for lang, group in by_lang.items():
            pricing = self.with_context(lang=lang)
            builder = OfferRowBuilder(pricing, company, lang, pictures)
            for partner in group:
                products = options["demand"][partner.id]
                options["minimums"] = {}
                prices = partner._get_offer_prices(
                    products, quantities, date, company, options
                )
                untaxed = partner._get_offer_untaxed(products, company, options)
                builder.tell_taxes(products, untaxed)
                contents[partner.id] = self._get_content(
                    builder, lines[partner], common, quantities, prices, options
                )
                builder.close(contents[partner.id])
        return contents

    @api.model
    def _read_lines(self, company, partners):
        """``{customer: his lines}``, in one query for all."""
        # sudo: the lanes, and whoever may prepare a campaign, see its contents.
        lines = self.env["xpyme.offer.line"].sudo()
        domain = [
            ("partner_id", "in", partners.ids),
            ("company_id", "=", company.id),
        ]
        found = lines.search(domain).grouped("partner_id")
        return defaultdict(lines.browse, found)

    @api.model
    def _get_options(self, campaign):
        """What ``_get_offer_prices`` is told besides the articles; extend it at will.

        ``margins``: ``{quantity: percent}``, ascending; ``origins``: filled with
        ``{(product_id, quantity): origin}``; ``minimums``: of one customer, filled with
        ``{product_id: (price, origin)}``, below which not even a typed price goes;
        ``tariffs``, ``costs`` and ``demand``: so
        that customers of a batch are priced together; ``positions``: the fiscal
        positions that apply by themselves, ``known_positions`` those of customers;
        ``untaxed``: ``{(product_id, position_id): is without tax}``.
        """
        margins = campaign.margin_ids.sorted("min_quantity")
        positions = self.env["account.fiscal.position"]
        own = positions._check_company_domain(campaign.company_id)
        return {
            "margins": {m.min_quantity: m.margin for m in margins},
            "origins": {},
            "minimums": {},
            "positions": positions.search([*own, ("auto_apply", "=", True)]),
            "known_positions": {},
            "untaxed": {},
            "tariffs": {},
            "costs": {},
            "demand": {},
        }

    @api.model
    def _get_lang(self, partner, company):
        """The customer's language, or else the company's: not that of whoever looks."""
        return partner.lang or company.partner_id.lang or partner.env.lang or "en_US"

    def _get_content(self, builder, lines, common, quantities, prices, options):
        content = OfferContent(builder.lang)
        own = lines.product_id
        rows = {row.product_id: row for row in common}
        for line in lines:
            if line.kind != "product":
                content.rows.append(Row(line.kind, line.text or ""))
                continue
            row = rows.get(line.product_id, common.browse())
            typed, origin = {}, "line"
            if line.price:
                margins = options["margins"]
                typed = {
                    quantity: line.price * (1 + margins.get(quantity, 0) / 100)
                    for quantity in quantities
                }
            elif row.price:
                typed, origin = {1.0: row.price}, "campaign"
            arguments = (typed, origin, prices, quantities, options)
            builder.add(content, line, row.image_url, *arguments)
        for row in common.filtered(lambda row: row.product_id not in own):
            typed = {1.0: row.price} if row.price else {}
            arguments = (typed, "campaign", prices, quantities, options)
            builder.add(content, row, row.image_url, *arguments)
        return content


class OfferRowBuilder:
    """Turns priced articles into rows, in one language; equal ones are made once."""

    def __init__(self, pricing, company, lang, pictures):
        self.env = pricing.env
        self.lang = lang
        self._language = self.env["res.lang"]._get_data(code=lang)
        self._currency = company.currency_id
        precision = self.env["decimal.precision"].precision_get("Product Price")
        self._digits = max(precision, self._currency.decimal_places)
        self._rows, self._names, self._amounts = {}, {}, {}
        self._pictures = pictures
        self._untaxed, self._is_mixed = set(), False

    def tell_taxes(self, products, untaxed):
        """Of whom the next articles are: which are priced without tax, if not all."""
        self._untaxed = untaxed
        self._is_mixed = 0 < len(untaxed) < len(products)

    def close(self, content):
        """Below the articles: whether their prices include the taxes."""
        if not content.has_articles or self._is_mixed:
            return
        env = self.env
        text = env._("Prices without VAT.") if self._untaxed else None
        content.rows.append(Row("note", text or env._("Prices include taxes.")))

    def _get_tax(self, product):
        if not self._is_mixed:
            return ""
        if product.id in self._untaxed:
            return self.env._("without VAT")
        return self.env._("taxes included")

    def add(self, content, line, image, typed, origin, prices, quantities, options):
        """Add a line's article, or say why it is left out."""
        product = line.product_id
        found = [
            (quantity, unit_price.rounded(price, self._digits, PROMISED), source)
            for quantity, price, source in self._get_prices(
                product, typed, origin, prices, quantities, options
            )
            if price > 0
        ]
        if not product.active or not found:
            reason = "no_price" if product.active else "archived"
            content.omitted.append((self._get_name(product)[0], reason))
            return
        tax = self._get_tax(product)
        key = (product.id, image or "", tuple(found), tax)
        if key not in self._rows:
            self._rows[key] = self._make_row(product, image or "", found, tax)
        content.rows.append(self._rows[key])
        content.details += [(product.id, *price) for price in found]

    def _get_prices(self, product, typed, origin, prices, quantities, options):
        if typed:
            minimum, reason = options["minimums"].get(product.id, (0.0, None))
            return [
                (qty, minimum, reason) if price < minimum else (qty, price, origin)
                for qty, price in typed.items()
            ]
        origins = options["origins"]
        return [
            (quantity, prices[key], origins.get(key, "tariff"))
            for quantity in quantities
            if (key := (product.id, quantity)) in prices
        ]

    def _make_row(self, product, image, found, tax):
        name, code = self._get_name(product)
        several = len(found) > 1 or found[0][0] != 1
        shown = tuple(
            (
                self._get_label(quantity) if several else "",
                self._get_amount(price),
            )
            for quantity, price, _origin in found
        )
        image = image or self._pictures.get(product, "")
        return Row("product", name, code, image, shown, tax)

    def _get_name(self, product):
        if product.id not in self._names:
            # The name in the customer's language.
            shown = product.with_context(lang=self.lang)
            variant = shown.product_template_attribute_value_ids
            suffix = variant._get_combination_name() if variant else ""
            name = f"{shown.name} ({suffix})" if suffix else shown.name
            self._names[product.id] = (name, product.default_code or "")
        return self._names[product.id]

    def _get_label(self, quantity):
        if quantity == 1:
            return self.env._("1 unit")
        return self.env._("from %s units", say_number(self.env, quantity))

    def _get_amount(self, price):
        """A price as the customer writes it, with no fewer decimals than his money."""
        if price not in self._amounts:
            places = unit_price.shown_digits(
                price, self._currency.decimal_places, self._digits
            )
            text = (
                self.env["res.lang"]
                .browse(self._language.id)
                .format(f"%.{places}f", price, grouping=True)
            )
            symbol = self._currency.symbol
            before = self._currency.position == "before"
            self._amounts[price] = f"{symbol} {text}" if before else f"{text} {symbol}"
        return self._amounts[price]
