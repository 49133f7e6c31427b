from email import message_from_bytes, policy

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .offer_common import FakeServer, OfferCase


@tagged("post_install", "-at_install")
class TestOfferTrial(OfferCase):
    def send_test(self, campaign, user=None, answers=None):
        """The mails that left, and what the button answered."""
        with self.outbox(FakeServer(answers)) as server:
            result = campaign.with_user(user or self.salesperson).action_send_test()
        mails = [
            message_from_bytes(c, policy=policy.default) for _to, c in server.mails
        ]
        return mails, result

    def test_test_mail_goes_to_the_user_alone_as_the_customer_would_get_it(self):
        campaign = self.make_campaign(self.acme | self.beta, products=[self.paint])
        for state in ("draft", "prepared"):
            [mail], result = self.send_test(campaign)
            self.assertIn("salesperson@example.com", mail["To"])
            self.assertEqual(mail["Subject"], "Ofertas para ACME & <Hijos>")
            self.assertIn("Pintura", mail.get_body(("html",)).get_content())
            self.assertIn("salesperson@example.com", result["params"]["message"])
            self.assertEqual(campaign.state, state)
            self.assertFalse(campaign.offer_ids.filtered("sent_at"))
            if state == "draft":
                campaign.action_prepare()

    def test_link_to_leave_of_a_test_mail_is_dead(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        [mail], _result = self.send_test(campaign)
        offer = campaign.offer_ids
        text = mail.as_string() + mail.get_body(("html",)).get_content()
        self.assertNotIn(offer._get_token(offer.email), text)
        self.assertIn("only-in-the-mail", mail["List-Unsubscribe"])
        self.assertNotIn("xpyme-offer", mail["Message-Id"])

    def test_customer_who_is_looked_at_is_the_one_of_the_test(self):
        campaign = self.make_campaign(self.acme | self.beta, products=[self.paint])
        chosen = campaign.with_context(preview_partner_id=self.beta.id)
        [mail], _result = self.send_test(chosen)
        self.assertEqual(mail["Subject"], "Ofertas para Beta")

    def test_refused_test_mail_is_told(self):
        campaign = self.make_campaign(self.acme, products=[self.paint])
        with self.assertRaisesRegex(UserError, "mailbox does not exist"):
            self.send_test(
                campaign,
                answers={"salesperson@example.com": [(550, b"5.1.1 user unknown")]},
            )

    def test_user_without_an_address_is_told(self):
        campaign = self.make_campaign(self.acme, products=[self.paint])
        self.salesperson.partner_id.email = False
        with self.assertRaisesRegex(UserError, "You have no e-mail address"):
            self.send_test(campaign)

    def test_campaign_without_a_mail_says_why(self):
        self.acme.no_mailing = True
        campaign = self.make_campaign(self.acme, products=[self.paint])
        with self.assertRaisesRegex(UserError, "No mailing"):
            self.send_test(campaign)

    # === BESIDE THE FORM ===#

    def test_mail_stands_beside_the_form_as_it_is_typed(self):
        campaign = self.make_campaign(self.acme | self.beta, products=[self.paint])
        with Form(campaign.with_user(self.salesperson)) as form:
            self.assertIn("Ofertas para ACME &amp; &lt;Hijos&gt;", form.preview_head)
            self.assertIn("ofertas@ferreteria.example.com", form.preview_head)
            self.assertIn("Pintura", form.preview_html)
            self.assertIn("Pintura", form.preview_text)
            self.assertNotIn("<", form.preview_text)
            form.subject = "Nuevo para $1"
            self.assertIn("Nuevo para ACME", form.preview_head)
            form.preview_partner_id = self.beta
            self.assertIn("Nuevo para Beta", form.preview_head)

    def test_head_of_the_mail_has_the_address_that_answers_go_to(self):
        domain = self.env["mail.alias.domain"].create(
            {"name": "ferreteria.example.com", "catchall_alias": "respuestas"}
        )
        self.company.alias_domain_id = domain
        campaign = self.prepare(self.acme, products=[self.paint])
        self.assertIn("respuestas@ferreteria.example.com", campaign.preview_head)

    def test_filter_that_cannot_be_read_shows_no_mail_and_breaks_no_form(self):
        campaign = self.make_campaign(self.acme, products=[self.paint])
        typed = campaign.new(origin=campaign)
        typed.partner_domain = "[('gone', '=', 1)]"
        self.assertFalse(typed.preview_partner_id or typed.preview_html)
