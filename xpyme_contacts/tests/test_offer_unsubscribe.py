import re
from base64 import b64encode
from email import message_from_bytes

from lxml import etree

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferUnsubscribe(OfferCase, HttpCase):
    """RFC 8058, and a page for people."""

    def setUp(self):
        super().setUp()
        self.campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        self.offer = self.campaign.offer_ids.filtered(
            lambda o: o.partner_id == self.acme
        )
        self.url = (
            f"/xpyme/offers/{self.offer.id}/{self.offer._get_token(self.offer.email)}"
        )

    def get_consents(self):
        self.env.invalidate_all()
        return self.env["xpyme.offer.consent"].search([])

    def test_opening_the_page_changes_nothing(self):
        for method in ("GET", "HEAD"):
            answer = self.url_open(self.url, method=method)
            self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.get_consents())
        page = self.url_open(self.url)
        self.assertIn("acme@example.com", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")

    def test_mail_program_posts_once_and_is_done(self):
        data = {"List-Unsubscribe": "One-Click"}
        for _number in range(2):
            answer = self.url_open(self.url, data=data)
            self.assertEqual(answer.status_code, 200)
        consent = self.get_consents()
        self.assertEqual(
            (consent.email, consent.kind, consent.source, consent.partner_id),
            ("acme@example.com", "withdrawn", "one_click", self.acme),
        )
        self.assertEqual(consent.offer_id, self.offer)
        self.assertIn("I want no more offers", consent.text)

    def test_person_confirms_on_the_page(self):
        answer = self.url_open(self.url, data={"x": "1"})
        self.assertIn("no more offers", answer.text)
        self.assertEqual(self.get_consents().source, "page")

    def test_proof_has_the_words_that_the_person_saw_and_not_their_name(self):
        page = self.url_open(self.url)
        self.url_open(self.url, data={"x": "1"})
        text = self.get_consents().text
        self.assertIn("Ofertas para …", text)
        self.assertIn(self.company.name, text)
        for words in ("Do you want no more offers?", "No more offers"):
            self.assertIn(words, page.text)
            self.assertIn(words, text)
        self.assertNotIn("$1", text)
        self.assertNotIn(self.acme.name, text)

    def test_who_comes_back_is_not_asked_again(self):
        self.url_open(self.url, data={"x": "1"})
        page = self.url_open(self.url)
        self.assertIn("Done: you get no more offers.", page.text)
        self.assertNotIn("Do you want no more offers?", page.text)
        self.env["xpyme.offer.consent"].create(
            {
                "email": self.offer.email,
                "kind": "granted",
                "text": "Vino con el papel",
                "evidence": b64encode(b"papel"),
            }
        )
        self.assertIn("Do you want no more offers?", self.url_open(self.url).text)

    def test_only_offers_are_refused(self):
        self.url_open(self.url, data={"List-Unsubscribe": "One-Click"})
        self.env.invalidate_all()
        self.assertFalse(self.acme.no_mailing)
        self.assertEqual(self.acme.offers_refused, "acme@example.com")
        self.assertFalse(self.beta.offers_refused)
        self.campaign.action_approve()
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.addresses, ["beta@example.com"])

    @mute_logger("odoo.http")
    def test_wrong_links_change_nothing_and_say_what_to_do(self):
        other = self.campaign.offer_ids - self.offer
        token = self.url.rpartition("/")[2]
        for url in (
            self.url[:-1],
            f"/xpyme/offers/{other.id}/{token}",
            f"/xpyme/offers/999999999/{token}",
            f"/xpyme/offers/{self.offer.id}/ñ",
        ):
            for data in (None, {"List-Unsubscribe": "One-Click"}):
                answer = self.url_open(url, data=data)
                self.assertEqual(answer.status_code, 404, url)
                self.assertIn("This link is not complete.", answer.text)
                self.assertNotIn(self.env.ref("base.main_company").name, answer.text)
        self.assertFalse(self.get_consents())

    def test_page_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.acme.lang = "es_ES"
        self.assertIn('lang="es-ES"', self.url_open(self.url).text)

    def test_titles_of_pages_can_be_translated(self):
        """Odoo takes no term from the text of a title."""
        for name, words in (
            ("offer_public_page", "Offers of"),
            ("offer_join_poster", "Our offers in your mailbox"),
        ):
            view = self.env.ref(f"xpyme_contacts.{name}").with_context(lang=None)
            arch = etree.fromstring(view.arch_db)
            for title in arch.iter("title"):
                self.assertFalse("".join(title.itertext()).strip())
            terms = view._fields["arch_db"].get_trans_terms(view.arch_db)
            self.assertTrue([term for term in terms if words in term], words)
        page = self.url_open(self.url).text
        self.assertRegex(page, rf"<title>[^<]*{self.company.name}\s*</title>")

    def test_proof_is_in_the_mail_that_was_sent_and_nowhere_else(self):
        """Whoever works here and reads the frozen mail cannot refuse for its reader."""
        token = self.offer._get_token(self.offer.email)
        seen = self.offer.with_user(self.salesperson)
        shown = self.env["xpyme.offer.preview"].with_user(self.salesperson)
        shown = shown._open_for(self.acme, self.campaign)
        shown = self.env["xpyme.offer.preview"].browse(shown["res_id"])
        for record in (seen, shown):
            self.assertNotIn(token, record.body_html)
        [path] = set(re.findall(r"/xpyme/offers/[^\"\s]*", seen.body_html))
        with mute_logger("odoo.http"):
            answer = self.url_open(path, data={"x": "1"})
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.get_consents())
        self.campaign.action_approve()
        with self.outbox() as server:
            server.run()
        mail = message_from_bytes(dict(server.mails)[self.acme.email])
        for part in mail.get_payload():
            self.assertIn(self.url, part.get_payload(decode=True).decode())
        self.assertNotIn(token, self.offer.body_html)

    # === THE OTHER ADDRESSES, AND COMING BACK ===#

    def test_who_leaves_is_asked_about_the_other_addresses(self):
        self.acme.document_email = "docs@example.com"
        page = self.url_open(self.url)
        self.assertIn("Also at my other addresses", page.text)
        self.assertIn("d•••@example.com", page.text)
        self.assertNotIn("docs@example.com", page.text)
        self.url_open(self.url, data={"everywhere": "1"})
        self.assertEqual(
            set(self.get_consents().mapped("email")),
            {"acme@example.com", "docs@example.com"},
        )
        self.assertIn("Also at my other addresses", self.get_consents()[0].text)
        reasons = self.get_reasons(
            self.prepare(self.acme, products=[self.paint], send_to_document_email=True)
        )
        self.assertEqual(set(reasons.values()), {"opted_out"})

    def test_one_click_is_for_one_address_and_the_page_tells_of_the_others(self):
        self.acme.document_email = "docs@example.com"
        self.url_open(self.url, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(self.get_consents().email, "acme@example.com")
        page = self.url_open(self.url)
        self.assertIn("No more offers there either", page.text)
        self.url_open(self.url, data={"everywhere": "1"})
        self.assertEqual(len(self.get_consents()), 2)
        page = self.url_open(self.url)
        self.assertNotIn("No more offers there either", page.text)

    def test_who_has_the_address_no_more_speaks_for_nobody_else(self):
        self.acme.write(
            {"email": "new@example.com", "document_email": "docs@example.com"}
        )
        self.assertNotIn("other addresses", self.url_open(self.url).text)
        self.url_open(self.url, data={"everywhere": "1"})
        self.assertEqual(self.get_consents().email, "acme@example.com")

    def test_who_left_by_mistake_comes_back_by_their_own_hand(self):
        self.url_open(self.url, data={"x": "1", "reason": " Demasiados\n correos "})
        self.assertIn("Their reason: Demasiados correos", self.get_consents().text)
        self.assertIn("Send me offers again", self.url_open(self.url).text)
        for _number in range(2):
            answer = self.url_open(self.url, data={"again": "1"})
            self.assertIn("you get our offers again", answer.text)
        last, first = self.get_consents()
        self.assertEqual((last.kind, last.source), ("granted", "page"))
        self.assertFalse(self.acme.offers_refused)
        campaign = self.prepare(self.acme, products=[self.paint])
        self.assertEqual(campaign.offer_ids.basis, "consent")

    def test_where_it_came_from_is_kept_until_the_person_is_forgotten(self):
        self.url_open(
            self.url, data={"x": "1"}, headers={"User-Agent": "Mozilla de prueba"}
        )
        consent = self.get_consents()
        self.assertRegex(consent.trace, r"^127\.0\.0\.1 .*Mozilla de prueba")
        consent.with_user(self.manager).action_anonymise()
        self.assertFalse(consent.trace)

    def test_page_says_where_to_write_to(self):
        self.assertIn("mailto:ofertas@ferreteria.", self.url_open(self.url).text)

    def test_name_of_an_address_is_text_on_the_page(self):
        self.company.name = "<script>x</script>"
        self.assertNotIn("<script>x", self.url_open(self.url).text)
