from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools.mailbox_query import get_boxes_sql
from odoo.addons.xpyme_contacts.tools.mailboxes import split_mailboxes

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferBasis(OfferCase):
    """Why one is written to: because they bought, or because they agreed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.offer_basis_required = True
        cls.buyer = cls.make_customer(
            "Compradora", email="buyer@example.com", vat=cls.RUT
        )
        cls.sell(cls.buyer, "2026-02-03")
        cls.everybody = cls.acme | cls.beta | cls.buyer
        cls.everybody.lang = "en_US"

    def find(self, *conditions):
        return self.env["res.partner"].search(
            [("id", "in", self.everybody.ids), *conditions]
        )

    def get_offers(self, customers=None):
        campaign = self.prepare(customers or self.everybody, products=[self.paint])
        return {offer.partner_id: offer for offer in campaign.offer_ids}

    # === WHO GETS ONE ===#

    def test_who_neither_bought_nor_agreed_gets_no_offer(self):
        self.make_consent("beta@example.com", kind="granted", text="Ficha")
        offers = self.get_offers()
        self.assertEqual(offers[self.acme].skip_reason, "no_basis")
        self.assertFalse(offers[self.acme].basis)
        self.assertEqual(
            (offers[self.beta].state, offers[self.beta].basis), ("ready", "consent")
        )
        self.assertEqual(
            (offers[self.buyer].state, offers[self.buyer].basis),
            ("ready", "customer"),
        )
        self.company.offer_basis_required = False
        self.assertEqual(self.get_offers()[self.acme].state, "ready")

    def test_a_purchase_is_no_consent_where_that_is_asked_for(self):
        self.company.offer_consent_required = True
        self.assertEqual(self.get_offers()[self.buyer].skip_reason, "no_consent")

    def test_who_was_told_and_did_not_object_has_not_agreed(self):
        self.company.offer_consent_required = True
        self.make_consent(kind="granted", text="En caja", basis="customer")
        self.make_consent("beta@example.com", kind="granted", text="Ficha")
        offers = self.get_offers()
        self.assertEqual(offers[self.acme].skip_reason, "no_consent")
        self.assertEqual(offers[self.beta].state, "ready")
        export = self.export()
        self.assertEqual((export.exported_count, export.no_consent_count), (1, 2))

    def test_a_sale_of_another_company_is_no_basis(self):
        other = self.env["res.company"].create({"name": "Otra"})
        other.offer_basis_required = True
        product = self.make_product("Otra pintura", list_price=3)
        campaign = self.make_campaign(
            self.buyer, products=[product], company_id=other.id
        )
        campaign.action_prepare()
        self.assertEqual(campaign.offer_ids.skip_reason, "no_basis")

    def test_law_of_spain_and_chile_asks_for_it(self):
        companies = self.env["res.company"]
        for code, asked in (("es", True), ("cl", True), ("us", False)):
            company = companies.create(
                {"name": code, "country_id": self.env.ref(f"base.{code}").id}
            )
            self.assertEqual(company.offer_basis_required, asked)
        company.offer_basis_required = True
        self.assertTrue(company.offer_basis_required)

    # === WHAT THE MAIL SAYS ===#

    def test_mail_says_the_true_reason(self):
        day = fields.Datetime.now() - timedelta(days=40)
        self.make_consent("beta@example.com", kind="granted", text="Ficha", date=day)
        self.company.offer_basis_required = False
        offers = self.get_offers()
        agreed = fields.Date.to_date(day)
        for customer, words in (
            (self.acme, "because you have left us this address."),
            (self.beta, f"because you agreed on {agreed:%m/%d/%Y}."),
            (self.buyer, "because you are our customer (last purchase: 02/03/2026)."),
        ):
            self.assertIn(words, offers[customer].body_html)

    def test_preview_says_what_the_mail_will_say(self):
        campaign = self.make_campaign(self.buyer, products=[self.paint])
        mail = campaign._write_draft(self.buyer)
        self.assertIn("last purchase: 02/03/2026", mail["body_html"])
        self.assertEqual(campaign._write_draft(self.acme)["skip_reason"], "no_basis")

    def test_what_was_said_when_they_bought_is_a_basis_of_its_own(self):
        self.make_consent(kind="granted", text="En caja", basis="customer")
        offer = self.get_offers()[self.acme]
        self.assertEqual((offer.state, offer.basis), ("ready", "customer"))
        self.assertIn("because you are our customer.", offer.body_html)

    def test_page_of_the_legal_text_can_be_followed(self):
        self.company.offer_legal_text = "Sus datos: https://acme.example.com/datos."
        body = self.get_offers()[self.buyer].body_html
        self.assertIn('<a href="https://acme.example.com/datos"', body)

    # === THE CARD, AND FILTERS ===#

    def test_card_tells_the_basis(self):
        self.make_consent("beta@example.com", kind="granted", text="Ficha")
        self.note_own()
        today = fields.Date.context_today(self.beta)
        expected = [
            (self.acme, "refused", False),
            (self.beta, "consent", today),
            (self.buyer, "customer", date(2026, 2, 3)),
        ]
        for customer, basis, since in expected:
            told = customer.with_user(self.salesperson)
            self.assertEqual((told.offer_basis, told.offer_basis_date), (basis, since))
            self.assertEqual(self.find(("offer_basis", "=", basis)), customer)
        self.assertFalse(self.find(("offer_basis", "=", "none")))
        self.assertEqual(
            self.find(("offer_basis", "in", ["consent", "refused"])),
            self.acme | self.beta,
        )
        self.assertEqual(
            self.find(("offer_basis", "not in", ["consent", "refused"])), self.buyer
        )

    def test_card_of_who_was_told_when_they_bought_says_no_consent(self):
        self.make_consent(
            "beta@example.com", kind="granted", text="En caja", basis="customer"
        )
        self.assertEqual(self.beta.with_user(self.salesperson).offer_basis, "customer")
        self.assertFalse(self.find(("offer_basis", "=", "consent")))
        found = self.find(("offer_basis", "=", "customer"))
        self.assertEqual(found, self.beta | self.buyer)
        self.assertEqual(self.find(("offer_basis", "=", "none")), self.acme)

    def test_search_knows_every_address_of_a_box(self):
        self.acme.email = "Uno <UNO@example.com>; dos@example.com"
        self.beta.document_email = "docs@example.com"
        self.make_consent("dos@example.com", kind="granted", text="Ficha")
        self.make_consent("docs@example.com")
        self.assertEqual(self.find(("offer_basis", "=", "consent")), self.acme)
        self.assertEqual(self.find(("offer_basis", "=", "refused")), self.beta)

    def test_last_purchase_is_searched_for(self):
        self.sell(self.beta, "2024-05-06")
        for condition, found in (
            ((">", "2025-01-01"), self.buyer),
            (("<", "2025-01-01"), self.beta),
            (("=", "2026-02-03"), self.buyer),
            ((">=", "today -24m"), self.buyer),
            (("in", ["2026-02-03", "2024-05-06"]), self.buyer | self.beta),
            (("=", False), self.acme),
            (("!=", False), self.buyer | self.beta),
            (("in", [False, "2024-05-06"]), self.acme | self.beta),
            (("not in", [False, "2024-05-06"]), self.buyer),
        ):
            self.assertEqual(
                self.find(("last_sale_date", *condition)), found, condition
            )

    def test_total_of_sales_is_searched_for(self):
        self.sell(self.beta, "2024-05-06", price=30)
        for condition, found in (
            ((">", 50), self.buyer),
            (("<", 50), self.acme | self.beta),
            (("=", 30), self.beta),
            (("=", 0), self.acme),
            (("!=", 0), self.buyer | self.beta),
        ):
            self.assertEqual(self.find(("total_sales", *condition)), found, condition)

    def test_last_offer_is_searched_for(self):
        offers = self.get_offers()
        self.assertFalse(self.find(("last_offer_date", "!=", False)))
        sent_at = fields.Datetime.now() - timedelta(days=3)
        offers[self.buyer].sudo().write({"state": "sent", "sent_at": sent_at})
        self.assertEqual(self.find(("last_offer_date", "!=", False)), self.buyer)
        day = self.buyer.last_offer_date
        self.assertEqual(self.find(("last_offer_date", "=", day)), self.buyer)
        self.assertEqual(
            self.find(("last_offer_date", "=", False)), self.acme | self.beta
        )

    def test_campaign_asks_for_those_who_bought_lately(self):
        campaign = self.make_campaign(
            products=[self.paint],
            partner_domain="[('last_sale_date', '>', '2026-01-01'),"
            f" ('id', 'in', {self.everybody.ids})]",
        )
        campaign.action_prepare()
        self.assertEqual(campaign.offer_ids.partner_id, self.buyer)

    def test_basis_is_not_for_who_may_not_read_it(self):
        user = self.make_user("nadie", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(user).search(
                [("offer_basis", "=", "refused")]
            )

    # === FILES ===#

    def export(self, **vals):
        wizard = self.env["xpyme.email.export"].with_context(
            active_model="res.partner", active_ids=self.everybody.ids
        )
        wizard = wizard.create({"source": "customer", "file_format": "txt", **vals})
        wizard.action_export()
        return wizard

    def test_file_leaves_out_who_has_not_agreed_where_that_is_asked_for(self):
        self.assertEqual(self.export().exported_count, 3)
        self.company.offer_consent_required = True
        with self.assertRaisesRegex(UserError, "3 have not agreed"):
            self.export()
        self.make_consent("beta@example.com", kind="granted", text="Ficha")
        export = self.export()
        self.assertEqual((export.exported_count, export.no_consent_count), (1, 2))
        export = self.export(skip_no_mailing=False)
        self.assertEqual((export.exported_count, export.no_consent_count), (3, 0))

    # === UNTIL WHEN ===#

    def test_mail_says_until_when_the_offer_holds(self):
        campaign = self.prepare(
            self.buyer, products=[self.paint], valid_until="2199-12-31"
        )
        self.assertIn("Valid until 12/31/2199.", campaign.offer_ids.body_html)

    def test_offer_that_is_over_is_neither_approved_nor_sent(self):
        today = fields.Date.context_today(self.company)
        campaign = self.prepare(
            self.buyer, products=[self.paint], valid_until=today - timedelta(days=1)
        )
        with self.assertRaisesRegex(UserError, "valid until"):
            campaign.action_approve()
        campaign.action_draft()
        campaign.valid_until = today
        campaign.action_prepare()
        campaign.action_approve()
        campaign.sudo().valid_until = today - timedelta(days=1)
        with self.outbox() as server:
            server.run()
        self.assertFalse(server.mails)
        self.assertEqual(campaign.offer_ids.skip_reason, "expired")

    def test_every_campaign_of_a_series_holds_as_long(self):
        now = fields.Datetime.now()
        campaign = self.make_campaign(
            self.buyer,
            products=[self.paint],
            scheduled_at=now,
            valid_until=now.date() + timedelta(days=6),
        )
        again = campaign.copy({"scheduled_at": now + timedelta(days=31)})
        self.assertEqual(again.valid_until, now.date() + timedelta(days=37))
        self.assertFalse(campaign.copy().valid_until)

    def test_a_purchase_that_was_cancelled_since_the_approval_is_no_basis(self):
        invoice = self.sell(self.beta, "2026-02-03")
        campaign = self.prepare(self.beta | self.buyer, products=[self.paint])
        campaign.action_approve()
        invoice.button_draft()
        invoice.button_cancel()
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.addresses, ["buyer@example.com"])
        offer = campaign.offer_ids.filtered(lambda o: o.partner_id == self.beta)
        self.assertEqual(offer.skip_reason, "no_basis")

    def test_what_was_given_for_nothing_is_no_purchase(self):
        self.sell(self.beta, "2026-02-03", price=0)
        self.assertFalse(self.beta.last_sale_date)
        offer = self.prepare(self.beta, products=[self.paint]).offer_ids
        self.assertEqual(offer.skip_reason, "no_basis")


@tagged("post_install", "-at_install")
class TestOfferAddressMoved(OfferCase):
    """A mail goes to an address that is still the customer's."""

    def setUp(self):
        super().setUp()
        self.acme.document_email = "docs@example.com"
        self.campaign = self.prepare(
            self.acme,
            products=[self.paint],
            send_to_document_email=True,
        )
        self.campaign.action_approve()

    def send(self):
        with self.outbox() as server:
            server.run()
        return server.addresses

    def get_moved(self):
        moved = self.campaign.offer_ids.filtered(lambda o: o.skip_reason == "moved")
        return moved.mapped("email")

    def test_address_that_was_changed_or_taken_away_gets_nothing(self):
        self.acme.email = "new@example.com"
        self.assertEqual(self.send(), ["docs@example.com"])
        self.assertEqual(self.get_moved(), ["acme@example.com"])

    def test_mailbox_for_documents_that_was_taken_away_gets_nothing(self):
        self.acme.document_email = False
        self.assertEqual(self.send(), ["acme@example.com"])
        self.assertEqual(self.get_moved(), ["docs@example.com"])

    def test_address_that_went_to_the_other_box_is_still_theirs(self):
        self.acme.write({"email": False, "document_email": "acme@example.com"})
        self.assertEqual(self.send(), ["acme@example.com"])

    def test_address_that_is_written_otherwise_is_the_same(self):
        self.acme.email = "ACME <Acme@Example.com>; otra@example.com"
        self.assertIn("acme@example.com", self.send())

    def test_merged_customer_keeps_one_address(self):
        merged = self.prepare(self.beta, products=[self.paint])
        merged.action_approve()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.acme | self.beta).ids, self.acme, extra_checks=False)
        self.assertCountEqual(self.send(), ["acme@example.com", "docs@example.com"])
        self.assertEqual(merged.offer_ids.skip_reason, "moved")

    def test_one_click_writes_to_the_present_address(self):
        self.acme.email = "new@example.com"
        self.send()
        moved = self.campaign.offer_ids.filtered(lambda o: o.skip_reason == "moved")
        with self.assertRaises(AccessError):
            moved.with_user(self.salesperson).action_write_anew()
        self.assertTrue(moved.with_user(self.manager).action_write_anew())
        self.assertEqual(self.send(), ["new@example.com"])
        with self.assertRaisesRegex(UserError, "no other address"):
            moved.with_user(self.manager).action_write_anew()
        with self.assertRaises(UserError):
            (self.campaign.offer_ids - moved).action_write_anew()

    def test_addresses_in_sql_are_those_of_python(self):
        for text in (
            "ana@acme.cl",
            "Ana <ANA@Acme.cl>; luis@acme.cl, 'x' <p.o'higgins@x.cl>",
            "mailto:ana@acme.cl\nluis@acme.cl",
            "ana@acme.cl\u00a0luis@acme.cl",
            "Ñandú@Peñalolén.cl",
            '"Soto, Luis" <LUIS@acme.cl>',
            "ana+ofertas@acme.cl",
        ):
            query = SQL("SELECT %s", get_boxes_sql(SQL("%s::text", text)))
            [(boxes,)] = self.env.execute_query(query)
            found = split_mailboxes(text)[0]
            self.assertTrue(found)
            for address in found:
                lower = self.env.execute_query(SQL("SELECT lower(%s)", address))
                self.assertIn(lower[0][0], boxes, text)
        for text, address in (
            ("juliana@acme.cl", "ana@acme.cl"),
            ("ana@acme.cl.es", "ana@acme.cl"),
            ('"ana@acme.cl" <b@acme.cl>', "ana@acme.cl"),
        ):
            query = SQL("SELECT %s", get_boxes_sql(SQL("%s::text", text)))
            [(boxes,)] = self.env.execute_query(query)
            self.assertNotIn(address, boxes)
