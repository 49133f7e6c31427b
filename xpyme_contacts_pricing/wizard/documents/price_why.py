from dataclasses import replace

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import float_compare, formatLang

from odoo.addons.xpyme_contacts.tools import unit_price

from ...tools.days import moment_of
from ...tools.taxes import TaxMode

_LINES = ("sale.order.line", "account.move.line")


class PriceWhy(models.TransientModel):
    """*Por qué este precio*: the steps of a line's price, and what if it were another
    quantity, customer or day."""

    _name = "xpyme.price.why"
    _description = "Why This Price"
    _technicians_only_read = True

    line_model = fields.Selection([(name, name) for name in _LINES], required=True)
    line_id = fields.Integer(required=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        context={"res_partner_search_mode": "customer"},
    )
    product_id = fields.Many2one(
        "product.product", string="Article", required=True, ondelete="cascade"
    )
    quantity = fields.Float(digits="Product Unit", required=True)
    date = fields.Date(required=True)
    steps_html = fields.Html(
        string="Steps", compute="_compute_steps", sanitize=False, readonly=True
    )
    card_price = fields.Char(
        string="Price of the card",
        compute="_compute_steps",
        help="What the article's card says, before anything of the customer.",
    )
    tax_note = fields.Char(compute="_compute_steps")
    result = fields.Char(string="Price to pay", compute="_compute_steps")
    typed_price = fields.Char(compute="_compute_steps")
    note = fields.Char(compute="_compute_steps")

    def _get_line(self):
        """The line, if the user may read it."""
        line = self.env[self.line_model].browse(self.line_id)
        line.check_access("read")
        return line

    @api.depends("partner_id", "product_id", "quantity", "date")
    def _compute_steps(self):
        for why in self:
            line = why._get_line()
            document = line._get_priced_document()
            found = why._resolve(line, document)
            why._add_fiscal_position(found, line, document)
            sentences = why._describe(found, document.currency_id)
            why.steps_html = Markup("<ol class='mb-0'>%s</ol>") % Markup().join(
                Markup("<li>%s</li>") % sentence for sentence in sentences
            )
            why.card_price = why._format(why._get_card_price(line, document), document)
            why.tax_note = why._get_tax_note(line, document)
            why.typed_price, why.note = False, False
            if why._is_as_in_line(line, document):
                why.result = why._tell_result(line._get_net_price(), line, document)
                why._tell_differences(line, document, found)
            else:
                net = line._get_automatic_net(found)
                why.result = why._tell_result(net, line, document)

    def _get_card_price(self, line, document):
        """The article's list price, in the line's unit and the document's currency."""
        request = line._get_price_request()
        terms = document._get_price_terms()
        product = request.product.with_company(terms.company)
        found = product._price_compute(
            "list_price",
            uom=request.uom,
            currency=terms.currency,
            company=terms.company,
            date=terms.date,
        )
        return found[product.id]

    def _get_tax_note(self, line, document):
        """Whether the prices of the steps are with tax; nothing without taxes."""
        # sudo: whoever sells need not read how the article is taxed.
        taxes = self.product_id.sudo().taxes_id
        taxes = taxes._filter_taxes_by_company(document.company_id)
        if not taxes:
            return False
        if TaxMode(taxes).included:
            return self.env._("All these prices include tax.")
        return self.env._("All these prices are without tax.")

    def _tell_result(self, unit, line, document):
        """A price unit of the line on both sides of its taxes."""
        # sudo: as above.
        mode = TaxMode(line.tax_ids._origin.sudo())
        if not mode.taxes:
            return self._format(unit, document)
        digits, least = document.currency_id.decimal_places, unit_price.PROMISED
        net = mode.net_of_unit(unit)
        sides = (net, unit if mode.included else mode.taxed(net))
        net, taxed = (
            # The side that the line has is not rounded.
            self._format(
                side if side == unit else unit_price.rounded(side, digits, least),
                document,
            )
            for side in sides
        )
        return self.env._(
            "%(net)s excl. tax · %(taxed)s incl. tax", net=net, taxed=taxed
        )

    def _add_fiscal_position(self, found, line, document):
        """The last step: the taxes that the position takes into the price, or out."""
        net = line._get_automatic_net(found)
        if self._differ(net, found.net):
            name = document.sudo().fiscal_position_id.name
            found.step("fiscal_position", name=name, price=net)

    def _tell_differences(self, line, document, found):
        """What the steps do not explain: typed, or calculated on another day."""
        calculated, now = line._get_calculated_price(), line._get_automatic_price(found)
        price, notes = self._format(line.price_unit, document), []
        if calculated is not None and self._differ(calculated, line.price_unit):
            self.typed_price = price
        elif self._differ(now, line.price_unit):
            sentence = self._get_price_sentence(calculated)
            notes.append(
                sentence % {"price": price, "now": self._format(now, document)}
            )
        automatic = line._get_automatic_discount(found)
        if float_compare(automatic, line.discount, precision_digits=2):
            notes.append(
                self.env._(
                    "The line has a discount of %(own)s %%, the automatic one is "
                    "%(automatic)s %%.",
                    own=formatLang(self.env, line.discount),
                    automatic=formatLang(self.env, automatic),
                )
            )
        self.note = " ".join(notes)

    def _get_price_sentence(self, calculated):
        if calculated is None:
            return self.env._(
                "The line's price is %(price)s, from before calculated prices were "
                "kept: now it would be %(now)s."
            )
        return self.env._(
            "The price was calculated when the line was made: %(price)s. Now it would "
            "be %(now)s."
        )

    def _differ(self, one, other):
        return self.env["decimal.precision"]._compare_prices(one, other)

    def _resolve(self, line, document):
        changes = {}
        # On its own day the document has an hour, and rules may begin at one.
        if self.date != document._get_price_day():
            changes["date"] = moment_of(self, self.date)
        customer = self.partner_id.commercial_partner_id
        if customer != document.partner_id.commercial_partner_id:
            own = self.partner_id.with_company(document.company_id)
            changes["customer"] = customer
            changes["pricelist"] = own.property_product_pricelist
            changes["header"] = own._get_only_discount().percent
        request = replace(line._get_price_request(), quantity=self.quantity)
        terms = document._get_price_terms(**changes)
        return self.env["xpyme.price.engine"]._resolve([request], terms)[0]

    def _is_as_in_line(self, line, document):
        return (
            self.quantity == line._get_priced_quantity()
            and self.partner_id == document.partner_id
            and self.date == document._get_price_day()
        )

    def _format(self, amount, document):
        Precision = self.env["decimal.precision"]
        return Precision._format_price(amount, document.currency_id)

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why this price"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === STEPS IN WORDS ===#

    @api.model
    def _describe(self, found, currency):
        """Short sentences, one a step, with figures in ``currency``."""

        def money(amount):
            return self.env["decimal.precision"]._format_price(amount, currency)

        def percent(amount):
            return formatLang(self.env, amount, digits=2).rstrip("0").rstrip(".,")

        sentences = self._get_sentences()
        lines = []
        for step in found.steps:
            words = {
                key: money(value)
                if key in ("price", "cost")
                else percent(value)
                if key in ("percent", "discount")
                else value
                for key, value in step.items()
            }
            lines.append(sentences[step["code"]] % words)
        return lines

    @api.model
    def _get_sentences(self):
        """A sentence for each kind of step; add those of your own steps."""
        return {
            "special": self.env._("Special price, tariff %(tariff)s: %(price)s"),
            "no_cost": self.env._("The article has no cost: the tariff holds"),
            "cost_sale": self.env._("Cost %(cost)s, %(percent)s %% on sale: %(price)s"),
            "cost_cost": self.env._("Cost %(cost)s, %(percent)s %% on cost: %(price)s"),
            "tariff": self.env._("Tariff %(name)s: %(price)s"),
            "card": self.env._("Price of the article's card: %(price)s"),
            "increase": self.env._("Increase of %(percent)s %%: %(price)s"),
            "no_discount": self.env._(
                "No discounts on this article; its own: %(percent)s %%"
            ),
            "special_discount": self.env._("Discount of the article: %(percent)s %%"),
            "family": self.env._("Discount of the family: %(percent)s %%"),
            "discount_tariff": self.env._("Discount tariff: %(percent)s %%"),
            "pricelist": self.env._("Discount of the tariff: %(percent)s %%"),
            "header": self.env._(
                "Discount of the document %(percent)s %%, in all %(discount)s %%"
            ),
            "fiscal_position": self.env._(
                "Taxes of the fiscal position %(name)s: %(price)s to pay"
            ),
            "minimum": self.env._("Minimum price: %(price)s"),
        }
