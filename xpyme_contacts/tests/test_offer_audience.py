from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferAudience(OfferCase):
    """Who gets a campaign, as a shop says it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.env["xpyme.customer.type"].create({"name": "Obra"})
        cls.route = cls.env["xpyme.customer.route"].create({"name": "Norte"})
        cls.region = cls.env["res.region"].create({"name": "Costa"})
        cls.tag = cls.env["res.partner.category"].create({"name": "Amigos"})
        cls.close = cls.env["res.partner.category"].create(
            {"name": "Íntimos", "parent_id": cls.tag.id}
        )
        cls.acme.write(
            {
                "customer_type_id": cls.type.id,
                "customer_route_id": cls.route.id,
                "sales_region_id": cls.region.id,
                "category_id": [(4, cls.close.id)],
                "city": "Girona",
            }
        )
        cls.beta.city = "Salt"

    def new(self, user=None, **vals):
        campaigns = self.env["xpyme.offer.campaign"].with_user(user or self.salesperson)
        return campaigns.create(
            {
                "name": "P",
                "subject": "Ofertas",
                "email_from": "ofertas@ferreteria.example.com",
                "product_ids": [(0, 0, {"product_id": self.paint.id})],
                **vals,
            }
        )

    def get_customers(self, campaign):
        campaign.action_prepare()
        return campaign.offer_ids.partner_id

    def test_ticked_customers_get_the_offer_and_nobody_else(self):
        self.make_customer("Tercera", email="tercera@example.com")
        ticked = self.acme | self.get_mirror(self.beta)
        action = ticked.with_user(self.salesperson).action_send_offer()
        campaigns = self.env["xpyme.offer.campaign"].with_user(self.salesperson)
        form = Form(campaigns.with_context(**action["context"]))
        self.assertEqual(form.audience_count, 2)
        form.subject = "Ofertas"
        with form.product_ids.new() as line:
            line.product_id = self.paint
        campaign = form.save()
        self.assertEqual(self.get_customers(campaign), self.acme | self.beta)

    def test_one_ticked_customer_gets_a_campaign_of_their_own(self):
        action = self.acme.action_send_offer()
        self.assertEqual(action["context"]["default_partner_id"], self.acme.id)

    def test_action_needs_a_customer(self):
        with self.assertRaises(UserError):
            self.Partner.create({"name": "Proveedor"}).action_send_offer()

    def test_action_stands_on_the_list_for_those_who_sell(self):
        action = self.env.ref("xpyme_contacts.xpyme_send_offer_action")
        bare = self.make_user("bare", "base.group_user")
        for user, is_there in ((self.salesperson, True), (bare, False)):
            found = self.env["ir.actions.actions"].with_user(user)
            bound = found.get_bindings("res.partner").get("action", ())
            self.assertEqual(action.id in [row["id"] for row in bound], is_there)

    def test_each_named_filter_finds_its_customers(self):
        for vals in (
            {"customer_type_ids": self.type.ids},
            {"customer_route_ids": self.route.ids},
            {"sales_region_ids": self.region.ids},
            {"partner_category_ids": self.tag.ids},
            {"towns": "Lleida, girona"},
        ):
            campaign = self.new(audience="filter", **vals)
            self.assertEqual(campaign.audience_count, 1, vals)
            self.assertEqual(self.get_customers(campaign), self.acme, vals)

    def test_several_filters_narrow_down_and_several_towns_add_up(self):
        campaign = self.new(audience="filter", towns="Girona, Salt")
        self.assertEqual(self.get_customers(campaign), self.acme | self.beta)
        campaign = self.new(
            audience="filter", towns="Salt", customer_type_ids=self.type.ids
        )
        self.assertFalse(campaign.audience_count)
        with self.assertRaises(UserError):
            campaign.action_prepare()

    def test_filter_that_asks_nothing_is_for_nobody(self):
        for audience in ("filter", "chosen"):
            campaign = self.new(audience=audience)
            self.assertFalse(campaign.audience_count)
            with self.assertRaises(UserError):
                campaign.action_prepare()

    def test_all_are_all_customers(self):
        campaign = self.new(audience="all")
        everybody = self.Partner.search([("is_customer_card", "=", True)])
        self.assertEqual(campaign.audience_count, len(everybody))
        self.assertEqual(self.get_customers(campaign), everybody)

    def test_new_one_in_the_window_is_for_all(self):
        form = Form(self.env["xpyme.offer.campaign"].with_user(self.salesperson))
        self.assertEqual(form.audience, "all")

    def test_domain_that_a_program_writes_is_the_audience(self):
        domain = repr([("id", "=", self.acme.id)])
        self.assertEqual(self.get_customers(self.new(partner_domain=domain)), self.acme)
        campaign = self.new(audience="all")
        campaign.partner_domain = domain
        self.assertEqual(campaign.audience, "domain")
        self.assertEqual(self.get_customers(campaign), self.acme)

    def test_audience_stays_as_it_was_reviewed(self):
        campaign = self.new(audience="chosen", partner_ids=self.acme.ids)
        campaign.action_prepare()
        for vals in ({"partner_ids": self.beta.ids}, {"towns": "Salt"}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                campaign.write(vals)

    def test_whoever_changes_the_audience_is_its_author(self):
        campaign = self.new(audience="all", user=self.manager)
        self.assertEqual(campaign.filter_user_id, self.manager)
        campaign.with_user(self.salesperson).towns = "Salt"
        self.assertEqual(campaign.filter_user_id, self.salesperson)

    def test_count_of_what_is_not_saved_asks_with_the_rights_of_who_types(self):
        campaign = self.new(audience="all", user=self.manager)
        form = Form(campaign.with_user(self.salesperson))
        form.audience = "domain"
        form.partner_domain = "[('user_ids.totp_secret', '!=', False)]"
        self.assertFalse(form.audience_count)
        with self.assertRaises(AccessError):
            form.save()

    def test_series_keeps_its_audience(self):
        campaign = self.new(
            audience="chosen", partner_ids=self.acme.ids, repeat_every="week"
        )
        again = campaign.sudo().copy()
        self.assertEqual(again.audience, "chosen")
        self.assertEqual(again.partner_ids, self.acme)

    def test_customers_found_are_shown(self):
        campaign = self.new(audience="filter", towns="Girona")
        action = campaign.action_open_audience()
        self.assertEqual(self.Partner.search(action["domain"]), self.acme)
