from odoo import api, fields, models

from odoo.addons.xpyme_contacts.tools.inner import inner

# With another one of these lines may be under a minimum price.
_UNDER_MINIMUM = {"partner_id", "pricelist_id", "currency_id", "customer_discount_id"}
# With another one of these discounts of the whole order may take too much.
_WEIGHED = _UNDER_MINIMUM | {"state", "order_line"}
# Within it lines leave the discounts of the whole order to the order.
_JUDGED_ABOVE = inner("xpyme_shortage_judged_above")


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

    def _get_price_date(self):
        return self.date_order or fields.Datetime.now()

    def _get_price_pricelist(self):
        return self.pricelist_id.sudo()

    @api.onchange("partner_id", "date_order", "customer_discount_id")
    def _onchange_price_terms(self):
        """Offer to update the prices: Odoo does only for another pricelist."""
        if self.order_line.filtered("product_id"):
            self.show_update_pricelist = True

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(self._without_word(vals_list))
        orders._judge_shortages({})
        return orders

    def write(self, vals):
        self._check_word(vals)
        if not _WEIGHED & vals.keys():
            return super().write(vals)
        before = self._get_shortages()
        orders = self
        if "order_line" in vals:
            orders = self.with_context(**_JUDGED_ABOVE)
        result = super(SaleOrder, orders).write(vals)
        if _UNDER_MINIMUM & vals.keys():
            sold = self.filtered(lambda order: order.state != "cancel")
            sold.order_line._raise_to_minimums()
        self._judge_shortages(before)
        return result

    # === DISCOUNTS OF THE WHOLE ORDER ===#

    def _get_shortages(self):
        """``{order: shortage}`` of the orders that are more than a draft."""
        agreed = self.filtered(lambda order: order.state in ("sent", "sale"))
        return {order: order._get_minimum_shortage() for order in agreed}

    def _judge_shortages(self, before):
        """Discounts of the whole order have taken more of its minimum prices.

        Nobody is refused for a draft. A sales administrator insists, also for whoever
        confirms it. A customer who signs or pays is not refused.

        :param before: ``{order: shortage}`` before something was changed
        :raise UserError: somebody else has taken off more than before
        """
        user = self.env.user
        if user._is_sales_administrator():
            self._remember_shortages()
            return
        for order, shortage in self._get_shortages().items():
            # sudo: a customer who confirms his order does not read what was allowed.
            allowed = max(before.get(order, 0.0), order.sudo().insisted_shortage)
            if order.currency_id.compare_amounts(shortage, allowed) <= 0:
                continue
            if user._is_internal():
                order._refuse_shortage(shortage)

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

    # === CONFIRMING ===#

    def _tell_minimums(self):
        """A quotation that the customer was sent keeps its prices: it is told."""
        for order in self:
            for line, minimum in order.order_line._get_lines_under_minimum().items():
                order.message_post(body=line._get_kept_message(minimum))
            shortage = order._get_minimum_shortage()
            # sudo: a customer who confirms his order does not read what was allowed.
            if shortage and shortage > order.sudo().insisted_shortage:
                order.message_post(
                    body=self.env._(
                        "The discounts of the whole order take of the minimum prices "
                        "of its lines. They stay, as they were sent to the customer."
                    )
                )

    def action_confirm(self):
        # What the customer has signed or paid stays as he accepted it.
        minded = self._with_minimum_prices().filtered(
            lambda order: not (order.signed_on or order.amount_paid)
        )
        sent = minded.filtered(lambda order: order.state == "sent")
        sent._tell_minimums()
        (minded - sent).order_line._raise_to_minimums()
        typed = self.order_line._get_learnable_prices()
        result = super().action_confirm()
        self.order_line._learn_always(typed)
        return self.order_line._ask_to_learn(typed, result)

    # === INVOICING ===#

    def _prepare_invoice(self):
        vals = super()._prepare_invoice()
        payer, customer = self.partner_invoice_id, self.partner_id
        # Of another payer it is no discount: the lines have it in them already.
        is_own = payer.commercial_partner_id == customer.commercial_partner_id
        discount = self.customer_discount_id.id if is_own else False
        return {**vals, "customer_discount_id": discount}
