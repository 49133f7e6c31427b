from base64 import b64encode
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

from .offer_common import ForgettingCase


@tagged("post_install", "-at_install")
class TestOfferForgetting(ForgettingCase, HttpCase):
    """*Olvidar a este cliente*: nothing tells who it was, and nothing is sent again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme.write(
            {
                "email": "rosalinda@example.com",
                "document_email": "docs.rosalinda@example.com",
                "street": "Calle Secreta 7",
                "comment": "Rosalinda prefiere la tarde",
            }
        )
        town = cls.env["res.city"].create(
            {"name": "Villaprueba", "country_id": cls.chile.id}
        )
        cls.acme.zip_id = cls.env["res.city.zip"].create(
            {"name": "99001", "city_id": town.id}
        )
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Hermenegildo Rosalinda",
                "parent_id": cls.acme.id,
                "email": "hermenegildo@example.com",
            }
        )
        cls.acme.message_post(body="Rosalinda llamó")

    def approve(self):
        self.campaign = self.prepare(
            self.acme | self.beta, products=[self.paint], send_to_document_email=True
        )
        self.campaign.action_approve()

    def send(self):
        with self.outbox() as server:
            server.run()
        return server.addresses

    def forget(self):
        self.assertTrue(self.acme.with_user(self.office).action_forget())
        self.env.flush_all()
        self.env.invalidate_all()

    def find_traces(self, *words):
        """``table.column`` of every text in the database that has one of the words."""
        columns = self.env.execute_query(
            SQL(
                "SELECT c.table_name, c.column_name FROM information_schema.columns c"
                " JOIN information_schema.tables t USING (table_schema, table_name)"
                " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
                " AND c.data_type IN ('text', 'character varying', 'jsonb')"
            )
        )
        found = set()
        for table, column in columns:
            query = SQL(
                "SELECT 1 FROM %s WHERE %s::text ILIKE ANY(%s) LIMIT 1",
                SQL.identifier(table),
                SQL.identifier(column),
                [f"%{word}%" for word in words],
            )
            if self.env.execute_query(query):
                found.add(f"{table}.{column}")
        return found

    def test_nothing_in_the_database_tells_who_it_was(self):
        self.approve()
        self.send()
        self.make_consent(
            "rosalinda@example.com",
            kind="granted",
            text="Rosalinda firmó",
            evidence=b64encode(b"x"),
            evidence_name="rosalinda.pdf",
        )
        self.acme.no_mailing = True
        self.env["xpyme.offer.suppression"]._note(
            "rosalinda@example.com",
            "hard",
            "550 5.1.1 rosalinda",
            self.env["xpyme.offer"],
        )
        own = self.make_campaign(products=[self.paint], partner_id=self.acme.id)
        own.write({"name": "Offer to Rosalinda", "subject": "Para Rosalinda"})
        own.activity_schedule(summary="Llamar a Rosalinda")
        self.env["xpyme.offer.suppression"]._note(
            "antes@rosalinda.example.com", "hard", "550", own.offer_ids
        )
        self.env["xpyme.offer.suppression"].search([("answer", "=", "550")]).write(
            {"partner_id": self.acme.id}
        )
        self.company.write({"offer_join_page": True})
        mail = self.company._prepare_invitation_vals("rosalinda@example.com")
        self.env["mail.mail"].create(mail)
        words = ("rosalinda", "hermenegildo", "972 99 01 77", "972990177", "secreta")
        self.env.flush_all()
        self.assertIn("res_partner.name", self.find_traces(*words))
        self.forget()
        self.assertEqual(self.find_traces(*words), set())
        self.assertFalse(self.acme.active)
        self.assertFalse(self.person.active)
        self.assertFalse(self.acme.zip or self.acme.zip_id or self.acme.city)

    def test_series_of_who_was_forgotten_ends(self):
        own = self.make_campaign(
            products=[self.paint], partner_id=self.acme.id, repeat_every="week"
        )
        own.action_prepare()
        own.action_approve()
        self.assertTrue(own.repeat_next_at)
        self.forget()
        self.assertFalse(own.repeat_next_at or own.repeat_every)

    def test_who_was_forgotten_gets_nothing_at_the_same_address_again(self):
        self.approve()
        self.forget()
        self.assertEqual(self.send(), ["beta@example.com"])
        again = self.make_customer("Otra vez", email="rosalinda@example.com")
        offers = self.prepare(again, products=[self.paint]).offer_ids
        self.assertEqual(offers.skip_reason, "opted_out")
        self.assertEqual(again.offers_refused, "rosalinda@example.com")
        export = self.env["xpyme.email.export"].with_context(active_ids=again.ids)
        with self.assertRaises(UserError):
            export.create({}).action_export()

    def test_address_of_another_customer_is_theirs_to_refuse_with(self):
        self.beta.email = "rosalinda@example.com, beta@example.com"
        self.forget()
        self.assertFalse(self.beta.offers_refused)
        offers = self.prepare(self.beta, products=[self.paint]).offer_ids
        self.assertEqual(set(offers.mapped("state")), {"ready"})

    def test_who_stands_in_the_books_keeps_there_what_the_law_keeps(self):
        invoice = self.sell(self.acme, fields.Date.today())
        self.forget()
        self.assertEqual(
            (invoice.partner_id.name, self.acme.street, self.acme.zip_id.name),
            ("Rosalinda Quintanilla", "Calle Secreta 7", "99001"),
        )
        for fname in ("email", "document_email", "phone", "comment", "active"):
            self.assertFalse(self.acme[fname], fname)
        self.assertEqual(self.person.name, "Forgotten contact")
        self.assertFalse(self.person.email)

    def test_old_mail_still_leads_to_its_page(self):
        self.approve()
        offer = self.campaign.offer_ids.filtered(
            lambda o: o.email == "rosalinda@example.com"
        )
        url = f"/xpyme/offers/{offer.id}/{offer._get_token(offer.email)}"
        offer._forget()
        self.assertEqual((offer.email, offer.body_html), (False, False))
        self.assertNotIn("rosalinda", self.url_open(url).text)
        answer = self.url_open(url, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.acme.offers_refused, "rosalinda@example.com")

    def test_only_who_may_delete_customers_forgets_them(self):
        for user in (self.manager, self.technician):
            with self.assertRaises(AccessError):
                self.acme.with_user(user).action_forget()
        with self.assertRaisesRegex(UserError, "no customer's card"):
            self.person.with_user(self.office).action_forget()

    def test_who_works_here_is_not_forgotten(self):
        new_test_user(self.env, "interno", partner_id=self.person.id)
        with self.assertRaisesRegex(UserError, "works here"):
            self.acme.with_user(self.office).action_forget()

    def test_login_of_a_portal_goes_too(self):
        user = new_test_user(
            self.env,
            "rosalinda@example.com",
            groups="base.group_portal",
            partner_id=self.acme.id,
        )
        self.forget()
        self.assertFalse(user.active)
        self.assertNotIn("rosalinda", user.login)

    def test_that_the_wish_was_heard_is_noted(self):
        self.forget()
        log = self.env["privacy.log"].search([], order="id desc", limit=1)
        self.assertEqual(log.user_id, self.office)
        self.assertNotIn("osalinda", log.anonymized_email)

    def test_forgotten_customer_can_be_deleted(self):
        self.approve()
        self.send()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.acme.unlink()
        self.forget()
        self.acme.with_context(active_test=False).child_ids.unlink()
        self.acme.unlink()

    # === ODOO'S PRIVACY LOOKUP ===#

    def look_up(self):
        self.env.flush_all()
        admin = self.env.ref("base.user_admin")
        wizard = self.env["privacy.lookup.wizard"].with_user(admin)
        wizard = wizard.create(
            {"name": "Rosalinda Quintanilla", "email": "rosalinda@example.com"}
        )
        wizard.action_lookup()
        return wizard.line_ids

    def test_administrator_deletes_what_the_lookup_finds(self):
        lines = self.look_up()
        line = lines.filtered(lambda line: line.res_id == self.acme.id)
        line.filtered(lambda line: line.res_model == "res.partner").action_unlink()
        self.assertFalse(self.acme.exists())

    def test_lookup_deletes_everything_it_finds_of_who_got_offers(self):
        self.approve()
        self.send()
        self.make_consent("rosalinda@example.com", partner_id=self.acme.id)
        for name in ("xpyme.offer.consent", "xpyme.offer"):
            lines = self.look_up().filtered(lambda line, n=name: line.res_model == n)
            self.assertTrue(lines)
            lines.action_unlink_all()
            self.assertTrue(all(lines.mapped("is_unlinked")))
        self.env.invalidate_all()
        traces = self.find_traces("rosalinda@example.com")
        self.assertFalse({t for t in traces if t.startswith("xpyme_")}, traces)
        self.assertEqual(self.acme.offers_refused, "rosalinda@example.com")

    # === RETENTION ===#

    def test_old_offers_no_longer_tell_who_got_them(self):
        self.approve()
        self.send()
        offers = self.campaign.offer_ids
        old = offers[:1]
        long_ago = fields.Datetime.now() - timedelta(days=800)
        self.env.cr.execute(
            SQL(
                "UPDATE xpyme_offer SET create_date = %s WHERE id = %s",
                long_ago,
                old.id,
            )
        )
        for months, forgotten in ((0, []), (48, []), (24, old.ids)):
            self.company.offer_retention_months = months
            self.env.flush_all()
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr)["xpyme.offer"]._forget_old()
            self.env.invalidate_all()
            blank = offers.filtered(lambda offer: not offer.email)
            self.assertEqual(blank.ids, forgotten)
        self.assertEqual(old.state, "sent")
        self.assertFalse(old.detail_ids)
        self.assertEqual(self.campaign.sent_count, len(offers))
