from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .offer_common import OfferCase

ANSWER = """\
From: Ana <ana@otro.example.com>
To: ofertas@ferreteria.example.com
Subject: Re: Ofertas
Message-Id: <answer-{number}@otro.example.com>
In-Reply-To: {message_id}
{headers}Content-Type: text/plain; charset=utf-8

{text}

> Lo que ofrecíamos /xpyme/offers/1/secret
"""


@tagged("post_install", "-at_install")
class TestOfferAnswer(OfferCase):
    answer = ANSWER

    def setUp(self):
        super().setUp()
        self.campaign = self.make_campaign(
            self.acme | self.beta,
            products=[
                {"product_id": self.paint.id, "price": 7},
                {"product_id": self.brush.id, "price": 3},
            ],
            margins=[(1, 0)],
            user_id=self.salesperson.id,
        )
        self.campaign.action_prepare()
        self.offer = self.campaign.offer_ids.filtered(
            lambda offer: offer.partner_id == self.acme
        )
        self.number = 0

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def receive(self, text="Quiero 20 taladros", headers=""):
        self.number += 1
        mail = self.answer.format(
            number=self.number,
            message_id=self.offer.message_id,
            headers=headers,
            text=text,
        )
        self.env["mail.thread"].message_process(False, mail)
        self.env.invalidate_all()
        return self.acme.activity_ids

    def test_answer_is_an_activity_for_the_campaigns_responsible(self):
        activity = self.receive()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertIn("Primavera", activity.summary)
        self.assertIn("Quiero 20 taladros", activity.note)
        self.assertNotIn("secret", activity.note)
        self.assertTrue(activity.is_offer_answer)

    def test_answer_without_a_responsible_is_for_the_customers_salesperson(self):
        self.campaign.user_id = False
        self.acme.user_id = self.manager
        self.assertEqual(self.receive().user_id, self.manager)

    def test_second_answer_is_no_second_activity(self):
        self.receive()
        activity = self.receive("Mejor 30")
        self.assertEqual(len(activity), 1)
        self.assertIn("Quiero 20 taladros", activity.note)
        self.assertIn("Mejor 30", activity.note)

    def test_machine_that_answers_is_nobody_to_be_told_of(self):
        for headers in ("Auto-Submitted: auto-replied\n", "X-Autoreply: yes\n"):
            self.assertFalse(self.receive("Estoy de vacaciones", headers))
        self.assertEqual(self.campaign.answer_count, 0)

    def test_campaign_counts_answers_and_opens_them(self):
        self.receive()
        self.assertEqual(self.campaign.answer_count, 1)
        domain = self.campaign.action_open_answers()["domain"]
        self.assertEqual(self.env["xpyme.offer"].search(domain), self.offer)
        self.assertIn("Quiero 20 taladros", self.offer.answer_html)

    def test_one_click_makes_a_withdrawal_with_the_persons_words(self):
        activity = self.receive("BAJA, por favor")
        self.assertTrue(activity.with_user(self.salesperson).action_note_withdrawal())
        self.assertTrue(self.offer._is_refused())
        consent = self.env["xpyme.offer.consent"].search(
            [("offer_id", "=", self.offer.id)]
        )
        self.assertEqual((consent.kind, consent.source), ("withdrawn", "typed"))
        self.assertEqual(consent.text, "BAJA, por favor")
        self.assertEqual(consent.user_id, self.salesperson)
        self.assertFalse(self.acme.activity_ids)
        self.assertEqual(self.campaign.leaver_count, 1)
        domain = self.campaign.action_open_leavers()["domain"]
        self.assertEqual(self.env["xpyme.offer.consent"].search(domain), consent)

    def test_withdrawal_tells_of_the_addresses_that_offers_still_go_to(self):
        self.acme.document_email = "facturas@example.com"
        activity = self.receive("BAJA")
        told = activity.with_user(self.salesperson).action_note_withdrawal()
        self.assertIn("facturas@example.com", told["params"]["message"])
        self.assertEqual(self.offer._get_other_mailboxes(), ["facturas@example.com"])
        self.assertIn(
            "facturas@example.com", "".join(self.acme.message_ids.mapped("body"))
        )

    def test_one_click_makes_a_quotation_at_the_prices_of_the_offer(self):
        activity = self.receive()
        action = activity.with_user(self.salesperson).action_make_quotation()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.partner_id, self.acme)
        self.assertEqual(order.origin, "Primavera")
        self.assertEqual(
            [(line.product_id, line.price_unit) for line in order.order_line],
            [(self.paint, 7), (self.brush, 3)],
        )
        self.assertFalse(self.acme.activity_ids)

    def test_quotation_takes_nothing_off_the_offered_price_again(self):
        """Where discounts are shown the tariff would give its own a second time."""
        shown = self.env.ref("sale.group_discount_per_so_line")
        self.env.ref("base.group_user")._apply_group(shown)
        self.acme.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "Diez menos",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 10})
                ],
            }
        )
        self.offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        self.assertEqual(self.offer.detail_ids.price, 18)
        self.receive()
        action = self.offer.action_make_quotation()
        line = self.env["sale.order"].browse(action["res_id"]).order_line
        self.assertEqual((line.price_unit, line.discount), (18, 0))

    def test_campaign_counts_the_orders_of_its_customers_and_opens_them(self):
        campaign = self.campaign
        campaign.with_user(self.manager).action_approve()
        with self.outbox() as server:
            server.run()
        contact = self.make_contact(self.acme)
        other = self.make_customer("Otro", email="otro@example.com")
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "order_line": [(0, 0, {"product_id": self.paint.id})],
                }
                for partner in (self.acme, contact, self.beta, other)
            ]
        )
        late = orders[2]
        (orders - self.env["sale.order"]).action_confirm()
        sent = campaign.offer_ids[0].sent_at
        late.date_order = sent.replace(year=sent.year + 1)
        campaign.invalidate_recordset()
        self.assertEqual(campaign.order_count, 2)
        found = self.env["sale.order"].search(campaign.action_open_orders()["domain"])
        self.assertEqual(found, orders[:2].sorted("id", reverse=True))
        own = campaign.with_user(self.salesperson)
        self.assertEqual(own.order_count, 0)

    def test_card_has_nothing_that_proves_that_one_has_the_mail(self):
        token = self.offer._get_token(self.offer.email)
        path = self.offer._get_unsubscribe_path(token)
        packed = path.replace("/", "%2F")
        plain = f"No\n\n> https://x.cl{path} x.cl/?u={packed}"
        self.receive(f"{plain}\n> {self.offer._get_leave_word(self.offer.email)}")
        html = f"<p>No</p><blockquote><a href='https://x.cl{path}'>x</a></blockquote>"
        self.receive_html(html)
        bodies = self.acme.message_ids[:2].mapped("body")
        self.assertTrue(all("only-in-the-mail" in body for body in bodies), bodies)
        self.assertFalse(any(token in body for body in bodies))

    def receive_html(self, html):
        with patch.object(
            type(self), "answer", ANSWER.replace("text/plain", "text/html")
        ):
            self.receive(html)

    def test_who_leaves_twice_is_one_who_left(self):
        for _time in range(2):
            self.offer._refuse_offers("page")
            self.offer._want_offers_again()
        self.offer._refuse_offers("page")
        self.env.flush_all()
        self.campaign.invalidate_recordset()
        self.assertEqual(self.campaign.leaver_count, 1)
