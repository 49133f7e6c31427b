from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class TechnicianPortal(CustomerPortal):
    def _create_or_update_address(self, partner_sudo, **kwargs):
        """The portal writes partners as superuser, past the technician's guard."""
        if request.env.user._is_service_technician():
            refusal = request.env["res.partner"]._technician_refusal_message()
            return partner_sudo, {"invalid_fields": [], "messages": [refusal]}
        return super()._create_or_update_address(partner_sudo, **kwargs)
