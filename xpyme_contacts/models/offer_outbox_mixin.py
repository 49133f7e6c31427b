import logging
import time

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formataddr

from ..tools.offer_articles import document
from ..tools.smtp_delivery import Outcome, deliver

_logger = logging.getLogger(__name__)

LANES = 4
MAX_ATTEMPTS = 3
# Minutes until a mail that the server put off is tried again.
_WAITS = (2, 10)
# No server keeps a mail waiting as long; whoever claimed it is stuck.
_STUCK = "15 minutes"
# A lane works on after its time, so that a new SMTP session is worth its while.
_LEAST_SECONDS = 2
_TELL_SECONDS = 1
# Another lane changed the row after this one began to look: begin again.
_COLLISIONS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
)


class OfferOutboxMixin(models.AbstractModel):
    """Sends what has been approved: never twice, and never stuck.

    Several lanes work at the same time, on any number of machines. Each takes one mail
    (claim and commit), hands it over, and writes down what became of it (commit). A
    mail whose lane died in between is doubtful: it is shown, and not sent again.
    """

    _name = "xpyme.offer.outbox.mixin"
    _description = "Outbox of Offers"

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

    # === LANES ===#

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
        self.env.cr.commit()
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
            _NOT_PUT_OFF,
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
        reason = self.env._(
            "The machine stopped while the mail was being handed over. It may have "
            "arrived."
        )
        query = SQL(
            """
            UPDATE xpyme_offer SET state = 'unknown', error = %s
             WHERE state = 'sending'
               AND (claimed_at < now() AT TIME ZONE 'UTC' - %s::interval
                    OR NOT EXISTS (
                       SELECT FROM pg_stat_activity session
                        WHERE %s = claimed_by))
            """,
            reason,
            _STUCK,
            _SESSION,
        )
        self._with_patience(self.env.cr.execute, query)
        self.env.cr.commit()
        self.invalidate_model()

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
        post = self._get_post(campaign)
        session, count = None, 0
        told = time.monotonic()
        try:
            while time.monotonic() < end:
                # The session first: a server that cannot be reached costs no mail.
                session = session or post.connect()
                row = session and self._with_patience(self._claim, campaign, lane)
                self.env.cr.commit()
                if not row:
                    break
                if row["state"] == "sending":
                    outcome = self._hand_over(post, session, row)
                    self._with_patience(self._record, row["id"], outcome)
                    self.env.cr.commit()
                    session = session if outcome.is_open else post.close(session)
                count += 1
                # Odoo gives a job up that dies three times without progress.
                if time.monotonic() > told + _TELL_SECONDS:
                    self.env["ir.cron"]._commit_progress(count)
                    told, count = time.monotonic(), 0
        except OSError as error:
            # The mail server is away; the next run of the lane tries again.
            self._note_trouble(campaign, error)
        finally:
            post.close(session)
        self.env["ir.cron"]._commit_progress(count)

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
            reason = " ".join(str(error).split()) or type(error).__name__
            return Outcome("failed", reason)
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
                not_put_off=_NOT_PUT_OFF,
                refusal=self._get_refusal_sql(
                    SQL("offer.email"), SQL("offer.company_id")
                ),
                session=_SESSION,
            )
            found = self.env.execute_query_dict(query)
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
            UPDATE xpyme_offer
               SET state = CASE
                       WHEN %(result)s <> 'retry' THEN %(result)s
                       WHEN attempts < %(most)s THEN 'ready'
                       ELSE 'failed' END,
                   sent_at = CASE WHEN %(result)s = 'sent'
                                  THEN clock_timestamp() AT TIME ZONE 'UTC' END,
                   retry_at = CASE WHEN %(result)s = 'retry' AND attempts < %(most)s
                       THEN clock_timestamp() AT TIME ZONE 'UTC'
                            + ((%(waits)s::int[])[attempts]) * interval '1 minute' END,
                   error = %(reason)s
             WHERE id = %(id)s AND state IN ('sending', 'unknown')
            """,
            id=offer_id,
            result=outcome.result,
            reason=outcome.reason or None,
            most=MAX_ATTEMPTS,
            waits=list(_WAITS),
        )
        self.env.cr.execute(query)

    @api.model
    def _note_trouble(self, campaign, error):
        """Show on the campaign that its mail server cannot be reached."""
        reason = " ".join(str(error).split()) or type(error).__name__
        _logger.info("No mail server for campaign %s: %s", campaign.id, reason)
        query = SQL(
            """
            UPDATE xpyme_offer SET error = %s, claimed_at = now() AT TIME ZONE 'UTC'
             WHERE id = (SELECT id FROM xpyme_offer
                          WHERE campaign_id = %s AND state = 'ready'
                          ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
            """,
            self.env._("The mail server cannot be reached: %s", reason),
            campaign.id,
        )
        self.env.cr.rollback()
        self._with_patience(self.env.cr.execute, query)
        self.env.cr.commit()

    @api.model
    def _get_post(self, campaign):
        return _Post(campaign.sudo())

    # === BY HAND ===#

    def action_send_again(self):
        """A person decides to send what failed, or what may have arrived, once more.

        :raise UserError: one of the mails neither failed nor is doubtful
        """
        self.campaign_id._check_manager()
        if any(offer.state not in ("failed", "unknown") for offer in self):
            raise UserError(
                self.env._(
                    "Only failed and doubtful mails can be sent again. Choose those."
                )
            )
        # sudo: nobody writes offers but the outbox and this button.
        self.sudo().write({"state": "ready", "attempts": 0, "retry_at": False})
        done = self.campaign_id.filtered(lambda c: c.state == "done").sudo()
        done.write({"state": "running", "finished_at": False})
        self._wake_lanes()


class _Post:
    """Builds the mails of a campaign and keeps its SMTP session, as Odoo's queue does."""

    def __init__(self, campaign):
        self.company = campaign.company_id
        self.sender = campaign.email_from
        domain = self.company.alias_domain_id
        servers = campaign.env["ir.mail_server"].sudo()
        if domain:
            servers = servers.with_context(
                domain_notifications_email=domain.default_from_email,
                domain_bounce_address=domain.bounce_email,
            )
        self.servers = servers
        self.bounces = self.company.bounce_email
        # Answers come back through Odoo's own address, to the customer's card.
        reply_to = self.company.catchall_email
        self.reply_to = reply_to and formataddr((self.company.name, reply_to))

    def connect(self):
        """An open session; None where mails are switched off, as in tests.

        :raise OSError: the server cannot be reached
        """
        server, smtp_from = self.servers._find_mail_server(self.sender)
        try:
            return self.servers._connect__(
                mail_server_id=server.id if server else None, smtp_from=smtp_from
            )
        except UserError as error:
            raise OSError(str(error)) from error

    def build(self, session, row, url):
        """The mail of a claimed offer, and its sender on the envelope.

        :param url: where its reader says that he wants no more of them
        """
        headers = {
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF",
        }
        if self.bounces:
            headers["Return-Path"] = self.bounces
        servers = self.servers.with_context(send_validated_to=[row["email"]])
        message = servers._build_email__(
            email_from=self.sender,
            email_to=[formataddr((row["name"], row["email"]))],
            subject=row["subject"],
            body=document(row["body_html"], (row["lang"] or "en").replace("_", "-")),
            reply_to=self.reply_to or self.sender,
            message_id=row["message_id"],
            subtype="html",
            headers=headers,
        )
        sender, _recipients, message = servers._prepare_email_message__(
            message, session
        )
        return message, sender

    def close(self, session):
        if session:
            try:
                session.quit()
            except Exception:
                _logger.debug("The SMTP session was already closed.")


_NOT_PUT_OFF = SQL("(retry_at IS NULL OR retry_at <= now() AT TIME ZONE 'UTC')")
# A number of a session comes round again; together with its beginning it does not.
_SESSION = SQL(
    "(session.pid || '-' || extract(epoch FROM session.backend_start)::numeric)"
)
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
