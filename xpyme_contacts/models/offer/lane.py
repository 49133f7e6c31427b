import time

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.offer_template import describe

LANES = 4
# No server keeps a mail waiting as long; whoever claimed it is stuck.
_STUCK = "15 minutes"
# A lane works on after its time, so that a new SMTP session is worth its while.
_LEAST_SECONDS = 2
# Another lane changed the row after this one began to look: begin again.
_COLLISIONS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
)
NOT_PUT_OFF = SQL("(retry_at IS NULL OR retry_at <= now() AT TIME ZONE 'UTC')")
# A number of a session comes round again; together with its beginning it does not.
SESSION = SQL(
    "(session.pid || '-' || extract(epoch FROM session.backend_start)::numeric)"
)


class Offer(models.Model):
    """The lanes of the outbox: several scheduled actions that do the same work.

    One scheduled action is run by one process at a time, so their number is the number
    of processes that work on the offers, on any number of machines.
    """

    _inherit = "xpyme.offer"

    @api.model
    def _wake_lanes(self, at=None):
        """Have the lanes begin now, or on a date to come."""
        at = at if at and at > fields.Datetime.now() else None
        for lane in range(LANES):
            # sudo: whoever may approve has no rights on scheduled actions.
            cron = self.env.ref(f"xpyme_contacts.offer_lane_{lane}_cron").sudo()
            cron._trigger(at)

    @api.model
    def _get_lane_sql(self, lane):
        """Each lane has its own rows, and helps the others when it has none left."""
        if lane is None:
            return SQL("TRUE")
        return SQL("offer.id %% %s = %s", LANES, lane)

    @api.model
    def _process_lane(self, lane):
        """The work of one lane (scheduled action): prepare, send, conclude."""
        cron = self.env["ir.cron"]
        end = time.monotonic() + max(cron._commit_progress(), _LEAST_SECONDS)
        self._mark_doubtful()
        self._prepare_waiting(lane, end)
        self._send_waiting(lane, end)
        self._conclude()
        retries = self._get_next_retry()
        if retries:
            self.env.ref(f"xpyme_contacts.offer_lane_{lane}_cron")._trigger(retries)
        cron._commit_progress(0, remaining=self._count_waiting())

    @api.model
    def _prepare_waiting(self, lane, end):
        """Price and freeze the offers of large campaigns, batch by batch."""
        campaigns = self.env["xpyme.offer.campaign"].search(
            [("state", "=", "prepared"), ("offer_ids.state", "=", "pending")]
        )
        for campaign in campaigns:
            campaign = campaign._in_its_language()
            try:
                self._prepare_campaign(campaign, lane, end)
            except Exception as error:
                # What is wrong with one campaign does not keep the others waiting.
                told = describe(error)
                told = campaign.env._("The mails cannot be prepared: %s", told)
                self._note_trouble(campaign, told, "pending")

    @api.model
    def _prepare_campaign(self, campaign, lane, end):
        for own in (lane, None):
            while time.monotonic() < end:
                count = self._with_patience(campaign._freeze_batch, own)
                self.env["ir.cron"]._commit_progress(count)
                # What has been read for one batch is of no use to the next.
                self.env.invalidate_all()
                if not count:
                    break
        campaign._approve_series()

    @api.model
    def _with_patience(self, function, *arguments):
        """Call what meets the other lanes' rows, again if they came first."""
        while True:
            try:
                result = function(*arguments)
                self.env.flush_all()
                return result
            except _COLLISIONS:
                self.env.cr.rollback()
                self.env.invalidate_all()

    @api.model
    def _keep(self):
        """Let the other lanes see what this one has done; only lanes call it.

        Odoo's ``_commit_progress`` would write a row more for each mail.
        """
        self.env.cr.commit()  # pylint: disable=invalid-commit

    @api.model
    def _conclude(self):
        """Campaigns without anything left to send are done."""
        query = SQL(
            """
            UPDATE xpyme_offer_campaign campaign
               SET state = 'done', finished_at = now() AT TIME ZONE 'UTC'
             WHERE state = 'running'
               AND NOT EXISTS (
                   SELECT FROM xpyme_offer
                    WHERE campaign_id = campaign.id
                      AND state IN ('pending', 'ready', 'sending'))
            """
        )
        self._with_patience(self.env.cr.execute, query)
        self._keep()
        self.env["xpyme.offer.campaign"].invalidate_model()

    @api.model
    def _get_due_sql(self):
        """SQL condition of campaigns that send now."""
        return SQL(
            "campaign.state = 'running' AND (campaign.scheduled_at IS NULL"
            " OR campaign.scheduled_at <= now() AT TIME ZONE 'UTC')"
        )

    @api.model
    def _count_waiting(self):
        """How many mails could be prepared or sent at once."""
        query = SQL(
            """
            SELECT count(*) FROM xpyme_offer offer
              JOIN xpyme_offer_campaign campaign ON campaign.id = offer.campaign_id
             WHERE offer.state = 'pending' AND campaign.state = 'prepared'
                OR offer.state = 'ready' AND %s AND %s
            """,
            self._get_due_sql(),
            NOT_PUT_OFF,
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _get_next_retry(self):
        query = SQL(
            """
            SELECT min(retry_at) FROM xpyme_offer offer
              JOIN xpyme_offer_campaign campaign ON campaign.id = offer.campaign_id
             WHERE offer.state = 'ready' AND %s
               AND retry_at > now() AT TIME ZONE 'UTC'
            """,
            self._get_due_sql(),
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _mark_doubtful(self):
        """Mails whose lane is no more: nobody knows whether they have arrived."""
        campaigns = self.search([("state", "=", "sending")]).campaign_id
        reasons = {
            campaign.id: campaign._in_its_language().env._(
                "The machine stopped while the mail was being handed over. It may have "
                "arrived."
            )
            for campaign in campaigns
        }
        query = SQL(
            """
            UPDATE xpyme_offer SET state = 'unknown', error = told.reason
              FROM unnest(%s::int[], %s::text[]) AS told(campaign_id, reason)
             WHERE state = 'sending' AND told.campaign_id = xpyme_offer.campaign_id
               AND (claimed_at < now() AT TIME ZONE 'UTC' - %s::interval
                    OR NOT EXISTS (
                       SELECT FROM pg_stat_activity session
                        WHERE %s = claimed_by))
            """,
            list(reasons),
            list(reasons.values()),
            _STUCK,
            SESSION,
        )
        self._with_patience(self.env.cr.execute, query)
        self._keep()
        self.invalidate_model()
