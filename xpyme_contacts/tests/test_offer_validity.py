from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferValidity(OfferCase):
    """*Válida hasta*: no mail goes out after its last day, whichever way it came."""

    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now().replace(microsecond=0)
        self.today = fields.Date.context_today(self.company)

    def make_week(self, **vals):
        """A campaign of tomorrow that holds until this day in a week."""
        return self.prepare(
            self.acme,
            products=[self.paint],
            scheduled_at=self.now + timedelta(days=1),
            valid_until=self.today + timedelta(days=7),
            **vals,
        )

    def make_series(self):
        series = self.make_week(repeat_every="month")
        series.with_user(self.manager).action_approve()
        return series

    def run_series(self, campaign, days_late=0):
        campaign.sudo().repeat_next_at = self.now - timedelta(days=days_late)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr, su=True)["xpyme.offer.campaign"]._run_series()
        self.env.invalidate_all()
        origin = [("origin_id", "=", campaign.id), ("is_plan", "=", False)]
        return campaign.search(origin, order="id desc", limit=1)

    def get_plan(self, campaign):
        action = campaign.with_user(self.manager).action_change_series()
        return campaign.browse(action["res_id"])

    def change_date(self, campaign, date):
        action = campaign.with_user(self.manager).action_change_date()
        window = self.env[action["res_model"]].browse(action["res_id"])
        window.with_user(self.manager).date = date
        window.with_user(self.manager).action_apply()

    def test_a_date_of_sending_after_the_last_day_is_refused_when_it_is_typed(self):
        late = {"scheduled_at": self.now + timedelta(days=9)}
        until = {"valid_until": self.today + timedelta(days=8)}
        with self.assertRaisesRegex(ValidationError, "would be sent on"):
            self.make_campaign(self.acme, products=[self.paint], **late, **until)
        campaign = self.make_campaign(self.acme, products=[self.paint], **until)
        with self.assertRaisesRegex(ValidationError, "would be sent on"):
            campaign.with_user(self.salesperson).write(late)

    def test_no_date_is_changed_to_one_after_the_last_day(self):
        campaign = self.make_week()
        for _state in ("prepared", "running"):
            date = campaign.scheduled_at
            with (
                self.assertRaisesRegex(ValidationError, "would be sent on"),
                self.env.cr.savepoint(),
            ):
                self.change_date(campaign, self.now + timedelta(days=9))
            self.env.invalidate_all()
            self.assertEqual(campaign.scheduled_at, date)
            self.change_date(campaign, self.now + timedelta(days=2))
            if campaign.state == "prepared":
                campaign.with_user(self.manager).action_approve()
        self.assertEqual(campaign.state, "running")

    def test_a_date_that_is_past_sends_today(self):
        yesterday = timedelta(days=-1)
        campaign = self.prepare(
            self.acme,
            products=[self.paint],
            scheduled_at=self.now + yesterday,
            valid_until=self.today + yesterday,
        )
        with self.assertRaisesRegex(UserError, "would be sent later"):
            campaign.with_user(self.manager).action_approve()

    def test_a_copy_for_a_date_keeps_to_a_last_day_that_is_given(self):
        campaign = self.make_week()
        vals = {"scheduled_at": self.now + timedelta(days=60)}
        self.assertEqual(
            campaign.copy(vals).valid_until, self.today + timedelta(days=66)
        )
        with self.assertRaisesRegex(ValidationError, "would be sent on"):
            campaign.copy({**vals, "valid_until": self.today + timedelta(days=59)})

    # === A SERIES ===#

    def test_each_mailing_of_a_series_holds_as_long_as_the_first(self):
        again = self.run_series(self.make_series())
        self.assertEqual(again.valid_until, self.today + timedelta(days=6))

    def test_a_series_that_is_changed_counts_in_days(self):
        series = self.make_series()
        plan = self.get_plan(series)
        self.assertEqual((plan.valid_days, plan.valid_until), (7, False))
        again = self.run_series(plan)
        self.assertFalse(again.valid_days or again.is_plan)
        self.assertIn("Valid until", again.offer_ids.body_html)
        for days, last in ((3, self.today + timedelta(days=2)), (0, False)):
            plan.with_user(self.manager).valid_days = days
            self.assertEqual(self.run_series(plan).valid_until, last)

    def test_a_series_that_is_changed_has_no_last_day_of_its_own(self):
        plan = self.get_plan(self.make_series())
        for vals in ({"valid_until": self.today}, {"valid_days": -1}):
            with self.assertRaisesRegex(ValidationError, "number of days"):
                plan.with_user(self.manager).write(vals)

    def test_the_days_of_an_approved_series_are_a_managers(self):
        series = self.make_series()
        series.with_user(self.manager).series_approved = True
        plan = self.get_plan(series)
        plan.with_user(self.salesperson).valid_days = 90
        self.assertFalse(plan.series_approved)

    def test_a_mailing_that_is_made_late_holds_as_long_as_the_others(self):
        series = self.make_series()
        for get_next in (lambda s: s, self.get_plan):
            again = self.run_series(get_next(series), days_late=40)
            self.assertEqual(again.valid_until, self.today + timedelta(days=6))

    def test_a_date_that_moves_takes_the_last_day_along(self):
        series = self.make_series()
        plan = self.get_plan(series)
        self.change_date(plan, self.now + timedelta(days=20))
        again = plan.copy({"scheduled_at": plan.repeat_next_at})
        self.assertEqual(again.valid_until, self.today + timedelta(days=26))

    def test_who_repeats_an_offer_is_told_how_long_the_next_ones_hold(self):
        view = self.env["xpyme.offer.campaign"].get_view(view_type="form")["arch"]
        self.assertIn("holds for as many days", view)
        self.assertIn('name="valid_days"', view)
