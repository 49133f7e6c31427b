from odoo import api, models
from odoo.tools import SQL


class EmailExport(models.TransientModel):
    """A customer on *Baja* is no longer written to."""

    _inherit = "xpyme.email.export"

    @api.model
    def _get_gone_fields(self):
        return [*super()._get_gone_fields(), "is_blocked"]

    @api.model
    def _get_gone_sql(self, table):
        blocked = SQL.identifier(table, "is_blocked")
        return SQL("(%s OR %s)", super()._get_gone_sql(table), blocked)
