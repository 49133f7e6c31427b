import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.offer_dates import STEPS, next_date
from ...tools.offer_template import describe
from .campaign import CANCELLED, PAUSED, PREPARED, RUNNING

_logger = logging.getLogger(__name__)


class OfferCampaign(models.Model):
    """Campaigns that come round again: for each date a new one, with the same settings.

    Each is reviewed, unless an offer manager has approved the series.
    """

    _inherit = "xpyme.offer.campaign"

    repeat_every = fields.Selection(
        [
            ("week", "Every week"),
            ("fortnight", "Every two weeks"),
            ("month", "Every month"),
            ("quarter", "Every three months"),
            ("year", "Every year"),
        ],
        string="Repeat",
        copy=False,
        help="From the date of sending on, a new campaign is prepared each time.",
    )
    repeat_next_at = fields.Datetime(
        string="Next one on",
        readonly=True,
        copy=False,
        help="The series begins when its first campaign is approved.",
    )
    series_approved = fields.Boolean(
        string="Approved for every time",
        copy=False,
        help="The campaigns of the series go out without being reviewed.",
    )
    repeat_from = fields.Datetime(
        string="Counted from",
        readonly=True,
        copy=False,
        help="The date that the dates of the series are counted from, once it was "
        "changed.",
    )
    is_plan = fields.Boolean(
        string="Plan of a series",
        readonly=True,
        copy=False,
        help="Nothing of it is sent: the series' next campaigns are made from it.",
    )
    has_series = fields.Boolean(
        string="Of a series", compute="_compute_has_series", help="It goes on."
    )
    is_automatic = fields.Boolean(
        string="As its series made it",
        readonly=True,
        copy=False,
        help="Nobody has set it back to draft since: it may go out without a review.",
    )
    origin_id = fields.Many2one(
        "xpyme.offer.campaign",
        string="Repeats",
        readonly=True,
        copy=False,
        index=True,
        ondelete="set null",
    )

    def _plan_series(self):
        """Called when a campaign is approved, and when its repetition changes."""
        for campaign in self.filtered("approved_at"):
            # sudo: the dates are written by the actions only.
            campaign.sudo().repeat_next_at = (
                campaign.repeat_every and campaign._get_next_date()
            )

    def _get_next_date(self):
        """The first date of the series that is still to come."""
        self.ensure_one()
        first = self.repeat_from or self.scheduled_at or self.approved_at
        now = fields.Datetime.now()
        return next_date(first, self.repeat_every, now, self._get_zone())

    @api.depends("repeat_every", "origin_id.repeat_every")
    def _compute_has_series(self):
        for campaign in self:
            campaign.has_series = bool(campaign._get_series().repeat_next_at)

    def _get_series(self):
        """The campaign that the next one of its series is made from; empty if it ends.

        It is the first one, until somebody changes the series: then a plan.
        """
        self.ensure_one()
        if self.repeat_every:
            return self
        first = self.origin_id or self
        if first.repeat_every:
            return first
        domain = [("origin_id", "in", first._origin.ids), ("is_plan", "=", True)]
        return self.search([*domain, ("repeat_every", "!=", False)], limit=1)

    def _approve_series(self):
        """Approve what is complete of a series that was approved once and for all."""
        for campaign in self:
            origin = campaign.origin_id
            complete = campaign.state == PREPARED and campaign.is_complete
            is_ready = complete and campaign.is_automatic and campaign.ready_count
            if not is_ready or not origin._is_series_approved():
                continue
            if campaign._get_obstacle():
                campaign._leave_to_manager()
            else:
                campaign._approve(origin.approved_by_id)

    def _leave_to_manager(self):
        """What nobody could approve as it is, no series approves; it is told once."""
        # sudo: written by the actions only.
        self.sudo().is_automatic = False
        self._ask_manager(lambda env: self.with_env(env)._get_obstacle())

    def _is_series_approved(self):
        """Whether somebody answers for it who may still approve offers."""
        approved = self.series_approved and self.state != CANCELLED
        return approved and self._is_manager(self.approved_by_id)

    def write(self, vals):
        result = super().write(vals)
        if "repeat_every" in vals and not self._is_approval_allowed():
            self.filtered("series_approved")._review_series_again(
                self.env._(
                    "%s changed how often this series is repeated: its campaigns are "
                    "reviewed again, until a manager approves it.",
                    self.env.user.name,
                )
            )
        return result

    def _check_open(self):
        result = super()._check_open()
        if not self._is_approval_allowed():
            plans = self.filtered(lambda c: c.is_plan and c.series_approved)
            plans._review_series_again(
                self.env._(
                    "%s changed this series: its campaigns are reviewed again, until a "
                    "manager approves it.",
                    self.env.user.name,
                )
            )
        return result

    def _check_ready_to_prepare(self):
        if self.is_plan:
            raise UserError(
                self.env._(
                    "The next campaign of this series is made from it on its date. To "
                    "send one now, duplicate it."
                )
            )
        return super()._check_ready_to_prepare()

    def _review_series_again(self, why):
        """What goes out without a review is what a manager has approved.

        :param why: what a salesperson has changed of approved series, for their history
        """
        # sudo: the approval is not theirs to give; it is taken back.
        for campaign in self.sudo():
            campaign.series_approved = False
            campaign.message_post(body=why)

    @api.model
    def _run_series(self):
        """Make and prepare the campaigns whose date has come (scheduled action)."""
        due = self.search(
            [
                ("repeat_every", "in", list(STEPS)),
                ("repeat_next_at", "<=", fields.Datetime.now()),
                ("state", "!=", CANCELLED),
            ]
        )
        for campaign in due:
            try:
                with self.env.cr.savepoint():
                    campaign._repeat()
            except Exception as error:
                campaign._tell_not_repeated(error)
            self.env["ir.cron"]._commit_progress(1)
        prepared = [("state", "=", PREPARED), ("origin_id", "!=", False)]
        self.search(prepared)._approve_series()

    def _repeat(self):
        """The campaign of this series' date that has come."""
        self.ensure_one()
        date = self.repeat_next_at
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_zone()), date
        )
        # sudo: run by the system, on behalf of the responsible.
        again = self.sudo().copy(
            {
                "name": f"{self.name} · {day:%Y-%m-%d}",
                "origin_id": self.id,
                "is_automatic": True,
                "filter_user_id": self.filter_user_id.id,
                "user_id": self.user_id.id,
                "scheduled_at": date,
            }
        )
        self._plan_series()
        again._prepare()
        if self._is_series_approved():
            again._approve_series()
        else:
            again._ask_manager(lambda env: env._("Review the offers and approve them"))

    def _tell_not_repeated(self, error):
        """One series that cannot go on does not keep the others from it."""
        told = describe(error)
        _logger.info("Campaign %s cannot be repeated: %s", self.id, told)
        self.env.invalidate_all()
        self._plan_series()
        self._ask_manager(
            lambda env: env._("The campaign could not be repeated: %s", told)
        )

    def _ask_manager(self, tell):
        """An activity for whoever approved the series, if he still does.

        Else it is for the responsible. It is in the reader's language.

        :param tell: answers its summary in an environment
        """
        origin = self.origin_id or self
        manager = origin.approved_by_id.filtered(self._is_manager)
        user = manager or origin.user_id or self.env.user
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=tell(self.with_context(lang=user.lang).env),
            user_id=user.id,
        )

    # === CHANGING IT ===#

    def action_change_series(self):
        """Open what the next campaigns are made from; what was sent stays as it is.

        :raise UserError: there is no next one
        """
        self.ensure_one()
        self.check_access("write")
        series = self._check_series()
        plan = series if series.is_plan else series._make_plan()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": plan.id,
            "view_mode": "form",
        }

    def _check_series(self):
        """:raise UserError: the campaign is not repeated any more"""
        series = self._get_series()
        if not series.repeat_next_at:
            raise UserError(
                self.env._(
                    "%s is not repeated. Choose how often in a new campaign.",
                    self.name,
                )
            )
        return series

    def _make_plan(self):
        """A draft takes the series over from a campaign that has been sent."""
        first = self.sudo()
        # sudo: the dates and the approval are written by the actions only.
        handed_over = {
            name: first[name]
            for name in ("repeat_every", "repeat_next_at", "series_approved")
        }
        plan = first.copy(
            {
                "name": self.name,
                "origin_id": (self.origin_id or self).id,
                "is_plan": True,
                "repeat_from": first.repeat_from
                or first.scheduled_at
                or first.approved_at,
                "approved_by_id": first.approved_by_id.id,
                "approved_at": first.approved_at,
                "filter_user_id": first.filter_user_id.id,
                "user_id": first.user_id.id,
                **handed_over,
            }
        )
        first.write(dict.fromkeys(handed_over, False))
        return plan.with_env(self.env)

    def action_stop_series(self):
        """Make no more campaigns; those that there are go on.

        :raise UserError: it is not repeated
        """
        self.check_access("write")
        for campaign in self:
            series = campaign._check_series()
            # sudo: the dates are written by the actions only.
            series.sudo().write({"repeat_every": False, "series_approved": False})
            if series.is_plan:
                series.sudo().state = CANCELLED
            series.message_post(body=self.env._("The series was stopped."))
            series._tell_stopped()
        return True

    def action_change_date(self):
        """Ask for another date: of this campaign, or of the next one of its series."""
        self.ensure_one()
        window = self.env["xpyme.offer.date"].create({"campaign_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the date"),
            "res_model": window._name,
            "res_id": window.id,
            "view_mode": "form",
            "target": "new",
        }

    def _is_to_send(self):
        """Whether its own mails still wait for its date."""
        return self.state in (PREPARED, RUNNING, PAUSED)

    def _get_planned_date(self):
        """The date that ``action_change_date`` changes; empty for at once."""
        if self._is_to_send():
            return self.scheduled_at
        return self._get_series().repeat_next_at

    def _change_date(self, date):
        """Move what has not been sent; the mails stay as they were reviewed.

        :raise AccessError: it has been approved, and the user is no offer manager
        :raise UserError: the date is past, or there is nothing to be sent on it
        """
        self.ensure_one()
        self.check_access("write")
        if date <= fields.Datetime.now():
            raise UserError(self.env._("This date is past. Choose one to come."))
        if not self._is_to_send():
            series = self._check_series()
            series._check_manager()
            # sudo: as above; the same below.
            series.sudo().write({"repeat_from": date, "repeat_next_at": date})
            return
        if self.state != PREPARED:
            self._check_manager()
        self.sudo().scheduled_at = date
        if self.state != PREPARED:
            self._plan_series()
            self.env["xpyme.offer.outbox"]._wake_lanes(date)
            self._tell_silence()
