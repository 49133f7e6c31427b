import re

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferJoining(OfferCase, HttpCase):
    """A page and a QR code at the counter: who joins has confirmed it by mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "offer_join_page": True,
                "offer_legal_text": "Sus datos: https://acme.example.com/datos.",
            }
        )
        cls.path = cls.company._get_join_path()

    def get_consents(self):
        self.env.invalidate_all()
        return self.env["xpyme.offer.consent"].search([])

    def get_mails(self):
        self.env.invalidate_all()
        mails = self.env["mail.mail"].search([("subject", "like", "Do you want the")])
        return mails.sorted("id")

    def ask(self, email="acme@example.com", **data):
        page = self.url_open(self.path)
        [token] = re.findall(r'name="csrf_token"\s+value="([^"]+)"', page.text)
        data = {"csrf_token": token, "email": email, "agreed": "1", **data}
        return self.url_open(self.path, data={k: v for k, v in data.items() if v})

    def get_link(self):
        return re.findall(
            r'href="[^"]*(/xpyme/offers/join/[^"]+)"', self.get_mails()[-1].body_html
        )[0]

    def test_who_confirms_the_mail_has_agreed(self):
        link = 'href="https://acme.example.com/datos"'
        self.assertIn(link, self.url_open(self.path).text)
        self.assertIn("Look into your mailbox", self.ask().text)
        self.assertFalse(self.get_consents())
        mail = self.get_mails()
        self.assertEqual(mail.email_to, "acme@example.com")
        link = self.get_link()
        self.assertIn("Yes, I want the offers", self.url_open(link).text)
        self.assertFalse(self.get_consents())
        for _number in range(2):
            self.assertIn("Done", self.url_open(link, data={"x": "1"}).text)
        consent = self.get_consents()
        self.assertEqual(
            (consent.kind, consent.source, consent.basis, consent.partner_id),
            ("granted", "join", "consent", self.acme),
        )
        self.assertIn("I want to get offers by e-mail", consent.text)
        self.assertIn("https://acme.example.com/datos", consent.text)
        self.assertTrue(consent.trace)
        self.company.offer_consent_required = True
        offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        self.assertEqual((offer.state, offer.basis), ("ready", "consent"))

    def test_who_wants_no_more_is_sent_no_question(self):
        self.note_own()
        self.env["mail.blacklist"]._add("beta@example.com")
        self.note_own("olvidada@example.com", source="forgotten")
        for box in ("acme@example.com", "beta@example.com", "olvidada@example.com"):
            self.assertIn("Look into your mailbox", self.ask(box).text)
        self.assertFalse(self.get_mails())

    def get_told(self):
        self.env.invalidate_all()
        return self.acme.activity_ids

    def test_owner_is_told_of_who_asks_and_had_refused(self):
        self.acme.user_id = self.salesperson
        self.env["mail.blacklist"]._add("acme@example.com")
        page = self.ask("nobody@example.com").text
        told = self.ask().text
        self.assertEqual(
            page.replace("nobody@example.com", ""), told.replace("acme@example.com", "")
        )
        self.assertEqual(self.get_told().user_id, self.salesperson)
        self.assertIn("has refused advertising", self.get_told().summary)
        self.assertIn("no mail was sent", self.get_told().note)
        self.env.cr.execute("UPDATE xpyme_offer_invitation SET create_date = NULL")
        self.ask()
        self.assertEqual(len(self.get_told()), 1)
        self.assertTrue(self.acme.no_mailing)

    def test_no_page_undoes_no_mailing_and_the_owner_is_told(self):
        self.ask()
        self.env["mail.blacklist"]._add("acme@example.com")
        self.assertIn("Done", self.url_open(self.get_link(), data={"x": "1"}).text)
        self.assertEqual(self.get_consents().kind, "granted")
        self.assertIn("untick No Mailing", self.get_told().note)
        self.assertEqual(self.get_told().user_id, self.manager)
        offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        self.assertEqual(offer.skip_reason, "no_mailing")

    def test_a_refusal_that_is_older_than_the_joining_is_overcome(self):
        self.ask()
        self.note_own()
        self.assertIn("Done", self.url_open(self.get_link(), data={"x": "1"}).text)
        offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        self.assertEqual((offer.state, self.get_told()), ("ready", self.get_told()[:0]))

    def test_who_was_told_when_they_bought_agrees_by_the_page(self):
        self.make_consent(
            "acme@example.com", kind="granted", text="En caja", basis="customer"
        )
        self.company._join("acme@example.com", "192.0.2.1")
        said = self.env["xpyme.offer.consent"].search(
            [("email", "=", "acme@example.com")]
        )
        self.assertEqual((said[:1].source, said[:1].basis), ("join", "consent"))

    def test_both_forms_of_an_address_are_one_customer(self):
        self.acme.email = "Ana <ana@xn--uble-fqa.cl>"
        self.ask("ana@ñuble.cl")
        self.url_open(self.get_link(), data={"x": "1"})
        self.assertEqual(self.get_consents().partner_id, self.acme)

    def test_wrong_domains_of_other_letters_get_the_sentence(self):
        for box in ("a@ñ_ñ.cl", "a@-ñ.cl", "a@ü..cl", "a@ñ-.cl", "a@☃.cl", "a@ñ@b.cl"):
            answer = self.ask(box)
            self.assertEqual(answer.status_code, 200, box)
            self.assertIn("This is not an e-mail address", answer.text)
        self.assertFalse(self.get_mails())

    def test_an_address_is_asked_once_a_day(self):
        self.ask()
        for hours, count in ((23, 1), (2, 2)):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE xpyme_offer_invitation SET create_date = create_date"
                " - %s * interval '1 hour'",
                [hours],
            )
            self.ask()
            self.assertEqual(len(self.get_mails()), count)

    def test_what_is_no_address_or_was_not_ticked_sends_nothing(self):
        self.assertIn("This is not an e-mail address", self.ask("nadie").text)
        self.assertIn("Tick that you want", self.ask(agreed="").text)
        self.assertIn("Look into your mailbox", self.ask(nickname="x").text)
        self.assertFalse(self.get_mails())

    @mute_logger("odoo.http")
    def test_page_of_another_site_sends_nothing(self):
        answer = self.url_open(
            self.path, data={"email": "acme@example.com", "agreed": "1"}
        )
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.get_mails())

    def test_nobody_is_sent_mail_after_mail(self):
        for _number in range(4):
            self.assertIn("Look into your mailbox", self.ask().text)
        self.assertEqual(len(self.get_mails()), 1)
        for number in range(12):
            self.ask(f"otro{number}@example.com")
        self.assertEqual(len(self.get_mails()), 10)

    @mute_logger("odoo.http")
    def test_wrong_and_foreign_links_join_nobody(self):
        self.ask()
        link = self.get_link()
        other = self.env["res.company"].create(
            {"name": "Otra", "offer_join_page": True}
        )
        token = link.rpartition("/")[2]
        for url in (link[:-3], f"{other._get_join_path()}/{token}", f"{self.path}/ñ"):
            answer = self.url_open(url, data={"x": "1"})
            self.assertEqual(answer.status_code, 404, url)
        self.assertFalse(self.get_consents())

    @mute_logger("odoo.http")
    def test_there_is_no_page_where_the_company_wants_none(self):
        self.company.offer_join_page = False
        for path in (self.path, f"{self.path}/abc", "/xpyme/offers/join/99999"):
            self.assertEqual(self.url_open(path).status_code, 404)

    def test_sheet_for_the_counter_is_for_who_works_there(self):
        poster = self.company.action_open_join_poster()["url"]
        self.assertNotIn("data:image/png", self.url_open(poster).text)
        self.authenticate(self.salesperson.login, self.salesperson.login)
        page = self.url_open(poster)
        self.assertIn("data:image/png;base64,", page.text)
        self.assertIn(self.path, page.text)
