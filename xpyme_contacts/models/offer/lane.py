"""What scheduled actions need that share one work, for offers and for other addons."""

import time

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Nothing that a lane does with one row takes as long; whoever claimed it is stuck.
_STUCK = "15 minutes"
# A lane works on after its time, so that what it opened is worth its while.
_LEAST_SECONDS = 2
# Another lane changed the row after this one began to look: begin again.
COLLISIONS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
)
# A number of a session comes round again; together with its beginning it does not.
_SESSION = SQL(
    "(session.pid || '-' || extract(epoch FROM session.backend_start)::numeric)"
)
# What a lane writes into ``claimed_by`` of the row that it takes.
OWN_SESSION = SQL(
    "(SELECT %s FROM pg_stat_activity session WHERE session.pid = pg_backend_pid())",
    _SESSION,
)


class LaneMixin(models.AbstractModel):
    """Lanes: several scheduled actions that do the same work, each on its own rows.

    One scheduled action is run by one process at a time, so their number is the number
    of processes that work, on any number of machines.

    A service inherits it, names its scheduled actions (``_lane_crons``), each of which
    calls ``_process_lane`` with its number, and says what there is to do
    (``_work_lane``, ``_count_waiting``, ``_get_next_retry``). What outlives the death
    of a process: take a row in a statement of its own (``FOR NO KEY UPDATE SKIP
    LOCKED``, ``_get_lane_sql``) that writes ``OWN_SESSION`` and the time into its
    columns ``claimed_by`` and ``claimed_at``; ``_commit_lane``; do the work; write
    down what became of it; ``_commit_lane``. ``_get_abandoned_sql`` finds the rows
    that were taken and will not be finished.
    """

    _name = "xpyme.lane.mixin"
    _description = "Lanes of Scheduled Actions"

    # External ids of the scheduled actions, the lane 0 first.
    _lane_crons = ()

    # === WHAT A SERVICE SAYS ===#

    @api.model
    def _work_lane(self, lane, end):
        """Do the work of a lane, and commit as it goes.

        :param end: until when, by ``time.monotonic()``
        """
        raise NotImplementedError

    @api.model
    def _count_waiting(self):
        """How many rows could be worked on at once, for Odoo to call again."""
        raise NotImplementedError

    @api.model
    def _get_next_retry(self):
        """When the next row is due that was put off; None if there is none."""
        return None

    @api.model
    def _get_running_jobs(self):
        """The jobs (``xpyme.lane.job.mixin``) whose rows lanes are working off."""
        raise NotImplementedError

    # === LANES ===#

    @api.model
    def _wake_lanes(self, at=None):
        """Have the lanes begin now, or on a date to come."""
        at = at if at and at > fields.Datetime.now() else None
        # sudo: whoever has work for them has no rights on scheduled actions.
        for cron in self._get_lanes().sudo():
            cron._trigger(at)

    @api.model
    def _get_lanes(self):
        """The scheduled actions that do this work, in their order."""
        return self.env["ir.cron"].union(*map(self.env.ref, self._lane_crons))

    @api.model
    def _process_lane(self, lane):
        """One run of a lane (scheduled action)."""
        cron = self.env["ir.cron"]
        end = time.monotonic() + max(cron._commit_progress(), _LEAST_SECONDS)
        self._retry_on_conflict(self._stop_moved_jobs)
        self._commit_lane()
        self._work_lane(lane, end)
        if retry := self._get_next_retry():
            self.env.ref(self._lane_crons[lane])._trigger(retry)
        cron._commit_progress(0, remaining=self._count_waiting())

    @api.model
    def _stop_moved_jobs(self):
        """A restored database does not know what had been done since its backup."""
        mark = self.env["xpyme.lane.job.mixin"]._get_database_mark()
        for job in self._get_running_jobs():
            if job.database_mark and job.database_mark != mark:
                job._stop_moved()

    @api.model
    def _get_lane_sql(self, lane, row_id):
        """SQL condition of a lane's own rows; of all, to help the others, for None.

        :param row_id: SQL of the id of a row
        """
        if lane is None:
            return SQL("TRUE")
        return SQL("%s %% %s = %s", row_id, len(self._lane_crons), lane)

    @api.model
    def _get_abandoned_sql(self):
        """SQL condition of claimed rows whose lane is no more, or stuck."""
        return SQL(
            "(claimed_at < now() AT TIME ZONE 'UTC' - %s::interval OR NOT EXISTS"
            " (SELECT FROM pg_stat_activity session WHERE %s = claimed_by))",
            _STUCK,
            _SESSION,
        )

    # === TRANSACTIONS ===#

    @api.model
    def _retry_on_conflict(self, function, *arguments):
        """Call what meets the other lanes' rows, again if they came first."""
        while True:
            try:
                result = function(*arguments)
                self.env.flush_all()
                return result
            except COLLISIONS:
                self.env.cr.rollback()
                self.env.invalidate_all()

    @api.model
    def _repeat(self, job, step, own, end):
        """Do a step of a job batch by batch, until nothing is left or the time is over.

        Each batch begins with a statement just after a commit: under REPEATABLE READ a
        row that another lane has taken since our snapshot is an error.

        :param step: called with the job and ``own``; answers how many rows it did
        :param own: the number of the lane, or None to help the others
        """
        self._commit_lane()
        while time.monotonic() < end:
            count = self._retry_on_conflict(step, job, own)
            self.env["ir.cron"]._commit_progress(count)
            # What has been read for one batch is of no use to the next.
            self.env.invalidate_all()
            if not count:
                break

    @api.model
    def _commit_lane(self):
        """Let the other lanes see what this one has done; only lanes call it.

        Odoo's ``_commit_progress`` would write a row more for each mail.
        """
        self.env.cr.commit()  # pylint: disable=invalid-commit


