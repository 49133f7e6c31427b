from odoo import api, models
from odoo.exceptions import AccessError


class TechnicianExportGuard(models.AbstractModel):
    """Denies a service order technician the export of what shows contacts' data.

    Printing is reading; taking contacts away as data is refused. So also from records
    that are his own work, but show a customer's tax id, phone or address in columns of
    theirs: orders, locations, users.
    """

    _name = "xpyme.technician.export.guard"
    _description = "Refuses a Technician's Exports"

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
