from odoo.tests import tagged
from odoo.tools import mute_logger

from .offer_common import OfferCase

ANSWER = """\
From: Ana <ana@otro.example.com>
To: {to}
Subject: Re: Ofertas
Message-Id: <answer-1@otro.example.com>
{headers}
Content-Type: text/plain; charset=utf-8

Me interesa la pintura.
"""
BOUNCE = """\
From: MAILER-DAEMON@mx.example.com
To: bounce@ferreteria.example.com
Subject: Undelivered Mail
Message-Id: <bounce-1@mx.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mailbox is full.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; acme@example.com
Action: failed
Status: 5.2.2

--b
Content-Type: message/rfc822

From: ofertas@ferreteria.example.com
To: acme@example.com
Message-Id: {message_id}
Subject: Ofertas

x
--b--
"""


@tagged("post_install", "-at_install")
class TestOfferGateway(OfferCase):
    def setUp(self):
        super().setUp()
        domain = self.env["mail.alias.domain"].create(
            {"name": "ferreteria.example.com"}
        )
        self.company.alias_domain_id = domain
        self.campaign = self.prepare(self.acme, products=[self.paint])
        self.offer = self.campaign.offer_ids

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def receive(self, text):
        self.env["mail.thread"].message_process(False, text)
        self.env.invalidate_all()

    def test_answer_lands_in_the_customers_card(self):
        for number, header in enumerate(("In-Reply-To", "References")):
            before = len(self.acme.message_ids)
            text = ANSWER.format(
                to="catchall@ferreteria.example.com",
                headers=f"{header}: <x@y.cl> {self.offer.message_id}",
            ).replace("answer-1", f"answer-{number}")
            self.receive(text)
            self.assertEqual(len(self.acme.message_ids), before + 1)
            self.assertIn("Me interesa", self.acme.message_ids[0].body)

    def test_answer_to_nothing_of_ours_goes_its_own_way(self):
        before = self.acme.message_ids
        text = ANSWER.format(
            to="catchall@ferreteria.example.com",
            headers="In-Reply-To: <xpyme-offer-1-abc@falso.example.com>",
        )
        self.receive(text)
        self.assertEqual(self.acme.message_ids, before)

    def test_mail_that_came_back_is_told_on_offer_and_card(self):
        self.receive(BOUNCE.format(message_id=self.offer.message_id))
        self.assertTrue(self.offer.bounced_at)
        self.assertIn("full", self.offer.error)
        self.assertIn("came back", self.acme.message_ids[0].body)
        self.assertEqual(self.acme.message_bounce, 1)
