from collections import defaultdict
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools import memory
from ...tools.price_terms import PriceRequest
from ...tools.taxes import TaxMode

_INSISTED = ("insisted_minimum", "insisted_price")


class PricedLineMixin(models.AbstractModel):
    """A line whose price comes from the price engine."""

    _name = "xpyme.priced.line.mixin"
    _description = "Line Priced for a Customer"

    # Not for customers, who read their documents: the first is their minimum price.
    insisted_minimum = fields.Float(
        copy=False,
        groups="base.group_user",
        help="The minimum price under which a sales administrator sells this line.",
    )
    insisted_price = fields.Float(
        copy=False,
        groups="base.group_user",
        help="What is paid per unit by the word of a sales administrator.",
    )

    # === WHAT A MODEL ANSWERS ===#

    def _get_priced_document(self):
        """The order or invoice of the line."""
        raise NotImplementedError

    def _get_priced_quantity(self):
        raise NotImplementedError

    def _is_priced_by_engine(self):
        """Whether the line is an article whose price may be the customer's."""
        raise NotImplementedError

    def _get_calculated_price(self):
        """The price unit that was calculated for the line; ``None`` if unknown."""
        raise NotImplementedError

    def _get_price_context(self):
        """What of the article's context its price depends on."""
        return {}

    # === RESOLVING ===#

    def _get_price_request(self):
        context = self._get_price_context()
        return PriceRequest(
            self.product_id.with_context(**context) if context else self.product_id,
            self._get_priced_quantity() or 1.0,
            self.product_uom_id or self.product_id.uom_id,
            tuple(context.items()),
        )

    def _get_nearby_products(self):
        """Ids of the articles of the lines that are priced in this same operation.

        New lines are computed one by one, while their prices are fetched together.
        """
        siblings = self
        if len(self) == 1:
            siblings = self.browse(() if self.id else self._prefetch_ids)
            siblings |= self._get_priced_document()._get_priced_lines()
        return tuple(siblings.sudo().product_id._origin.ids)

    @contextmanager
    def _resolving_once(self):
        """While it lasts, a line's price is resolved once for all who ask.

        It lasts as long as Odoo creates, computes or shows lines. What their prices are
        made of does not change meanwhile; where it does, ``_forget_memo`` ends it.
        """
        cache = self.env.cr.cache
        if memory.LINES in cache:
            yield
            return
        known = cache[memory.LINES] = {}
        try:
            yield
        finally:
            if cache.get(memory.LINES) is known:
                del cache[memory.LINES]

    def _group_by_document(self, is_meant):
        """``{document: [lines]}`` of the lines of which ``is_meant`` says so."""
        # Lists, not records: a concatenation would forget what is fetched together.
        by_document = defaultdict(list)
        for line in self:
            if is_meant(line):
                by_document[line._get_priced_document()].append(line)
        return by_document

    def _resolve_lines(self):
        """``{line: ResolvedPrice}`` of the lines that the engine prices."""
        found = {}
        priced = self._group_by_document(lambda line: line._is_priced_by_engine())
        for document, lines in priced.items():
            terms = document._get_price_terms(get_nearby=self._get_nearby_products)
            requests = [line._get_price_request() for line in lines]
            found.update(zip(lines, self._resolve(requests, terms), strict=True))
        return found

    def _resolve(self, requests, terms):
        """Ask the engine; while it is resolved once, only for what is not known yet."""
        known = self.env.cr.cache.get(memory.LINES, {})
        keys = [(*terms.key, *request.key) for request in requests]
        missing = {
            key: request
            for key, request in zip(keys, requests, strict=True)
            if key not in known
        }
        if missing:
            Engine = self.env["xpyme.price.engine"]
            resolved = Engine._resolve([*missing.values()], terms)
            known.update(zip(missing, resolved, strict=True))
        return [known[key] for key in keys]

    def _get_automatic_price(self, found):
        """The price unit that a ``ResolvedPrice`` gives the line."""
        return self._to_price_unit(found.price)

    def _get_automatic_discount(self, found):
        """The discount, 0 to 100, that a ``ResolvedPrice`` gives the line.

        The minimum acts on the automatic price; a typed one keeps the discount.
        """
        if found.agreed_discount == found.discount or not self._is_typed():
            return found.discount
        # A new line's price is typed for Odoo also where it is the automatic one.
        automatic = self._get_automatic_price(found)
        is_other = self._differ(automatic, self.price_unit)
        return found.agreed_discount if is_other else found.discount

    def _differ(self, one, other):
        """Whether two price units are different, to the digits of prices."""
        return bool(self.env["decimal.precision"]._compare_prices(one, other))

    # === TYPED PRICES ===#

    def _is_typed(self):
        """Whether the price is another than the one that was calculated."""
        raise NotImplementedError

    def _get_typed_lines(self):
        """The lines whose price was typed, not merely calculated on another day."""
        raise NotImplementedError

    @contextmanager
    def _giving_agreed_discounts(self, vals):
        """Around a write: lines whose price is typed by it get the agreed discount."""
        is_typing = "price_unit" in vals and "discount" not in vals
        before = self._get_typed_lines() if is_typing else self
        yield
        if is_typing:
            (self._get_typed_lines() - before)._take_agreed_discount()

    def _take_agreed_discount(self):
        """Of lines whose price was typed: the discount that the minimum had taken."""
        for line, found in self._resolve_lines().items():
            if found.agreed_discount != found.discount == line.discount:
                line.discount = line._get_automatic_discount(found)

    @api.onchange("price_unit")
    def _onchange_typed_price(self):
        self._get_typed_lines()._take_agreed_discount()

    def _get_automatic_net(self, found):
        """What a ``ResolvedPrice`` has paid for a unit, after the discount."""
        return self._to_price_unit(found.net)

    def _to_price_unit(self, price):
        """A resolved price with the taxes that the document's position gives."""
        document = self._get_priced_document()
        return self.product_id._to_fiscal_position(
            price, document.company_id, document.fiscal_position_id
        )

    def _has_other_taxes(self):
        """Whether the price holds other taxes than the engine gives it."""
        given = self._get_given_taxes().flatten_taxes_hierarchy()
        held = self.tax_ids._origin.flatten_taxes_hierarchy()
        return given.filtered("price_include") != held.filtered("price_include")

    def _get_given_taxes(self):
        """The article's taxes, or those of the document's fiscal position."""
        document = self._get_priced_document()
        # sudo: whoever sells need not read how the article is taxed.
        taxes = self.product_id.sudo().taxes_id
        taxes = taxes._filter_taxes_by_company(document.company_id)
        return document.fiscal_position_id.sudo().map_tax(taxes)

    def _get_net_price(self):
        """What is paid per unit, after the discount."""
        return self.price_unit * (1 - self.discount / 100)

    # === MINIMUM PRICE ===#

    def _minds_minimum(self):
        """Whether a minimum price holds for the line: by what it is, not by marks.

        Whoever writes lines may mark one as what the engine leaves to Odoo.
        """
        return self._is_priced_by_engine()

    def _takes_off(self):
        """Whether the line is a discount of the whole document.

        Goods of a negative quantity are given back; a service cannot be.
        """
        self.ensure_one()
        is_back = self._get_priced_quantity() < 0 and self.product_id
        is_back = is_back and self.product_id.type != "service"
        return self.price_subtotal < 0 and not (is_back and self.price_unit >= 0)

    def _get_part_above(self, minimum):
        """The part of what is paid that lies above a minimum price, 0 to 1."""
        net = self._get_net_price()
        return 1 - min(minimum / net, 1.0) if net > 0 else 0.0

    def _get_minimum_prices(self):
        """``{line: its least net price unit}`` of the lines that have one.

        With the taxes that the line has, which need not be the article's.
        """
        found = {}
        modes = {}
        minded = self._group_by_document(lambda line: line._minds_minimum())
        for document, lines in minded.items():
            terms = document._get_price_terms(get_nearby=self._get_nearby_products)
            requests = [line._get_price_request() for line in lines]
            minimums = self.env["xpyme.price.engine"]._get_minimums(requests, terms)
            for line, minimum in zip(lines, minimums, strict=True):
                if minimum:
                    taxes = line.tax_ids._origin
                    mode = modes.setdefault(taxes, TaxMode(taxes))
                    found[line] = mode.unit(minimum)
        return found

    def _get_lines_under_minimum(self):
        """``{line: least price unit}`` of lines that nobody may sell for so little."""
        return {
            line: minimum
            for line, minimum in self._get_lines_for_less().items()
            if not line._is_insisted_on(minimum)
        }

    def _get_lines_for_less(self):
        """``{line: least price unit}`` of lines sold for less than the minimum.

        A price under zero sells nothing: it takes off.
        """
        compare = self.env["decimal.precision"]._compare_prices
        sold = self.filtered(lambda line: line.price_unit >= 0)
        return {
            line: minimum
            for line, minimum in sold._get_minimum_prices().items()
            if compare(line._get_net_price(), minimum) < 0
        }

    def _raise_to_minimums(self):
        """Lines under the customer's minimum are raised to it, and the document tells.

        A sales administrator may insist on a lower price.
        """
        if not self.env.su and self._may_insist():
            self._insist()
            return
        for line, minimum in self._get_lines_under_minimum().items():
            line._raise_to(minimum)
            document = line._get_priced_document()
            document.message_post(body=line._get_minimum_message(minimum))

    def _raise_to(self, minimum):
        self.write({"price_unit": minimum, "discount": 0.0})

    # === AN ADMINISTRATOR'S WORD ===#

    def _may_insist(self):
        return self.env.user._is_sales_administrator()

    def _insist(self):
        """What an administrator typed is not raised by whoever confirms it.

        The word is that of the present price: a higher one takes it back.
        """
        for_less = self._get_lines_for_less()
        for line in self:
            minimum = for_less.get(line, 0.0)
            price = line._get_net_price() if minimum else 0.0
            if (line.insisted_minimum, line.insisted_price) != (minimum, price):
                line.write({"insisted_minimum": minimum, "insisted_price": price})

    def _is_insisted_on(self, minimum):
        """Whether an administrator sells for so little, with this same minimum."""
        compare = self.env["decimal.precision"]._compare_prices
        return not (
            compare(self.insisted_minimum, minimum)
            or compare(self._get_net_price(), self.insisted_price) < 0
        )

    @api.model
    def _without_word(self, vals_list):
        """Values of new lines, for which nobody has insisted yet.

        They are said, so that no default of a user says otherwise.
        """
        for vals in vals_list:
            self._check_word(vals)
        return [{**dict.fromkeys(_INSISTED, 0.0), **vals} for vals in vals_list]

    @api.model
    def _check_word(self, vals):
        """:raise AccessError: somebody else gives a sales administrator's word"""
        given = any(vals.get(fname) for fname in _INSISTED)
        if given and not self._may_insist():
            raise AccessError(
                self.env._(
                    "Only a sales administrator sells for less than the minimum price: "
                    "ask one to type the price."
                )
            )

    # === TELLING ===#

    def _get_minimum_message(self, minimum):
        return self.env._(
            "%(article)s has a minimum price of %(price)s for this customer: the lower "
            "price was raised to it.",
            article=self.product_id.display_name,
            price=self._format_price(minimum),
        )

    def _get_kept_message(self, minimum):
        return self.env._(
            "%(article)s has a minimum price of %(price)s for this customer. The lower "
            "price stays, as it was sent to the customer.",
            article=self.product_id.display_name,
            price=self._format_price(minimum),
        )

    def _format_price(self, amount):
        currency = self._get_priced_document().currency_id
        return self.env["decimal.precision"]._format_price(amount, currency)

    def _get_minimum_warning(self):
        """An onchange's answer: raise the price that was typed, and tell it."""
        under = self._get_lines_under_minimum()
        for line, minimum in under.items():
            if self._may_insist():
                message = self.env._(
                    "The customer's minimum price is %s. As a sales administrator you "
                    "may sell for less.",
                    line._format_price(minimum),
                )
            else:
                line.update({"price_unit": minimum, "discount": 0.0})
                message = line._get_minimum_message(minimum)
            title = self.env._("Under the minimum price")
            return {
                "warning": {"title": title, "message": message, "type": "notification"}
            }
        return None

    # === ORM ===#

    def onchange(self, values, field_names, fields_spec):
        with self._resolving_once():
            return super().onchange(values, field_names, fields_spec)

    # === WHY ===#

    def action_why_price(self):
        """Open *Por qué este precio* for the line."""
        self.ensure_one()
        document = self._get_priced_document()
        why = self.env["xpyme.price.why"].create(
            {
                "line_model": self._name,
                "line_id": self.id,
                "partner_id": document.partner_id.id,
                "product_id": self.product_id.id,
                "quantity": self._get_priced_quantity(),
                "date": document._get_price_day(),
            }
        )
        return why._get_action()
