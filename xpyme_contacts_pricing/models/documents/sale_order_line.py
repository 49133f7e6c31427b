from itertools import compress

from odoo import api, models

from odoo.addons.xpyme_contacts.tools.inner import heard, inner

from ...tools.rewards import is_reward

# With another one of these a price may be under the minimum.
_UNDER_MINIMUM = {"price_unit", "discount", "product_id", "product_uom_id", "tax_ids"}
# A new line that brings one of these is not priced by the engine alone.
_GIVEN = {"price_unit", "discount", "tax_ids"}
# With another one of these a line weighs otherwise against discounts of the whole.
_WEIGHED = _UNDER_MINIMUM | {"product_uom_qty", "order_id"}
# Odoo gives lines the price that is calculated.
_CALCULATED = inner("xpyme_price_calculated")


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "xpyme.priced.line.mixin", "xpyme.learning.mixin"]

    # === PRICED LINE ===#

    def _get_priced_document(self):
        return self.order_id

    def _get_priced_quantity(self):
        return self.product_uom_qty

    def _get_calculated_price(self):
        return self.technical_price_unit

    def _get_price_context(self):
        return self._get_product_price_context()

    def _is_priced_by_engine(self):
        """Not what another rule of Odoo prices: rewards, delivery, down payments…"""
        self.ensure_one()
        return bool(
            self.order_id
            and self.product_id
            and not self.display_type
            and not self.is_downpayment
            and not self.combo_item_id
            and not self._is_delivery()
            and not self._is_global_discount()
            and not ("is_reward_line" in self._fields and self.is_reward_line)
            and not (self.is_expense and self.product_id.expense_policy == "cost")
        )

    # === PRICE AND DISCOUNT ===#

    @api.depends("order_id.customer_discount_id")
    def _compute_price_unit(self):
        """Price and discount follow the same fields: they are resolved together."""
        with self._resolving_once():
            self._resolve_lines()
            others = self - self._get_typed_within_a_cent()
            result = super(SaleOrderLine, others)._compute_price_unit()
            self.mapped("discount")
        return result

    def _get_typed_within_a_cent(self):
        """Customers' lines whose price was typed, which Odoo would calculate anew.

        It compares to the digits of the currency.
        """
        if self.env.context.get("force_price_recomputation"):
            return self.browse()
        return self.filtered(
            lambda line: line.price_unit
            and line.price_unit != line.technical_price_unit
            and not line._get_currency().compare_amounts(
                line.price_unit, line.technical_price_unit
            )
        )._get_kept_lines()

    def _reset_price_unit(self):
        calculated = self.with_context(**_CALCULATED)
        return super(SaleOrderLine, calculated)._reset_price_unit()

    def _get_display_price_ignore_combo(self):
        found = self._resolve_lines().get(self)
        if not found or not found.is_ours:
            return super()._get_display_price_ignore_combo()
        if self.env["product.pricelist.item"]._is_discount_feature_enabled():
            return found.price
        # Nobody would see a discount: it goes into the price.
        return found.net

    @api.depends("order_id.customer_discount_id")
    def _compute_discount(self):
        with self._resolving_once():
            self.mapped("price_unit")
            resolved = self._resolve_lines()
        ours = {line: found for line, found in resolved.items() if found.is_ours}
        for line, found in ours.items():
            line.discount = line._get_automatic_discount(found)
        others = self - self.browse().concat(*ours)
        return super(SaleOrderLine, others)._compute_discount()

    def _get_automatic_price(self, found):
        if self.product_type == "combo":
            # It costs what its articles' lines add up to.
            return 0.0
        enabled = self.env["product.pricelist.item"]._is_discount_feature_enabled()
        return self._to_price_unit(found.price if enabled else found.net)

    def _get_automatic_discount(self, found):
        if not self.env["product.pricelist.item"]._is_discount_feature_enabled():
            return 0.0
        return super()._get_automatic_discount(found)

    @api.onchange("price_unit", "discount", "product_uom_id", "tax_ids")
    def _onchange_minimum_price(self):
        return self._get_minimum_warning()

    # === MINIMUM PRICE ===#

    def _minds_minimum(self):
        """Every article that is sold, but for what is priced as part of another."""
        self.ensure_one()
        return bool(
            self.order_id
            and self.product_id
            and not self.display_type
            and self.product_type != "combo"
            and not self.combo_item_id
            and not (self.is_downpayment and not self.product_uom_qty)
            and not is_reward(self)
            and not (self.is_expense and self.product_id.expense_policy == "cost")
        )

    def _takes_off(self):
        return not is_reward(self) and super()._takes_off()

    def _get_deduction_left(self, invoice):
        """What the line may still take off an ``invoice``, after the others.

        With tax, in the order's currency: of a down payment what was invoiced of it,
        of a discount what was agreed.
        """
        self.ensure_one()
        taken = self._get_taken(self._get_earlier(invoice)).amount
        agreed = 0.0 if self.is_downpayment else -self.price_total
        return max(taken + agreed, 0.0)

    def _get_quantity_left(self, invoice):
        """What is left of the ordered quantity for an ``invoice``, after the others."""
        self.ensure_one()
        earlier = self._get_earlier(invoice)
        taken = sum(
            line._get_quantity_in(self) * -line.move_id.direction_sign
            for line in earlier
        )
        # What gives back money alone gives back no goods.
        return self.product_uom_qty - taken - self._get_taken(earlier).corrected

    def _raise_to(self, minimum):
        """An automatic price stays one that is updated with the others."""
        vals = {} if self._is_typed() else {"technical_price_unit": minimum}
        self.write({**vals, "price_unit": minimum, "discount": 0.0})

    # === CATALOGUE ===#

    def _get_product_catalog_lines_data(self, **kwargs):
        data = super()._get_product_catalog_lines_data(**kwargs)
        if len(self) > 1:
            product = self.product_id
            data["price"] = self.order_id._get_catalogue_prices(product)[product.id]
        return data

    # === ORM ===#

    @api.model_create_multi
    def create(self, vals_list):
        typed = [
            "price_unit" in vals and "technical_price_unit" not in vals
            for vals in vals_list
        ]
        # Defaults, of the user or the context, give what the values do not name.
        given = self.default_get([*_GIVEN]).keys()
        priced = [bool(given or _GIVEN & vals.keys()) for vals in vals_list]
        before = self._get_order_shortages(vals_list)
        with self._resolving_once():
            lines = super().create(self._without_word(vals_list))
            lines._pick(typed)._mark_typed_prices()
            lines._pick(priced)._raise_to_minimums()
        self._judge_order_shortages(lines.order_id, before)
        return lines

    def _pick(self, flags):
        return self.browse().concat(*compress(self, flags))

    def write(self, vals):
        self._check_word(vals)
        if heard(self.env.context, "xpyme_price_calculated"):
            return super().write(vals)
        # What is given back has no minimum, and may become what is sold; the price
        # that follows the quantity knows of no other taxes than the article's.
        sold = self.browse()
        if _UNDER_MINIMUM & vals.keys():
            sold = self
        elif "product_uom_qty" in vals:
            sold = self.filtered(
                lambda line: line.product_uom_qty <= 0 or line._has_other_taxes()
            )
        is_weighed = bool(_WEIGHED & vals.keys())
        before = self._get_order_shortages() if is_weighed else {}
        with self._giving_agreed_discounts(vals):
            result = super().write(vals)
        if sold:
            sold._raise_to_minimums()
        if is_weighed:
            self._judge_order_shortages(self.order_id, before)
        return result

    def unlink(self):
        orders, before = self.order_id, self._get_order_shortages()
        result = super().unlink()
        self._judge_order_shortages(orders, before)
        return result

    def _get_order_shortages(self, vals_list=()):
        """``{order: shortage}`` of the lines' orders before they change.

        :param vals_list: of new lines, whose orders are meant
        """
        if heard(self.env.context, "xpyme_shortage_judged_above"):
            return {}
        ids = [vals["order_id"] for vals in vals_list if vals.get("order_id")]
        return (self.order_id | self.order_id.browse(ids))._get_shortages()

    def _judge_order_shortages(self, orders, before):
        if not heard(self.env.context, "xpyme_shortage_judged_above"):
            orders._judge_shortages(before)

    def _get_typed_lines(self):
        """The lines whose price was typed, as Odoo tells them."""
        return self.filtered(
            lambda line: line._is_priced_by_engine() and line._is_typed()
        )

    def _get_kept_lines(self):
        """The typed ones that updating the prices leaves alone: those of a customer.

        For whoever is no customer Odoo's button does what it does.
        """
        return self._get_typed_lines().filtered(
            "order_id.partner_id.commercial_partner_id.is_customer_card"
        )

    def _is_typed(self):
        return self._differ(self.technical_price_unit, self.price_unit)

    def _differ(self, one, other):
        """Also to the digits of the currency, which Odoo compares to."""
        compare = self._get_currency().compare_amounts
        return bool(compare(one, other)) or super()._differ(one, other)

    def _get_currency(self):
        """A line that is not saved yet has perhaps none."""
        return self.currency_id or self.env.company.currency_id

    def _mark_typed_prices(self):
        """Tell a price that came with the line from the automatic one.

        Odoo takes it for automatic, and the next change of quantity would lose it.
        """
        for line, found in self._resolve_lines().items():
            automatic = line._get_automatic_price(found)
            if line._differ(automatic, line.technical_price_unit):
                line.with_context(sale_write_from_compute=True).write(
                    {"technical_price_unit": automatic}
                )
