from odoo import api, models
from odoo.tools import SQL

from ..tools.targets import CUSTOMERS
from .row import PENDING


class CodeRegister(models.AbstractModel):
    """Codes that a file is bringing in are not given to others meanwhile."""

    _inherit = "xpyme.code.register"

    @api.model
    def _refuse(self, code, holder):
        """A row fails as superuser, and its reason is read by whoever moves it in."""
        asked = self.env.context.get("xpyme_movein_company_id")
        # sudo: how companies hang together, whether or not the user works in them.
        seen = self.env["res.company"].sudo().browse(asked).parent_ids.ids
        if asked and holder.company_id and holder.company_id not in seen:
            owner = self.env._("a customer of another company")
            holder = holder._replace(owner=owner)
        return super()._refuse(code, holder)

    @api.model
    def _read_gaps(self, count, company_id, taken, released):
        reserved = self._read_reserved()
        return super()._read_gaps(count, company_id, {*taken, *reserved}, released)

    @api.model
    def _read_reserved(self):
        query = SQL(
            """
            SELECT row.code_number FROM xpyme_movein_row row
              JOIN xpyme_movein job ON job.id = row.movein_id
             WHERE job.state IN ('running', 'paused') AND row.state = %s
               AND row.code_number > 0
            """,
            PENDING,
        )
        return [row[0] for row in self.env.execute_query(query)]


class Movein(models.Model):
    """The codes of a file's new customers, before the lanes begin."""

    _inherit = "xpyme.movein"

    def _reserve_codes(self):
        """Give codes to the new customers of this file that have none."""
        self.ensure_one()
        if self.kind != CUSTOMERS:
            return
        query = SQL(
            "SELECT id FROM xpyme_movein_row WHERE movein_id = %s AND state = %s"
            " AND res_id IS NULL AND code_number IS NULL ORDER BY id",
            *(self.id, PENDING),
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        if not ids:
            return
        company_id = self.is_company_only and self.company_id.id
        register = self.env["xpyme.code.register"]
        codes = register._get_free_codes(
            len(ids), company_id, register._read_reserved()
        )
        query = SQL(
            "UPDATE xpyme_movein_row row SET code_number = given.code"
            " FROM unnest(%s, %s) AS given(id, code) WHERE given.id = row.id",
            *(ids, codes),
        )
        self.env.cr.execute(query)
        self.env["xpyme.movein.row"].invalidate_model(["code_number"])
