from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import memory, sides
from ...tools.taxes import TaxMode

PRICES = tuple(f"price_{tariff}" for tariff in sides.TARIFFS)
TAXED_PRICES = tuple(f"pvp_{tariff}" for tariff in sides.TARIFFS)
_SIDES = {
    **{fname: sides.NET for fname in PRICES},
    **{fname: sides.TAXED for fname in TAXED_PRICES},
}


def _price(tariff):
    return fields.Float(
        string=f"Price {tariff}",
        min_display_digits="Product Price",
        aggregator=None,
        help="Special price without tax, in the company's currency; 0 is none. With "
        "the price with tax alone this one follows from it.",
    )


def _taxed_price(tariff):
    return fields.Float(
        string=f"Price {tariff} with Tax",
        min_display_digits="Product Price",
        aggregator=None,
        help="Special price with tax, in the company's currency; 0 is none. With the "
        "price without tax alone this one follows from it.",
    )


class CustomerPrice(models.Model):
    """What an article costs a customer (seed 004: Precios).

    Amounts are in the company's currency and for one unit of the article's own measure.
    Of a tariff's two prices the typed one is kept to the last decimal and the other
    derived (``tools/sides.py``), so that 24.00 with tax never becomes 23.99.
    """

    _name = "xpyme.customer.price"
    _description = "Special Price of a Customer"
    _technicians_only_read = True
    _order = "partner_id, product_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    # === FIELDS ===#

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product",
        string="Article",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    categ_id = fields.Many2one(related="product_id.categ_id", string="Family")
    list_price = fields.Float(
        string="Card Price",
        compute="_compute_list_price",
        min_display_digits="Product Price",
        help="The price of the article's card, to compare with.",
    )
    price_1 = _price(1)
    price_2 = _price(2)
    price_3 = _price(3)
    price_4 = _price(4)
    price_5 = _price(5)
    price_6 = _price(6)
    pvp_1 = _taxed_price(1)
    pvp_2 = _taxed_price(2)
    pvp_3 = _taxed_price(3)
    pvp_4 = _taxed_price(4)
    pvp_5 = _taxed_price(5)
    pvp_6 = _taxed_price(6)
    typed_sides = fields.Char(
        default=sides.EMPTY,
        size=len(sides.EMPTY),
        help="Which of each tariff's two prices was typed: n without tax, t with tax, "
        "b both.",
    )
    min_price = fields.Float(
        string="Minimum Price",
        min_display_digits="Product Price",
        aggregator=None,
        help="Without tax, after discounts, in the company's currency. Nothing is sold "
        "to the customer for less; 0 is no minimum.",
    )
    special_discount = fields.Float(
        string="Special Disc. %",
        digits="Discount",
        aggregator=None,
        help="Discount of this article for this customer, 0 to 100. It comes before "
        "that of its family.",
    )
    no_discount = fields.Boolean(
        help="Cancels the discounts that the article would get by itself: of its "
        "family, of discount tariffs, of the document. The special discount of this "
        "line stays.",
    )
    updated_on = fields.Date(
        readonly=True, copy=False, help="When one of these prices last changed."
    )
    origin = fields.Selection(
        [
            ("manual", "Typed by hand"),
            ("document", "From a document"),
            ("revision", "Revision"),
        ],
        default="manual",
        required=True,
        help="Where the last change of a price came from.",
    )
    change_ids = fields.One2many(
        "xpyme.customer.price.change", "price_id", string="History"
    )

    _customer_article_unique = models.Constraint(
        "UNIQUE(company_id, partner_id, product_id)",
        "This article already has a line among the customer's prices: change that one.",
    )
    _partner_idx = models.Index("(partner_id, company_id)")

    @api.depends_context("company")
    @api.depends("product_id")
    def _compute_list_price(self):
        for price in self:
            product = price.product_id.with_company(price.company_id)
            price.list_price = product.lst_price

    @api.depends("product_id", "partner_id")
    def _compute_display_name(self):
        for price in self:
            names = (price.partner_id.display_name, price.product_id.display_name)
            price.display_name = " – ".join(filter(None, names))

    # === CHECKS ===#

    @api.constrains(*PRICES, *TAXED_PRICES, "min_price")
    def _check_not_negative(self):
        """:raise ValidationError: a price under zero"""
        for price in self:
            if any(price[fname] < 0 for fname in (*_SIDES, "min_price")):
                raise ValidationError(
                    self.env._(
                        "A price of %(article)s is under zero: write a positive price, "
                        "or 0 for none.",
                        article=price.product_id.display_name,
                    )
                )

    @api.constrains("special_discount")
    def _check_special_discount(self):
        for price in self:
            self._check_percent(price.special_discount, price.product_id.display_name)

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

    # === ORM ===#

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_price_vals(vals) for vals in vals_list]
        for vals in vals_list:
            vals["partner_id"] = self._get_customer_id(vals["partner_id"])
            self._complete_sides_vals(vals)
            if sides.normalise(vals["typed_sides"]) != sides.EMPTY:
                vals["updated_on"] = fields.Date.context_today(self)
        prices = super().create(vals_list)
        self._forget_memo()
        return prices

    @api.model
    def _prepare_price_vals(self, vals):
        """Values of a new line with the defaults, of which others are derived.

        A file, or the list of an article, leaves customer or article to them.
        """
        filled = self._add_missing_default_values(vals)
        if "typed_sides" not in vals:
            # They follow from the prices.
            filled.pop("typed_sides", None)
        return {"partner_id": False, **filled}

    def write(self, vals):
        if "partner_id" in vals:
            vals = {**vals, "partner_id": self._get_customer_id(vals["partner_id"])}
        if not {*_SIDES, "product_id", "company_id", "typed_sides"} & vals.keys():
            result = super().write(vals)
            self._forget_memo()
            return result
        for price in self:
            own_vals = dict(vals)
            price._complete_sides_vals(own_vals)
            if price._has_other_prices(own_vals):
                own_vals["updated_on"] = fields.Date.context_today(self)
                own_vals.setdefault("origin", "manual")
            super(CustomerPrice, price).write(own_vals)
        self._forget_memo()
        return True

    def _get_customer_id(self, partner_id):
        """Prices are the customer's, also where one of his contacts was chosen."""
        return self.env["res.partner"].browse(partner_id).commercial_partner_id.id

    def unlink(self):
        result = super().unlink()
        self._forget_memo()
        return result

    def _forget_memo(self):
        """What was read of special prices in this transaction is stale."""
        for name in (memory.ROWS, memory.LINES):
            self.env.cr.cache.pop(name, None)

    # === SIDES ===#

    def _complete_sides_vals(self, vals):
        """Into ``vals`` the sides that were typed, and the prices that follow."""
        known = sides.normalise(vals.get("typed_sides", self.typed_sides))
        if "typed_sides" not in vals:
            for tariff in sides.TARIFFS:
                net, taxed = (vals.get(f"{side}_{tariff}") for side in ("price", "pvp"))
                known = sides.typed(known, tariff, net, taxed)
        vals["typed_sides"] = known
        vals.update(self._get_derived_vals(vals))

    def _get_derived_vals(self, vals):
        """The prices that were not typed, from those in ``vals`` or on the line."""
        product = self.product_id.browse(vals.get("product_id") or self.product_id.id)
        company = self.company_id.browse(vals.get("company_id") or self.company_id.id)
        mode = TaxMode(product.taxes_id._filter_taxes_by_company(company))
        derived = {}
        for tariff in sides.TARIFFS:
            net, taxed = f"price_{tariff}", f"pvp_{tariff}"
            side = sides.side_of(vals["typed_sides"], tariff)
            if side == sides.NET:
                derived[taxed] = mode.taxed(vals.get(net, self[net]) or 0.0)
            elif side == sides.TAXED:
                derived[net] = mode.net(vals.get(taxed, self[taxed]) or 0.0)
            elif side == sides.NONE:
                derived.update({net: 0.0, taxed: 0.0})
        return derived

    def _has_other_prices(self, vals):
        """Whether ``vals`` change a price of the line, to the digits of prices."""
        compare = self.env["decimal.precision"]._compare_prices
        return any(
            compare(vals[fname] or 0.0, self[fname])
            for fname in _SIDES.keys() & vals.keys()
        )

    def _refresh_derived(self):
        """Derive anew what was not typed, after the article's taxes changed."""
        for price in self:
            vals = {"typed_sides": sides.normalise(price.typed_sides)}
            super(CustomerPrice, price).write(price._get_derived_vals(vals))
        self._forget_memo()
        return True

    @api.onchange(*PRICES)
    def _onchange_prices(self):
        """On the screen the price with tax follows at once."""
        self._follow_typed("price")

    @api.onchange(*TAXED_PRICES)
    def _onchange_taxed_prices(self):
        self._follow_typed("pvp")

    @api.onchange("product_id")
    def _onchange_product(self):
        self.update(self._get_derived_vals({"typed_sides": self.typed_sides}))

    def _follow_typed(self, typed):
        """The prices of the side ``typed`` were perhaps changed: the others follow."""
        known = sides.normalise(self.typed_sides)
        for tariff in sides.TARIFFS:
            fname = f"{typed}_{tariff}"
            agreed = sides.typed(known, tariff, self[fname], None)
            if typed == "pvp":
                agreed = sides.typed(known, tariff, None, self[fname])
            derived = self._get_derived_vals({"typed_sides": agreed})
            if sides.side_of(known, tariff) == sides.BOTH:
                moved = self[fname] != self._origin[fname]
            else:
                other = f"{'price' if typed == 'pvp' else 'pvp'}_{tariff}"
                moved = abs(derived.get(other, self[other]) - self[other]) > 1e-9
            if moved:
                known = agreed
                self.update(derived)
        self.typed_sides = known

    # === ACTIONS ===#

    @api.model
    def _get_action(self, name, domain, context):
        """Open the special prices of a customer or an article, whose ``name`` it is."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts_pricing.xpyme_customer_price_action"
        )
        title = self.env._("Special prices of %s", name)
        return {**action, "display_name": title, "domain": domain, "context": context}

    def action_open_changes(self):
        """How the price came to be what it is; each change can be undone."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts_pricing.xpyme_customer_price_change_action"
        )
        return {**action, "domain": [("price_id", "in", self.ids)], "target": "new"}
