import functools

from odoo import api, models
from odoo.exceptions import AccessError


class TechnicianGuard(models.AbstractModel):
    """Denies a service order technician every change, whatever his other groups.

    Groups only ever add rights, so the refusal cannot be an access right: it stands
    in ``_check_access``, through which form, list, RPC, import, one2many commands and
    delegated (``_inherits``) writes all pass. Every model whose rows belong to a
    customer's file inherits this mixin. Printing is reading; taking contacts away as
    data is refused too.
    """

    _name = "xpyme.technician.guard"
    _description = "Refuses a Technician's Changes"

    def _check_access(self, operation):
        if operation != "read" and self.env.user._is_service_technician():
            return self, functools.partial(
                AccessError, self._technician_refusal_message()
            )
        return super()._check_access(operation)

    def _export_rows(self, fields, *args, **kwargs):
        self._check_export_allowed()
        return super()._export_rows(fields, *args, **kwargs)

    @api.model
    def _check_export_allowed(self):
        """:raise AccessError: a technician takes contacts away as data

        Called by the export of records, of their parents and by the vCard files.
        """
        if not self.env.su and self.env.user._is_service_technician():
            raise AccessError(
                self.env._(
                    "As a service order technician you can read and print contacts, "
                    "not export them. Ask the office for the file."
                )
            )

    @api.model
    def _refuse_technician(self):
        """:raise AccessError: for what core would do as superuser on his behalf"""
        if not self.env.su and self.env.user._is_service_technician():
            raise AccessError(self._technician_refusal_message())

    @api.model
    def _technician_refusal_message(self):
        return self.env._(
            "As a service order technician you can read and print contacts, not "
            "change them. Ask the office to make the change."
        )
