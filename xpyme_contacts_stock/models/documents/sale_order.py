from odoo import api, fields, models

from ..customer.delivery_terms import CARRIER, WAREHOUSE


class SaleOrder(models.Model):
    """Warehouse, carrier and route as agreed with whoever gets the goods: the address,
    else who orders, else the customer (seed 004: Almacén, Transportista, Ruta)."""

    _inherit = "sale.order"

    carrier_id = fields.Many2one(
        compute="_compute_carrier_id", store=True, readonly=False, precompute=True
    )
    customer_route_id = fields.Many2one(
        "xpyme.customer.route",
        string="Route",
        compute="_compute_customer_route_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The round on which the goods are brought: that of the address, else the "
        "customer's.",
    )

    def _get_receivers(self):
        """Who may have agreed how goods are delivered, who counts most first."""
        partner = self.partner_id
        return self.partner_shipping_id | partner | partner.commercial_partner_id

    def _is_delivery_open(self):
        return self.state in ("draft", "sent")

    @api.depends("partner_id", "partner_shipping_id")
    def _compute_warehouse_id(self):
        """OCA's knows who orders, not whose contact they are, and takes also what is
        archived or another company's, with which no order can be saved."""
        others = self.browse()
        for order in self:
            receivers = order._get_receivers()
            agreed = order._is_delivery_open() and receivers._get_delivery_term(
                WAREHOUSE, order.company_id
            )
            if agreed and agreed.active:
                order.warehouse_id = agreed
            else:
                others += order
        result = super(SaleOrder, others)._compute_warehouse_id()
        for order in others.filtered(lambda order: order._is_delivery_open()):
            # sudo: whose it is, for whoever sees the warehouses of one company only.
            found = order.warehouse_id.sudo()
            if found and (found.company_id != order.company_id or not found.active):
                user = order.user_id.with_company(order.company_id)
                order.warehouse_id = user._get_default_warehouse_id()
        return result

    @api.depends("partner_id", "partner_shipping_id", "company_id")
    def _compute_carrier_id(self):
        """Of customers only; freight that is already in the order keeps its carrier."""
        for order in self:
            customer = order.partner_id.commercial_partner_id
            is_ours = customer.is_customer_card and order._is_delivery_open()
            carrier = order.carrier_id
            if is_ours and not order.delivery_set:
                carrier = order._get_agreed_carrier()
            order.carrier_id = carrier

    def _get_agreed_carrier(self):
        """Who brings the goods, if they go to the address."""
        receivers = self._get_receivers()
        # sudo: of a method that every visitor of a shop may choose from.
        carrier = receivers._get_delivery_term(CARRIER, self.company_id).sudo()
        reaches = carrier.active and carrier._match_address(self.partner_shipping_id)
        return (carrier if reaches else carrier.browse()).with_env(self.env)

    @api.depends("partner_id", "partner_shipping_id", "company_id")
    def _compute_customer_route_id(self):
        for order in self:
            route = order.customer_route_id
            if order._is_delivery_open():
                address = order.partner_shipping_id or order.partner_id
                route = address._get_route(order.company_id)
            order.customer_route_id = route
