from ast import literal_eval

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..models.offer import preparation as offer_preparation
from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferPreview(OfferCase):
    def open(self, record, user=None):
        action = "action_preview"
        if record._name == "res.partner":
            action = "action_preview_offer"
        shown = getattr(record.with_user(user or self.salesperson), action)()
        previews = self.env[shown["res_model"]].with_user(user or self.salesperson)
        return previews.browse(shown["res_id"])

    def test_preview_is_the_real_mail_before_and_after(self):
        self.add_line(self.acme, self.paint, price=9)
        campaign = self.make_campaign(self.acme | self.beta, products=[self.brush])
        draft = self.open(campaign).body_html
        campaign.action_prepare()
        frozen = self.open(campaign)
        offer = campaign.offer_ids.filtered(lambda o: o.partner_id == self.acme)
        self.assertEqual(frozen.body_html, offer.body_html)
        self.assertIn("Typed for the customer", frozen.prices_html)
        cut = draft.index("/xpyme/offers/")
        self.assertEqual(draft[:cut], offer.body_html[:cut])

    def test_one_customer_after_the_other(self):
        campaign = self.make_campaign(self.acme | self.beta, products=[self.brush])
        acme = (self.acme, "Ofertas para ACME & <Hijos>", "1 of 2")
        beta = (self.beta, "Ofertas para Beta", "2 of 2")
        for _state in ("draft", "prepared"):
            preview = self.open(campaign)
            shown = []
            for step in ("next", "next", "previous", "previous"):
                shown.append((preview.partner_id, preview.subject, preview.place))
                getattr(preview, f"action_{step}")()
            self.assertEqual(shown, [acme, beta, beta, acme])
            if campaign.state == "draft":
                campaign.action_prepare()

    def test_any_customer_of_the_campaign_is_picked(self):
        campaign = self.make_campaign(self.acme | self.beta, products=[self.brush])
        for _state in ("draft", "prepared"):
            with Form(self.open(campaign)) as form:
                form.partner_id = self.beta
                self.assertEqual(form.place, "2 of 2")
                self.assertIn("beta@example.com", form.body_html)
            preview = form.record
            preview.action_previous()
            self.assertEqual(preview.email, "acme@example.com")
            if campaign.state == "draft":
                campaign.action_prepare()

    def test_only_customers_of_the_campaign_are_picked(self):
        other = self.make_customer("Otro", email="otro@example.com")
        campaign = self.make_campaign(self.acme | self.beta, products=[self.brush])
        for _state in ("draft", "prepared"):
            preview = self.open(campaign)
            found = self.env["res.partner"].name_search(
                domain=literal_eval(preview.partner_domain)
            )
            self.assertEqual({row[0] for row in found}, {self.acme.id, self.beta.id})
            preview.partner_id = other
            self.assertIn("is not in this campaign", preview.notice)
            self.assertFalse(preview.body_html or preview.prices_html)
            if campaign.state == "draft":
                campaign.action_prepare()

    def test_second_mailbox_of_a_customer_is_shown_too(self):
        self.acme.document_email = "bills@example.com"
        campaign = self.prepare(
            self.acme, products=[self.paint], send_to_document_email=True
        )
        preview = self.open(campaign)
        boxes = [preview.email]
        preview.action_next()
        boxes.append(preview.email)
        self.assertEqual(boxes, ["acme@example.com", "bills@example.com"])

    def test_draft_is_for_the_mailbox_that_the_campaign_chose(self):
        self.acme.document_email = "bills@example.com"
        campaign = self.make_campaign(
            self.acme,
            products=[self.paint],
            send_to_email=False,
            send_to_document_email=True,
        )
        preview = self.open(campaign)
        self.assertEqual(preview.email, "bills@example.com")
        self.assertIn("bills@example.com", preview.body_html)

    def test_reason_of_being_left_out_is_the_same_before_and_after(self):
        cases = [
            ({"no_mailing": True}, "No mailing"),
            ({"email": False}, "Without an e-mail address"),
            ({"is_blocked": True}, "Blocked or deregistered"),
        ]
        for vals, reason in cases:
            customer = self.make_customer("Otro", email="otro@example.com")
            customer.write(vals)
            campaign = self.make_campaign(customer, products=[self.paint])
            for state in ("draft", "prepared"):
                preview = self.open(campaign)
                told = (preview.notice, preview.body_html)
                self.assertEqual(told, (f"Gets no offer: {reason}", False), state)
                if state == "draft":
                    campaign.action_prepare()

    def test_company_that_skips_defaulters_is_told_in_the_draft(self):
        self.company.offer_skip_defaulters = True
        self.acme.is_defaulter = True
        campaign = self.make_campaign(self.acme, products=[self.paint])
        self.assertEqual(self.open(campaign).notice, "Gets no offer: Defaulter")

    def test_campaign_without_customers_is_told(self):
        campaign = self.make_campaign(self.Partner, products=[self.paint])
        with self.assertRaisesRegex(UserError, "No customer is in this campaign"):
            self.open(campaign)

    def test_campaign_that_is_still_prepared_says_so(self):
        self.patch(offer_preparation, "INLINE", 0)
        campaign = self.prepare(self.acme, products=[self.paint])
        with self.assertRaisesRegex(UserError, "still being prepared"):
            self.open(campaign)

    def test_cards_own_lines_are_shown_without_a_campaign(self):
        self.add_line(self.acme, self.paint, price=9)
        self.add_line(self.acme, kind="title", text="Sólo <hoy>")
        campaigns = self.env["xpyme.offer.campaign"].search_count([])
        preview = self.open(self.acme)
        self.assertEqual((preview.number, preview.position), (1, 1))
        self.assertIn("Pintura", preview.body_html)
        self.assertIn("Sólo &lt;hoy&gt;", preview.body_html)
        self.assertIn("Typed for the customer", preview.prices_html)
        self.assertEqual(self.env["xpyme.offer.campaign"].search_count([]), campaigns)

    def test_card_is_previewed_before_the_company_has_an_address(self):
        self.add_line(self.acme, self.paint)
        self.company.email = self.salesperson.email = False
        self.assertIn("Pintura", self.open(self.acme).body_html)

    def test_card_without_lines_says_that_nothing_is_left(self):
        preview = self.open(self.acme)
        self.assertEqual(preview.notice, "Gets no offer: No article left to offer")

    def test_customer_of_another_company_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Otra"})
        campaign = self.make_campaign(products=[self.paint], partner_domain="[]")
        stranger = self.make_customer("Ajeno", email="x@example.com")
        stranger.child_ids.unlink()
        stranger.company_id = other
        preview = self.open(campaign)
        preview.sudo().partner_id = stranger
        self.assertFalse(preview.body_html)
        own = self.env["xpyme.offer.preview"].with_user(self.salesperson)
        card = own.create({"partner_id": self.acme.id})
        card.sudo().partner_id = stranger
        self.assertFalse(card.body_html)

    def test_technician_previews_nothing(self):
        self.technician.group_ids |= self.salesperson.group_ids
        for record in (self.acme, self.make_campaign(products=[self.paint])):
            with self.assertRaises(UserError):
                self.open(record, self.technician)
