from odoo import api, models

from ...tools.price_terms import PriceRequest, PriceTerms


class ProductTemplate(models.Model):
    """The window that configures an article shows what the order's line will cost."""

    _inherit = "product.template"

    @api.model
    def _get_configurator_price(
        self, product_or_template, quantity, date, currency, pricelist, **kwargs
    ):
        """
        :param kwargs: ``customer_id``, ``customer_discount_id``, ``fiscal_position_id``
            of the order, as its form sends them (``static/src/configurator``)
        """
        ids = ("customer_id", "customer_discount_id", "fiscal_position_id")
        customer_id, discount_id, position_id = (kwargs.pop(key, None) for key in ids)
        found = super()._get_configurator_price(
            product_or_template, quantity, date, currency, pricelist, **kwargs
        )
        # A variant that is made on saving has no special price yet.
        if not customer_id or not product_or_template.is_product_variant:
            return found
        customer = self.env["res.partner"].browse(customer_id)
        customer.check_access("read")
        terms = PriceTerms(
            customer=customer.commercial_partner_id,
            company=self.env.company,
            currency=currency,
            date=date,
            pricelist=pricelist,
            header=self._get_configurator_discount(customer, discount_id),
        )
        position = self.env["account.fiscal.position"].browse(position_id)
        uom = kwargs.get("uom") or product_or_template.uom_id
        request = PriceRequest(product_or_template, quantity or 1.0, uom)
        own = self._get_configurator_customer_price(request, terms, position)
        return found if own is None else (own, found[1])

    @api.model
    def _get_configurator_customer_price(self, request, terms, position):
        """The price if it is the customer's, with the taxes of the position."""
        resolved = self.env["xpyme.price.engine"]._resolve([request], terms)[0]
        if not resolved.is_ours:
            return None
        return request.product._to_fiscal_position(
            resolved.net, terms.company, position
        )

    @api.model
    def _get_configurator_discount(self, customer, discount_id):
        """Percent of a discount of the document, if it is the customer's."""
        # sudo: to tell whose it is; whoever sells gives what the order will give.
        discount = self.env["xpyme.customer.discount"].sudo().browse(discount_id)
        owner = discount.exists().partner_id.commercial_partner_id
        return discount.percent if owner == customer.commercial_partner_id else 0.0
