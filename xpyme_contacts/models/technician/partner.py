from odoo import api, models

# Views without buttons that would refuse.
_VIEWS = {
    "form": "xpyme_contacts.xpyme_contact_view_form_technician",
    "list": "xpyme_contacts.xpyme_contact_view_list",
}


class ResPartner(models.Model):
    """A technician's contacts: what core would do as superuser, and the views."""

    _inherit = "res.partner"

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        if view_type in _VIEWS and self.env.user._is_service_technician():
            view_id = self.env.ref(_VIEWS[view_type]).id
        return super().get_view(view_id, view_type, **options)

    @api.model
    def _find_or_create_from_emails(self, emails, *args, **kwargs):
        if self.env.user._is_service_technician():
            kwargs["no_create"] = True
        return super()._find_or_create_from_emails(emails, *args, **kwargs)

    def _can_be_edited_by_current_customer(self, **kwargs):
        if self.env.user._is_service_technician():
            return False
        return super()._can_be_edited_by_current_customer(**kwargs)

    def _get_vcard_file(self):
        self._check_export_allowed()
        return super()._get_vcard_file()
