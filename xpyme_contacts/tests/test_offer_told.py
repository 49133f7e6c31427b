from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..models.offer.post import OfferPost
from .offer_common import FakeServer, OfferCase


@tagged("post_install", "-at_install")
class TestOfferTold(OfferCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.salesperson | cls.manager).lang = "en_US"

    def approve(self, **vals):
        campaign = self.prepare(
            self.acme, products=[self.paint], user_id=self.salesperson.id, **vals
        )
        campaign.with_user(self.manager).action_approve()
        return campaign

    def switch_lanes(self, active):
        crons = self.env["xpyme.offer.outbox"].sudo()._get_lanes()
        crons.write({"active": active, "nextcall": fields.Datetime.now()})
        self.env.invalidate_all()
        return crons

    # === IT ENDS ===#

    def test_end_is_one_activity_for_the_responsible(self):
        campaign = self.approve()
        with self.outbox() as server:
            for _run in range(3):
                server.run()
        activity = campaign.activity_ids
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertIn("Primavera has ended: 1 sent", activity.summary)

    def test_failed_mail_that_is_sent_again_ends_anew(self):
        campaign = self.approve()
        server = FakeServer({"acme@example.com": [550]})
        with self.outbox(server):
            server.run()
        self.assertIn("1 failed", campaign.activity_ids.summary)
        campaign.offer_ids.with_user(self.manager).action_send_again()
        with self.outbox() as server:
            server.run()
        self.assertEqual(len(campaign.activity_ids), 1)
        self.assertIn("1 sent", campaign.activity_ids.summary)

    def test_end_that_somebody_has_seen_is_not_told_again(self):
        campaign = self.approve()
        with self.outbox() as server:
            server.run()
            campaign.activity_ids.action_feedback()
            server.run()
        campaign._tell_ended()
        self.assertFalse(campaign.activity_ids)

    # === SOMEBODY STOPS IT ===#

    def test_stop_by_another_user_is_told_to_the_responsible(self):
        campaign = self.approve()
        campaign.with_user(self.salesperson).action_pause()
        self.assertFalse(campaign.activity_ids)
        campaign.with_user(self.manager).action_resume()
        campaign.with_user(self.manager).action_pause()
        self.assertIn("Paused", campaign.activity_ids.summary)
        campaign.with_user(self.manager).action_resume()
        self.assertFalse(campaign.activity_ids)

    # === SILENCE ===#

    def test_scheduled_actions_that_are_off_are_told_once(self):
        campaign = self.approve()
        self.switch_lanes(False)
        self.assertIn("switched off", campaign.silence)
        self.assertIn("switched off", campaign.activity_ids.summary)
        for _time in range(2):
            campaign._watch()
        self.assertEqual(len(campaign.activity_ids), 1)
        campaign.activity_ids.action_feedback()
        campaign._watch()
        self.assertFalse(campaign.activity_ids)

    def test_scheduled_actions_that_are_on_again_close_the_matter(self):
        campaign = self.approve()
        self.switch_lanes(False)
        self.switch_lanes(True)
        self.assertFalse(campaign.activity_ids or campaign.silence)
        self.switch_lanes(False)
        self.assertEqual(len(campaign.activity_ids), 1)

    def test_campaign_approved_while_they_are_off_is_told_at_once(self):
        self.switch_lanes(False)
        campaign = self.approve()
        self.assertIn("switched off", campaign.activity_ids.summary)

    def test_scheduled_actions_that_nobody_runs_are_told(self):
        campaign = self.approve()
        crons = self.switch_lanes(True)
        crons.write({"nextcall": fields.Datetime.now() - timedelta(hours=1)})
        self.env.invalidate_all()
        campaign._watch()
        self.assertIn("have not run since", campaign.activity_ids.summary)

    def test_server_that_is_away_is_told_once_until_mails_go_again(self):
        campaign = self.approve()

        def refuse(_post):
            raise OSError("[Errno 111] Connection refused")

        with self.outbox() as server:
            with patch.object(OfferPost, "connect", refuse):
                for lane in range(4):
                    server.run(lane)
        self.assertEqual(len(campaign.activity_ids), 1)
        self.assertIn("cannot be reached", campaign.activity_ids.summary)
        self.assertIn("cannot be reached", campaign.last_error)
        with self.outbox() as server:
            server.run()
        self.assertEqual(len(campaign.activity_ids), 1)
        self.assertIn("has ended", campaign.activity_ids.summary)

    def test_campaign_for_monday_says_when_it_goes_out(self):
        self.salesperson.tz = "Europe/Madrid"
        date = fields.Datetime.to_datetime("2099-11-30 08:00:00")
        campaign = self.approve(scheduled_at=date)
        campaign.invalidate_recordset()
        told = campaign.with_context(lang="en_US").health
        self.assertIn("Goes out on Monday 11/30/2099 at 9:00", told)
        self.switch_lanes(False)
        self.assertFalse(campaign.silence)

    def test_activity_is_in_its_readers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.salesperson.lang = "es_ES"
        campaign = self.approve()
        with self.outbox() as server:
            server.run()
        self.assertIn("Primavera ha terminado", campaign.activity_ids.summary)
