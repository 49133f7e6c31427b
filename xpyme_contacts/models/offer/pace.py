"""When a campaign waits, and when it stops by itself and says why."""

from math import ceil

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from ...tools.mail_answers import DEAD, NO_DOMAIN, SENDER
from .campaign import AWAY, PAUSED, RUNNING, STOPPED
from .offer import FAILED, READY, UNKNOWN
from .outbox import MAX_ATTEMPTS

# So many equal answers without a mail in between that was taken.
_MOST_EQUAL = 10
# Whoever does not take mails from us says so to everybody; and a mail of which nobody
# knows whether it arrived is a question to a person.
_MOST_DEAR = 3
# Minutes: 1, 2, 4 … until the server is asked again.
_LONGEST_WAIT = 60
_STREAK = """
    SELECT recent.ids
      FROM (SELECT array_agg(id) AS ids, min(claimed_at) AS since,
                   count(*) FILTER (WHERE error_code = %(code)s) AS equal
              FROM (SELECT offer.id, offer.error_code, offer.claimed_at
                      FROM xpyme_offer offer
                     WHERE offer.campaign_id = %(campaign)s
                       AND offer.error_code IS NOT NULL
                       AND offer.claimed_at > (
                           SELECT coalesce(calm_since, '-infinity'::timestamp)
                             FROM xpyme_offer_campaign WHERE id = %(campaign)s)
                     ORDER BY offer.claimed_at DESC LIMIT %(most)s) AS newest
           ) AS recent
     WHERE recent.equal = %(most)s
       AND NOT EXISTS (SELECT FROM xpyme_offer
                        WHERE campaign_id = %(campaign)s AND sent_at > recent.since)
"""


class Offer(models.Model):
    _inherit = "xpyme.offer"

    mail_server_id = fields.Many2one(
        "ir.mail_server",
        string="Mail server",
        readonly=True,
        ondelete="set null",
        help="The server that the mail was handed over to.",
    )
    error_code = fields.Char(
        string="Answer code",
        readonly=True,
        help="What the mail server answered, as a number: equal ones have one cause.",
    )

    _server_idx = models.Index(
        "(mail_server_id, claimed_at) WHERE mail_server_id IS NOT NULL"
    )
    _error_idx = models.Index("(campaign_id, claimed_at) WHERE error_code IS NOT NULL")


