import re
from email import message_from_bytes
from hashlib import sha256

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.xpyme_contacts.models.offer.consent import CONSENT_KEY

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
            {"email": self.offer.email, "kind": "granted", "text": "Llamó"}
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

    def test_name_of_an_address_is_text_on_the_page(self):
        self.company.name = "<script>x</script>"
        self.assertNotIn("<script>x", self.url_open(self.url).text)


@tagged("post_install", "-at_install")
class TestOfferConsent(OfferCase):
    def make_consent(self, user=None, **vals):
        consents = self.env["xpyme.offer.consent"].with_user(user or self.salesperson)
        return consents.create({"email": " ACME@Example.com", **vals})

    def test_salesperson_notes_it_in_his_own_name(self):
        consent = self.make_consent(
            kind="granted", source="one_click", user_id=self.manager.id, text="Ficha"
        )
        self.assertEqual(
            (consent.email, consent.source, consent.user_id),
            ("acme@example.com", "typed", self.salesperson),
        )

    def test_register_only_grows(self):
        consent = self.make_consent()
        for user in (self.salesperson, self.manager):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                consent.with_user(user).write({"kind": "granted"})
            with self.assertRaises(UserError), self.env.cr.savepoint():
                consent.with_user(user).unlink()
        with self.assertRaises(ValidationError):
            self.make_consent(email="nadie")

    def test_forgotten_person_stays_refused_and_proved(self):
        consent = self.make_consent(partner_id=self.acme.id, text="Por teléfono")
        with self.assertRaises(AccessError):
            consent.with_user(self.salesperson).action_anonymise()
        consent.with_user(self.manager).action_anonymise()
        self.assertEqual(
            (consent.email, consent.partner_id.id, consent.kind, consent.text),
            (False, False, "withdrawn", "Por teléfono"),
        )
        self.assertEqual(consent.email_hash, consent._hash("acme@example.com"))
        campaign = self.prepare(self.acme, products=[self.paint])
        self.assertEqual(campaign.offer_ids.skip_reason, "opted_out")

    def test_who_was_forgotten_is_not_found_by_a_list_of_addresses(self):
        """The mark needs a key of this database, which a list does not have."""
        consent = self.make_consent(self.manager)
        consent.action_anonymise()
        plain = sha256(b"acme@example.com")
        self.assertNotIn(
            consent.email_hash, (plain.hexdigest(), sha256(plain.digest()).hexdigest())
        )
        with self.assertRaises(AccessError):
            parameters = self.env["ir.config_parameter"].with_user(self.manager)
            parameters.search([("key", "like", "xpyme_contacts")])
        secret = self.env["ir.config_parameter"].search([("key", "=", CONSENT_KEY)])
        self.assertGreaterEqual(len(secret.value), 64)
        secret.value = 64 * "0"
        self.assertNotEqual(consent._hash("acme@example.com"), consent.email_hash)

    def test_mark_of_any_address_is_the_same_in_both_languages(self):
        """Python writes it, SQL looks for it."""
        consents = self.env["xpyme.offer.consent"]
        for address in ("acme@example.com", "ñandú@example.cl", "a'b@x.cl", ""):
            query = SQL("SELECT %s", consents._get_hash_sql(SQL("%s::text", address)))
            [(mark,)] = self.env.execute_query(query)
            self.assertEqual(mark, consents._hash(address))

    def test_customers_data_are_exported_with_his_consents(self):
        self.make_consent(partner_id=self.acme.id, email="old@example.com")
        self.make_consent(kind="granted", text="Ficha")
        self.beta.document_email = "bills@example.com"
        self.make_consent(email="bills@example.com", text="Correo")
        self.make_consent(email="other@example.com")
        self.make_consent(partner_id=self.beta.id, email="beta@example.com")
        self.salesperson.group_ids |= self.env.ref("base.group_allow_export")
        path = "offer_consent_ids/"
        customers = (self.acme | self.beta).with_user(self.salesperson)
        rows = customers.export_data(
            ["name", path + "email", path + "kind", path + "text"]
        )["datas"]
        self.assertEqual(
            rows,
            [
                [self.acme.name, "acme@example.com", "Agreed to offers", "Ficha"],
                ["", "old@example.com", "Refused offers", ""],
                [self.beta.name, "beta@example.com", "Refused offers", ""],
                ["", "bills@example.com", "Refused offers", "Correo"],
            ],
        )

    def test_button_lists_what_is_exported(self):
        self.make_consent(partner_id=self.acme.id, email="old@example.com")
        self.make_consent(kind="granted")
        action = self.acme.action_open_offer_consents()
        found = self.env["xpyme.offer.consent"].search(action["domain"])
        self.assertEqual(found, self.acme.offer_consent_ids)

    def test_consents_of_many_customers_are_one_query(self):
        customers = self.acme | self.beta
        self.make_consent(partner_id=self.beta.id)
        self.env.flush_all()
        customers.invalidate_recordset(["offer_consent_ids"])
        customers.mapped("email")
        with self.assertQueryCount(2):
            customers.mapped("offer_consent_ids")

    def test_technician_reads_no_consents(self):
        self.make_consent(partner_id=self.acme.id)
        self.technician.group_ids |= self.salesperson.group_ids
        customer = self.acme.with_user(self.technician)
        self.assertFalse(customer.offer_consent_ids)

    def test_consents_are_of_ones_company(self):
        self.make_consent(partner_id=self.acme.id)
        other = self.env["res.company"].create({"name": "Otra"})
        self.salesperson.company_ids |= other
        customer = self.acme.with_user(self.salesperson)
        for companies, count in ((other, 0), (self.company, 1)):
            seen = customer.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(len(seen.offer_consent_ids), count, companies.name)

    def test_privacy_lookup_finds_the_consents(self):
        self.make_consent(partner_id=self.acme.id)
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": self.acme.name, "email": "acme@example.com"}
        )
        wizard.action_lookup()
        self.assertIn("xpyme.offer.consent", wizard.line_ids.mapped("res_model"))

    def test_deleted_customer_leaves_the_proof(self):
        consent = self.make_consent(partner_id=self.beta.id)
        self.beta.child_ids.unlink()
        self.beta.unlink()
        self.assertTrue(consent.exists())
