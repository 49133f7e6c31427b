import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.offer_template import describe
from ...tools.smtp_delivery import Outcome, deliver
from .lane import NOT_PUT_OFF, SESSION
from .post import OfferPost

_logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# Minutes until a mail that the server put off is tried again.
_WAITS = (2, 10)
_TELL_SECONDS = 1


class Offer(models.Model):
    """Sends what has been approved: never twice, and never stuck.

    Each lane takes one mail (claim and commit), hands it over, and writes down what
    became of it (commit). A mail whose lane died in between is doubtful: it is shown,
    and not sent again.
    """

    _inherit = "xpyme.offer"

    attempts = fields.Integer(readonly=True, help="How often it was handed over.")
    retry_at = fields.Datetime(
        string="Next try",
        readonly=True,
        help="The mail server asked to be tried again later.",
    )
    claimed_by = fields.Char(
        readonly=True,
        help="The database session of the lane that took the mail: while it lives, the "
        "mail is on its way.",
    )
    claimed_at = fields.Datetime(readonly=True)

    # === SENDING ===#

    @api.model
    def _send_waiting(self, lane, end):
        query = SQL(
            """
            SELECT id FROM xpyme_offer_campaign campaign
             WHERE %s AND EXISTS (
                   SELECT FROM xpyme_offer
                    WHERE campaign_id = campaign.id AND state = 'ready')
             ORDER BY id
            """,
            self._get_due_sql(),
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        for campaign in self.env["xpyme.offer.campaign"].browse(ids):
            if time.monotonic() < end:
                self._send_campaign(campaign, lane, end)

    @api.model
    def _send_campaign(self, campaign, lane, end):
        """Send the ready mails of a campaign, until its end or the lane's."""
        post = OfferPost(campaign.sudo())
        session, count, told = None, 0, time.monotonic()
        try:
            while time.monotonic() < end:
                # The session first: a server that cannot be reached costs no mail.
                session = session or post.connect()
                row = session and self._with_patience(self._claim, campaign, lane)
                self._keep()
                if not row:
                    break
                if row["state"] == "sending":
                    session = self._send_claimed(post, session, row)
                count += 1
                # Odoo gives a job up that dies three times without progress.
                if time.monotonic() > told + _TELL_SECONDS:
                    self.env["ir.cron"]._commit_progress(count)
                    told, count = time.monotonic(), 0
        except OSError as error:
            # The mail server is away; the next run of the lane tries again.
            env = campaign._in_its_language().env
            told = env._("The mail server cannot be reached: %s", describe(error))
            self._note_trouble(campaign, told, "ready")
        finally:
            post.close(session)
        self.env["ir.cron"]._commit_progress(count)

    @api.model
    def _send_claimed(self, post, session, row):
        """Hand a mail over and write down what became of it; the session goes on."""
        outcome = self._hand_over(post, session, row)
        self._with_patience(self._record, row["id"], outcome)
        self._keep()
        return session if outcome.is_open else post.close(session)

    @api.model
    def _hand_over(self, post, session, row):
        """One bad mail stops nothing: what cannot be built has failed."""
        try:
            offer = self.browse(row["id"])
            url = offer._get_unsubscribe_url(row["email"])
            message, sender = post.build(session, row, url)
        except Exception as error:
            # Nothing has been handed over yet, whatever it was.
            _logger.info("Offer %s cannot be built: %s", row["id"], error)
            return Outcome("failed", describe(error))
        return deliver(session, message, sender, row["email"])

    @api.model
    def _claim(self, campaign, lane):
        """Take the next mail, or leave it out if its customer refuses by now.

        A statement of its own just after a commit: under REPEATABLE READ a row that
        another lane has taken since our snapshot is not skipped, it is an error.

        :return: a dict of what is needed to send it; None if there is nothing left
        """
        for own in (lane, None):
            query = SQL(
                _CLAIM,
                campaign=campaign.id,
                own=self._get_lane_sql(own),
                due=self._get_due_sql(),
                not_put_off=NOT_PUT_OFF,
                refusal=self._get_refusal_sql(
                    SQL("offer.email"), SQL("offer.company_id")
                ),
                session=SESSION,
            )
            # Two lanes that meet at a row is no error to be logged.
            self.env.cr.execute(query, log_exceptions=False)
            found = self.env.cr.dictfetchall()
            if found:
                return found[0]
        return None

    @api.model
    def _record(self, offer_id, outcome):
        """Write down what became of a mail that this lane has handed over.

        Also if it took so long that the mail was already held to be doubtful.
        """
        query = SQL(
            """
            UPDATE xpyme_offer offer
               SET state = CASE
                       WHEN %(result)s <> 'retry' THEN %(result)s
                       WHEN campaign.state = 'cancelled' THEN 'skipped'
                       WHEN attempts < %(most)s THEN 'ready'
                       ELSE 'failed' END,
                   skip_reason = CASE
                       WHEN %(result)s = 'retry' AND campaign.state = 'cancelled'
                       THEN 'cancelled' END,
                   sent_at = CASE WHEN %(result)s = 'sent'
                                  THEN clock_timestamp() AT TIME ZONE 'UTC' END,
                   retry_at = CASE WHEN %(result)s = 'retry' AND attempts < %(most)s
                       THEN clock_timestamp() AT TIME ZONE 'UTC'
                            + ((%(waits)s::int[])[attempts]) * interval '1 minute' END,
                   error = %(reason)s
              FROM xpyme_offer_campaign campaign
             WHERE offer.id = %(id)s AND offer.state IN ('sending', 'unknown')
               AND campaign.id = offer.campaign_id
            """,
            id=offer_id,
            result=outcome.result,
            reason=outcome.reason or None,
            most=MAX_ATTEMPTS,
            waits=list(_WAITS),
        )
        self.env.cr.execute(query)

    @api.model
    def _note_trouble(self, campaign, told, state):
        """Show why a campaign waits, as an error of its first mail in ``state``."""
        _logger.info("Campaign %s waits: %s", campaign.id, told)
        query = SQL(
            """
            UPDATE xpyme_offer SET error = %s, claimed_at = now() AT TIME ZONE 'UTC'
             WHERE id = (SELECT id FROM xpyme_offer
                          WHERE campaign_id = %s AND state = %s
                          ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
            """,
            told,
            campaign.id,
            state,
        )
        self.env.cr.rollback()
        self._with_patience(self.env.cr.execute, query)
        self._keep()

    # === BY HAND ===#

    def action_send_again(self):
        """A person decides to send what failed, or what may have arrived, once more.

        :raise UserError: one of the mails neither failed nor is doubtful, or its
            campaign was cancelled
        """
        self.campaign_id._check_manager()
        self.campaign_id._check_state("running", "paused", "done")
        if any(offer.state not in ("failed", "unknown") for offer in self):
            raise UserError(
                self.env._(
                    "Only failed and doubtful mails can be sent again. Choose those."
                )
            )
        # sudo: nobody writes offers but the outbox and this button.
        self.sudo().write({"state": "ready", "attempts": 0, "retry_at": False})
        self.campaign_id._reopen()
        self._wake_lanes()


_CLAIM = """
WITH next AS (
    SELECT offer.id
      FROM xpyme_offer offer
      JOIN xpyme_offer_campaign campaign ON campaign.id = offer.campaign_id
     WHERE offer.campaign_id = %(campaign)s AND offer.state = 'ready'
       AND %(due)s AND %(not_put_off)s AND %(own)s
     ORDER BY offer.id LIMIT 1
       FOR NO KEY UPDATE OF offer SKIP LOCKED
), judged AS (
    SELECT offer.id, partner.name, partner.lang,
           CASE WHEN EXISTS (
                SELECT FROM xpyme_offer twin
                 WHERE twin.campaign_id = offer.campaign_id
                   AND twin.partner_id = offer.partner_id
                   AND twin.email = offer.email AND twin.id <> offer.id
                   AND twin.state IN ('sending', 'sent', 'unknown'))
                THEN 'same_mailbox' ELSE %(refusal)s END AS reason
      FROM next
      JOIN xpyme_offer offer ON offer.id = next.id
      JOIN res_partner partner ON partner.id = offer.partner_id
)
UPDATE xpyme_offer offer
   SET state = CASE WHEN judged.reason IS NULL THEN 'sending' ELSE 'skipped' END,
       skip_reason = judged.reason, attempts = attempts + 1,
       claimed_at = clock_timestamp() AT TIME ZONE 'UTC',
       claimed_by = (SELECT %(session)s FROM pg_stat_activity session
                      WHERE session.pid = pg_backend_pid())
  FROM judged
 WHERE judged.id = offer.id
RETURNING offer.id, offer.state, offer.email, offer.subject, offer.body_html,
          offer.message_id, judged.name, judged.lang
"""
