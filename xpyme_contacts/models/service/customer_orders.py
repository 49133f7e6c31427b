from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """The service orders of a customer, on his card."""

    _inherit = "res.partner"

    open_service_order_count = fields.Integer(
        string="Open Service Orders",
        compute="_compute_open_service_order_count",
        groups="fieldservice.group_fsm_user_own",
        help="Service orders of the customer that are not finished yet.",
    )

    @api.model
    def _get_followup_links(self):
        links = super()._get_followup_links()
        if self.env["fsm.order"].has_access("read"):
            links["fsm.order"] = "service_customer_id"
        return links

    def _follow_customers(self, vals, before):
        """The locations made for customers take their new address and name."""
        result = super()._follow_customers(vals, before)
        locations, cards = self.env["fsm.location"], self.filtered("is_customer_card")
        if any(fname in vals for fname in self._address_fields()):
            locations._follow_customers(cards)
        if "name" in vals and cards:
            locations._follow_names(cards, before.names)
        return result

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

    def action_new_service_order(self):
        """A new service order for this customer."""
        return self._get_new_document_action(
            self.env._("New Service Order"),
            "fsm.order",
            default_service_customer_id=self.id,
        )

    # === DELETION ===#

    @api.ondelete(at_uninstall=False)
    def _unlink_except_owner_of_location(self):
        """:raise UserError: the customer owns a service location"""
        # sudo: who deletes a customer may have no rights on service locations.
        locations = (
            self.env["fsm.location"]
            .sudo()
            .with_context(active_test=False)
            .search(
                ["|", ("owner_id", "in", self.ids), ("partner_id", "in", self.ids)],
                limit=1,
            )
        )
        if locations:
            raise UserError(
                self.env._(
                    "%(customer)s cannot be deleted, because the service location "
                    "%(location)s is his. Archive the customer instead.",
                    customer=locations.owner_id.name,
                    location=locations.name,
                )
            )

    @api.model
    def _get_forgotten_texts(self):
        """What was to be done and was done at somebody's, and who signed for it."""
        order = ("description", "todo", "resolution", "location_directions")
        signed = ("signed_by", "signature", "signed_on")
        place = ("description", "direction", "notes")
        owner = ("owner_id",)
        return [
            *super()._get_forgotten_texts(),
            (
                *("fsm.order", ("service_customer_id",), ()),
                dict.fromkeys((*order, *signed), False),
            ),
            ("fsm.location", owner, (), dict.fromkeys(place, False)),
            ("fsm.equipment", ("owned_by_id",), (), {"notes": False}),
        ]
