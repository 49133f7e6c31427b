from odoo import api, fields, models


class StockPicking(models.Model):
    """A delivery note: what leaves for a customer, or comes back from one.

    With its route and contact, and what is told of its customer. A transfer between
    places of the shop is none, however many steps lead to the door.
    """

    _name = "stock.picking"
    _inherit = [
        "xpyme.document.notice.mixin",
        "xpyme.customer.document.mixin",
        "stock.picking",
    ]

    contact_id = fields.Many2one(
        string="Agreed with", compute="_compute_contact_id", store=True, readonly=False
    )
    customer_route_id = fields.Many2one(
        "xpyme.customer.route",
        string="Route",
        compute="_compute_customer_route_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The round on which the goods are brought: that of the order, else of the "
        "address or the customer.",
    )

    # === WHAT IT IS ===#

    def _is_delivery_note(self):
        """Whether goods leave for a customer, from the shop or a supplier."""
        return self.location_dest_id.usage == "customer"

    def _is_return_note(self):
        """Whether goods come back from a customer."""
        return self.location_id.usage == "customer" and not self._is_delivery_note()

    # === WHAT THE ORDER BRINGS ===#

    @api.depends("sale_id", "partner_id")
    def _compute_contact_id(self):
        """The order's, as long as it is a person of whoever gets the goods."""
        for picking in self:
            # sudo: who packs need not read orders.
            contact = picking.contact_id or picking.sale_id.sudo().contact_id
            customer = picking.partner_id.commercial_partner_id
            is_own = contact.sudo().commercial_partner_id == customer
            picking.contact_id = contact if is_own else False

    @api.depends("sale_id.customer_route_id", "partner_id", "state")
    def _compute_customer_route_id(self):
        """What has left keeps the round that it left on."""
        for picking in self:
            route = picking.customer_route_id
            if picking.state not in ("done", "cancel"):
                # sudo: who packs need not read orders.
                order = picking.sale_id.sudo()
                route = order.customer_route_id if order else None
                route = route or picking.partner_id._get_route(picking.company_id)
            picking.customer_route_id = route

    # === CARRIERS ===#

    def _compute_allowed_carrier_ids(self):
        """Transfers are opened also by those who may not read where carriers go, as
        plain Inventory users, or carriers at all, as accountants: they choose none."""
        # sudo: which postcodes a carrier goes to, for whoever may choose it.
        notes = self.sudo()
        if not self.env["delivery.carrier"].has_access("read"):
            notes.allowed_carrier_ids = False
            return None
        return super(StockPicking, notes)._compute_allowed_carrier_ids()

    # === NOTICE ===#

    @api.model
    def _get_notice_triggers(self):
        return (
            *super()._get_notice_triggers(),
            *("partner_id", "sale_id", "state", "location_dest_id", "move_ids"),
        )

    def _get_noticed_customers(self):
        """Who pays what was ordered, and who gets the goods."""
        customers = self.env["res.partner"]
        if self.state == "cancel" or not self._is_delivery_note():
            return customers
        # sudo: who packs need not read orders.
        payer = self.sudo().sale_id.partner_invoice_id.commercial_partner_id
        return payer.with_env(self.env) | self.partner_id.commercial_partner_id
