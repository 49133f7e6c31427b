from datetime import datetime, timedelta
from smtplib import SMTPAuthenticationError
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.offer.post import OfferPost
from .offer_common import FakeServer, OfferCase


@tagged("post_install", "-at_install")
class TestOfferPace(OfferCase):
    """How fast offers go, and when a campaign waits or stops by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.smtp = cls.env["ir.mail_server"].create(
            {"name": "Correo", "smtp_host": "smtp.example.com"}
        )
        cls.customers = cls.env["res.partner"].union(
            *(
                cls.make_customer(f"Cliente {n}", email=f"c{n}@example.com")
                for n in range(16)
            )
        )

    def approve(self, customers=None, **vals):
        customers = self.customers if customers is None else customers
        campaign = self.prepare(customers, products=[self.paint], **vals)
        campaign.action_approve()
        return campaign

    def run_lanes(self, campaign, server=None, lanes=(0,), hours=0):
        """The lanes at work; before, ``hours`` have passed for all that was done."""
        if hours:
            self.pass_time(campaign, hours)
        server = server or FakeServer()
        server.record = self.smtp
        with self.outbox(server):
            for lane in lanes:
                server.run(lane)
        return server

    def pass_time(self, campaign, hours):
        self.env.flush_all()
        for table, columns in {
            "xpyme_offer": ("claimed_at", "sent_at", "retry_at"),
            "xpyme_offer_campaign": ("waits_until",),
        }.items():
            for column in columns:
                self.env.cr.execute(
                    f"UPDATE {table} SET {column} = {column}"
                    " - %s * interval '1 hour' WHERE create_uid IS NOT NULL",
                    [hours],
                )
        self.env.invalidate_all()

    def states(self, campaign):
        offers = campaign.offer_ids.sorted("id")
        return {state: len(group) for state, group in offers.grouped("state").items()}

    # === LIMITS ===#

    def test_no_more_than_its_limit_goes_within_an_hour(self):
        self.smtp.offers_per_hour = 12
        campaign = self.approve()
        sent = [len(self.run_lanes(campaign).mails)]
        # A twelfth of the hour's mails at a time.
        self.assertEqual(sent, [1])
        self.assertEqual(campaign.wait_reason, "limit")
        self.assertIn("goes on by itself", campaign.pace)
        # A lane of a busy machine may end before it sends.
        for _part in range(60):
            if campaign.state == "running":
                sent.append(len(self.run_lanes(campaign, hours=0.09).mails))
        self.assertEqual(self.states(campaign), {"sent": 16})
        taken = sorted(campaign.offer_ids.mapped("claimed_at"))
        for begin in taken:
            within = [(at - begin).total_seconds() for at in taken if at >= begin]
            self.assertLessEqual(len([s for s in within if s < 3600]), 12)
            self.assertLessEqual(len([s for s in within if s < 299]), 1)

    def test_limit_is_of_the_server_whatever_the_number_of_campaigns_and_lanes(self):
        self.smtp.offers_per_day = 5
        both = self.approve(self.customers[:8]) | self.approve(self.customers[8:])
        self.run_lanes(both[0], lanes=range(4))
        self.assertEqual(sum(both.mapped("sent_count")), 5)
        self.assertEqual(set(both.mapped("state")), {"running"})

    def test_limited_campaign_wakes_the_lanes_when_there_is_room(self):
        self.smtp.offers_per_day = 1
        campaign = self.approve()
        self.run_lanes(campaign)
        lane = self.env.ref("xpyme_contacts.offer_lane_0_cron")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", lane.id)])
        self.assertIn(campaign.waits_until, triggers.mapped("call_at"))
        self.assertGreater(
            campaign.waits_until, fields.Datetime.now() + timedelta(hours=23)
        )
        outbox = self.env["xpyme.offer.outbox"]
        self.assertEqual(outbox._count_waiting(), 0)

    def test_a_domain_has_a_limit_of_its_own(self):
        self.smtp.offers_per_hour_domain = 2
        self.customers[8:].write({"email": False})
        for number, customer in enumerate(self.customers[8:]):
            customer.email = f"d{number}@otro.example.net"
        campaign = self.approve()
        server = self.run_lanes(campaign)
        domains = [address.partition("@")[2] for address in server.addresses]
        self.assertEqual(
            sorted(domains), 2 * ["example.com"] + 2 * ["otro.example.net"]
        )
        self.assertEqual(campaign.wait_reason, "limit")

    def test_a_new_server_warms_up(self):
        self.smtp.offers_warm_up_from = fields.Date.today()
        self.assertEqual(self.smtp._get_offers_per_day(), 50)
        begin = fields.Date.today() - timedelta(days=3)
        self.smtp.write({"offers_warm_up_from": begin, "offers_per_day": 300})
        self.assertEqual(self.smtp._get_offers_per_day(), 300)
        self.smtp.offers_per_day = 0
        self.assertEqual(self.smtp._get_offers_per_day(), 400)
        self.smtp.offers_warm_up_from = begin - timedelta(days=30)
        self.assertEqual(self.smtp._get_offer_limits(), [])

    def test_a_limit_is_no_negative_number(self):
        for fname in ("offers_per_hour", "offers_per_day", "offers_per_hour_domain"):
            with self.assertRaises(ValidationError):
                self.smtp[fname] = -1

    # === SLOW SERVERS ===#

    def test_a_server_that_is_asked_too_much_burns_no_mail(self):
        campaign = self.approve()
        server = FakeServer()
        server.on_address = lambda to: (451, b"4.7.28 unusual rate of mails")
        for _hour in range(12):
            self.run_lanes(campaign, server, hours=1.1)
        self.assertEqual(self.states(campaign), {"ready": 16})
        self.assertEqual(campaign.state, "running")
        self.assertIn("4.7.28", campaign.pace)
        # 60 minutes at most, and none of the mails has been tried in vain.
        wait = campaign.waits_until - fields.Datetime.now()
        self.assertLessEqual(wait, timedelta(minutes=61))
        self.assertGreater(wait, timedelta(minutes=50))
        self.assertLessEqual(max(campaign.offer_ids.mapped("attempts")), 1)
        good = self.run_lanes(campaign, hours=2)
        self.assertEqual(len(good.mails), 16)
        self.assertEqual((campaign.state, campaign.wait_count), ("done", 0))

    def test_each_wait_is_twice_as_long(self):
        campaign = self.approve()
        server = FakeServer()
        server.on_address = lambda to: (421, b"4.7.0 Try again later")
        waits = []
        for _time in range(4):
            self.run_lanes(campaign, server, hours=1)
            wait = campaign.waits_until - fields.Datetime.now()
            waits.append(round(wait.total_seconds() / 60))
        self.assertEqual(waits, [1, 2, 4, 8])
        # One mail a time, however many lanes and mails there are.
        self.assertEqual(server.sessions, 4)

    def test_a_sender_that_is_put_off_burns_no_mail(self):
        campaign = self.approve()
        server = FakeServer()
        server.on_sender = lambda sender: (451, b"not now")
        for _hour in range(12):
            self.run_lanes(campaign, server, hours=1.1)
        self.assertEqual(self.states(campaign), {"ready": 16})
        self.assertEqual(campaign.wait_reason, "slow")

    def test_a_server_that_puts_all_off_without_a_word_burns_none(self):
        campaign = self.approve()
        server = FakeServer()
        server.on_address = lambda to: (450, b"not now")
        for _hour in range(6):
            self.run_lanes(campaign, server, hours=1.1)
        self.assertEqual(self.states(campaign), {"ready": 16})
        self.assertEqual(campaign.wait_reason, "slow")
        self.assertEqual(len(self.run_lanes(campaign, hours=2).mails), 16)

    def test_one_mail_that_is_put_off_for_ever_ends(self):
        campaign = self.approve(self.customers[:1])
        server = FakeServer()
        for _time in range(40):
            # In between the server takes another mail.
            campaign.sudo().wait_count = 0
            server.on_address = lambda to: (451, b"4.7.1 greylisted")
            self.run_lanes(campaign, server, hours=2)
        self.assertEqual((campaign.state, campaign.failed_count), ("done", 1))

    # === STOPPING ===#

    def test_a_server_that_refuses_the_sender_burns_nothing_and_stops(self):
        campaign = self.approve()
        server = FakeServer()
        server.on_sender = lambda sender: (530, b"5.7.0 Must issue STARTTLS first")
        self.run_lanes(campaign, server, lanes=range(4))
        self.assertEqual(self.states(campaign), {"ready": 16})
        self.assertEqual(set(campaign.offer_ids.mapped("attempts")), {0})
        self.assertEqual(campaign.state, "paused")
        self.assertIn("Must issue STARTTLS", campaign.pause_reason)
        self.assertIn("takes no mails from", campaign.pause_reason)
        # Told once, to whom it concerns.
        activity = campaign.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, campaign.user_id)
        self.assertIn("STARTTLS", activity.note)
        campaign.with_user(self.manager).action_resume()
        self.assertFalse(campaign.pause_reason)
        self.assertFalse(campaign.activity_ids)
        self.assertEqual(len(self.run_lanes(campaign).mails), 16)

    def test_a_wrong_password_stops_the_campaign(self):
        campaign = self.approve()
        wrong = SMTPAuthenticationError(535, b"5.7.8 Bad credentials")
        with self.outbox() as server:
            with patch.object(OfferPost, "connect", side_effect=wrong):
                server.run()
        self.assertEqual(campaign.state, "paused")
        self.assertIn("Bad credentials", campaign.pause_reason)
        self.assertEqual(self.states(campaign), {"ready": 16})

    def test_refused_senders_at_the_address_stop_after_three(self):
        """As Postfix says it: it waits for the address before it refuses."""
        campaign = self.approve()
        server = FakeServer()
        server.on_address = lambda to: (554, b"5.7.1 Client host [192.0.2.1] blocked")
        self.run_lanes(campaign, server)
        self.assertEqual(campaign.state, "paused")
        self.assertEqual(self.states(campaign), {"ready": 16})

    def test_ten_equal_errors_stop_the_campaign(self):
        campaign = self.approve()
        server = FakeServer()
        server.on_address = lambda to: (554, b"5.6.0 we do not like this mail")
        self.run_lanes(campaign, server)
        self.assertEqual(campaign.state, "paused")
        self.assertIn("10 mails in a row", campaign.pause_reason)
        self.assertEqual(self.states(campaign), {"ready": 16})
        # After three times they have failed for good, and the rest comes.
        for _time in range(2):
            campaign.action_resume()
            self.run_lanes(campaign, server)
        self.assertEqual(self.states(campaign), {"failed": 10, "ready": 6})

    def test_a_connection_that_breaks_after_each_mail_stops_the_campaign(self):
        """Else every mail of it would be doubtful, and none could be sent again."""
        campaign = self.approve()
        server = FakeServer()
        server.on_address = lambda to: "lost"
        self.run_lanes(campaign, server)
        self.assertEqual(campaign.state, "paused")
        self.assertIn("Of 3 mails in a row nobody knows", campaign.pause_reason)
        self.assertEqual(self.states(campaign), {"unknown": 3, "ready": 13})
        # Those that were doubtful before somebody went on are no reason to stop again.
        waiting = campaign.offer_ids.filtered(lambda offer: offer.state == "ready")
        lost = waiting[0].email
        campaign.action_resume()
        server.on_address = lambda to: "lost" if to == lost else None
        self.run_lanes(campaign, server)
        self.assertEqual(self.states(campaign)["unknown"], 4)
        self.assertEqual(campaign.state, "done")

    def test_errors_with_mails_in_between_stop_nothing(self):
        campaign = self.approve()
        server = FakeServer()
        bad = {f"c{n}@example.com" for n in range(16) if n % 5}
        server.on_address = lambda to: (554, b"5.6.0 no") if to in bad else None
        self.run_lanes(campaign, server)
        self.assertEqual(campaign.state, "done")
        self.assertEqual(self.states(campaign), {"failed": 12, "sent": 4})
        self.assertEqual(
            set(campaign.offer_ids.filtered("error").mapped("error_cause")),
            {"unwanted"},
        )

    def test_an_address_that_is_none_is_not_written_to_again(self):
        campaign = self.approve(self.customers[:2])
        server = FakeServer({"c0@example.com": [(550, b"5.1.1 user unknown")]})
        self.run_lanes(campaign, server)
        first = campaign.offer_ids.filtered(lambda o: o.email == "c0@example.com")
        self.assertEqual((first.state, first.error_cause), ("failed", "dead"))
        again = self.prepare(self.customers[:2], products=[self.paint])
        self.assertEqual(
            self.get_reasons(again)[self.customers[0], "c0@example.com"], "bounced"
        )

    # === HOURS AND NUMBERS ===#

    def test_offers_keep_to_the_hours_of_the_company(self):
        self.company.write(
            {"offer_hour_from": 9, "offer_hour_to": 20, "offer_days": "no_sunday"}
        )
        campaign = self.make_campaign(self.customers, products=[self.paint])
        campaign.user_id.tz = "Europe/Madrid"
        for now, opening in {
            "2026-11-07 07:59:00": datetime(2026, 11, 7, 8),  # Saturday
            "2026-11-07 08:00:00": None,
            "2026-11-07 18:59:00": None,
            "2026-11-07 19:00:00": datetime(2026, 11, 9, 8),  # on Monday
            "2026-11-08 12:00:00": datetime(2026, 11, 9, 8),
            "2026-07-04 06:30:00": datetime(2026, 7, 4, 7),  # summer
        }.items():
            with freeze_time(now):
                self.assertEqual(campaign._get_opening(), opening, now)

    def test_outside_the_hours_nothing_goes_and_it_is_told(self):
        campaign = self.approve()
        campaign.user_id.tz = "UTC"
        now = fields.Datetime.now()
        hour = (now.hour + 2) % 23
        self.company.write({"offer_hour_from": hour, "offer_hour_to": hour + 0.5})
        server = self.run_lanes(campaign)
        self.assertEqual((server.mails, server.sessions), ([], 0))
        self.assertEqual(campaign.wait_reason, "hours")
        self.assertIn("outside the hours", campaign.pace)
        self.company.write({"offer_hour_from": 0, "offer_hour_to": 24})
        self.assertEqual(len(self.run_lanes(campaign, hours=25).mails), 16)

    def test_hours_have_some_time_between_them(self):
        for begin, end in ((9, 9), (-1, 5), (10, 25), (20, 8)):
            with self.assertRaises(ValidationError):
                self.company.write({"offer_hour_from": begin, "offer_hour_to": end})

    def test_a_customer_gets_as_many_offers_as_the_company_allows(self):
        self.company.write({"offer_most": 2, "offer_most_days": 30})
        customer = self.customers[0]
        campaigns = self.env["xpyme.offer.campaign"]
        # Prepared together: only whoever sends them knows of the others.
        for _number in range(3):
            campaigns |= self.approve(customer)
        self.run_lanes(campaigns[0])
        self.assertEqual(
            sorted(campaigns.offer_ids.mapped("state")), ["sent", "sent", "skipped"]
        )
        fourth = self.prepare(customer, products=[self.paint])
        self.assertEqual(fourth.offer_ids.skip_reason, "too_often")
        self.pass_time(campaigns, 24 * 31)
        fifth = self.prepare(customer, products=[self.paint])
        self.assertEqual(fifth.offer_ids.state, "ready")

    def test_both_mailboxes_of_a_customer_are_one_offer(self):
        self.company.write({"offer_most": 1, "offer_most_days": 30})
        customer = self.customers[0]
        customer.document_email = "facturas@example.com"
        campaign = self.approve(customer, send_to_document_email=True)
        self.assertEqual(len(self.run_lanes(campaign).mails), 2)

    # === ENVELOPE ===#

    def test_a_server_that_reports_is_told_the_name_of_the_mail(self):
        campaign = self.approve(self.customers[:1])
        server = self.run_lanes(campaign, FakeServer(extensions=("dsn",)))
        offer = campaign.offer_ids
        name = offer._get_envelope_id(offer.email)
        self.assertEqual(
            server.options, [("RET=HDRS", f"ENVID={name}"), ("NOTIFY=FAILURE",)]
        )
        self.assertEqual(offer._find_named(f"x {name} y"), offer)
        self.assertFalse(
            offer._find_named(name[:-1] + ("0" if name[-1] != "0" else "1"))
        )

    def test_a_server_that_is_slow_for_ever_is_waited_for_an_hour(self):
        campaign = self.approve()
        campaign.wait_count = 2000
        campaign._slow_down("421 slow")
        wait = campaign.waits_until - fields.Datetime.now()
        self.assertLessEqual(wait, timedelta(hours=1, minutes=1))
