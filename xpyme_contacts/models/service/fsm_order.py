from odoo import api, fields, models
from odoo.exceptions import UserError


class FsmOrder(models.Model):
    _name = "fsm.order"
    _inherit = [
        "fsm.order",
        "xpyme.service.order.mixin",
    ]

    service_customer_id = fields.Many2one(
        compute="_compute_service_customer_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )

    @api.depends("location_id")
    def _compute_service_customer_id(self):
        """A location chosen first brings its owner, when he is a customer."""
        for order in self:
            owner = order.location_id.owner_id.commercial_partner_id
            if not owner.is_customer_card:
                owner = order.service_customer_id
            order.service_customer_id = owner

    @api.onchange("service_customer_id")
    def _onchange_service_customer_id(self):
        """The customer's location, if he has one; if not, saving makes it.

        An onchange is a request of its own that commits: made here, the location would
        stay behind when the order is discarded.
        """
        customer = self._get_service_customer()
        if customer and self.location_id.owner_id.commercial_partner_id != customer:
            self.location_id = self.env["fsm.location"].search(
                [("owner_id", "=", customer.id), ("parent_id", "=", False)],
                order="id",
                limit=1,
            )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._set_customers_location(
            [vals for vals in vals_list if not vals.get("location_id")]
        )
        orders = super().create(vals_list)
        orders._check_place_readable()
        return orders

    def write(self, vals):
        if vals.get("service_customer_id") and not vals.get("location_id"):
            vals = dict(vals)
            self._set_customers_location([vals])
        result = super().write(vals)
        if {"location_id", "service_customer_id"} & vals.keys():
            self._check_place_readable()
        return result

    def _check_place_readable(self):
        """An order shows its place and customer to whoever may read the order.

        :raise AccessError: they are not the user's to read
        """
        self.location_id.check_access("read")
        self.service_customer_id.check_access("read")

    def _set_customers_location(self, vals_list):
        """Add the customer's location to ``vals_list``; the dicts are changed.

        :raise UserError: neither customer nor location is given
        """
        default_id = self.env.context.get("default_service_customer_id")
        customer_ids = [
            vals.get("service_customer_id") or default_id for vals in vals_list
        ]
        if not all(customer_ids) and not self.env.context.get("default_location_id"):
            raise UserError(
                self.env._("Choose the customer of the service order first.")
            )
        partners = self.env["res.partner"].browse(filter(None, customer_ids))
        locations = self.env["fsm.location"]._get_by_customer(
            partners.commercial_partner_id
        )
        for vals, customer_id in zip(vals_list, customer_ids, strict=True):
            if customer_id:
                customer = partners.browse(customer_id).commercial_partner_id
                vals["location_id"] = locations[customer].id

    def action_open_order(self):
        """The order in its own form, from the list of a search."""
        self.ensure_one()
        return self.get_formview_action()
