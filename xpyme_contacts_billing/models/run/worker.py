from odoo import api, models
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools.inner import SILENTLY

from .item import (
    DONE,
    FAILED,
    GONE,
    MADE,
    NEEDS_PERSON,
    NOTHING,
    PENDING,
    SKIPPED,
    UNDO,
)
from .run import DONE as RUN_DONE
from .run import RUNNING

# Invoices that are made, confirmed or undone together: what one failure costs.
BATCH = 20
# How long an order that somebody else holds is left alone.
_BUSY = "20 seconds"
# One lane at a time confirms in a journal: numbers follow the list.
_JOURNAL_LOCK = 20260731
_CLAIM = """
SELECT item.id
  FROM xpyme_billing_run_item item
  JOIN xpyme_billing_run run ON run.id = item.run_id
 WHERE item.run_id = %(run)s AND item.state = %(state)s AND %(ready)s AND %(own)s
   AND (item.retry_at IS NULL OR item.retry_at <= now() AT TIME ZONE 'UTC')
 ORDER BY item.id LIMIT %(limit)s
   FOR NO KEY UPDATE OF item SKIP LOCKED
"""
_IS_RUNNING = SQL("run.state = %s AND run.is_undoing IS NOT TRUE", RUNNING)
_IS_UNDOING = SQL("run.is_undoing")


