from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferSeries(OfferCase):
    def make_series(self, **vals):
        campaign = self.prepare(
            self.acme, products=[self.paint], repeat_every="month", **vals
        )
        campaign.with_user(self.manager).action_approve()
        return campaign

    def run_series(self, campaign):
        campaign.sudo().repeat_next_at = fields.Datetime.now() - timedelta(minutes=1)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr, su=True)["xpyme.offer.campaign"]._run_series()
        self.env.invalidate_all()
        return self.env["xpyme.offer.campaign"].search(
            [("origin_id", "=", campaign.id)]
        )

    def test_each_date_makes_a_campaign_to_review(self):
        series = self.make_series()
        self.assertGreater(series.repeat_next_at, fields.Datetime.now())
        again = self.run_series(series)
        self.assertEqual((len(again), again.state), (1, "prepared"))
        self.assertEqual(again.subject, series.subject)
        self.assertEqual(again.product_ids.product_id, self.paint)
        self.assertFalse(again.repeat_every)
        self.assertEqual(again.activity_ids.user_id, self.manager)
        self.assertGreater(series.repeat_next_at, fields.Datetime.now())

    def test_series_approved_by_its_manager_goes_by_itself(self):
        series = self.make_series()
        with self.assertRaises(AccessError):
            series.with_user(self.salesperson).series_approved = True
        series.with_user(self.manager).series_approved = True
        again = self.run_series(series)
        self.assertEqual((again.state, again.approved_by_id), ("running", self.manager))

    def test_campaign_of_an_approved_series_that_somebody_changed_is_reviewed(self):
        series = self.make_series(series_approved=True)
        self.paint.active = False
        again = self.run_series(series)
        self.assertEqual((again.state, again.is_automatic), ("prepared", True))
        seller = again.with_user(self.salesperson)
        seller.action_draft()
        seller.write({"subject": "TODO GRATIS", "partner_domain": "[]"})
        self.paint.active = True
        seller.action_prepare()
        self.run_series(series)
        self.assertEqual((again.state, again.ready_count > 0), ("prepared", True))

    def test_a_series_that_a_salesperson_repeats_more_often_is_reviewed(self):
        series = self.make_series(series_approved=True)
        series.with_user(self.salesperson).repeat_every = "week"
        self.assertFalse(series.series_approved)
        self.assertIn("how often", series.message_ids[0].body)
        self.assertEqual(self.run_series(series).state, "prepared")
        series.with_user(self.manager).series_approved = True
        series.with_user(self.manager).repeat_every = "year"
        self.assertTrue(series.series_approved)

    def test_nobody_calls_his_own_campaign_automatic(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        with self.assertRaises(AccessError):
            campaign.with_user(self.salesperson).is_automatic = True

    def test_campaign_of_a_cancelled_series_is_reviewed(self):
        series = self.make_series(series_approved=True)
        self.paint.active = False
        again = self.run_series(series)
        series.sudo().state = "cancelled"
        again.action_draft()
        self.paint.active = True
        again.action_prepare()
        again.sudo().is_automatic = True
        again._approve_series()
        self.assertEqual(again.state, "prepared")

    def test_template_changed_by_a_salesperson_takes_the_approval_back(self):
        template = self.env["xpyme.offer.template"].create(
            {"name": "Carta", "body_html": "<p>Hola $1</p>$2"}
        )
        series = self.make_series(series_approved=True, template_id=template.id)
        template.with_user(self.manager).body_html = "<p>Estimado $1</p>$2"
        template.with_user(self.salesperson).name = "Carta de siempre"
        self.assertTrue(series.series_approved)
        template.with_user(self.salesperson).body_html = "<p>GRATIS</p>$2"
        self.assertFalse(series.series_approved)
        self.assertIn("Carta de siempre", series.message_ids[0].body)

    def test_series_that_cannot_go_on_is_told_and_stops_no_other(self):
        broken, sound = self.make_series(), self.make_series()
        self.env.cr.execute(
            "UPDATE xpyme_offer_campaign SET partner_domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", broken.id],
        )
        self.env.invalidate_all()
        broken.sudo().repeat_next_at = fields.Datetime.now() - timedelta(minutes=2)
        self.assertEqual(len(self.run_series(sound)), 1)
        self.assertIn("could not be repeated", broken.activity_ids.summary)
        self.assertGreater(broken.repeat_next_at, fields.Datetime.now())
        half = self.env["xpyme.offer.campaign"].search([("origin_id", "=", broken.id)])
        self.assertFalse(half)

    def test_activity_is_in_the_managers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.manager.lang = "es_ES"
        series = self.make_series()
        again = self.run_series(series)
        self.assertEqual(again.activity_ids.summary, "Revise las ofertas y apruébelas")

    def test_prices_are_those_of_the_date(self):
        series = self.make_series()
        self.paint.list_price = 33
        again = self.run_series(series)
        self.assertEqual(again.offer_ids.detail_ids.price, 33)

    def test_stopped_series_makes_no_more(self):
        series = self.make_series()
        series.repeat_every = False
        self.assertFalse(series.repeat_next_at)
        self.assertFalse(self.run_series(series))

    def test_campaign_that_was_never_approved_begins_no_series(self):
        campaign = self.prepare(self.acme, products=[self.paint], repeat_every="week")
        self.assertFalse(campaign.repeat_next_at)

    # === IT CHANGES ===#

    def get_plan(self, campaign, user=None):
        action = campaign.with_user(user or self.manager).action_change_series()
        return campaign.browse(action["res_id"])

    def test_series_changes_from_its_next_date_on(self):
        series = self.make_series(series_approved=True)
        next_at, told = series.repeat_next_at, series.offer_ids.subject
        plan = self.get_plan(series)
        self.assertEqual((plan.state, plan.repeat_next_at), ("draft", next_at))
        plan.with_user(self.manager).write(
            {"subject": "Nuevo para $1", "product_ids": [(5, 0), *self.get_brush()]}
        )
        again = self.run_series(plan)
        self.assertEqual(again.offer_ids.subject, f"Nuevo para {self.acme.name}")
        self.assertEqual(again.product_ids.product_id, self.brush)
        self.assertEqual(again.state, "running")
        self.assertEqual((series.subject, series.offer_ids.subject)[1], told)
        self.assertEqual(series.product_ids.product_id, self.paint)
        self.assertFalse(self.run_series(series) - plan)
        self.assertEqual(self.get_plan(again), plan)
        self.assertEqual(self.get_plan(series), plan)

    def get_brush(self):
        return [(0, 0, {"product_id": self.brush.id})]

    def test_prices_of_a_changed_series_are_those_of_the_date(self):
        plan = self.get_plan(self.make_series())
        self.paint.list_price = 44
        self.assertEqual(self.run_series(plan).offer_ids.detail_ids.price, 44)

    def test_series_that_a_salesperson_changes_is_reviewed(self):
        def change_subject(plan):
            plan.subject = "GRATIS"

        def change_article(plan):
            plan.product_ids.price = 0.01

        for change in (change_subject, change_article):
            series = self.make_series(series_approved=True)
            plan = self.get_plan(series, self.salesperson)
            self.assertTrue(plan.series_approved)
            change(plan.with_user(self.salesperson))
            self.assertFalse(plan.series_approved)
            self.assertEqual(self.run_series(plan).state, "prepared")

    def test_nothing_is_prepared_of_a_plan_itself(self):
        plan = self.get_plan(self.make_series())
        with self.assertRaisesRegex(UserError, "on its date"):
            plan.action_prepare()

    def test_button_stops_a_series_from_wherever_it_is_seen(self):
        series = self.make_series(series_approved=True)
        again = self.run_series(series)
        self.assertTrue(again.with_user(self.salesperson).action_stop_series())
        self.assertFalse(series.repeat_next_at or series.has_series)
        self.assertEqual(self.run_series(series), again)
        self.assertEqual(again.state, "running")
        with self.assertRaisesRegex(UserError, "is not repeated"):
            again.action_stop_series()

    def test_changed_series_is_stopped_too(self):
        series = self.make_series()
        plan = self.get_plan(series)
        series.action_stop_series()
        self.assertEqual(plan.state, "cancelled")
        self.assertFalse(self.run_series(plan))

    # === ITS DATE ===#

    def change_date(self, campaign, date, user=None):
        action = campaign.with_user(user or self.manager).action_change_date()
        window = self.env[action["res_model"]].with_user(user or self.manager)
        window = window.browse(action["res_id"])
        window.date = date
        window.action_apply()

    def test_date_of_approved_mails_moves_and_they_stay_as_they_were(self):
        now = fields.Datetime.now().replace(microsecond=0)
        campaign = self.make_series(scheduled_at=now + timedelta(days=1))
        body = campaign.offer_ids.body_html
        later = now + timedelta(days=2)
        with self.assertRaises(AccessError):
            self.change_date(campaign, later, self.salesperson)
        self.change_date(campaign, later)
        self.assertEqual(campaign.scheduled_at, later)
        self.assertGreater(campaign.repeat_next_at, later)
        self.assertEqual(
            (campaign.state, campaign.offer_ids.body_html), ("running", body)
        )

    def test_next_date_of_a_series_moves_and_the_later_ones_with_it(self):
        series = self.make_series()
        series.sudo().state = "done"
        date = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        self.change_date(series, date)
        self.assertEqual(series.repeat_next_at, date)
        self.assertEqual(series._get_next_date().day, date.day)

    def test_date_that_is_past_is_refused(self):
        campaign = self.make_series()
        with self.assertRaisesRegex(UserError, "This date is past"):
            self.change_date(campaign, fields.Datetime.now() - timedelta(days=1))
