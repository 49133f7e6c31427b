import logging

from odoo import api, fields, models

from ...tools.offer_dates import STEPS, next_date
from ...tools.offer_template import describe
from .campaign import CANCELLED, PREPARED

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
        first = self.scheduled_at or self.approved_at
        now = fields.Datetime.now()
        return next_date(first, self.repeat_every, now, self._get_zone())

    def _approve_series(self):
        """Approve what is complete of a series that was approved once and for all."""
        for campaign in self:
            origin = campaign.origin_id
            complete = campaign.state == PREPARED and campaign.is_complete
            is_ready = complete and campaign.is_automatic and campaign.ready_count
            if is_ready and origin._is_series_approved():
                campaign._approve(origin.approved_by_id)

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
