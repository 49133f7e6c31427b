from odoo import models


class TechnicianExportGuard(models.AbstractModel):
    """Denies a service order technician the export of what shows customers' data.

    Of records that are his own work, but have a customer's tax id, phone or address in
    columns of theirs: orders, locations, users.
    """

    # Apart from the guard of his changes, which does not inherit it: of a mixin's mixin
    # Odoo notes every heir, and forgets none when the heir's addon is removed.
    _name = "xpyme.technician.export.guard"
    _description = "Refuses a Technician's Exports"

    def _export_rows(self, fields, *args, **kwargs):
        self.env["res.partner"]._check_export_allowed()
        return super()._export_rows(fields, *args, **kwargs)
