from odoo import models
from odoo.fields import Domain


class CustomerFollowupMixin(models.AbstractModel):
    """The follow-up of a customer (seed 004: Seguimiento): incidents, calls, visits.

    Odoo's activities, those of his contacts and service orders too; what was done
    stays, with its result.
    """

    _name = "xpyme.customer.followup.mixin"
    _description = "Follow-up of a Customer"

    def action_open_followup(self):
        """The customer's follow-up, what was done included."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_followup_action"
        )
        title = self.env._("Follow-up of %s", self.name)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": self._get_followup_domain(),
            "context": {
                "active_test": False,
                "default_res_model": "res.partner",
                "default_res_id": self.id,
                "default_user_id": self.env.uid,
            },
        }

    def _get_followup_domain(self):
        """Domain of the activities of this customer's follow-up."""
        self.ensure_one()
        family = self.env["res.partner"].search([("id", "child_of", self.ids)])
        domain = Domain("res_model", "=", "res.partner")
        domain &= Domain("res_id", "in", family.ids)
        if self.env["fsm.order"].has_access("read"):
            orders = self.env["fsm.order"].search(
                [("service_customer_id", "in", family.ids)]
            )
            domain |= Domain("res_model", "=", "fsm.order") & Domain(
                "res_id", "in", orders.ids
            )
        return list(domain)
