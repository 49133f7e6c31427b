from odoo import fields, models
from odoo.tools import SQL

from .campaign import CANCELLED, DONE, DRAFT, PAUSED, PREPARED, RUNNING
from .offer import FAILED, SENDING, SKIPPED, STATES, UNKNOWN


class OfferCampaign(models.Model):
    """How a campaign is getting on, counted when somebody looks."""

    _inherit = "xpyme.offer.campaign"

    pending_count = fields.Integer(string="To prepare", compute="_compute_health")
    ready_count = fields.Integer(string="Ready mails", compute="_compute_health")
    sending_count = fields.Integer(string="On their way", compute="_compute_health")
    sent_count = fields.Integer(string="Sent mails", compute="_compute_health")
    skipped_count = fields.Integer(string="Mails left out", compute="_compute_health")
    failed_count = fields.Integer(string="Failed mails", compute="_compute_health")
    unknown_count = fields.Integer(
        string="Doubtful mails",
        compute="_compute_health",
        help="The connection broke, or the machine stopped, just when the mail was "
        "handed over. It may have arrived, so it is never sent again by itself.",
    )
    offer_count = fields.Integer(string="Number of offers", compute="_compute_health")
    progress = fields.Float(
        compute="_compute_health",
        help="How much of what is to be sent has been sent, or prepared, in percent.",
    )
    is_moving = fields.Boolean(
        compute="_compute_health",
        help="Mails are being prepared or sent: there is a progress to see.",
    )
    is_complete = fields.Boolean(
        string="Ready for review",
        compute="_compute_health",
        help="All mails of the campaign are priced and written.",
    )
    sent_per_minute = fields.Integer(string="Per minute", compute="_compute_health")
    lane_count = fields.Integer(string="Lanes at work", compute="_compute_health")
    last_error = fields.Char(compute="_compute_health")
    health = fields.Char(compute="_compute_health")
    silence = fields.Char(
        compute="_compute_health",
        help="Why nothing goes on, though it is time.",
    )

    def _compute_health(self):
        rows = {row["campaign_id"]: row for row in self._read_health()}
        empty = dict.fromkeys((*STATES, "total", "minute", "lanes"), 0)
        for campaign in self:
            row = rows.get(campaign._origin.id, {**empty, "error": False})
            for state in STATES:
                campaign[f"{state}_count"] = row[state]
            campaign.offer_count = row["total"]
            campaign.is_complete = bool(campaign.prepared_at) and not row["pending"]
            campaign.is_moving = campaign.state in (RUNNING, PAUSED) or (
                campaign.state == PREPARED and not campaign.is_complete
            )
            campaign.progress = campaign._get_progress(row)
            campaign.sent_per_minute = row["minute"]
            campaign.lane_count = row["lanes"]
            campaign.last_error = self.env["xpyme.offer"]._tell_cause(row["error"])
            campaign.health = campaign._get_health_line(row)
            campaign.silence = campaign._get_silence()[1]

    def _get_progress(self, row):
        """Percent: of the mails to prepare those that are, later of those to be sent
        those that went; who is left out is no work."""
        if self.state == PREPARED:
            prepared = row["total"] - row["pending"]
            return 100.0 * prepared / row["total"] if row["total"] else 0.0
        to_send = row["total"] - row["skipped"]
        return 100.0 * row["sent"] / to_send if to_send else 0.0

    def _read_health(self):
        """What has become of the mails, one query for all campaigns ``self``."""
        offers = self.env["xpyme.offer"]
        offers.flush_model(["campaign_id", "state", "sent_at", "claimed_at", "error"])
        counts = SQL(", ").join(
            SQL(
                "count(*) FILTER (WHERE state = %s) AS %s", state, SQL.identifier(state)
            )
            for state in STATES
        )
        query = SQL(
            """
            SELECT campaign_id, count(*) AS total, %(counts)s,
                   count(*) FILTER (WHERE sent_at > %(past)s) AS minute,
                   count(DISTINCT claimed_by) FILTER
                       (WHERE state = %(sending)s OR sent_at > %(past)s) AS lanes,
                   (array_agg(error ORDER BY claimed_at DESC NULLS LAST)
                       FILTER (WHERE error IS NOT NULL))[1] AS error
              FROM xpyme_offer
             WHERE campaign_id = ANY(%(ids)s)
             GROUP BY campaign_id
            """,
            counts=counts,
            sending=SENDING,
            past=SQL("(now() AT TIME ZONE 'UTC') - interval '1 minute'"),
            ids=self._origin.ids,
        )
        return self.env.execute_query_dict(query)

    def _get_health_line(self, row):
        """One line for a person, while there is something to tell."""
        self.ensure_one()
        if not row["total"] or self.state in (DRAFT, CANCELLED):
            return False
        if self.state == PREPARED and row["pending"]:
            return self.env._(
                "%s mails are still being prepared.",
                row["pending"],
            )
        if self.state == PREPARED:
            return self._tell_ready(row)
        if self.state == RUNNING and self._is_ahead():
            return f"{self._tell_date()} · {self._tell_ready(row)}"
        if self.state == DONE:
            return self.env._(
                "%(sent)s sent, %(skipped)s left out, %(failed)s failed, %(unknown)s "
                "doubtful",
                sent=row["sent"],
                skipped=row["skipped"],
                failed=row["failed"],
                unknown=row["unknown"],
            )
        return self.env._(
            "%(sent)s sent, %(waiting)s waiting, %(failed)s failed, %(unknown)s "
            "doubtful · %(minute)s per minute",
            sent=row["sent"],
            waiting=row["pending"] + row["ready"] + row["sending"],
            failed=row["failed"],
            unknown=row["unknown"],
            minute=row["minute"],
        )

    def _tell_ready(self, row):
        return self.env._(
            "The offer is sent to %(ready)s addresses; %(skipped)s are left out.",
            ready=row["ready"],
            skipped=row["skipped"],
        )

    def action_open_offers(self):
        """The offers behind a figure; the button's context names the states."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_offer_action"
        )
        states = self.env.context.get("offer_states")
        domain = [("campaign_id", "=", self.id)]
        if states:
            domain.append(("state", "in", states))
        if states == [SKIPPED]:
            view = self.env.ref("xpyme_contacts.xpyme_offer_view_list_left_out")
            return {
                **action,
                "display_name": self.env._("Left out of %s", self.name),
                "domain": domain,
                "context": {"search_default_group_reason": True},
                "views": [(view.id, "list"), (False, "kanban"), (False, "form")],
            }
        failed = states in ([FAILED], [UNKNOWN])
        return {
            **action,
            "display_name": self.env._("Offers of %s", self.name),
            "domain": domain,
            "context": {"search_default_group_error_cause": True} if failed else {},
        }
