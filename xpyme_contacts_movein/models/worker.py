from odoo import api, models
from odoo.tools import SQL

from .movein import DONE as JOB_DONE
from .movein import RUNNING, UNDONE
from .row import DONE, FAILED, LEFT, PENDING, REJECT, UNDO

# Rows that are made or undone together: what one failure costs is found by halving.
BATCH = 200
# How many rows are made and taken back when a file is looked at.
TRIED = 40
_CLAIM = """
SELECT row.id
  FROM xpyme_movein_row row JOIN xpyme_movein job ON job.id = row.movein_id
 WHERE row.movein_id = %(job)s AND row.state = %(state)s AND %(ready)s AND %(own)s
 ORDER BY %(order)s LIMIT %(limit)s
   FOR NO KEY UPDATE OF row SKIP LOCKED
"""
_IS_RUNNING = SQL("job.state = %s AND job.is_undoing IS NOT TRUE", RUNNING)
_IS_UNDOING = SQL("job.is_undoing")
# What a row has changed is undone before what the earlier ones of its record have.
_FIRST, _LAST = SQL("row.id"), SQL("row.id DESC")


class MoveinWorker(models.AbstractModel):
    """Brings the rows of files in: none twice, and one bad row costs itself alone.

    A lane takes some rows, and makes their records; both are committed together, so
    that whoever dies in between leaves them as they were.
    """

    _name = "xpyme.movein.worker"
    _inherit = ["xpyme.lane.batch.mixin"]
    _description = "Worker of Files to Move In"

    _lane_crons = tuple(
        f"xpyme_contacts_movein.movein_lane_{lane}_cron" for lane in range(4)
    )

    # === LANES ===#

    @api.model
    def _get_running_jobs(self):
        domain = ["|", ("state", "=", RUNNING), ("is_undoing", "=", True)]
        return self.env["xpyme.movein"].search(domain, order="id")

    @api.model
    def _get_steps(self):
        return self._undo_batch, self._make_batch

    @api.model
    def _count_waiting(self):
        query = SQL(
            """
            SELECT count(*)
              FROM xpyme_movein_row row JOIN xpyme_movein job ON job.id = row.movein_id
             WHERE row.state = %s AND %s OR row.state = %s AND %s
            """,
            *(PENDING, _IS_RUNNING, UNDO, _IS_UNDOING),
        )
        return self.env.execute_query(query)[0][0]

    # === BATCHES ===#

    @api.model
    def _claim(self, job, own, state, ready, order=_FIRST):
        query = SQL(
            _CLAIM,
            job=job.id,
            state=state,
            ready=ready,
            own=self._get_lane_sql(own, SQL("row.id")),
            order=order,
            limit=BATCH,
        )
        return job.env["xpyme.movein.row"].browse(self._claim_ids(query))

    @api.model
    def _make_batch(self, job, own):
        """Make the records of some rows; how many were looked at."""
        rows = self._claim(job, own, PENDING, _IS_RUNNING)
        self._halve(job._make, rows)
        return len(rows)

    @api.model
    def _undo_batch(self, job, own):
        """Take back what some rows have made."""
        rows = self._claim(job, own, UNDO, _IS_UNDOING, _LAST)
        self._halve(job._undo, rows)
        return len(rows)

    @api.model
    def _note_failure(self, row, error):
        state = DONE if row.state == UNDO else FAILED
        row.write({"state": state, "reason": self._describe_failure(row, error)})

    @api.model
    def _try(self, job):
        """Make some of the new records and take them back: what a rule of theirs
        refuses is told before anything moves in.
        """
        domain = [("movein_id", "=", job.id), ("state", "=", PENDING)]
        rows = job.env["xpyme.movein.row"].search(domain, limit=TRIED)
        savepoint = self.env.cr.savepoint()
        job._make_named()
        self._halve(job._make, rows)
        refused = {row.id: row.reason for row in rows if row.state == FAILED}
        savepoint.rollback()
        savepoint.close(rollback=False)
        self.pool.reset_changes()
        self.env.invalidate_all()
        for row in rows.browse(refused):
            reason = refused[row.id]
            row.write({"verdict": REJECT, "state": LEFT, "reason": reason})

    # === END ===#

    @api.model
    def _conclude(self, job=None):
        """Files, or one, without anything left to make, or to undo."""
        own = SQL("job.id = %s", job.id) if job else SQL("TRUE")
        undone = SQL(
            "CASE WHEN EXISTS (SELECT FROM xpyme_movein_row WHERE movein_id = job.id"
            " AND state = %s) THEN %s ELSE %s END",
            *(DONE, JOB_DONE, UNDONE),
        )
        for state, is_at_work, waiting in (
            (SQL("%s", JOB_DONE), _IS_RUNNING, PENDING),
            (undone, _IS_UNDOING, UNDO),
        ):
            query = SQL(
                """
                UPDATE xpyme_movein job
                   SET state = %(state)s, is_undoing = FALSE,
                       finished_at = now() AT TIME ZONE 'UTC'
                 WHERE %(own)s AND %(is_at_work)s AND NOT EXISTS (
                       SELECT FROM xpyme_movein_row
                        WHERE movein_id = job.id AND state = %(waiting)s)
                """,
                state=state,
                own=own,
                is_at_work=is_at_work,
                waiting=waiting,
            )
            self.env.cr.execute(query, log_exceptions=False)
        self.env["xpyme.movein"].invalidate_model()