class LaneJob(models.AbstractModel):
    """What lanes work off together: a campaign, a run.

    It remembers in which database it was begun. One that was restored from a backup,
    copied, or taken over by a standby that was behind, would do once more what it has
    forgotten: it stops, and a person looks.

    Its model has ``name``, ``state`` (one of them "paused"), ``user_id`` and
    ``company_id``, and a chatter.
    """

    _name = "xpyme.lane.job.mixin"
    _description = "Job of Lanes"

    # Tells the database in which it was begun from a restored copy.
    database_mark = fields.Char(
        string="Begun in Database",
        readonly=True,
        copy=False,
        groups="base.group_system",
    )

    @api.model
    def _get_database_mark(self):
        """Another text after a restore, a copy, or a standby's promotion.

        A name of the log begins with its timeline, in hexadecimal. The control file
        has the new one only after the checkpoint that follows a promotion.
        """
        query = SQL(
            """
            SELECT concat_ws('-', system_identifier, timeline, oid)
              FROM pg_control_system(), pg_database,
                   pg_walfile_name(pg_current_wal_lsn()) AS log,
                   CAST(CAST('x' || left(log, 8) AS bit(32)) AS int) AS timeline
             WHERE datname = current_database()
            """
        )
        return self.env.execute_query(query)[0][0]

    def _begin_here(self):
        """Called where somebody starts it, or has it go on."""
        # sudo: nobody types it.
        self.sudo().database_mark = self._get_database_mark()

    def _stop_moved(self):
        """Pause it and tell its owner why."""
        job = self._in_its_language()
        # sudo: states are written by the actions and the lanes only.
        job.sudo().write(job._prepare_stop_vals())
        job._message_log(body=job._tell_moved())

    def _prepare_stop_vals(self):
        return {"state": "paused"}

    def _tell_moved(self):
        return self.env._(
            "The database was restored, copied or taken over since this began, and "
            "does not know what was done after that: look what went out before you go "
            "on."
        )

    # === STATE AND LANGUAGE ===#

    @api.model
    def _tell_counts(self, told):
        """One line of what there is any of: "Done: 3 · waiting: 2".

        :param told: pairs of a number and of what it counts
        """
        line = " · ".join(f"{what}: {count}" for count, what in told if count)
        return line[:1].upper() + line[1:]

    def _check_state(self, *states):
        """:raise UserError: the button is not for the state of a job"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for job in self:
            if not job._is_in(states):
                raise UserError(
                    self.env._(
                        "%(job)s is in the state %(state)s. Reload the page to see "
                        "what can be done with it.",
                        job=job.name,
                        state=labels[job.state],
                    )
                )

    def _is_in(self, states):
        """Whether it is in one of ``states``, and nothing is at work on it."""
        return self.state in states

    def _in_its_language(self):
        """For the scheduled actions, which have no language of their own."""
        user = self.user_id if self.user_id.active else self.env["res.users"]
        lang = user.lang or self.company_id.partner_id.lang or "en_US"
        job = self.with_context(lang=lang, tz=self.company_id._get_zone())
        return job.with_company(self.company_id)
