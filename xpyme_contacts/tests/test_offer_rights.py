from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .offer_common import OfferCase


@tagged("post_install", "-at_install")
class TestOfferRights(OfferCase):
    """Nobody sends what no manager approved, nor learns by it what he may not read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sellers = cls.env["xpyme.offer.campaign"].with_user(cls.salesperson)

    @property
    def vals(self):
        return {
            "name": "Mía",
            "subject": "Para $1",
            "email_from": "a@example.com",
            "partner_domain": repr([("id", "=", self.acme.id)]),
            "product_ids": [fields.Command.create({"product_id": self.paint.id})],
        }

    def set_default(self, fname, value):
        """A salesperson's own default, which any internal user keeps for himself."""
        defaults = self.env["ir.default"].with_user(self.salesperson)
        defaults.set("xpyme.offer.campaign", fname, value, user_id=True)

    def run_series(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr, su=True)["xpyme.offer.campaign"]._run_series()
        self.env.invalidate_all()

    def make_own(self, **vals):
        return self.sellers.create({**self.vals, **vals})

    # --- approval

    def test_personal_defaults_approve_nothing(self):
        self.set_default("series_approved", True)
        origin = self.sellers.create({**self.vals, "repeat_every": "week"})
        self.set_default("origin_id", origin.id)
        self.set_default("is_automatic", True)
        self.set_default("repeat_next_at", "2020-01-01 00:00:00")
        self.set_default("state", "running")
        campaign = self.sellers.create(self.vals)
        campaign.action_prepare()
        self.run_series()
        self.assertFalse(origin.series_approved)
        self.assertFalse(campaign.origin_id)
        self.assertFalse(campaign.repeat_next_at)
        self.assertEqual(campaign.state, "prepared")

    def repeat(self, series):
        series.sudo().repeat_next_at = fields.Datetime.now() - timedelta(minutes=1)
        self.run_series()
        return series.search([("origin_id", "=", series.id)])

    def approve_series(self, **vals):
        series = self.make_own(repeat_every="month", **vals)
        series.action_prepare()
        series.with_user(self.manager).write({"series_approved": True})
        series.with_user(self.manager).action_approve()
        return series

    def test_series_of_whoever_is_no_manager_any_more_is_reviewed(self):
        series = self.approve_series()
        group = self.env.ref("xpyme_contacts.group_offer_manager")
        self.manager.group_ids -= group
        again = self.repeat(series)
        self.assertEqual(again.state, "prepared")
        self.assertEqual(again.activity_ids.user_id, series.user_id)

    def test_what_was_prepared_anew_is_not_what_was_reviewed(self):
        campaign = self.make_own()
        campaign.action_prepare()
        action = campaign.with_user(self.manager).action_ask_approval()
        asked = self.env[action["res_model"]].with_user(self.manager)
        asked = asked.browse(action["res_id"])
        campaign.action_draft()
        campaign.subject = "NO REVISADA"
        campaign.action_prepare()
        with self.assertRaisesRegex(UserError, "prepared anew"):
            asked.action_approve()
        self.assertEqual(campaign.state, "prepared")
        action = campaign.with_user(self.manager).action_ask_approval()
        asked.browse(action["res_id"]).action_approve()
        self.assertEqual(campaign.state, "running")

    # --- filter

    def test_filter_asks_only_what_its_author_may_read(self):
        self.acme.write({"ip_address": "10.0.0.1", "birthdate_date": "1950-01-01"})
        secrets = [
            [("ip_address", "=", "10.0.0.1")],
            [("birthdate_date", "<", "1960-01-01")],
            [("id_numbers.name", "=like", "PASS-%")],
            [("child_ids", "any", [("ip_address", "!=", False)])],
        ]
        for secret in secrets:
            for write in (
                lambda v: self.sellers.create({**self.vals, **v}),
                lambda v: self.make_own().write(v),
            ):
                with self.assertRaises(AccessError, msg=secret):
                    write({"partner_domain": repr(secret)})

    def test_filter_keeps_its_authors_rights_whoever_prepares(self):
        """Also one that he could write once, or that nobody asked about."""
        series = self.approve_series()
        campaign = self.make_own()
        self.assertEqual((series | campaign).filter_user_id, self.salesperson)
        secret = repr([("ip_address", "=", False)])
        for row in (series, campaign):
            query = "UPDATE xpyme_offer_campaign SET partner_domain = %s WHERE id = %s"
            self.env.cr.execute(query, [secret, row.id])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            campaign.with_user(self.env.ref("base.user_admin")).action_prepare()
        self.assertFalse(self.repeat(series))
        self.assertIn("could not be repeated", series.sudo().activity_ids[:1].summary)

    def test_author_of_a_filter_is_nobody_else(self):
        campaign = self.make_own()
        admin = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            campaign.filter_user_id = admin
        self.set_default("filter_user_id", admin.id)
        mine = self.sellers.create(self.vals)
        self.assertEqual(mine.filter_user_id, self.salesperson)
        campaign.partner_domain = "[]"
        self.assertEqual(campaign.filter_user_id, self.salesperson)
        self.assertEqual(mine.copy().filter_user_id, self.salesperson)

    def test_filter_that_is_none_is_refused_with_a_sentence(self):
        for nonsense in (
            "-" * 5000 + "1",
            "[" * 500 + "]" * 500,
            r"[('street', '=like', '\\')]",
            "[('name', '=', {})]",
            "[('create_date', '>', 'hoy')]",
            "{}",
            "1",
            "('&',)",
        ):
            with self.assertRaises(UserError, msg=nonsense[:20]):
                self.make_campaign(products=[self.paint], partner_domain=nonsense)

    def test_nobody_steers_the_outbox_by_a_program(self):
        campaign = self.make_own()
        campaign.action_prepare()
        campaign.with_user(self.manager).action_approve()
        for vals in (
            {"waits_until": "2099-01-01 00:00:00"},
            {"calm_since": "2099-01-01 00:00:00"},
            {"wait_count": 2000},
            {"wait_reason": "slow"},
            {"wait_answer": "x"},
            {"pause_reason": "x"},
            {"database_mark": "x"},
        ):
            with self.assertRaises(AccessError, msg=vals):
                campaign.with_user(self.salesperson).write(vals)
