import logging
import smtplib
import time

from odoo import api, models
from odoo.tools import SQL

from ...tools.mail_answers import DEAD, PACE, find_cause
from ...tools.mailboxes import wire_form
from ...tools.offer_template import describe
from ...tools.returned_mail import HARD
from ...tools.smtp_delivery import (
    LATER,
    REFUSED,
    RETRY,
    Outcome,
    deliver,
    write_mail,
)
from .campaign import CANCELLED, DONE, PREPARED, RUNNING
from .lane import OWN_SESSION
from .offer import (
    FAILED,
    HANDED_OVER,
    PENDING,
    READY,
    SENDING,
    SENT,
    SKIPPED,
    UNKNOWN,
    WAITING,
)
from .post import OfferPost

_logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# Minutes until a mail that the server put off is tried again.
_WAITS = (2, 10)
# A server that is only slow burns no mail; one that is so for this mail alone does.
_MOST_PUT_OFF = 10
_TELL_SECONDS = 1
_NOT_PUT_OFF = SQL("(retry_at IS NULL OR retry_at <= now() AT TIME ZONE 'UTC')")
_CLAIM = """
WITH turn AS (%(turn)s), next AS (
    SELECT offer.id, campaign.wait_count
      FROM xpyme_offer offer
      JOIN xpyme_offer_campaign campaign ON campaign.id = offer.campaign_id
     WHERE offer.campaign_id = %(campaign)s AND offer.state = %(ready)s
       AND %(due)s AND %(not_put_off)s AND %(own)s AND %(domain)s
       AND EXISTS (SELECT FROM turn)
       -- Of two that merged customers have left, the first goes first: else two lanes
       -- take both, each before it sees what the other has taken.
       AND NOT EXISTS (
           SELECT FROM xpyme_offer twin
            WHERE twin.campaign_id = offer.campaign_id AND twin.state = offer.state
              AND twin.partner_id = offer.partner_id AND twin.email = offer.email
              AND twin.id < offer.id)
     ORDER BY offer.id LIMIT 1
       FOR NO KEY UPDATE OF offer SKIP LOCKED
), judged AS (
    SELECT offer.id, partner.name, partner.lang, next.wait_count,
           CASE WHEN EXISTS (
                SELECT FROM xpyme_offer twin
                 WHERE twin.campaign_id = offer.campaign_id
                   AND twin.partner_id = offer.partner_id
                   AND twin.email = offer.email AND twin.id <> offer.id
                   AND twin.state IN %(handed_over)s)
                THEN 'same_mailbox' ELSE %(refusal)s END AS reason
      FROM next
      JOIN xpyme_offer offer ON offer.id = next.id
      JOIN res_partner partner ON partner.id = offer.partner_id
)
UPDATE xpyme_offer offer
   SET state = CASE WHEN judged.reason IS NULL THEN %(sending)s ELSE %(skipped)s END,
       skip_reason = judged.reason, attempts = attempts + 1,
       claimed_at = clock_timestamp() AT TIME ZONE 'UTC',
       claimed_by = %(session)s, mail_server_id = %(server)s
  FROM judged
 WHERE judged.id = offer.id
RETURNING offer.id, offer.state, offer.email, offer.subject, offer.body_html,
          offer.message_id, judged.name, judged.lang, judged.wait_count
"""


