from odoo import api, models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "xpyme.priced.line.mixin", "xpyme.learning.mixin"]

    # === PRICED LINE ===#

    def _get_priced_document(self):
        return self.order_id

    def _get_priced_quantity(self):
        return self.product_uom_qty

    def _get_request_product(self):
        return self.product_id.with_context(**self._get_product_price_context())

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
        return super()._compute_price_unit()

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
        resolved = self._resolve_lines()
        ours = {line: found for line, found in resolved.items() if found.is_ours}
        enabled = self.env["product.pricelist.item"]._is_discount_feature_enabled()
        for line, found in ours.items():
            line.discount = found.discount if enabled else 0.0
        others = self - self.browse().concat(*ours)
        return super(SaleOrderLine, others)._compute_discount()

    def _get_automatic_price(self, found):
        if self.product_type == "combo":
            # It costs what its articles' lines add up to.
            return 0.0
        enabled = self.env["product.pricelist.item"]._is_discount_feature_enabled()
        return self._to_price_unit(found.price if enabled else found.net)

    @api.onchange("price_unit", "discount")
    def _onchange_price_floor(self):
        return self._get_floor_warning()

    # === MINIMUM PRICE ===#

    def _get_floors(self):
        priced = self.filtered(lambda line: line.product_type != "combo")
        return super(SaleOrderLine, priced)._get_floors()

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
        priced = [bool({"price_unit", "discount"} & vals.keys()) for vals in vals_list]
        lines = super().create(vals_list)
        self.browse().concat(
            *(line for line, is_typed in zip(lines, typed, strict=True) if is_typed)
        )._mark_typed_prices()
        self.browse().concat(
            *(line for line, is_priced in zip(lines, priced, strict=True) if is_priced)
        )._raise_to_floors()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"price_unit", "discount"} & vals.keys():
            if not self.env.context.get("sale_write_from_compute"):
                self._raise_to_floors()
        return result

    def _get_typed_lines(self):
        """The lines whose price was typed, as Odoo tells them."""
        return self.filtered(
            lambda line: line._is_priced_by_engine()
            and line.currency_id.compare_amounts(
                line.technical_price_unit, line.price_unit
            )
        )

    def _mark_typed_prices(self):
        """Tell a price that came with the line from the automatic one.

        Odoo takes it for automatic, and the next change of quantity would lose it.
        """
        for line, found in self._resolve_lines().items():
            automatic = line._get_automatic_price(found)
            if line.currency_id.compare_amounts(automatic, line.technical_price_unit):
                line.with_context(sale_write_from_compute=True).write(
                    {"technical_price_unit": automatic}
                )
