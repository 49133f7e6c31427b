from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import sides
from ...tools.price_terms import PriceRequest
from ...tools.taxes import TaxMode


class PriceReview(models.TransientModel):
    """*Revisar precios especiales* (seed 004): prices anew from the tariffs.

    Each special price becomes what its tariff says of the article today, for one unit.
    First it shows what would change, in the company's currency; what was typed by hand
    was agreed with somebody and changes only if it is ticked.
    """

    _name = "xpyme.price.review"
    _description = "Revision of Special Prices"
    _technicians_only_read = True

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    all_tariffs = fields.Boolean(
        help="Also the prices in tariffs other than the customer's."
    )
    tick_typed = fields.Boolean(
        string="Tick those typed by hand",
        help="Prices typed by hand were agreed with the customer; without this each is "
        "ticked by itself.",
    )
    warning = fields.Char(compute="_compute_warning")
    line_ids = fields.One2many("xpyme.price.review.line", "review_id", string="Changes")
    unchanged_count = fields.Integer(string="Already right", readonly=True)
    left_count = fields.Integer(
        string="Left",
        compute="_compute_counts",
        help="Articles for which the tariff has no price: their special price stays.",
    )
    change_count = fields.Integer(string="To change", compute="_compute_counts")

    @api.depends("line_ids.is_chosen", "line_ids.diff_percent", "line_ids.is_typed")
    def _compute_warning(self):
        """What is about to happen, before it is done."""
        for review in self:
            lines = review.line_ids.filtered(lambda line: not line.is_left)
            chosen = lines.filtered("is_chosen")
            if not chosen:
                review.warning = self.env._(
                    "No price is ticked. Those typed by hand, %s, stay unless you tick "
                    "them.",
                    len(lines.filtered("is_typed")),
                )
                continue
            review.warning = self.env._(
                "The ticked prices take the place of those agreed with the customer: "
                "%(dearer)s go up and %(cheaper)s go down. Of those typed by hand "
                "%(kept)s stay. It can be undone in Changes of prices.",
                dearer=len(chosen.filtered(lambda line: line.diff_percent > 0)),
                cheaper=len(chosen.filtered(lambda line: line.diff_percent < 0)),
                kept=len((lines - chosen).filtered("is_typed")),
            )

    @api.depends("line_ids.is_left", "line_ids.is_chosen")
    def _compute_counts(self):
        for review in self:
            left = review.line_ids.filtered("is_left")
            review.left_count = len(left)
            review.change_count = len((review.line_ids - left).filtered("is_chosen"))

    @api.onchange("all_tariffs")
    def _onchange_all_tariffs(self):
        values = self._prepare_lines()
        self.line_ids = [fields.Command.clear()] + [
            fields.Command.create(vals) for vals in values
        ]

    @api.onchange("tick_typed")
    def _onchange_tick_typed(self):
        for line in self.line_ids.filtered("is_typed"):
            line.is_chosen = self.tick_typed and not line.is_left

    # === PREVIEW ===#

    def _fill_lines(self):
        for review in self:
            review.line_ids.unlink()
            review.line_ids = [
                fields.Command.create(vals) for vals in review._prepare_lines()
            ]

    def _get_tariffs(self):
        """``{number: pricelist}`` that the prices are reviewed with.

        :raise UserError: the customer has no tariff
        """
        partner = self.partner_id._origin.with_company(self.company_id)
        own = partner.property_product_pricelist
        if not own:
            raise UserError(
                self.env._(
                    "%s has no sales tariff: choose one in the customer's file first.",
                    partner.display_name,
                )
            )
        number = own._get_tariff()
        if not self.all_tariffs:
            return {number: own}
        return {**own._get_tariffs(self.company_id), number: own}

    def _prepare_lines(self):
        """Values of the lines that would change or are left; counts the others."""
        prices = self.env["xpyme.customer.price"].search(
            [
                ("partner_id", "=", self.partner_id._origin.id or self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        self.unchanged_count = 0
        values = []
        for number, pricelist in self._get_tariffs().items():
            values += self._prepare_tariff_lines(prices, number, pricelist)
        return values

    def _prepare_tariff_lines(self, prices, number, pricelist):
        compare = self.env["decimal.precision"]._compare_prices
        found = self._get_new_prices(prices.product_id, pricelist)
        modes = {}
        fname, taxed = f"price_{number}", f"pvp_{number}"
        values = []
        for price in prices:
            # A line may have a discount or a minimum only: nobody assigned it a price.
            if not (price[fname] or price[taxed]):
                continue
            taxes = price.product_id.taxes_id._filter_taxes_by_company(self.company_id)
            mode = modes.setdefault(taxes, TaxMode(taxes))
            unit = found[price.product_id.id]
            net = mode.net_of_unit(unit)
            if unit and not compare(net, price[fname]):
                self.unchanged_count += 1
                continue
            values.append(self._prepare_line(price, number, unit, mode))
        return values

    def _prepare_line(self, price, number, unit, mode):
        net = mode.net_of_unit(unit)
        return {
            "price_id": price.id,
            "tariff": number,
            "old_price": price[f"price_{number}"],
            "old_pvp": price[f"pvp_{number}"],
            "new_price": net,
            "new_pvp": unit if mode.included else mode.taxed(net),
            "side": sides.TAXED if mode.included else sides.NET,
            "is_left": not unit,
            "is_chosen": bool(unit) and (price.origin != "manual" or self.tick_typed),
        }

    def _get_new_prices(self, products, pricelist):
        """``{product_id: price}`` of the tariff for one unit, as documents show it."""
        Engine = self.env["xpyme.price.engine"]
        requests = [
            PriceRequest(product, 1.0, product.product_tmpl_id.uom_id)
            for product in products
        ]
        resolved = Engine._resolve_tariffs(
            requests, self.company_id, pricelist, fields.Datetime.now()
        )
        return dict(zip(products.ids, resolved, strict=True))

    # === APPLYING ===#

    def action_apply(self):
        """Write the chosen prices; what was left is told."""
        self.ensure_one()
        # Whoever may not change the prices must not do it through the history either.
        self.env["xpyme.customer.price"].check_access("write")
        chosen = self.line_ids.filtered(lambda li: li.is_chosen and not li.is_left)
        entries = [line._prepare_entry() for line in chosen]
        # sudo: what it changed is asked for below, of each price.
        changes = self.env["xpyme.customer.price.change"].sudo()
        changes = changes._learn(entries, "revision")
        changes.price_id.sudo(False).check_access("write")
        message = self.env._(
            "%(changed)s prices changed, %(left)s left as they were.",
            changed=len(chosen),
            left=self.left_count,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Review special prices"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }


class PriceReviewLine(models.TransientModel):
    _name = "xpyme.price.review.line"
    _description = "Special Price to Review"
    _technicians_only_read = True
    _order = "is_left desc, id"

    review_id = fields.Many2one(
        "xpyme.price.review", required=True, index=True, ondelete="cascade"
    )
    price_id = fields.Many2one(
        "xpyme.customer.price",
        string="Special Price",
        required=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(related="price_id.product_id")
    currency_id = fields.Many2one(related="price_id.currency_id")
    origin = fields.Selection(related="price_id.origin")
    is_typed = fields.Boolean(
        compute="_compute_is_typed",
        help="Somebody typed the special price: no document and no revision gave it.",
    )
    tariff = fields.Integer(aggregator=None)
    side = fields.Char(size=1)
    old_price = fields.Float(
        string="Price", min_display_digits="Product Price", aggregator=None
    )
    old_pvp = fields.Float(
        string="With Tax", min_display_digits="Product Price", aggregator=None
    )
    new_price = fields.Float(min_display_digits="Product Price", aggregator=None)
    new_pvp = fields.Float(
        string="New with Tax", min_display_digits="Product Price", aggregator=None
    )
    diff_percent = fields.Float(
        string="Dif. %",
        compute="_compute_diff_percent",
        digits="Discount",
        aggregator=None,
        help="By how much the price rises, in percent; under zero it falls.",
    )
    is_left = fields.Boolean(
        string="Without Price",
        help="The tariff has no price for it: the special price stays.",
    )
    is_chosen = fields.Boolean(string="Change", help="Untick it to keep the price.")

    @api.depends("price_id.origin")
    def _compute_is_typed(self):
        for line in self:
            line.is_typed = line.price_id.origin == "manual"

    @api.depends("old_price", "new_price", "is_left")
    def _compute_diff_percent(self):
        for line in self:
            old, new = line.old_price, line.new_price
            has_both = old and not line.is_left
            line.diff_percent = (new - old) / old * 100 if has_both else 0.0

    def _prepare_entry(self):
        price = self.price_id
        return {
            "partner_id": price.partner_id.id,
            "product_id": price.product_id.id,
            "company_id": price.company_id.id,
            "tariff": self.tariff,
            "side": self.side,
            "price": self.new_price,
            "pvp": self.new_pvp,
            "document": self.env._("Revision of special prices"),
        }
