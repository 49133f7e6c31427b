import email
import email.policy
from datetime import timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.offer.post import OfferPost
from .offer_common import FakeServer, OfferCase


@tagged("post_install", "-at_install")
class TestOfferOutbox(OfferCase):
    def setUp(self):
        super().setUp()
        self.campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        self.first, self.second = self.campaign.offer_ids.sorted("id")

    def send(self, answers=None, lanes=(0,)):
        self.campaign.action_approve()
        with self.outbox(FakeServer(answers)) as server:
            for lane in lanes:
                server.run(lane)
        return server

    def test_each_mail_goes_once_and_the_campaign_is_done(self):
        server = self.send(lanes=range(4))
        self.assertEqual(
            sorted(server.addresses), ["acme@example.com", "beta@example.com"]
        )
        self.assertEqual(self.campaign.offer_ids.mapped("state"), ["sent", "sent"])
        self.assertTrue(all(self.campaign.offer_ids.mapped("sent_at")))
        self.assertEqual((self.campaign.state, self.campaign.sent_count), ("done", 2))
        self.assertIn("2 sent", self.campaign.health)

    def test_done_campaign_tells_how_many_were_left_out(self):
        """Who has chosen ten customers and reads of eight asks for the other two."""
        self.beta.no_mailing = True
        self.campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        self.send()
        self.assertEqual(self.campaign.state, "done")
        self.assertIn("1 sent, 1 left out", self.campaign.health)

    def test_nothing_goes_before_it_is_approved(self):
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.mails, [])

    def test_mail_as_it_travels(self):
        server = self.send()
        content = dict(server.mails)["acme@example.com"]
        mail = email.message_from_bytes(content, policy=email.policy.default)
        url = mail["List-Unsubscribe"].strip(" <>")
        self.assertEqual(mail["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertIn(f"/xpyme/offers/{self.first.id}/", url)
        self.assertEqual(mail["Message-Id"].strip(), self.first.message_id)
        self.assertEqual(mail["Subject"], "Ofertas para ACME & <Hijos>")
        self.assertEqual(mail["To"].addresses[0].addr_spec, "acme@example.com")
        html = mail.get_body(("html",)).get_content()
        self.assertIn(self.first.body_html[:200], html)
        self.assertIn(url, html)
        self.assertIn("Pintura", mail.get_body(("plain",)).get_content())

    def test_way_out_is_plain_for_mail_programs_however_long_the_address(self):
        base = "https://tienda.ferreteria-de-los-hermanos-soto.example.com"
        self.set_base(base)
        self.campaign = self.prepare(self.acme, products=[self.paint])
        content = dict(self.send().mails)["acme@example.com"]
        url = self.campaign.offer_ids._get_unsubscribe_url("acme@example.com")
        self.assertIn(f"\r\nList-Unsubscribe: <{url}>\r\n".encode(), content)

    def test_refusal_for_good_is_failed_with_its_reason(self):
        server = self.send({"acme@example.com": [(550, b"")]})
        self.assertEqual(server.addresses, ["beta@example.com"])
        self.assertEqual(self.first.state, "failed")
        self.assertIn("550", self.first.error)
        self.assertEqual(self.campaign.state, "done")

    def test_put_off_mail_is_tried_three_times_and_then_failed(self):
        self.campaign.action_approve()
        server = FakeServer({"acme@example.com": [(450, b""), 451, (450, b"")]})
        states = []
        for _number in range(3):
            self.first.retry_at = False
            with self.outbox(server):
                server.run()
            states.append(self.first.state)
        self.assertEqual(states, ["ready", "ready", "failed"])
        self.assertEqual(self.first.attempts, 3)
        self.assertEqual(server.addresses, ["beta@example.com"])

    def test_put_off_mail_waits_before_it_is_tried_again(self):
        self.campaign.action_approve()
        with self.outbox(FakeServer({"acme@example.com": [(450, b"")]})) as server:
            server.run()
            server.run()
        self.assertEqual(self.first.state, "ready")
        self.assertGreater(self.first.retry_at, fields.Datetime.now())
        self.assertEqual(self.campaign.state, "running")
        cron = self.env.ref("xpyme_contacts.offer_lane_0_cron")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(self.first.retry_at, triggers.mapped("call_at"))

    def test_connection_lost_after_the_content_is_doubtful_and_stays(self):
        server = self.send({"acme@example.com": ["lost"]})
        self.assertEqual(self.first.state, "unknown")
        with self.outbox() as again:
            again.run()
        self.assertEqual(again.mails, [])
        self.assertEqual(self.second.state, "sent")
        self.assertEqual(server.sessions, 2)
        self.assertEqual(self.campaign.unknown_count, 1)

    def test_connection_lost_before_the_content_is_tried_again(self):
        self.send({"acme@example.com": ["early"]})
        self.assertEqual((self.first.state, self.first.attempts), ("ready", 1))

    def test_one_bad_mail_stops_nothing(self):
        self.env.cr.execute(
            "UPDATE xpyme_offer SET subject = NULL, message_id = NULL, body_html = NULL"
            " WHERE id = %s",
            [self.first.id],
        )
        self.env.invalidate_all()
        server = self.send()
        self.assertIn("beta@example.com", server.addresses)
        self.assertIn(self.first.state, ("failed", "sent"))

    def test_claim_of_a_dead_lane_is_doubtful_never_sent_again(self):
        self.campaign.action_approve()
        self.first.write(
            {
                "state": "sending",
                "claimed_by": "999999-1.5",
                "claimed_at": fields.Datetime.now(),
            }
        )
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.addresses, ["beta@example.com"])
        self.assertEqual(self.first.state, "unknown")
        self.assertTrue(self.first.error)

    def test_claim_of_a_living_lane_is_left_alone_for_a_while(self):
        self.campaign.action_approve()
        self.env.cr.execute(
            "SELECT pid || '-' || extract(epoch FROM backend_start)::numeric"
            " FROM pg_stat_activity WHERE pid = pg_backend_pid()"
        )
        claim = {"state": "sending", "claimed_by": self.env.cr.fetchone()[0]}
        now = fields.Datetime.now()
        for age, state in ((1, "sending"), (16, "unknown")):
            claimed_at = now - timedelta(minutes=age)
            self.first.write({**claim, "claimed_at": claimed_at})
            with self.outbox() as server:
                server.run()
            self.assertEqual(self.first.state, state)
            self.assertEqual(self.campaign.state == "done", state == "unknown")

    def test_refusals_are_checked_again_when_it_is_sent(self):
        self.acme.no_mailing = True
        self.env["xpyme.offer.consent"].create(
            {"email": "beta@example.com", "kind": "withdrawn"}
        )
        server = self.send()
        self.assertEqual(server.mails, [])
        self.assertEqual(
            (self.first | self.second).mapped("skip_reason"),
            ["no_mailing", "opted_out"],
        )

    def test_blocked_since_it_was_approved(self):
        self.campaign.action_approve()
        self.acme.is_blocked = True
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.addresses, ["beta@example.com"])

    def test_paused_campaign_sends_nothing_until_it_goes_on(self):
        self.campaign.action_approve()
        self.campaign.with_user(self.salesperson).action_pause()
        with self.outbox() as server:
            server.run()
            self.assertEqual(server.mails, [])
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.salesperson).action_resume()
        self.campaign.with_user(self.manager).action_resume()
        with self.outbox() as server:
            server.run()
        self.assertEqual(len(server.mails), 2)

    def test_cancelled_campaign_sends_nothing_more(self):
        self.campaign.action_approve()
        self.campaign.with_user(self.salesperson).action_cancel()
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.mails, [])
        self.assertEqual(
            set(self.campaign.offer_ids.mapped("skip_reason")), {"cancelled"}
        )

    def test_scheduled_mails_wait_for_their_date(self):
        self.campaign.action_draft()
        self.campaign.scheduled_at = fields.Datetime.now() + timedelta(hours=1)
        self.campaign.action_prepare()
        self.campaign.action_approve()
        with self.outbox() as server:
            server.run()
        self.assertEqual((server.mails, self.campaign.state), ([], "running"))
        lane = self.env.ref("xpyme_contacts.offer_lane_2_cron")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", lane.id)])
        self.assertIn(self.campaign.scheduled_at, triggers.mapped("call_at"))
        self.campaign.sudo().scheduled_at = fields.Datetime.now() - timedelta(days=1)
        with self.outbox() as server:
            server.run()
        self.assertEqual(len(server.mails), 2)

    def test_mail_server_that_is_away_costs_no_mail(self):
        self.campaign.action_approve()
        away = ConnectionRefusedError("refused")
        with self.outbox() as server:
            with patch.object(OfferPost, "connect", side_effect=away):
                server.run()
        self.assertEqual(self.campaign.offer_ids.mapped("state"), ["ready", "ready"])
        self.assertEqual(self.campaign.offer_ids.mapped("attempts"), [0, 0])
        self.assertIn("refused", self.campaign.last_error)

    def test_row_that_another_lane_took_is_looked_for_again(self):
        self.campaign.action_approve()
        outbox = self.registry["xpyme.offer.outbox"]
        original, failures = outbox._claim, [psycopg2.errors.SerializationFailure()]

        def claim(this, *arguments):
            if failures:
                raise failures.pop()
            return original(this, *arguments)

        with self.outbox() as server, patch.object(outbox, "_claim", claim):
            server.run()
        self.assertEqual(len(server.mails), 2)

    def test_second_offer_of_a_merged_customer_is_not_sent(self):
        self.acme.email = self.beta.email
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.acme | self.beta).ids, self.acme)
        campaign.action_approve()
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.addresses, ["beta@example.com"])
        self.assertEqual(
            sorted(campaign.offer_ids.mapped(lambda o: o.skip_reason or o.state)),
            ["same_mailbox", "sent"],
        )

    def test_of_two_offers_to_a_merged_customer_the_first_goes_first(self):
        """Two lanes at once would each take one, and see nothing of the other."""
        self.acme.email = self.beta.email
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.acme | self.beta).ids, self.acme)
        campaign.action_approve()
        self.env.flush_all()
        first, second = campaign.offer_ids.sorted("id")
        server = self.env["ir.mail_server"]
        claim = self.env["xpyme.offer.outbox"].sudo()._claim
        self.assertEqual(claim(campaign, second.id % 4, server)["id"], first.id)
        taken = claim(campaign, second.id % 4, server)
        self.assertEqual((taken["id"], taken["state"]), (second.id, "skipped"))

    def test_manager_decides_to_send_doubtful_mails_again(self):
        self.send({"acme@example.com": ["lost"]})
        with self.assertRaises(UserError):
            self.second.with_user(self.manager).action_send_again()
        with self.assertRaises(AccessError):
            self.first.with_user(self.salesperson).action_send_again()
        self.first.with_user(self.manager).action_send_again()
        self.assertEqual(self.campaign.state, "running")
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.addresses, ["acme@example.com"])
        self.assertEqual(self.campaign.state, "done")

    def test_mail_of_a_cancelled_campaign_is_not_sent_again(self):
        self.send(
            {"acme@example.com": [(550, b"no")], "beta@example.com": [(450, b"")]}
        )
        self.campaign.action_cancel()
        with self.assertRaisesRegex(UserError, "in the state Cancelled"):
            self.first.with_user(self.manager).action_send_again()
        self.assertEqual(self.first.state, "failed")

    def test_mail_put_off_after_its_campaign_was_cancelled_is_left_out(self):
        self.campaign.action_approve()
        server = FakeServer({"acme@example.com": [451]})
        with self.outbox(server):

            def cancel(to):
                # The lane begins with its own rows: the other mail may come first.
                if to != "acme@example.com":
                    return
                with self.registry.cursor() as cr:
                    cr.execute("UPDATE xpyme_offer_campaign SET state = 'cancelled'")

            server.on_mail = cancel
            server.run()
        self.assertEqual(
            (self.first.state, self.first.skip_reason), ("skipped", "cancelled")
        )

    def test_sending_again_meets_the_lane_that_concludes_the_campaign(self):
        """What is only read would be taken for done by a lane that comes first."""
        self.send(
            {"acme@example.com": [(550, b"no")], "beta@example.com": [(450, b"")]}
        )
        query = "SELECT ctid FROM xpyme_offer_campaign WHERE id = %s"
        places = []
        for _time in range(2):
            self.env.flush_all()
            self.env.cr.execute(query, [self.campaign.id])
            places.append(self.env.cr.fetchone())
            if len(places) == 1:
                self.first.with_user(self.manager).action_send_again()
        self.assertNotEqual(*places)
        self.assertEqual(self.campaign.state, "running")

    def test_mails_are_built_with_the_companys_own_addresses(self):
        domain = self.env["mail.alias.domain"].create(
            {"name": "ferreteria.example.com"}
        )
        self.company.alias_domain_id = domain
        server = self.send()
        mail = email.message_from_bytes(server.mails[0][1], policy=email.policy.default)
        self.assertIn(self.company.catchall_email, mail["Reply-To"])
