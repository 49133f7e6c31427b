from odoo import models

from odoo.addons.xpyme_contacts_pricing.tools.price_terms import PriceRequest
from odoo.addons.xpyme_contacts_pricing.tools.taxes import TaxMode

# Carriers that Odoo rates by itself, without asking anybody.
_OWN_RATES = ("fixed", "base_on_rule")


class DeliveryCarrier(models.Model):
    """Freight costs no less than the minimum of its article among the customer's
    special prices (seed 004: Precios Mínimos). Free freight stays free."""

    _inherit = "delivery.carrier"

    def rate_shipment(self, order):
        rate = super().rate_shipment(order)
        if rate.get("success"):
            for name in ("price", "carrier_price"):
                if rate.get(name):
                    rate[name] = self._raise_freight(rate[name], order)
        return rate

    def _raise_freight(self, price, order):
        """A price of freight, or the least that the order's customer pays for it.

        In the order's currency, as its lines show it.
        """
        if not order:
            return price
        freight = self.product_id
        request = PriceRequest(freight, 1.0, freight.uom_id)
        terms = order._get_price_terms()
        [least] = self.env["xpyme.price.engine"]._get_minimums([request], terms)
        taxes = freight.taxes_id._filter_taxes_by_company(order.company_id)
        taxes = order.fiscal_position_id.map_tax(taxes)
        return max(price, TaxMode(taxes).unit(least)) if least else price


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_quotation_send(self):
        self._raise_freight()
        return super().action_quotation_send()

    def write(self, vals):
        if vals.get("state") == "sent":
            self._raise_freight()
        return super().write(vals)

    def _raise_freight(self):
        """Before the customer sees a draft: what was free need not be so any more."""
        drafts = self.filtered(
            lambda order: order.state == "draft"
            and not (order.signed_on or order.amount_paid)
        )
        drafts.order_line.filtered("is_delivery")._raise_to_minimums()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _reset_price_unit(self):
        """Odoo prices freight anew when its quantity changes, by its list price."""
        is_free = self._is_free_freight()
        result = super()._reset_price_unit()
        if self.is_delivery:
            for minimum in self._get_lines_under_minimum().values():
                price = 0.0 if is_free else minimum
                self.update({"price_unit": price, "technical_price_unit": price})
        return result

    def write(self, vals):
        result = super().write(vals)
        if "product_uom_qty" in vals:
            self.filtered("is_delivery")._raise_to_minimums()
        return result

    def _get_minimum_prices(self):
        """The minimum of freight is that of the whole: a part of it costs no less."""
        found = super()._get_minimum_prices()
        for line in found:
            if line.is_delivery and 0 < line.product_uom_qty < 1:
                found[line] /= line.product_uom_qty
        return found

    def _minds_minimum(self):
        return super()._minds_minimum() and not self._is_free_freight()

    def _is_free_freight(self):
        """Whether the carrier asks nothing, or not yet: its real cost is to come."""
        if not self.is_delivery or self.price_unit:
            return False
        # sudo: who sells need not read what carriers cost.
        order, carrier = self.order_id, self.order_id.carrier_id.sudo()
        if carrier.product_id != self.product_id:
            return False
        if carrier.invoice_policy == "real":
            return True
        if carrier.delivery_type in _OWN_RATES:
            rate = carrier.rate_shipment(order)
            # Who does not go there, or has no price for it, asks nothing either.
            return rate["success"] and not rate["price"]
        total = carrier._compute_currency(
            order,
            order._compute_amount_total_without_delivery(),
            "pricelist_to_company",
        )
        return carrier.free_over and total >= carrier.amount


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _prepare_sale_delivery_line_vals(self):
        vals = super()._prepare_sale_delivery_line_vals()
        # sudo: who packs need not read orders.
        order, carrier = self.sale_id.sudo(), self.carrier_id.sudo()
        price = carrier._raise_freight(vals["price_unit"], order)
        return {**vals, "price_unit": price}
