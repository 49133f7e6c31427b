from odoo import models
from odoo.tools import SQL

from ..tools.targets import CUSTOMERS
from .judgement import IS_WITHOUT_CODE
from .movein import DONE, UNDONE
from .reading import READ
from .row import FAILED, LEFT, MODULE, PENDING

# A code of the program tells nobody who it was; what stands in for one does.
_FORGET = """
UPDATE xpyme_movein_row row
   SET raw = '[]', vals = '{}', old_vals = NULL, name = NULL, vat_key = NULL,
       zip = NULL, note = NULL, reason = NULL, code = NULL, customer = NULL,
       owner_key = NULL, is_forgotten = TRUE,
       key = CASE WHEN job.kind <> %(customers)s THEN NULL
                  WHEN %(is_without_code)s THEN %(mark)s ELSE row.key END,
       state = CASE WHEN row.state IN %(waiting)s THEN %(left)s ELSE row.state END
  FROM xpyme_movein job
 WHERE job.id = row.movein_id AND row.partner_id = ANY(%(ids)s::int[])
RETURNING job.id, row.key
"""


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _forget(self):
        """What files said of a customer goes, and the files that have done their work.

        The code is kept, so that the customer does not come in by it again; of a row
        without one a mark is, which only the row itself makes again.
        """
        self.env["xpyme.movein.row"].flush_model()
        query = SQL(
            _FORGET,
            customers=CUSTOMERS,
            is_without_code=SQL(IS_WITHOUT_CODE),
            mark=self.env["xpyme.movein"]._get_mark_sql(SQL("row.key")),
            waiting=(PENDING, FAILED),
            left=LEFT,
            ids=self.ids,
        )
        told = self.env.execute_query(query)
        self.env["xpyme.movein.row"].invalidate_model()
        # sudo: what tells where a record came from is nobody's to write.
        keys = self.env["ir.model.data"].sudo()
        names = [name for _job_id, name in told]
        domain = [("module", "=", MODULE), ("model", "=", self._name)]
        domain += [("res_id", "in", self.ids), ("name", "not in", names)]
        keys.search(domain).unlink()
        job_ids = {job_id for job_id, _name in told}
        # sudo: files are of whoever moves them in.
        self.env["xpyme.movein"].sudo().browse(job_ids)._forget_files()
        return super()._forget()


class Movein(models.Model):
    _inherit = "xpyme.movein"

    def _forget_files(self):
        """Of files that have moved in what they said stands in their rows."""
        done = self.filtered(lambda job: job.state in (DONE, UNDONE))
        done.with_context(**READ).write({"file": False})
        done.column_ids.write({"sample": False})
        domain = [("res_model", "=", self._name), ("res_id", "in", done.ids)]
        self.env["ir.attachment"].search([*domain, ("res_field", "=", False)]).unlink()
