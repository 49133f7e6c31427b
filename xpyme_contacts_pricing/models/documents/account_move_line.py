from collections import defaultdict
from itertools import compress

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL, float_is_zero

from odoo.addons.xpyme_contacts.tools.inner import heard

from ...tools.taxes import TaxMode

# A new line that brings one of these is not priced by the engine alone.
_GIVEN = {"price_unit", "discount", "tax_ids"}
# With another one of these a price may be under the minimum.
_UNDER_MINIMUM = _GIVEN | {"product_id", "product_uom_id", "sale_line_ids"}

# With another one of these a line weighs otherwise against discounts of the whole.
_WEIGHED = _UNDER_MINIMUM | {"quantity"}


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "xpyme.priced.line.mixin", "xpyme.learning.mixin"]

    # Odoo leaves it to be typed; the customer's discounts fill it in direct invoices.
    discount = fields.Float(
        compute="_compute_discount",
        store=True,
        readonly=False,
        precompute=True,
        default=None,
    )
    automatic_price = fields.Float(
        compute="_compute_automatic_price",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        aggregator=None,
        min_display_digits="Product Price",
        help="What the price was when it was last calculated, in the invoice's "
        "currency: a price that differs from it was typed.",
    )
    has_customer_price = fields.Boolean(
        compute="_compute_automatic_price",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="Whether the price that was last calculated is the customer's, of special "
        "prices, tariff, cost or discounts, and not the article's own.",
    )

    # === PRICED LINE ===#

    def _get_priced_document(self):
        return self.move_id

    def _get_priced_quantity(self):
        return self.quantity

    def _is_priced_by_engine(self):
        """Lines of a sale without an order; the customer may still be missing."""
        self.ensure_one()
        return bool(
            self.product_id
            and self.display_type == "product"
            and not self.is_imported
            and not self.sale_line_ids
            and self.move_id._is_price_open()
        )

    def _get_calculated_price(self):
        # sudo: to explain the price; who invoices need not see orders.
        order_line = self.sudo().sale_line_ids[:1]
        if order_line:
            return order_line._get_calculated_price()
        return None if self._get_unknown_lines() else self.automatic_price

    # === PRICE AND DISCOUNT ===#

    def _compute_price_unit(self):
        """What follows the same fields is resolved together."""
        with self._resolving_once():
            resolved = self._resolve_lines()
            customers = []
            for line, found in resolved.items():
                if line._is_customer_price(found):
                    line.price_unit = line._get_automatic_price(found)
                    customers.append(line)
            others = self - self.browse().concat(*customers)
            result = super(AccountMoveLine, others)._compute_price_unit()
            self.mapped("automatic_price")
            self.mapped("discount")
        return result

    @api.depends("product_id", "product_uom_id")
    def _compute_automatic_price(self):
        """Also of lines whose price came with them; 0 where the engine says nothing."""
        with self._resolving_once():
            self.mapped("price_unit")
            resolved = self._resolve_lines()
        for line in self:
            found = resolved.get(line)
            line.automatic_price = line._get_automatic_price(found) if found else 0.0
            line.has_customer_price = found and line._is_customer_price(found)

    # Not of the document's discount: see ``account.move._follow_discount``.
    @api.depends("product_id", "product_uom_id")
    def _compute_discount(self):
        with self._resolving_once():
            self.mapped("price_unit")
            resolved = self._resolve_lines()
        for line in self:
            found = resolved.get(line)
            if found:
                line.discount = line._get_automatic_discount(found)
            else:
                line.discount = line.discount

    def _is_customer_price(self, found):
        return self.move_id._is_customer_price(found)

    def _get_automatic_price(self, found):
        """Where nothing of the customer acts it is Odoo's, to the letter."""
        if self._is_customer_price(found):
            return super()._get_automatic_price(found)
        return self.move_id._get_plain_price(self.product_id, self.product_uom_id)

    def _get_automatic_net(self, found):
        if self._is_customer_price(found):
            return super()._get_automatic_net(found)
        return self._get_automatic_price(found)

    @api.onchange("price_unit", "discount", "tax_ids")
    def _onchange_minimum_price(self):
        return self._get_minimum_warning()

    @api.onchange("quantity")
    def _onchange_priced_quantity(self):
        self._follow_terms()

    # === MINIMUM PRICE ===#

    def _minds_minimum(self):
        """Every article of a sale, but what a debit note corrects."""
        self.ensure_one()
        move = self.move_id
        return bool(
            self.product_id
            and self.display_type == "product"
            and self.product_id.type != "combo"
            and move._is_price_open()
            and self.product_id not in move._get_debited().invoice_line_ids.product_id
        )

    def _get_minimum_prices(self):
        """Of what an order sold no more than was accepted there."""
        found = super()._get_minimum_prices()
        ordered = {line: line._get_accepted_lines() for line in found}
        sources = self.env["sale.order.line"].concat(*ordered.values())
        if not sources:
            return found
        left = {}
        # The lines of an invoice share what an order has left, one after the other.
        for line in self.move_id.invoice_line_ids | self:
            if not line.sudo().sale_line_ids._origin & sources:
                continue
            accepted = line._take_accepted(left)
            if line in found:
                found[line] = line._get_least_price(accepted, found[line])
        return found

    def _takes_off(self):
        return self.display_type == "product" and super()._takes_off()

    def _get_deducted(self, left):
        """What the line takes off that its order may: (discount, down payment).

        Without tax, in the invoice's currency; it was judged there.

        :param left: what may still be taken off for each order line, lowered here
        """
        discount = paid = 0.0
        ordered = self._get_ordered_lines()
        rest = amount = -self._get_amount_in(ordered.order_id) if ordered else 0.0
        for source in ordered:
            if source not in left:
                left[source] = source._get_deduction_left(self.move_id)
            # Each invoice rounds its part of the line.
            slack = 2 * source.currency_id.rounding * (1 + len(source.invoice_lines))
            taken = rest if rest <= left[source] + slack else left[source]
            left[source] -= taken
            rest -= taken
            net = -self.price_subtotal * taken / amount if amount else 0.0
            if source.is_downpayment:
                paid += net
            else:
                discount += net
        return discount, paid

    def _get_accepted_lines(self):
        """The lines of a confirmed order that have accepted a price of the article."""
        ordered = self._get_ordered_lines()
        return ordered.filtered(lambda source: source.product_id == self.product_id)

    def _take_accepted(self, left):
        """What of the line an order has sold: pairs of quantity and net price unit.

        :param left: quantity that is left of each order line, lowered here
        """
        accepted, rest = [], self.quantity
        sources = self._get_accepted_lines()
        for source in sources.sorted(lambda source: self._get_net_as_here(source)):
            if source not in left:
                left[source] = source._get_quantity_left(self.move_id)
            unit = source.product_uom_id
            available = unit._compute_quantity(
                left[source], self.product_uom_id, round=False
            )
            taken = max(min(rest, available), 0.0)
            rest -= taken
            left[source] -= self.product_uom_id._compute_quantity(
                taken, unit, round=False
            )
            accepted.append((taken, self._get_net_as_here(source)))
        return accepted

    def _get_least_price(self, accepted, minimum):
        """The least net price unit: what exceeds the order is a sale of its own.

        :param accepted: of ``_take_accepted``
        """
        rest, paid = self.quantity, 0.0
        for quantity, price in accepted:
            rest -= quantity
            paid += quantity * min(price, minimum)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if float_is_zero(rest, precision_digits=digits):
            rest = 0.0
        return (paid + rest * minimum) / self.quantity if self.quantity else minimum

    def _get_net_as_here(self, order_line):
        """What is paid for a unit in the order, as the invoice counts it."""
        net = TaxMode(order_line.tax_ids).net_of_unit(order_line._get_net_price())
        net = order_line.product_uom_id._compute_price(net, self.product_uom_id)
        net = order_line.currency_id._convert(
            net,
            self.currency_id,
            self.company_id,
            self.move_id._get_price_date(),
            round=False,
        )
        return TaxMode(self.tax_ids._origin).unit(net)

    # === TYPED PRICES ===#

    def _is_typed(self):
        return self._differ(self.price_unit, self.automatic_price)

    def _get_typed_lines(self):
        """The lines whose price was typed; none of those that nobody knows of."""
        known = self._get_known_lines()
        return known.filtered(lambda line: line._is_typed())

    def _get_automatic_lines(self):
        """The lines whose price is still the one that was calculated."""
        return self._get_known_lines().filtered(lambda line: not line._is_typed())

    def _get_known_lines(self):
        known = self.filtered(lambda line: line._is_priced_by_engine())
        return known - known._get_unknown_lines()

    def _get_unknown_lines(self):
        """Those from before the addon, which never had an automatic price.

        Their column is NULL, which reads as the 0 of an article without a price. Such
        a line keeps its price, and nothing is learnt of it.
        """
        unpriced = self.filtered(lambda line: line._origin and not line.automatic_price)
        if not unpriced:
            return unpriced
        self.flush_model(["automatic_price"])
        query = SQL(
            "SELECT id FROM account_move_line"
            " WHERE id = ANY(%s) AND automatic_price IS NULL",
            unpriced._origin.ids,
        )
        unknown = {line_id for (line_id,) in self.env.execute_query(query)}
        return unpriced.filtered(lambda line: line._origin.id in unknown)

    # === FOLLOWING THE INVOICE ===#

    def _follow_terms(self, kept=()):
        """Automatic prices follow the quantity and the invoice, with their discounts.

        Not in the credit note of an invoice: who takes goods back is given back what
        he paid.

        :param kept: names of fields not to touch
        """
        lines = self.filtered(lambda line: not line.move_id.reversed_entry_id)
        lines._get_automatic_lines()._reprice(kept)

    def _reprice(self, kept=()):
        """Give the lines the price and the discount that the engine says now.

        Odoo's rules hold for lines without a price of the customer, before and now. In
        one go for an invoice: Odoo balances it after each writing.
        """
        commands = defaultdict(list)
        for line, found in self._resolve_lines().items():
            is_customers = line._is_customer_price(found)
            if not is_customers and not line.has_customer_price:
                continue
            vals = {
                "discount": line._get_automatic_discount(found),
                "has_customer_price": is_customers,
            }
            # Odoo has them updated with a button, which changes the price along.
            if not line._has_other_taxes():
                price = line._get_automatic_price(found)
                vals.update(price_unit=price, automatic_price=price)
            vals = {
                fname: value
                for fname, value in vals.items()
                if fname not in kept and line[fname] != value
            }
            if vals and line.id:
                commands[line.move_id].append(Command.update(line.id, vals))
            else:
                line.update(vals)
        for move, updates in commands.items():
            move.write({"invoice_line_ids": updates})

    def _get_given_taxes(self):
        return self._get_computed_taxes()

    # === CATALOGUE ===#

    def _get_product_catalog_lines_data(self, **kwargs):
        data = super()._get_product_catalog_lines_data(**kwargs)
        if len(self) == 1 and self.move_id._is_price_open():
            data["price"] = self._get_net_price()
        return data

    # === ORM ===#

    @api.model_create_multi
    def create(self, vals_list):
        # Defaults, of the user or the context, give what the values do not name.
        defaults = self.default_get([*_GIVEN]).keys()
        priced = [bool(defaults or _GIVEN & vals.keys()) for vals in vals_list]
        with self._resolving_once():
            lines = super().create(self._without_word(vals_list))
            given = self.browse().concat(*compress(lines, priced))
            given._raise_to_minimums()
        given.move_id._remember_shortages()
        return lines

    def write(self, vals):
        self._check_word(vals)
        moved = self.browse()
        if "quantity" in vals and "price_unit" not in vals:
            moved = self.filtered(lambda line: line.quantity != vals["quantity"])
        sold = self._get_sold_anew(vals)
        # What Odoo's button takes into a price was typed by nobody.
        is_ours = heard(self.env.context, "xpyme_price_calculated")
        with self._giving_agreed_discounts({} if is_ours else vals):
            result = super().write(vals)
        moved._follow_terms(kept=vals.keys())
        if sold:
            sold._raise_to_minimums()
        if _WEIGHED & vals.keys():
            self.move_id._remember_shortages()
        return result

    def unlink(self):
        moves = self.move_id
        result = super().unlink()
        moves.exists()._remember_shortages()
        return result

    def _get_sold_anew(self, vals):
        """The lines that may be under a minimum price once ``vals`` are written."""
        if _UNDER_MINIMUM & vals.keys():
            return self
        if "quantity" not in vals:
            return self.browse()
        # What was given back is sold now; or more is sold than was ordered.
        return self.filtered(lambda line: line.quantity <= 0 or line.sale_line_ids)
