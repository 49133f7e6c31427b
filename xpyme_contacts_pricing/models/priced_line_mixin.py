from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import float_compare, formatLang

from .price_terms import PriceRequest


class PricedLineMixin(models.AbstractModel):
    """A line whose price comes from the price engine."""

    _name = "xpyme.priced.line.mixin"
    _description = "Line Priced for a Customer"

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

    def _get_request_product(self):
        """The article, in the context that its price depends on."""
        return self.product_id

    # === RESOLVING ===#

    @api.model
    def _get_price_request_of(self, product, quantity=1.0):
        return PriceRequest(product, quantity, product.uom_id)

    def _get_price_request(self):
        return PriceRequest(
            self._get_request_product(),
            self._get_priced_quantity() or 1.0,
            self.product_uom_id or self.product_id.uom_id,
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

    def _resolve_lines(self):
        """``{line: ResolvedPrice}`` of the lines that the engine prices."""
        # Lists, not records: a concatenation would forget what is fetched together.
        by_document = defaultdict(list)
        for line in self:
            if line._is_priced_by_engine():
                by_document[line._get_priced_document()].append(line)
        found = {}
        for document, lines in by_document.items():
            terms = document._get_price_terms(get_nearby=self._get_nearby_products)
            requests = [line._get_price_request() for line in lines]
            resolved = self.env["xpyme.price.engine"]._resolve(requests, terms)
            found.update(zip(lines, resolved, strict=True))
        return found

    def _get_automatic_price(self, found):
        """The price unit that a ``ResolvedPrice`` gives the line."""
        return self._to_price_unit(found.price)

    def _get_automatic_discount(self, found):
        """The discount, 0 to 100, that a ``ResolvedPrice`` gives the line."""
        return found.discount

    def _to_price_unit(self, price):
        """A resolved price with the taxes that the document's position gives."""
        document = self._get_priced_document()
        return self.product_id._to_fiscal_position(
            price, document.company_id, document.fiscal_position_id
        )

    def _get_net_price(self):
        """What is paid per unit, after the discount."""
        return self.price_unit * (1 - self.discount / 100)

    # === MINIMUM PRICE ===#

    def _get_floors(self):
        """``{line: least price unit}`` of lines sold for less than the minimum."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        under = {}
        for line, found in self._resolve_lines().items():
            if not found.floor:
                continue
            floor = line._to_price_unit(found.floor)
            net = line._get_net_price()
            if float_compare(net, floor, precision_digits=digits) < 0:
                under[line] = floor
        return under

    def _raise_to_floors(self):
        """Lines under the customer's minimum are raised to it, and the document tells.

        A sales administrator may insist on a lower price.
        """
        floors = self._get_floors()
        if not self.env.su and self._may_insist():
            self._insist(floors)
            return
        for line, floor in floors.items():
            line._raise_to(floor)
            document = line._get_priced_document()
            if hasattr(document, "message_post"):
                document.message_post(body=line._get_floor_message(floor))

    def _raise_to(self, floor):
        self.write({"price_unit": floor, "discount": 0.0})

    def _insist(self, floors):
        """A sales administrator sells for less; a model may remember it."""

    def _may_insist(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

    def _get_floor_message(self, floor):
        return self.env._(
            "%(article)s has a minimum price of %(price)s for this customer: the lower "
            "price was raised to it.",
            article=self.product_id.display_name,
            price=self._format_price(floor),
        )

    def _format_price(self, amount):
        currency = self._get_priced_document().currency_id
        return formatLang(self.env, amount, dp="Product Price", currency_obj=currency)

    def _get_floor_warning(self):
        """An onchange's answer: raise the price that was typed, and tell it."""
        floors = self._get_floors()
        for line, floor in floors.items():
            if self._may_insist():
                message = self.env._(
                    "The customer's minimum price is %s. As a sales administrator you "
                    "may sell for less.",
                    line._format_price(floor),
                )
            else:
                line.update({"price_unit": floor, "discount": 0.0})
                message = line._get_floor_message(floor)
            title = self.env._("Under the minimum price")
            return {
                "warning": {"title": title, "message": message, "type": "notification"}
            }
        return None

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
                "date": fields.Date.to_date(document._get_price_date()),
            }
        )
        return why._get_action()
