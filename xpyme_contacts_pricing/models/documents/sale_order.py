from odoo import api, fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "xpyme.priced.document.mixin"]

    # The lines of a copy have their discounts, so it must say which one they have.
    customer_discount_id = fields.Many2one(copy=True)

    def copy_data(self, default=None):
        return self._leave_strange_discounts(super().copy_data(default))

    @api.model
    def _get_risk_fields(self):
        """Another discount of the document is another price of each line."""
        return [*super()._get_risk_fields(), "customer_discount_id"]

    # === PRICED DOCUMENT ===#

    def _is_price_open(self):
        return self.state in ("draft", "sent")

    def _get_priced_lines(self):
        return self.order_line

    def _get_price_date(self):
        return self.date_order or fields.Datetime.now()

    def _get_price_pricelist(self):
        return self.pricelist_id.sudo()

    @api.onchange("partner_id", "date_order", "customer_discount_id")
    def _onchange_price_terms(self):
        """Offer to update the prices: Odoo does only for another pricelist."""
        if self.order_line.filtered("product_id"):
            self.show_update_pricelist = True

    def write(self, vals):
        result = super().write(vals)
        if {"partner_id", "pricelist_id", "customer_discount_id"} & vals.keys():
            orders = self.filtered(lambda order: order.state != "cancel")
            orders.order_line._raise_to_minimums()
        return result

    # === UPDATING PRICES ===#

    def _get_update_prices_lines(self):
        """Prices that were typed stay: what is updated are the automatic ones."""
        lines = super()._get_update_prices_lines()
        lines -= lines._get_kept_lines()
        return lines.with_prefetch(lines._ids)

    def _recompute_prices(self):
        with self.order_line._resolving_once():
            return super()._recompute_prices()

    def action_update_prices(self):
        typed = self.order_line._get_kept_lines()
        result = super().action_update_prices()
        if typed:
            self.message_post(
                body=self.env._(
                    "Prices that were typed have stayed: %s. Choose the article of a "
                    "line again to get its automatic price.",
                    ", ".join(typed.product_id.mapped("display_name")),
                )
            )
        return result

    # === CATALOGUE ===#

    def _get_product_catalog_order_data(self, products, **kwargs):
        data = super()._get_product_catalog_order_data(products, **kwargs)
        for product_id, price in self._get_catalogue_prices(products).items():
            data[product_id]["price"] = price
        return data

    def _update_order_line_info(self, product_id, quantity, **kwargs):
        price = super()._update_order_line_info(product_id, quantity, **kwargs)
        if quantity or not self._is_price_open():
            return price
        product = self.env["product.product"].browse(product_id)
        return self._get_catalogue_prices(product)[product_id]

    # === LEARNING ===#

    def _with_minimum_prices(self):
        """The open orders of customers who have one: few, asked in one query."""
        orders = self.filtered(lambda order: order._is_price_open())
        customers = orders.partner_id.commercial_partner_id
        # sudo: who confirms need not be allowed to read special prices.
        prices = self.env["xpyme.customer.price"].sudo()
        domain = [("partner_id", "in", customers.ids), ("min_price", ">", 0)]
        found = {partner for (partner,) in prices._read_group(domain, ["partner_id"])}
        return orders.filtered(
            lambda order: order.partner_id.commercial_partner_id in found
        )

    def action_confirm(self):
        # What the customer has signed or paid stays as he accepted it.
        minded = self._with_minimum_prices().filtered(
            lambda order: not (order.signed_on or order.amount_paid)
        )
        minded.order_line._raise_to_minimums()
        typed = self.order_line._get_learnable_prices()
        result = super().action_confirm()
        return self.order_line._learn_prices(typed, result)

    # === INVOICING ===#

    def _prepare_invoice(self):
        vals = super()._prepare_invoice()
        payer, customer = self.partner_invoice_id, self.partner_id
        # Of another payer it is no discount: the lines have it in them already.
        is_own = payer.commercial_partner_id == customer.commercial_partner_id
        discount = self.customer_discount_id.id if is_own else False
        return {**vals, "customer_discount_id": discount}
