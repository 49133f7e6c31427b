from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.offer import preparation as offer_preparation
from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferRecipients(OfferCase):
    """Who gets an offer, at which address, and who is left out and why."""

    def prepare_for(self, customers, **vals):
        return self.prepare(customers, products=[self.paint], **vals)

    def get_reason(self, customer, **vals):
        return self.prepare_for(customer, **vals).offer_ids.mapped("skip_reason")

    def test_each_reason_is_told(self):
        self.Partner.env["mail.blacklist"].create({"email": "no@example.com"})
        cases = {
            False: {},
            "empty": {"email": False},
            "invalid": {"email": "sin correo"},
            "blocked": {"is_blocked": True},
            "no_mailing": {"email": "No@example.com"},
        }
        customers = {
            reason: self.make_customer(f"C {reason}", **{"email": "c@x.cl", **vals})
            for reason, vals in cases.items()
        }
        gone = self.make_customer("Ido", deregistration_date=fields.Date.today())
        leaving = self.make_customer("Se va", deregistration_date="2999-01-01")
        every = gone | leaving
        campaign = self.prepare_for(every.union(*customers.values()))
        reasons = {o.partner_id: o.skip_reason for o in campaign.offer_ids}
        expected = {customer: reason for reason, customer in customers.items()}
        self.assertEqual(reasons, {**expected, gone: "blocked", leaving: False})
        self.assertEqual((campaign.ready_count, campaign.skipped_count), (2, 5))

    def test_who_leaves_today_leaves_by_the_day_of_the_campaign(self):
        """Neither the database's nor that of UTC, where it may be tomorrow."""
        today = fields.Datetime.now() + timedelta(hours=14)
        customer = self.make_customer("Se va", deregistration_date=today.date())
        for zone, reason in (("Etc/GMT-14", "blocked"), ("Etc/GMT+12", False)):
            self.env.user.tz = zone
            self.assertEqual(self.get_reason(customer), [reason], zone)

    def test_archived_customer_address_and_supplier_get_none(self):
        archived = self.make_customer("Archivado", active=False)
        supplier = self.Partner.create({"name": "Proveedor", "email": "p@x.cl"})
        contact = self.make_contact(self.acme, email="otro@x.cl")
        everybody = archived | supplier | contact | self.acme
        campaign = self.prepare_for(everybody)
        self.assertEqual(campaign.offer_ids.partner_id, self.acme)

    def test_both_boxes_get_a_mail_each_unless_they_are_the_same(self):
        both = {"send_to_email": True, "send_to_document_email": True}
        self.acme.document_email = "facturas@example.com"
        self.beta.document_email = "BETA@example.com"
        campaign = self.prepare_for(self.acme | self.beta, **both)
        self.assertEqual(
            sorted((o.email, o.mailbox, o.skip_reason) for o in campaign.offer_ids),
            [
                ("acme@example.com", "email", False),
                ("beta@example.com", "document", "same_mailbox"),
                ("beta@example.com", "email", False),
                ("facturas@example.com", "document", False),
            ],
        )

    def test_document_box_alone(self):
        self.acme.document_email = "facturas@example.com"
        campaign = self.prepare_for(
            self.acme | self.beta, send_to_email=False, send_to_document_email=True
        )
        self.assertEqual(
            self.get_reasons(campaign),
            {(self.acme, "facturas@example.com"): False, (self.beta, ""): "empty"},
        )

    def test_two_customers_with_one_mailbox_get_an_offer_each(self):
        self.beta.email = "ACME@example.com"
        campaign = self.prepare_for(self.acme | self.beta)
        self.assertEqual(campaign.ready_count, 2)

    def test_several_addresses_in_a_box_are_told_apart(self):
        self.acme.email = (
            '"Soto, Ana" <ANA@x.cl>; luis@x.cl, ana@x.cl a..b@x.cl =1@x.cl'
        )
        campaign = self.prepare_for(self.acme)
        self.assertEqual(
            sorted((o.email, o.skip_reason or "") for o in campaign.offer_ids),
            [
                ("=1@x.cl", "invalid"),
                ("a..b@x.cl", "invalid"),
                ("ana@x.cl", ""),
                ("luis@x.cl", ""),
            ],
        )

    def test_consent_may_be_required(self):
        self.company.offer_consent_required = True
        self.env["xpyme.offer.consent"].create(
            {"email": "ACME@example.com", "kind": "granted", "text": "Ficha firmada"}
        )
        campaign = self.prepare_for(self.acme | self.beta)
        self.assertEqual(
            self.get_reasons(campaign),
            {
                (self.acme, "acme@example.com"): False,
                (self.beta, "beta@example.com"): "no_consent",
            },
        )

    def test_last_word_of_an_address_holds_in_its_company_only(self):
        other = self.env["res.company"].create({"name": "Otra"})
        consents = self.env["xpyme.offer.consent"]
        word = {"email": "acme@example.com"}
        consents.create({**word, "kind": "withdrawn", "company_id": other.id})
        self.assertEqual(self.get_reason(self.acme), [False])
        consents.create({**word, "kind": "withdrawn"})
        self.assertEqual(self.get_reason(self.acme), ["opted_out"])
        self.assertEqual(self.acme.offers_refused, "acme@example.com")
        consents.create({**word, "kind": "granted", "text": "Ficha"})
        self.assertEqual(self.get_reason(self.acme), [False])

    def test_company_may_leave_customers_out(self):
        self.patch(
            self.registry["res.partner"],
            "_get_offer_refusal_domains",
            lambda _self, _company: [("defaulter", [("id", "=", self.acme.id)])],
        )
        campaign = self.prepare_for(self.acme | self.beta)
        self.assertEqual(
            sorted(map(str, self.get_reasons(campaign).values())),
            ["False", "defaulter"],
        )

    def test_customer_without_article_gets_none(self):
        self.add_line(self.acme, kind="title", text="Sólo un título")
        self.add_line(self.beta, self.paint)
        campaign = self.prepare(self.acme | self.beta)
        self.assertEqual(
            self.get_reasons(campaign),
            {
                (self.acme, "acme@example.com"): "no_article",
                (self.beta, "beta@example.com"): False,
            },
        )

    def test_everybody_is_read_and_enqueued_at_once_and_only_once(self):
        customers = self.Partner.create(
            [
                {"name": f"C{i}", "customer_rank": 1, "email": f"c{i}@x.cl"}
                for i in range(40)
            ]
        )
        campaign = self.make_campaign(customers, products=[self.paint])
        self.env.flush_all()
        # Read once for all campaigns.
        self.env["xpyme.offer.consent"]._get_key()
        with self.assertQueryCount(2):
            count = campaign._enqueue()
        self.assertEqual(count, 40)
        self.assertEqual(campaign._enqueue(), 0)

    def test_blanks_of_a_web_page_around_an_address_are_no_part_of_it(self):
        self.acme.email = "acme@example.com\u00a0; ventas@example.com\u202f"
        campaign = self.prepare(self.acme, products=[self.paint])
        self.assertEqual(
            self.get_reasons(campaign),
            {
                (self.acme, "acme@example.com"): False,
                (self.acme, "ventas@example.com"): False,
            },
        )

    def test_customer_without_a_name_is_written_to(self):
        query = "UPDATE res_partner SET name = NULL, type = 'invoice' WHERE id = %s"
        self.env.cr.execute(query, self.acme.ids)
        self.env.invalidate_all()
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        subjects = campaign.offer_ids.sorted("id").mapped("subject")
        self.assertEqual(subjects, ["Ofertas para", "Ofertas para Beta"])

    def test_mail_that_cannot_be_written_fails_alone(self):
        fill = offer_preparation.fill_template

        def refuse(pieces, name, articles):
            if name == "Beta":
                raise ValueError("broken\0 thing")
            return fill(pieces, name, articles)

        self.patch(offer_preparation, "fill_template", refuse)
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        states = {o.partner_id: (o.state, o.error) for o in campaign.offer_ids}
        self.assertEqual(
            states,
            {self.acme: ("ready", False), self.beta: ("failed", "broken thing")},
        )

    def test_campaign_that_cannot_be_prepared_keeps_no_other_waiting(self):
        self.patch(offer_preparation, "INLINE", 0)
        ready = self.prepare(self.beta, products=[self.paint])
        with self.outbox() as server:
            server.run()
        ready.action_approve()
        broken = self.prepare(self.acme, products=[self.paint])
        write = type(broken)._write_mails

        def refuse(campaign, rows):
            if campaign.id == broken.id:
                raise ValueError("broken")
            return write(campaign, rows)

        self.patch(type(broken), "_write_mails", refuse)
        with self.outbox() as server:
            server.run()
        self.assertEqual(server.addresses, ["beta@example.com"])
        self.assertEqual(broken.last_error, "The mails cannot be prepared: broken")
        self.assertEqual(broken.pending_count, 1)

    def test_what_lanes_tell_is_in_the_responsibles_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.patch(offer_preparation, "INLINE", 0)
        self.brush.active = False
        campaign = self.prepare(self.acme, products=[self.paint, self.brush])
        campaign.user_id.lang = "es_ES"
        with self.outbox() as server:
            server.run()
        self.assertEqual(campaign.offer_ids.omitted, "Brocha: archivado")

    def test_customer_without_a_language_is_written_to_in_the_companys(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.company.partner_id.lang = "es_ES"
        self.acme.lang = False
        campaign = self.prepare(self.acme, products=[self.paint])
        self.assertIn("No quiero recibir más ofertas", campaign.offer_ids.body_html)

    def test_merged_customers_keep_what_each_of_them_got(self):
        self.beta.email = self.acme.email
        self.beta.name = self.acme.name
        campaign = self.prepare_for(self.acme | self.beta)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.acme | self.beta).ids, self.acme)
        offers = campaign.offer_ids
        self.assertEqual(len(offers), 2)
        self.assertEqual(offers.partner_id, self.acme)
        self.assertEqual(len(offers.detail_ids), 2)
