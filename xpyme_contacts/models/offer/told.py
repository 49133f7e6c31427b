from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date, format_datetime

from .campaign import AWAY, ENDED, PREPARED, RUNNING, SILENT, STOPPED

# Scheduled actions that are due for so long have nobody who runs them.
_PATIENCE = timedelta(minutes=15)


class OfferCampaign(models.Model):
    """What an owner is told of a campaign, each fact once: it ended, stopped, waits."""

    _inherit = "xpyme.offer.campaign"

    facts_told = fields.Json(
        readonly=True,
        copy=False,
        help="For each kind of fact the last one that its owner was told, and the "
        "activity that tells it.",
    )

    # === TELLING ===#

    def _tell_owner(self, fact, which, tell, explain=None):
        """An activity for whoever the campaign is, never a second for the same fact.

        A newer fact of the same kind takes the place of the older.

        :param fact: a kind of fact, such as ``ENDED``
        :param which: text that tells this fact from the next one of its kind
        :param tell: answers the summary in an environment, which has the reader's
            language
        :param explain: answers the note likewise, where there is more to say
        """
        # sudo: outbox and gateway tell it; nobody writes what has been told.
        # No mail about it: that might not go out either.
        for campaign in self.sudo().with_context(mail_activity_quick_update=True):
            told = campaign.facts_told or {}
            if told.get(fact, [None])[0] == which:
                continue
            campaign._close_told(fact)
            user = campaign._get_owner()
            env = campaign.with_context(lang=user.lang).env
            activity = campaign.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=tell(env),
                note=explain and explain(env),
                user_id=user.id,
            )
            campaign.facts_told = {**told, fact: [which, activity.id]}

    def _forget_told(self, fact):
        """A fact that holds no more; if it comes again, it is told again."""
        for campaign in self.sudo():
            # sudo: as in _tell_owner
            if fact in (campaign.facts_told or {}):
                campaign._close_told(fact)
                told = campaign.facts_told.items()
                campaign.facts_told = {k: v for k, v in told if k != fact}

    def _close_told(self, fact):
        """Nobody need look at what is over."""
        _which, activity_id = (self.facts_told or {}).get(fact, (None, 0))
        self.env["mail.activity"].browse(activity_id).exists().unlink()

    def _get_owner(self):
        """Whom a campaign's matters are told: the responsible, while they work here."""
        owner = self.user_id or self.approved_by_id or self.create_uid
        approver = self.approved_by_id.filtered("active")
        return owner if owner.active else approver or owner

    def _tell_ended(self):
        """Called where a campaign ends by itself."""
        for campaign in self:
            campaign._forget_told(SILENT)
            campaign._forget_told(AWAY)

            def tell(env, campaign=campaign):
                return env._(
                    "%(campaign)s has ended: %(figures)s",
                    campaign=campaign.name,
                    figures=campaign.with_env(env).health,
                )

            campaign._tell_owner(ENDED, str(campaign.finished_at), tell)

    def _tell_stopped(self):
        """Called where somebody stops a campaign; its owner knows what they did."""
        labels = self._fields["state"]._description_selection
        for campaign in self:
            user, state = self.env.user, campaign.state
            if user == campaign._get_owner():
                continue

            def tell(env, campaign=campaign, user=user, state=state):
                return env._(
                    "%(campaign)s: %(state)s, by %(user)s",
                    campaign=campaign.name,
                    state=dict(labels(env))[state],
                    user=user.name,
                )

            which = f"{state} {fields.Datetime.now()}"
            campaign._tell_owner(STOPPED, which, tell)

    def _tell_away(self, why):
        """Called where a campaign has to wait, by what is wrong now.

        As long as no mail goes it is the same fact.

        :param why: a sentence
        """
        self.ensure_one()
        name = self.name

        def tell(env):
            return env._("%(campaign)s waits: %(why)s", campaign=name, why=why)

        self._tell_owner(AWAY, self._get_last_sent(), tell)

    def _get_last_sent(self):
        """When its last mail went, as text; empty if none has gone yet."""
        offers = self.env["xpyme.offer"]
        offers.flush_model(["campaign_id", "sent_at"])
        query = SQL(
            "SELECT max(sent_at) FROM xpyme_offer WHERE campaign_id = %s", self.id
        )
        return str(self.env.execute_query(query)[0][0] or "")

    # === SILENCE ===#

    def _get_silence(self):
        """Why nothing is prepared or sent though it is time: a kind and a sentence.

        Asked by the form, when a campaign is approved, by a scheduled action of its
        own, and when the scheduled actions are switched on or off.
        """
        if not self._is_waiting():
            return None, False
        # sudo: scheduled actions are nobody's to read.
        outbox = self.env["xpyme.offer.outbox"].sudo()
        crons = outbox._get_lanes().filtered("active")
        if not crons:
            return "off", self.env._(
                "Nothing is sent, because the scheduled actions are switched off. Ask "
                "a system administrator to switch on «Customers: send offers»."
            )
        last = max(crons.mapped("nextcall"))
        is_late = last < fields.Datetime.now() - _PATIENCE
        if is_late and self._get_last_sent() < str(last):
            return "stuck", self.env._(
                "Nothing is sent, because the scheduled actions have not run since "
                "%s. Ask whoever looks after the server to start them.",
                format_datetime(self.env, last, tz=self._get_zone(), dt_format="short"),
            )
        return None, False

    def _is_waiting(self):
        """Whether the lanes have something to do for the campaign now."""
        if self.state == RUNNING:
            return not self._is_ahead() and bool(self.ready_count)
        return self.state == PREPARED and bool(self.pending_count)

    def _is_ahead(self):
        """Whether its date is still to come."""
        return bool(self.scheduled_at and self.scheduled_at > fields.Datetime.now())

    @api.model
    def _watch(self):
        """Tell of campaigns that stand still (scheduled action)."""
        campaigns = self.sudo().search([("state", "in", (PREPARED, RUNNING))])
        for campaign in campaigns:
            campaign._tell_silence()

    def _tell_silence(self):
        kind, _sentence = self._get_silence()
        if not kind:
            return self._forget_told(SILENT)
        name = self.name

        def tell(env):
            why = self.with_env(env)._get_silence()[1]
            return env._("%(campaign)s waits: %(why)s", campaign=name, why=why)

        return self._tell_owner(SILENT, kind, tell)

    def _tell_date(self):
        """When a campaign goes out whose date is still to come: *lunes 5/10, 9:00*."""
        zone = self._get_zone()
        here = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.scheduled_at
        )
        return self.env._(
            "Goes out on %(weekday)s %(day)s at %(hour)s",
            weekday=format_date(self.env, here.date(), date_format="EEEE"),
            day=format_date(self.env, here.date()),
            hour=f"{here:%H:%M}".removeprefix("0"),
        )


class IrCron(models.Model):
    _inherit = "ir.cron"

    def write(self, vals):
        """Switched off, nothing is left that could tell it later."""
        result = super().write(vals)
        if "active" in vals:
            self.env["xpyme.offer.campaign"]._watch()
        return result
