from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models import offer_preparation_mixin
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
                ("ana@x.cl", "same_mailbox"),
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
        consents.create({**word, "kind": "granted"})
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

    def test_everybody_is_enqueued_in_one_statement_and_only_once(self):
        customers = self.Partner.create(
            [
                {"name": f"C{i}", "customer_rank": 1, "email": f"c{i}@x.cl"}
                for i in range(40)
            ]
        )
        campaign = self.make_campaign(customers, products=[self.paint])
        self.env.flush_all()
        with self.assertQueryCount(1):
            count = campaign._enqueue()
        self.assertEqual(count, 40)
        self.assertEqual(campaign._enqueue(), 0)

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


@tagged("post_install", "-at_install")
class TestOfferCampaign(OfferCase):
    def test_large_campaign_is_prepared_by_the_lanes_in_batches(self):
        self.patch(offer_preparation_mixin, "INLINE", 3)
        self.patch(offer_preparation_mixin, "BATCH", 2)
        customers = self.Partner.create(
            [
                {"name": f"C{i}", "customer_rank": 1, "email": f"c{i}@x.cl"}
                for i in range(7)
            ]
        )
        campaign = self.prepare(customers, products=[self.paint])
        self.assertEqual((campaign.pending_count, campaign.is_complete), (7, False))
        with self.assertRaises(UserError):
            campaign.action_approve()
        with self.outbox() as server:
            server.run(1)
        self.assertEqual((campaign.ready_count, campaign.progress), (7, 100))
        campaign.action_approve()
        self.assertEqual(campaign.state, "running")

    def test_what_was_reviewed_is_frozen(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        before = campaign.offer_ids.read(["subject", "body_html", "email"])
        self.paint.write({"name": "Otra", "list_price": 1})
        self.acme.write({"name": "Cambiado", "email": "nuevo@example.com"})
        for vals in (
            {"subject": "Otro"},
            {"product_ids": [Command.clear()]},
            {"template_id": False, "send_to_document_email": True},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                campaign.with_user(self.salesperson).write(vals)
        for model, vals in (
            ("product", {"product_id": self.brush.id}),
            ("margin", {"margin": 5}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.env[f"xpyme.offer.campaign.{model}"].with_user(
                    self.salesperson
                ).create({"campaign_id": campaign.id, **vals})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            campaign.product_ids.with_user(self.salesperson).write({"price": 1})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            campaign.product_ids.with_user(self.salesperson).unlink()
        self.env.invalidate_all()
        self.assertEqual(
            campaign.offer_ids.read(["subject", "body_html", "email"]), before
        )

    def test_back_in_draft_it_is_changed_and_prepared_anew(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign = campaign.with_user(self.salesperson)
        campaign.action_draft()
        self.assertFalse(campaign.offer_ids)
        campaign.subject = "Mejor"
        campaign.action_prepare()
        self.assertEqual(campaign.offer_ids.subject, "Mejor")

    def test_salesperson_prepares_and_only_a_manager_approves(self):
        campaigns = self.env["xpyme.offer.campaign"].with_user(self.salesperson)
        campaign = campaigns.browse(
            self.make_campaign(self.acme, products=[self.paint]).id
        )
        campaign.action_prepare()
        self.assertEqual(campaign.ready_count, 1)
        preview = campaign.action_preview()
        self.assertEqual(preview["res_model"], "xpyme.offer.preview")
        for attempt in (
            campaign.action_approve,
            campaign.action_ask_approval,
            lambda: campaign.write({"state": "running"}),
            lambda: campaign.write({"series_approved": True}),
            lambda: campaign.write({"approved_by_id": self.manager.id}),
            lambda: campaigns.create({"name": "x", "subject": "x", "state": "running"}),
            lambda: campaigns.with_context(default_state="running").create(
                {"name": "x", "subject": "x"}
            ),
            lambda: campaign.offer_ids.write({"state": "sent"}),
            lambda: campaign.offer_ids.write({"body_html": "otro"}),
            lambda: campaign.offer_ids.unlink(),
            lambda: self.env["xpyme.offer.approval"]
            .with_user(self.salesperson)
            .create({"campaign_id": campaign.id}),
            campaign.offer_ids.action_send_again,
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        self.env.invalidate_all()
        self.assertEqual(campaign.state, "prepared")
        campaign.with_user(self.manager).action_approve()
        self.assertEqual(
            (campaign.state, campaign.approved_by_id), ("running", self.manager)
        )

    def test_approval_asks_once_with_the_number(self):
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        self.beta.no_mailing = True
        campaign = campaign.with_user(self.manager)
        action = campaign.action_ask_approval()
        approval = (
            self.env["xpyme.offer.approval"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn("2 addresses", approval.question)
        approval.action_approve()
        self.assertEqual(campaign.state, "running")

    def test_preview_shows_the_real_mail_before_and_after(self):
        self.add_line(self.acme, self.paint, price=9)
        campaign = self.make_campaign(self.acme | self.beta, products=[self.brush])
        previews = self.env["xpyme.offer.preview"]
        draft = previews.browse(campaign.action_preview()["res_id"])
        shown = [(draft.partner_id, draft.subject, draft.place)]
        body = draft.body_html
        draft.action_next()
        shown.append((draft.partner_id, draft.subject, draft.place))
        draft.action_next()
        self.assertEqual(draft.position, 1)
        self.assertEqual(
            shown,
            [
                (self.acme, "Ofertas para ACME & <Hijos>", "1 of 2"),
                (self.beta, "Ofertas para Beta", "2 of 2"),
            ],
        )
        campaign.action_prepare()
        frozen = previews.browse(campaign.action_preview()["res_id"])
        offer = campaign.offer_ids.filtered(lambda o: o.partner_id == self.acme)
        self.assertEqual(frozen.body_html, offer.body_html)
        self.assertIn("Typed for the customer", frozen.prices_html)
        cut = body.index("/xpyme/offers/")
        self.assertEqual(body[:cut], offer.body_html[:cut])

    def test_preview_says_why_somebody_is_left_out(self):
        self.acme.no_mailing = True
        campaign = self.prepare(self.acme, products=[self.paint])
        preview = self.env["xpyme.offer.preview"].browse(
            campaign.action_preview()["res_id"]
        )
        self.assertIn("No mailing", preview.notice)

    def test_texts_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.paint.with_context(lang="es_ES").name = "Pintura blanca"
        self.paint.with_context(lang="en_US").name = "White paint"
        self.acme.lang = "es_ES"
        self.beta.lang = "en_US"
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        bodies = {o.partner_id: o.body_html for o in campaign.offer_ids}
        self.assertIn("Pintura blanca", bodies[self.acme])
        self.assertIn("20,00", bodies[self.acme])
        self.assertIn("White paint", bodies[self.beta])
        self.assertIn("20.00", bodies[self.beta])

    def test_mail_names_its_sender_and_the_way_out(self):
        self.company.offer_legal_text = "Responsable: Ferretería."
        offer = self.prepare(self.acme, products=[self.paint]).offer_ids
        self.assertIn(self.company.name, offer.body_html)
        self.assertIn("acme@example.com", offer.body_html)
        self.assertIn(f"/xpyme/offers/{offer.id}/", offer.body_html)
        self.assertIn("Responsable: Ferretería.", offer.body_html)

    def test_impossible_campaigns_are_refused_with_what_to_do(self):
        with self.assertRaisesRegex(UserError, "no article"):
            self.prepare(self.acme, partner_id=self.acme.id)
        with self.assertRaisesRegex(UserError, "Choose where"):
            self.prepare(self.acme, products=[self.paint], send_to_email=False)
        for vals in (
            {"subject": "Oferta\nBcc: x@y.cl"},
            {"email_from": "nadie"},
            {"partner_domain": "[('id', '=', env)]"},
            {"partner_domain": "[('nada', '=', 1)]"},
        ):
            with self.assertRaises(ValidationError, msg=vals), self.env.cr.savepoint():
                self.make_campaign(products=[self.paint], **vals)
        campaign = self.prepare(self.acme, products=[self.paint])
        with self.assertRaises(UserError):
            campaign.action_prepare()
        self.acme.no_mailing = True
        empty = self.prepare(self.acme, products=[self.paint])
        with self.assertRaisesRegex(UserError, "Nobody"):
            empty.action_approve()

    def test_campaign_from_the_card_is_for_its_customer_alone(self):
        self.add_line(self.acme, self.paint)
        self.add_line(self.beta, self.paint)
        context = self.acme.action_new_offer()["context"]
        campaign = (
            self.env["xpyme.offer.campaign"]
            .with_context(**context)
            .create({"subject": "Para $1"})
        )
        campaign.action_prepare()
        self.assertEqual(campaign.offer_ids.partner_id, self.acme)

    def test_sent_history_cannot_be_deleted(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign.action_approve()
        with self.assertRaises(UserError):
            campaign.unlink()
        with self.assertRaises(AccessError):
            campaign.offer_ids.with_user(self.manager).unlink()
