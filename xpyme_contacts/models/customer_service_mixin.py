from odoo import api, fields, models


class CustomerServiceMixin(models.AbstractModel):
    """The service orders of a customer, on his card."""

    _name = "xpyme.customer.service.mixin"
    _description = "Service Orders of a Customer"

    open_service_order_count = fields.Integer(
        string="Open Service Orders",
        compute="_compute_open_service_order_count",
        groups="fieldservice.group_fsm_user_own",
        help="Service orders of the customer that are not finished yet.",
    )

    @api.depends_context("uid")
    def _compute_open_service_order_count(self):
        counts = dict(
            self.env["fsm.order"]._read_group(
                [*self._get_service_orders_domain(), ("is_closed", "=", False)],
                ["service_customer_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.open_service_order_count = counts.get(partner._origin, 0)

    def _get_service_orders_domain(self):
        """Domain of the service orders of the customers ``self``."""
        return [("service_customer_id", "in", self._origin.ids)]

    def action_open_service_orders(self):
        """The customer's service orders, those finished included."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_service_order_action"
        )
        title = self.env._("Service orders of %s", self.name)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": self._get_service_orders_domain(),
            "context": {
                "search_default_todo": 1,
                "default_service_customer_id": self.id,
            },
        }
