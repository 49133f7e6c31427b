import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.offer_template import describe
from .lane import COLLISIONS

_logger = logging.getLogger(__name__)


class LaneBatchMixin(models.AbstractModel):
    """Lanes that work off the rows of jobs in batches: none twice, and never stuck.

    A lane takes some rows, and does their work; both are committed together, so that
    whoever dies in between leaves them as they were. One row that fails costs itself
    alone: the others are found by halving.

    A service says what its batches are (``_get_steps``), what becomes of a row that
    failed (``_note_failure``), and when a job is over (``_conclude``).
    """

    _name = "xpyme.lane.batch.mixin"
    _inherit = ["xpyme.lane.mixin"]
    _description = "Batches of Lanes"

    # === WHAT A SERVICE SAYS ===#

    @api.model
    def _get_steps(self):
        """What is done with a job, in this order.

        :return: methods, called with the job and the number of a lane, or None to take
            the rows of all; they answer how many rows they took
        """
        raise NotImplementedError

    @api.model
    def _note_failure(self, row, error):
        """Write down that a row failed, and why (``_describe_failure``)."""
        raise NotImplementedError

    @api.model
    def _conclude(self, job=None):
        """Close the job, or all jobs, without anything left to do."""
        raise NotImplementedError

    # === WORK ===#

    @api.model
    def _work_lane(self, lane, end):
        for job in self._get_running_jobs():
            job = job._in_its_language()
            for step in self._get_steps():
                for own in (lane, None):
                    self._repeat(job, step, own, end)
        self._retry_on_conflict(self._conclude)
        self._commit_lane()

    @api.model
    def _work_inline(self, job):
        """Work a small job off in the request of whoever started it."""
        # sudo: whoever may start it may not write on each record of it.
        job = job._in_its_language().sudo()
        worker = job.env[self._name]
        job.env.flush_all()
        for step in worker._get_steps():
            while step(job, None):
                job.env.flush_all()
        worker._conclude(job)

    @api.model
    def _claim_ids(self, query):
        """Ids of the rows that ``query`` locks."""
        # Two lanes that meet at a row is no error to be logged.
        self.env.cr.execute(query, log_exceptions=False)
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _halve(self, work, rows):
        """Do ``work`` on rows, so that one that fails keeps none of the others."""
        if not rows:
            return
        try:
            with self.env.cr.savepoint():
                work(rows)
        except COLLISIONS:
            raise
        except Exception as error:
            if len(rows) == 1:
                self._note_failure(rows, error)
                return
            half = len(rows) // 2
            self._halve(work, rows[:half])
            self._halve(work, rows[half:])

    @api.model
    def _describe_failure(self, row, error):
        """Why a row failed, in words for whoever can mend it."""
        if not isinstance(error, psycopg2.IntegrityError | UserError):
            _logger.warning("%s failed", row, exc_info=error)
        if not isinstance(error, psycopg2.IntegrityError):
            return describe(error)
        table = error.diag.table_name
        known = (row.env[name] for name in row.env.registry)
        model = next((m for m in known if m._table == table), row)
        return describe(model._sql_error_to_message(error))