class BillingWorker(models.AbstractModel):
    """Makes the invoices of runs: never one twice, and never stuck.

    A lane takes some items, and makes their invoices; both are committed together, so
    that whoever dies in between leaves them as they were. When no item of a run is left
    to make, its drafts are confirmed, in the order of the list.
    """

    _name = "xpyme.billing.worker"
    _inherit = ["xpyme.lane.batch.mixin"]
    _description = "Worker of Billing Runs"

    _lane_crons = tuple(
        f"xpyme_contacts_billing.billing_lane_{lane}_cron" for lane in range(4)
    )

    # === LANES ===#

    @api.model
    def _get_running_jobs(self):
        domain = ["|", ("state", "=", RUNNING), ("is_undoing", "=", True)]
        return self.env["xpyme.billing.run"].search(domain, order="invoice_date, id")

    @api.model
    def _get_steps(self):
        return self._undo_batch, self._make_batch, self._post_batch

    @api.model
    def _count_waiting(self):
        query = SQL(
            """
            SELECT count(*) FROM xpyme_billing_run_item item
              JOIN xpyme_billing_run run ON run.id = item.run_id
             WHERE (item.state IN %s AND %s OR item.state = %s AND %s)
               AND (item.retry_at IS NULL OR item.retry_at <= now() AT TIME ZONE 'UTC')
            """,
            (PENDING, MADE),
            _IS_RUNNING,
            UNDO,
            _IS_UNDOING,
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _get_next_retry(self):
        query = SQL(
            """
            SELECT min(item.retry_at) FROM xpyme_billing_run_item item
              JOIN xpyme_billing_run run ON run.id = item.run_id
             WHERE item.state = %s AND %s
               AND item.retry_at > now() AT TIME ZONE 'UTC'
            """,
            PENDING,
            _IS_RUNNING,
        )
        return self.env.execute_query(query)[0][0]

    # === BATCHES ===#

    @api.model
    def _claim(self, run, own, state, ready, more=None):
        query = SQL(
            _CLAIM,
            run=run.id,
            state=state,
            ready=SQL("%s AND %s", ready, more) if more else ready,
            own=self._get_lane_sql(own, SQL("item.id")),
            limit=BATCH,
        )
        return run.env["xpyme.billing.run.item"].browse(self._claim_ids(query))

    @api.model
    def _make_batch(self, run, own):
        """Make some invoices of a run; how many items were looked at."""
        items = self._claim(run, own, PENDING, _IS_RUNNING)
        if items:
            self._halve(self._make, items - self._put_off_busy(items))
        return len(items)

    @api.model
    def _post_batch(self, run, own):
        """Confirm some drafts of a run that has none left to make."""
        for journal_id in self._get_waiting_journals(run):
            if not self._lock_journal(journal_id):
                continue
            more = SQL("item.journal_id = %s", journal_id)
            if items := self._claim(run, None, MADE, _IS_RUNNING, more):
                self._halve(self._post, items)
                return len(items)
        return 0

    @api.model
    def _undo_batch(self, run, own):
        """Delete some drafts of a run."""
        items = self._claim(run, own, UNDO, _IS_UNDOING)
        self._halve(self._undo, items)
        return len(items)

    @api.model
    def _note_failure(self, row, error):
        note = self._describe_failure(row, error)
        row.write({"state": FAILED, "note": note})

    @api.model
    def _get_waiting_journals(self, run):
        query = SQL(
            """
            SELECT DISTINCT journal_id FROM xpyme_billing_run_item
             WHERE run_id = %s AND state = %s AND NOT EXISTS (
                   SELECT FROM xpyme_billing_run_item WHERE run_id = %s AND state = %s)
             ORDER BY journal_id
            """,
            run.id,
            MADE,
            run.id,
            PENDING,
        )
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _lock_journal(self, journal_id):
        """Whether this lane confirms in a journal, until it commits."""
        query = SQL(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", _JOURNAL_LOCK, journal_id
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _put_off_busy(self, items):
        """Take the orders of items; those items of which somebody else has one wait."""
        orders = items.order_ids
        query = SQL(
            "SELECT id FROM sale_order WHERE id = ANY(%s) ORDER BY id"
            " FOR NO KEY UPDATE SKIP LOCKED",
            orders.ids,
        )
        self.env.cr.execute(query, log_exceptions=False)
        taken = {row[0] for row in self.env.cr.fetchall()}
        busy = items.filtered(lambda item: not taken.issuperset(item.order_ids.ids))
        if busy:
            query = SQL(
                "UPDATE xpyme_billing_run_item"
                " SET retry_at = (now() AT TIME ZONE 'UTC') + %s::interval"
                " WHERE id = ANY(%s)",
                _BUSY,
                busy.ids,
            )
            self.env.cr.execute(query)
            busy.invalidate_recordset(["retry_at"])
        return busy

    # === WHAT IS DONE WITH ITEMS ===#

    @api.model
    def _make(self, items):
        """Create the invoices of a run's items, and write down what became of each."""
        run = items.run_id
        orders = run._lead(items.order_ids, items)
        unclear = orders.filtered(
            lambda order: order._has_negative_net(True)
            and not order._get_corrected_invoice()
        )
        for_person = items.filtered(lambda item: item.order_ids & unclear)
        for_person.write({"state": SKIPPED, "reason": NEEDS_PERSON})
        items -= for_person
        orders -= for_person.order_ids
        orders = orders.with_context(raise_if_nothing_to_invoice=False)
        moves = orders._create_invoices(final=True)
        state = DONE if run.action_after == "draft" else MADE
        for journal, made in moves.grouped("journal_id").items():
            vals = {"state": state, "journal_id": journal.id, "note": False}
            made.billing_run_item_id.write(vals)
        gone = items - moves.billing_run_item_id
        gone.write({"state": NOTHING, "reason": GONE})

    @api.model
    def _post(self, items):
        """Confirm the drafts of a run's items, unless their customer is over a limit.

        What waits here of a run that leaves them as drafts is made, and no more.
        """
        run = items.run_id
        if run.action_after == "draft":
            items.write({"state": DONE, "note": False})
            return
        drafts = items.move_ids.filtered(lambda move: move.state == "draft")
        drafts = drafts.sorted(lambda move: (move.invoice_date, move.id))
        drafts.with_context(**SILENTLY).action_post()
        left = drafts.filtered(lambda move: move.state == "draft").billing_run_item_id
        (items - left).write({"state": DONE})
        left.write({"state": FAILED, "note": self._get_refusal(run)})

    @api.model
    def _get_refusal(self, run):
        return run.env._(
            "The customer is over a limit or on Baja: confirm the draft by hand."
        )

    @api.model
    def _undo(self, items):
        """Delete the drafts of items, to be made again, but no work of people."""
        drafts = items.move_ids.filtered(lambda move: move.state == "draft")
        worked_on = drafts.filtered(lambda move: move._is_worked_on())
        kept = worked_on.billing_run_item_id
        kept.write({"state": FAILED, "note": self._get_kept_note(items.run_id)})
        (drafts - kept.move_ids).unlink()
        (items - kept).write({"state": PENDING, "reason": False})

    @api.model
    def _get_kept_note(self, run):
        return run.env._(
            "This draft was changed since it was made, or somebody wrote a note on it: "
            "look at it, and confirm or delete it by hand."
        )

    @api.model
    def _conclude(self, job=None):
        """Runs, or one, without anything left to make, or to undo."""
        own = SQL("run.id = %s", job.id) if job else SQL("TRUE")
        query = SQL(
            """
            UPDATE xpyme_billing_run run
               SET state = %(done)s, finished_at = now() AT TIME ZONE 'UTC'
             WHERE %(own)s AND %(running)s AND NOT EXISTS (
                   SELECT FROM xpyme_billing_run_item
                    WHERE run_id = run.id AND state IN %(waiting)s)
            RETURNING run.id
            """,
            done=RUN_DONE,
            own=own,
            running=_IS_RUNNING,
            waiting=(PENDING, MADE),
        )
        self.env.cr.execute(query, log_exceptions=False)
        finished = [row[0] for row in self.env.cr.fetchall()]
        query = SQL(
            """
            UPDATE xpyme_billing_run run SET is_undoing = FALSE
             WHERE %s AND run.is_undoing AND NOT EXISTS (
                   SELECT FROM xpyme_billing_run_item
                    WHERE run_id = run.id AND state = %s)
            """,
            own,
            UNDO,
        )
        self.env.cr.execute(query, log_exceptions=False)
        runs = self.env["xpyme.billing.run"]
        runs.invalidate_model()
        if not job:
            runs.browse(finished)._tell_failed()
