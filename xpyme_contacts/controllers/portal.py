from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class ContactPortal(CustomerPortal):
    def _create_or_update_address(self, partner_sudo, **kwargs):
        """What the rules of contacts refuse is said on the page.

        The portal writes partners as superuser, past the technician's guard.
        """
        if request.env.user._is_service_technician():
            refusal = request.env["res.partner"]._technician_refusal_message()
            return partner_sudo, {"invalid_fields": [], "messages": [refusal]}
        try:
            with request.env.cr.savepoint():
                return super()._create_or_update_address(partner_sudo, **kwargs)
        except UserError as error:
            refused = self._get_refused_fields(partner_sudo, kwargs)
            return partner_sudo, {"invalid_fields": refused, "messages": [str(error)]}

    def _get_refused_fields(self, partner_sudo, form_data):
        """The locked fields that a form changes, for the page to mark."""
        values, _others = self._parse_form_data(form_data)
        return [
            fname
            for partner in partner_sudo
            for fname in partner._get_locked_fields()
            if fname in values
            and not self._are_same_addresses({fname: values[fname]}, partner)
        ]
