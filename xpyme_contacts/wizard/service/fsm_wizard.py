from odoo import models


class FsmWizard(models.TransientModel):
    _inherit = "fsm.wizard"

    def action_convert_location(self, partner):
        """A customer gets a location beside him instead of becoming one."""
        if not partner.is_customer_card:
            return super().action_convert_location(partner)
        return self.env["fsm.location"]._get_by_customer(partner)[partner]