class OfferOutbox(models.AbstractModel):
    """Sends what has been approved: never twice, and never stuck.

    Each lane takes one mail (claim and commit), hands it over, and writes down what
    became of it (commit). A mail whose lane died in between is doubtful: it is shown,
    and not sent again.
    """

    _name = "xpyme.offer.outbox"
    _inherit = ["xpyme.lane.mixin"]
    _description = "Outbox of Offers"

    _lane_crons = tuple(f"xpyme_contacts.offer_lane_{lane}_cron" for lane in range(4))

    @api.model
    def _work_lane(self, lane, end):
        """Prepare, send, conclude."""
        self._mark_doubtful()
        self._prepare_waiting(lane, end)
        self._send_waiting(lane, end)
        self._retry_on_conflict(self._conclude)
        self._commit_lane()

    # === PREPARING ===#

    @api.model
    def _prepare_waiting(self, lane, end):
        """Price and freeze the offers of large campaigns, batch by batch."""
        campaigns = self.env["xpyme.offer.campaign"].search(
            [("state", "=", PREPARED), ("offer_ids.state", "=", PENDING)]
        )
        for campaign in campaigns:
            campaign = campaign._in_its_language()
            try:
                self._prepare_campaign(campaign, lane, end)
            except Exception as error:
                # What is wrong with one campaign does not keep the others waiting.
                told = describe(error)
                told = campaign.env._("The mails cannot be prepared: %s", told)
                self._note_trouble(campaign, told, PENDING)

    @api.model
    def _prepare_campaign(self, campaign, lane, end):
        for own in (lane, None):
            while time.monotonic() < end:
                count = self._retry_on_conflict(campaign._freeze_batch, own)
                self.env["ir.cron"]._commit_progress(count)
                # What has been read for one batch is of no use to the next.
                self.env.invalidate_all()
                if not count:
                    break
        campaign._approve_series()

    # === SENDING ===#

    @api.model
    def _send_waiting(self, lane, end):
        query = SQL(
            """
            SELECT id FROM xpyme_offer_campaign campaign
             WHERE %s AND EXISTS (
                   SELECT FROM xpyme_offer
                    WHERE campaign_id = campaign.id AND state = %s)
             ORDER BY id
            """,
            self._get_due_sql(),
            READY,
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        for campaign in self.env["xpyme.offer.campaign"].browse(ids):
            if time.monotonic() >= end:
                break
            if opening := campaign._get_opening():
                self._retry_on_conflict(campaign._wait, opening, "hours")
                self._commit_lane()
            else:
                self._send_campaign(campaign, lane, end)

    @api.model
    def _send_campaign(self, campaign, lane, end):
        """Send the ready mails of a campaign, until its end or the lane's."""
        post = OfferPost(campaign.sudo())
        count, told = 0, time.monotonic()
        try:
            while time.monotonic() < end and self._send_next(campaign, post, lane):
                count += 1
                # Odoo gives a job up that dies three times without progress.
                if time.monotonic() > told + _TELL_SECONDS:
                    self.env["ir.cron"]._commit_progress(count)
                    told, count = time.monotonic(), 0
        except smtplib.SMTPAuthenticationError as error:
            self._retry_on_conflict(campaign._stop, self._tell_refused(campaign, error))
            self._commit_lane()
        except OSError as error:
            # The mail server is away; the next run of the lane tries again.
            env = campaign._in_its_language().env
            told = env._("The mail server cannot be reached: %s", describe(error))
            self._note_trouble(campaign, told, READY)
        finally:
            post.close()
        self.env["ir.cron"]._commit_progress(count)

    @api.model
    def _send_next(self, campaign, post, lane):
        """Send the next mail of a campaign; whether there may be one more."""
        # The session first: a server that cannot be reached costs no mail.
        post.session = post.session or post.connect()
        row = post.session and self._retry_on_conflict(
            self._claim, campaign, lane, post.server
        )
        self._commit_lane()
        if not row:
            self._wait_for_server(campaign, post.server)
            return False
        if row["state"] != SENDING:
            return True
        outcome = self._send_claimed(campaign, post, row)
        if not outcome.is_open:
            post.close()
        return outcome.result not in (LATER, REFUSED)

    @api.model
    def _wait_for_server(self, campaign, server):
        """Say until when a server with limits takes no more of a campaign."""
        room_at = server and server._get_offer_room()
        if room_at:
            self._retry_on_conflict(campaign._wait, room_at, "limit")
            self._commit_lane()

    @api.model
    def _send_claimed(self, campaign, post, row):
        """Hand a mail over and write down what became of it; the outcome."""
        outcome = self._deliver(post, row)
        self._retry_on_conflict(self._record, row, outcome)
        self._commit_lane()
        if outcome.result != SENT or row["wait_count"]:
            self._retry_on_conflict(self._heed, campaign, row["id"], outcome)
            self._commit_lane()
        return outcome

    @api.model
    def _heed(self, campaign, offer_id, outcome):
        """What an answer says of the mails to come."""
        if outcome.result == SENT:
            campaign._speed_up()
        elif outcome.result == LATER:
            campaign._slow_down(outcome.reason)
        elif outcome.result == REFUSED:
            campaign._stop(self._tell_refused(campaign, outcome.reason))
        elif outcome.code:
            if outcome.result == FAILED and outcome.about == DEAD:
                offer = self.env["xpyme.offer"].browse(offer_id)
                offer._suppress(HARD, outcome.reason)
            campaign._watch_answers(outcome)

    @api.model
    def _tell_refused(self, campaign, answer):
        answer = answer if isinstance(answer, str) else describe(answer)
        return campaign._in_its_language().env._(
            "The mail server takes no mails from %(sender)s: %(answer)s",
            sender=campaign.email_from,
            answer=answer,
        )

    @api.model
    def _deliver(self, post, row):
        """One bad mail stops nothing: what cannot be built has failed."""
        try:
            offer = self.env["xpyme.offer"].browse(row["id"])
            url = offer._get_unsubscribe_url(row["email"], row["body_html"])
            body = offer._unseal(row["body_html"], row["email"])
            leave_word = offer._get_leave_word(row["email"])
            row = {**row, "body_html": body, "leave_word": leave_word}
            message, sender = post.build(post.session, row, url)
            content = write_mail(message)
            envelope_id = offer._get_envelope_id(row["email"])
        except Exception as error:
            # Nothing has been handed over yet, whatever it was.
            _logger.info("Offer %s cannot be built: %s", row["id"], error)
            return Outcome(FAILED, describe(error))
        recipient = wire_form(row["email"])
        return deliver(post.session, content, sender, recipient, envelope_id)

    @api.model
    def _claim(self, campaign, lane, server):
        """Take the next mail, or leave it out if its customer refuses by now.

        A statement of its own just after a commit: under REPEATABLE READ a row that
        another lane has taken since our snapshot is not skipped, it is an error.

        :param server: the ``ir.mail_server`` that it goes to, or none
        :return: a dict of what is needed to send it; None if there is nothing left
        """
        email, company = SQL("offer.email"), SQL("offer.company_id")
        offers, today = self.env["xpyme.offer"], campaign._get_today_sql()
        conditions = offers._get_late_conditions(email, company, today)
        for own in (lane, None):
            query = SQL(
                _CLAIM,
                campaign=campaign.id,
                ready=READY,
                sending=SENDING,
                skipped=SKIPPED,
                handed_over=HANDED_OVER,
                own=self._get_lane_sql(own, SQL("offer.id")),
                due=self._get_due_sql(),
                not_put_off=_NOT_PUT_OFF,
                refusal=offers._get_reason_sql(conditions),
                session=OWN_SESSION,
                server=server.id or None,
                turn=server._get_offer_turn_sql(),
                domain=server._get_offer_domain_sql(email),
            )
            # Two lanes that meet at a row is no error to be logged.
            self.env.cr.execute(query, log_exceptions=False)
            found = self.env.cr.dictfetchall()
            if found:
                return found[0]
        return None

    @api.model
    def _record(self, row, outcome):
        """Write down what became of a mail that this lane has handed over.

        Also if it took so long that the mail was already held to be doubtful. A mail
        that the server would not take now is ready again; where it would not take any,
        the try does not count.
        """
        is_free = outcome.result == REFUSED or (
            outcome.result == LATER and row["wait_count"]
        )
        query = SQL(
            """
            UPDATE xpyme_offer offer
               SET state = CASE
                       WHEN NOT %(again)s THEN %(result)s
                       WHEN campaign.state = %(cancelled)s THEN %(skipped)s
                       WHEN %(free)s OR attempts < %(most)s THEN %(ready)s
                       ELSE %(failed)s END,
                   skip_reason = CASE
                       WHEN %(again)s AND campaign.state = %(cancelled)s
                       THEN 'cancelled' END,
                   sent_at = CASE WHEN %(result)s = %(sent)s
                                  THEN clock_timestamp() AT TIME ZONE 'UTC' END,
                   retry_at = CASE WHEN %(later)s AND attempts < %(most)s
                       THEN clock_timestamp() AT TIME ZONE 'UTC'
                            + ((%(waits)s::int[])[least(attempts, 2)])
                            * interval '1 minute' END,
                   attempts = attempts - CASE WHEN %(free)s THEN 1 ELSE 0 END,
                   error = %(reason)s, error_code = %(code)s, error_cause = %(cause)s
              FROM xpyme_offer_campaign campaign
             WHERE offer.id = %(id)s AND offer.state IN %(taken)s
               AND campaign.id = offer.campaign_id
            """,
            id=row["id"],
            result=outcome.result,
            again=outcome.result in (RETRY, LATER, REFUSED),
            free=bool(is_free),
            reason=outcome.reason or None,
            # What concerns all mails is told on the campaign.
            code=outcome.code if outcome.result in (RETRY, FAILED, UNKNOWN) else None,
            cause=find_cause(outcome.reason),
            most=_MOST_PUT_OFF if outcome.about == PACE else MAX_ATTEMPTS,
            later=outcome.result in (RETRY, LATER),
            waits=list(_WAITS),
            cancelled=CANCELLED,
            skipped=SKIPPED,
            ready=READY,
            failed=FAILED,
            sent=SENT,
            taken=(SENDING, UNKNOWN),
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
        self._retry_on_conflict(self._store_trouble, campaign, told, query)
        self._commit_lane()

    @api.model
    def _store_trouble(self, campaign, told, query):
        self.env.cr.execute(query)
        campaign._tell_away(told)

    # === WHAT IS LEFT ===#

    @api.model
    def _mark_doubtful(self):
        """Mails whose lane is no more: nobody knows whether they have arrived."""
        offers = self.env["xpyme.offer"]
        campaigns = offers.search([("state", "=", SENDING)]).campaign_id
        reasons = {
            campaign.id: campaign._in_its_language().env._(
                "The machine stopped while the mail was being handed over. It may have "
                "arrived."
            )
            for campaign in campaigns
        }
        query = SQL(
            """
            UPDATE xpyme_offer SET state = %(unknown)s, error = told.reason
              FROM unnest(%(ids)s::int[], %(reasons)s::text[])
                   AS told(campaign_id, reason)
             WHERE state = %(sending)s AND told.campaign_id = xpyme_offer.campaign_id
               AND %(abandoned)s
            """,
            unknown=UNKNOWN,
            ids=list(reasons),
            reasons=list(reasons.values()),
            sending=SENDING,
            abandoned=self._get_abandoned_sql(),
        )
        self._retry_on_conflict(self.env.cr.execute, query)
        self._commit_lane()
        offers.invalidate_model()

    @api.model
    def _conclude(self):
        """Campaigns without anything left to send are done, which is told."""
        query = SQL(
            """
            UPDATE xpyme_offer_campaign campaign
               SET state = %(done)s, finished_at = now() AT TIME ZONE 'UTC'
             WHERE state = %(running)s
               AND NOT EXISTS (
                   SELECT FROM xpyme_offer
                    WHERE campaign_id = campaign.id
                      AND state IN %(waiting)s)
         RETURNING id
            """,
            done=DONE,
            running=RUNNING,
            waiting=WAITING,
        )
        campaigns = self.env["xpyme.offer.campaign"]
        campaigns.invalidate_model()
        self.env.cr.execute(query)
        campaigns.browse(row[0] for row in self.env.cr.fetchall())._tell_ended()

    @api.model
    def _get_due_sql(self):
        """SQL condition of campaigns that send now."""
        return SQL(
            "campaign.state = %s AND (campaign.scheduled_at IS NULL"
            " OR campaign.scheduled_at <= now() AT TIME ZONE 'UTC')"
            " AND (campaign.waits_until IS NULL"
            " OR campaign.waits_until <= now() AT TIME ZONE 'UTC')",
            RUNNING,
        )

    @api.model
    def _count_waiting(self):
        """How many mails could be prepared or sent at once."""
        query = SQL(
            """
            SELECT count(*) FROM xpyme_offer offer
              JOIN xpyme_offer_campaign campaign ON campaign.id = offer.campaign_id
             WHERE offer.state = %(pending)s AND campaign.state = %(prepared)s
                OR offer.state = %(ready)s AND %(due)s AND %(not_put_off)s
            """,
            pending=PENDING,
            prepared=PREPARED,
            ready=READY,
            due=self._get_due_sql(),
            not_put_off=_NOT_PUT_OFF,
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _get_next_retry(self):
        query = SQL(
            """
            SELECT min(greatest(offer.retry_at, campaign.waits_until))
              FROM xpyme_offer offer
              JOIN xpyme_offer_campaign campaign ON campaign.id = offer.campaign_id
             WHERE offer.state = %s AND campaign.state = %s
               AND greatest(offer.retry_at, campaign.waits_until)
                   > now() AT TIME ZONE 'UTC'
            """,
            READY,
            RUNNING,
        )
        return self.env.execute_query(query)[0][0]
