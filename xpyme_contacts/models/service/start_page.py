from odoo import models

MY_ORDERS = "xpyme_contacts.xpyme_my_orders_action"
CUSTOMERS = "xpyme_contacts.xpyme_customer_action"


class ResUsers(models.Model):
    """Where a day begins: technicians with their orders, all others with customers."""

    _inherit = "res.users"

    def _get_home_action_id(self):
        """The page which the user has chosen; a technician's is *My orders* else."""
        self.ensure_one()
        # sudo: which page it is; opening it asks for the rights.
        chosen = self.sudo().action_id
        if not chosen and self._is_service_technician():
            if self.env["fsm.order"].with_user(self).has_access("read"):
                return self.env.ref(MY_ORDERS).id
        return chosen.id

    def action_open_start_page(self):
        """What the app opens that was installed from the browser."""
        action_id = self.env.user._get_home_action_id() or self.env.ref(CUSTOMERS).id
        # sudo: the kind of an action, which only administrators read.
        kind = self.env["ir.actions.actions"].sudo().browse(action_id).type
        return self.env[kind].browse(action_id)._get_action_dict()


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Technicians come to their orders, unless they have chosen another page."""
        info = super().session_info()
        if self.env.user._is_internal():
            info["home_action_id"] = self.env.user._get_home_action_id()
        return info
