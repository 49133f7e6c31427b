from odoo import api, fields, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xpyme.priced.document.mixin"]

    # === PRICED DOCUMENT ===#

    def _is_price_open(self):
        return self.state == "draft" and self.is_sale_document(include_receipts=True)

    def _get_priced_lines(self):
        return self.invoice_line_ids

    def _get_price_date(self):
        return self.invoice_date or fields.Date.context_today(self)

    def _get_price_pricelist(self):
        """The customer's tariff: an invoice has none of its own."""
        partner = self.partner_id.sudo().with_company(self.company_id)
        return partner.property_product_pricelist

    def _get_price_terms(self, **changes):
        # Who takes goods back is given back what he paid.
        refund = self.move_type == "out_refund"
        return super()._get_price_terms(**{"with_floor": not refund, **changes})

    # === DISCOUNT OF THE DOCUMENT ===#

    @api.onchange("customer_discount_id")
    def _follow_discount(self):
        """Discounts of the lines follow the document's.

        If they depended on it, so would totals of Odoo, which bank statement lines
        inherit: removing the addon would take these fields of Odoo along.
        """
        for line in self.invoice_line_ids:
            if line._is_priced_by_engine():
                line._compute_discount()

    def write(self, vals):
        if not {"partner_id", "customer_discount_id"} & vals.keys():
            return super().write(vals)
        # sudo: to compare, whoever writes.
        before = {move: move.sudo().customer_discount_id for move in self}
        result = super().write(vals)
        for move, discount in before.items():
            if move.sudo().customer_discount_id != discount:
                move._follow_discount()
        return result

    # === CATALOGUE ===#

    def _get_product_catalog_order_data(self, products, **kwargs):
        data = super()._get_product_catalog_order_data(products, **kwargs)
        if self._is_price_open() and self.partner_id:
            for product_id, price in self._get_catalogue_prices(products).items():
                data[product_id]["price"] = price
        return data

    def _get_product_price_and_data(self, product):
        data = super()._get_product_price_and_data(product)
        if self._is_price_open() and self.partner_id:
            data["price"] = self._get_catalogue_prices(product)[product.id]
        return data

    def _update_order_line_info(
        self, product_id, quantity, *, section_id=False, **kwargs
    ):
        """Odoo answers the price before the discount, which an invoice has seldom."""
        price = super()._update_order_line_info(
            product_id, quantity, section_id=section_id, **kwargs
        )
        line = self.invoice_line_ids.filtered(
            lambda line: line.product_id.id == product_id
            and line.get_parent_section_line().id == section_id
        )
        return line[0]._get_net_price() if line and self._is_price_open() else price

    # === LEARNING ===#

    def action_post(self):
        """What is given back teaches no price."""
        sales = self.filtered(lambda move: move.move_type != "out_refund")
        typed = sales.invoice_line_ids._get_learnable_prices()
        result = super().action_post()
        return self.invoice_line_ids._learn_prices(typed, result)
