from odoo import api, models

from .customer_contact_mixin import WITHOUT_FIRST_CONTACT


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "xpyme.technician.export.guard"]

    def _is_service_technician(self):
        """Whether the user is marked as service order technician.

        The superuser (code that runs by itself) never is.
        """
        self.ensure_one()
        return self.has_group("xpyme_contacts.group_service_technician")

    @api.model_create_multi
    def create(self, vals_list):
        users = super(ResUsers, self.with_context(**WITHOUT_FIRST_CONTACT)).create(
            vals_list
        )
        return users.with_env(self.env)

    def write(self, vals):
        if "partner_id" in vals:
            # Odoo lets everybody write on his own partner as superuser.
            self.env["res.partner"]._refuse_technician()
        return super().write(vals)