class OfferCampaign(models.Model):
    """The pace of a campaign, and what makes it stop by itself."""

    _inherit = "xpyme.offer.campaign"

    waits_until = fields.Datetime(
        string="Goes on at",
        readonly=True,
        copy=False,
        help="Until then nothing is sent; then it goes on by itself.",
    )
    wait_reason = fields.Selection(
        [
            ("limit", "The limit of the mail server"),
            ("hours", "Outside the hours for offers"),
            ("slow", "The mail server asked for a slower pace"),
        ],
        string="Why it waits",
        readonly=True,
        copy=False,
    )
    wait_answer = fields.Char(
        string="What the server said",
        readonly=True,
        copy=False,
        help="The answer because of which the campaign waits.",
    )
    wait_count = fields.Integer(
        readonly=True,
        copy=False,
        help="How often the server asked for a slower pace since it last took a mail.",
    )
    pause_reason = fields.Char(
        string="Why it stopped",
        readonly=True,
        copy=False,
        help="The campaign stopped by itself; nothing goes out until somebody presses "
        "Go on.",
    )
    calm_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="Answers from before are no reason to stop again.",
    )
    pace = fields.Char(compute="_compute_pace", help="When the rest of it goes out.")

    @api.depends("waits_until", "wait_reason", "state")
    def _compute_pace(self):
        now = fields.Datetime.now()
        for campaign in self:
            is_waiting = campaign.state == RUNNING and campaign.waits_until
            campaign.pace = (
                is_waiting and campaign.waits_until > now and campaign._describe_wait()
            )

    def _describe_wait(self):
        """One sentence: until when it waits, why, and how long all of it takes."""
        told = {
            "limit": self.env._("The mail server has had its offers for now."),
            "hours": self.env._("It is outside the hours in which offers are sent."),
            "slow": self.env._(
                "The mail server asked for a slower pace: %s", self.wait_answer or ""
            ),
        }
        at = format_datetime(self.env, self.waits_until, dt_format="short")
        after = self.env._("It goes on by itself on %s.", at)
        return " ".join(
            filter(None, (told.get(self.wait_reason), after, self._describe_rest()))
        )

    def _describe_rest(self):
        """How many hours the rest takes at the server's limit, where that is long."""
        # sudo: the limit is no secret, but the other settings of the server are.
        offers = self.env["xpyme.offer"].sudo()
        domain = [("campaign_id", "=", self.id), ("mail_server_id", "!=", False)]
        last = offers.search(domain, order="id desc", limit=1)
        limit = self.wait_reason == "limit" and last.mail_server_id.offers_per_hour
        hours = ceil(self.ready_count / limit) if limit else 0
        return self.env._("The rest takes about %s hours.", hours) if hours > 1 else ""

    # === WAITING ===#

    def _wait(self, until, reason, answer=None):
        """Send nothing until then. Lanes call it; they commit."""
        self.ensure_one()
        self.flush_recordset()
        query = SQL(
            """
            UPDATE xpyme_offer_campaign
               SET waits_until = %s, wait_reason = %s, wait_answer = %s
             WHERE id = %s
            """,
            until,
            reason,
            answer,
            self.id,
        )
        self.env.cr.execute(query)
        self.invalidate_recordset(["waits_until", "wait_reason", "wait_answer"])

    def _slow_down(self, answer):
        """The server asked for it: wait, each time twice as long.

        What several lanes were told at the same time counts once.
        """
        self.flush_recordset()
        query = SQL(
            """
            UPDATE xpyme_offer_campaign
               SET waits_until = (clock_timestamp() AT TIME ZONE 'UTC')
                       + least(%(longest)s, 2 ^ least(coalesce(wait_count, 0), 10))
                       * interval '1 minute',
                   wait_count = coalesce(wait_count, 0) + 1,
                   wait_reason = 'slow', wait_answer = %(answer)s
             WHERE id = %(id)s
               AND coalesce(waits_until <= clock_timestamp() AT TIME ZONE 'UTC', TRUE)
            """,
            longest=_LONGEST_WAIT,
            answer=answer,
            id=self.id,
        )
        self.env.cr.execute(query)
        self.invalidate_recordset(
            ["waits_until", "wait_reason", "wait_answer", "wait_count"]
        )

    def _speed_up(self):
        """The server takes mails again: the next wait is a short one."""
        query = SQL(
            "UPDATE xpyme_offer_campaign SET wait_count = 0"
            " WHERE id = %s AND wait_count > 0",
            self.id,
        )
        self.env.cr.execute(query)
        self.invalidate_recordset(["wait_count"])

    # === STOPPING BY ITSELF ===#

    def _watch_answers(self, outcome):
        """Called after a mail was refused, put off or lost on the way: many equal
        answers in a row are no fault of the mails.

        Those that only put off make the campaign wait; the others stop it. The mails
        are ready again, but for the doubtful ones and those whose mailbox is none.
        """
        is_doubtful = outcome.result == UNKNOWN
        is_dear = is_doubtful or outcome.about == SENDER
        most = _MOST_DEAR if is_dear else _MOST_EQUAL
        query = SQL(_STREAK, code=outcome.code, campaign=self.id, most=most)
        rows = self.env.execute_query(query)
        if not rows:
            return
        is_final = is_doubtful or outcome.code.startswith("5")
        self._take_back(rows[0][0], is_final)
        if is_final:
            self._stop(self._tell_equal(most, outcome.reason, is_doubtful))
        else:
            self._slow_down(outcome.reason)

    def _tell_equal(self, number, answer, is_doubtful):
        env = self._in_its_language().env
        if is_doubtful:
            return env._(
                "Of %(number)s mails in a row nobody knows whether they arrived: "
                "%(answer)s",
                number=number,
                answer=answer,
            )
        return env._(
            "%(number)s mails in a row got the same answer: %(answer)s",
            number=number,
            answer=answer,
        )

    def _take_back(self, offer_ids, is_final):
        """Make mails ready again that got equal answers.

        :param is_final: the campaign stops, and after three times each has failed for
            good; otherwise the tries do not count
        """
        query = SQL(
            """
            UPDATE xpyme_offer
               SET state = %(ready)s,
                   retry_at = CASE WHEN NOT %(final)s THEN retry_at END,
                   error_code = CASE WHEN NOT %(final)s THEN error_code END,
                   attempts = CASE WHEN %(final)s THEN attempts
                                   ELSE greatest(attempts - 1, 0) END
             WHERE id = ANY(%(ids)s) AND state IN %(states)s
               AND (error_cause IN %(dead)s) IS NOT TRUE
               AND (NOT %(final)s OR attempts < %(most)s OR error_cause = %(sender)s)
            """,
            ready=READY,
            final=is_final,
            ids=offer_ids,
            states=(FAILED, READY),
            dead=(DEAD, NO_DOMAIN),
            sender=SENDER,
            most=MAX_ATTEMPTS,
        )
        self.env.cr.execute(query)

    def _stop(self, reason):
        """Pause and tell why, once, whatever the number of lanes that find out."""
        self.flush_recordset()
        query = SQL(
            "UPDATE xpyme_offer_campaign SET state = %s, pause_reason = %s"
            " WHERE id = %s AND state = %s RETURNING id",
            PAUSED,
            reason,
            self.id,
            RUNNING,
        )
        if not self.env.execute_query(query):
            return
        self.invalidate_recordset(["state", "pause_reason"])
        self._message_log(body=reason)
        self._forget_told(AWAY)
        self._tell_owner(
            STOPPED,
            f"{reason} {fields.Datetime.now()}",
            lambda env: env._("The offers have stopped"),
            lambda env: env._(
                "%s. Mend the cause and press Go on: what has not left leaves then.",
                reason.rstrip("."),
            ),
        )

    def action_resume(self):
        """Go on; what was answered before is no reason to stop again."""
        result = super().action_resume()
        # sudo: written by the actions only.
        self.sudo().write(
            {
                "pause_reason": False,
                "calm_since": fields.Datetime.now(),
                "waits_until": False,
                "wait_count": 0,
            }
        )
        return result
