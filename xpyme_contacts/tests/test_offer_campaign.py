from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.offer import preparation as offer_preparation
from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferCampaign(OfferCase):
    def test_progress_is_what_was_sent_of_what_is_to_be_sent(self):
        self.beta.email = False
        other = self.make_customer("Otra", email="otra@example.com")
        every = self.acme | self.beta | other
        campaign = self.prepare(every, products=[self.paint])
        self.assertFalse(campaign.is_moving)
        campaign.action_approve()
        self.env.invalidate_all()
        self.assertEqual((campaign.progress, campaign.is_moving), (0, True))
        self.env.cr.execute(
            "UPDATE xpyme_offer SET state = 'sent' WHERE id = %s",
            [campaign.offer_ids.filtered(lambda o: o.partner_id == other).id],
        )
        self.env.invalidate_all()
        self.assertEqual(campaign.progress, 50)
        self.assertNotIn("lane", campaign.health)

    def test_who_is_left_out_has_a_name_and_a_list_of_their_own(self):
        self.beta.email = False
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        skipped = campaign.offer_ids.filtered("skip_reason")
        self.assertEqual(skipped.display_name, "Primavera · Beta")
        action = campaign.with_context(offer_states=["skipped"]).action_open_offers()
        self.assertEqual(action["display_name"], "Left out of Primavera")
        self.assertEqual(self.env["xpyme.offer"].search(action["domain"]), skipped)

    def test_large_campaign_is_prepared_by_the_lanes_in_batches(self):
        self.patch(offer_preparation, "INLINE", 3)
        self.patch(offer_preparation, "BATCH", 2)
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

    def test_trace_of_the_approval_cannot_be_erased(self):
        campaign = self.prepare(self.acme, products=[self.paint])
        campaign.with_user(self.manager).action_approve()
        with self.assertRaises(AccessError):
            campaign.with_user(self.salesperson).write({"approved_by_id": False})

    def test_filter_asks_the_campaigns_company_whoever_is_switched_where(self):
        other = self.env["res.company"].create({"name": "Empresa Dos"})
        self.env.user.company_ids |= other
        term = self.env["account.payment.term"].create({"name": "Treinta"})
        self.acme.with_company(other).property_payment_term_id = term
        self.beta.property_payment_term_id = term
        campaign = self.make_campaign(
            company_id=other.id,
            partner_domain=repr([("property_payment_term_id", "=", term.id)]),
            products=[self.paint],
        )
        preview = self.env["xpyme.offer.preview"]._open(campaign)
        preview = self.env["xpyme.offer.preview"].browse(preview["res_id"])
        self.assertEqual(preview.partner_id, self.acme)
        campaign.action_prepare()
        self.assertEqual(campaign.offer_ids.partner_id, self.acme)

    def test_article_and_template_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Empresa Dos"})
        article = self.make_product("Ajeno", company_id=other.id)
        template = self.env["xpyme.offer.template"].create(
            {"name": "Ajena", "body_html": "<p>$2</p>", "company_id": other.id}
        )
        for attempt in (
            lambda: self.make_campaign(products=[article]),
            lambda: self.make_campaign(template_id=template.id),
            lambda: self.add_line(self.acme, article),
        ):
            with self.assertRaisesRegex(UserError, "compan"), self.env.cr.savepoint():
                attempt()

    def test_branch_writes_to_the_customers_of_its_company(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal", "parent_id": self.company.id}
        )
        (self.acme | self.acme.child_ids).company_id = self.company
        campaign = self.prepare(
            self.acme,
            products=[self.paint],
            company_id=branch.id,
            email_from="sucursal@example.com",
        )
        self.assertEqual(campaign.offer_ids.partner_id, self.acme)

    def test_campaign_without_customers_is_not_prepared(self):
        campaign = self.make_campaign(self.Partner, products=[self.paint])
        with self.assertRaisesRegex(UserError, "No customer is in this campaign"):
            campaign.action_prepare()

    def test_what_is_typed_meets_whoever_prepares(self):
        """Saved at the same time, one of the two begins again."""
        campaign = self.make_campaign(self.acme, products=[self.paint])
        query = "SELECT ctid FROM xpyme_offer_campaign WHERE id = %s"
        places = []
        for price in (False, 5):
            if price:
                campaign.product_ids.price = price
            self.env.flush_all()
            self.env.cr.execute(query, [campaign.id])
            places.append(self.env.cr.fetchone())
        self.assertNotEqual(*places)

    def test_rows_are_not_moved_into_a_prepared_campaign(self):
        prepared = self.prepare(self.acme, products=[self.paint])
        draft = self.make_campaign(products=[self.brush], margins=[(1, 30)])
        for row in (draft.product_ids, draft.margin_ids):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                row.with_user(self.salesperson).campaign_id = prepared

    def test_customer_who_was_sent_offers_is_archived_not_deleted(self):
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        campaign.with_user(self.manager).action_approve()
        with self.outbox() as server:
            server.run()
        self.acme.child_ids.unlink()
        with self.assertRaisesRegex(UserError, "Archive the customer instead"):
            self.acme.unlink()
        self.assertEqual(len(campaign.offer_ids), 2)

    def test_approval_asks_once_with_the_number(self):
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        self.beta.no_mailing = True
        campaign = campaign.with_user(self.manager)
        action = campaign.action_ask_approval()
        approvals = self.env["xpyme.offer.approval"].with_user(self.manager)
        approval = approvals.browse(action["res_id"])
        self.assertIn("2 addresses", approval.question)
        approval.action_approve()
        self.assertEqual(campaign.state, "running")

    def test_texts_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.paint.with_context(lang="es_ES").name = "Pintura blanca"
        self.paint.with_context(lang="en_US").name = "White paint"
        self.paint.list_price = 1234
        self.acme.lang = "es_ES"
        self.beta.lang = "en_US"
        campaign = self.prepare(self.acme | self.beta, products=[self.paint])
        bodies = {o.partner_id: o.body_html for o in campaign.offer_ids}
        self.assertIn("Pintura blanca", bodies[self.acme])
        self.assertIn("1.234", bodies[self.acme])
        self.assertIn("White paint", bodies[self.beta])
        self.assertIn("1,234", bodies[self.beta])

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
