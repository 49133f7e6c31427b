from datetime import timedelta

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .risk_common import RiskCase


@tagged("post_install", "-at_install")
class TestRiskRelease(RiskCase):
    """A risk manager releases a document, with a reason and an expiry, once written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_risk_user("released")
        cls.manager = cls.make_risk_user(
            "releaser",
            "xpyme_contacts.group_risk_manager,sales_team.group_sale_salesman_all_leads",
        )
        cls.set_limits(cls.customer, 1000)
        cls.company.risk_order_action = "block"
        cls.order = cls.make_quotation(1312).with_user(cls.salesperson)

    def release(self, order=None, user=None, **vals):
        order = (order or self.order).with_user(user or self.manager)
        action = order.action_release_risk()
        wizard = order.env["xpyme.risk.decision"].with_context(**action["context"])
        wizard.create({"reason": "Pays on Friday", **vals}).action_release()
        return self.env["xpyme.risk.release"].search(
            [("res_id", "=", order.id)], limit=1
        )

    def test_a_released_order_is_confirmed_by_its_salesperson(self):
        release = self.release()
        self.assertEqual((release.amount, release.excess), (1312, 312))
        self.assertEqual(release.user_id, self.manager)
        self.assertIn("Pays on Friday", "".join(self.order.message_ids.mapped("body")))
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_the_banner_tells_of_the_release(self):
        self.assertTrue(self.order.is_over_risk)
        self.release()
        self.order.invalidate_recordset()
        self.assertIn("Pays on Friday", self.order.customer_notice)

    def test_once_released_the_banner_alarms_no_more(self):
        self.assertEqual(self.order.customer_notice_level, "danger")
        self.release()
        self.order.invalidate_recordset()
        self.assertFalse(self.order.is_over_risk)
        self.assertEqual(self.order.customer_notice_level, "warning")
        self.assertTrue(self.order.tells_risk)
        self.order.order_line.price_unit = 1313
        self.order.invalidate_recordset()
        self.assertTrue(self.order.is_over_risk)
        self.assertEqual(self.order.customer_notice_level, "danger")

    def test_who_is_stopped_reads_who_was_told(self):
        self.manager.name = "Elena Soto"
        with self.assertRaisesRegex(UserError, "told to .*Elena Soto.*can release"):
            self.order.action_confirm()

    def test_where_nobody_may_release_it_is_said(self):
        group = self.env.ref("xpyme_contacts.group_risk_manager")
        group.all_user_ids.write({"group_ids": [(3, group.id)]})
        with self.assertRaisesRegex(UserError, "Nobody here is a risk manager"):
            self.order.action_confirm()

    def test_only_a_risk_manager_releases(self):
        with self.assertRaises(AccessError):
            self.release(user=self.salesperson)

    def test_nobody_writes_a_release_but_the_dialog(self):
        release = self.release()
        for user in (self.salesperson, self.manager):
            with self.assertRaises(AccessError):
                release.with_user(user).create(release.copy_data())

    def test_a_release_is_written_once_for_everybody(self):
        release = self.release()
        for writer in (release, release.with_user(self.manager), release.sudo()):
            with self.assertRaises(UserError):
                writer.write({"amount": 10**6})
            with self.assertRaises(UserError):
                writer.unlink()

    def test_it_holds_up_to_its_amount(self):
        self.release()
        self.order.order_line.price_unit = 1313
        with self.assertRaises(UserError):
            self.order.action_confirm()

    def test_a_confirmed_order_may_be_raised_up_to_what_was_released(self):
        self.release(amount=2000)
        self.order.action_confirm()
        self.order.order_line.price_unit = 2000
        with self.assertRaises(UserError):
            self.order.order_line.price_unit = 2001

    def test_it_holds_until_its_day(self):
        self.release()
        self.patch(
            type(self.env["xpyme.risk.release"]),
            "_get_releases",
            lambda model, *args: model,
        )
        with self.assertRaises(UserError):
            self.order.action_confirm()

    def test_an_expired_release_is_not_valid(self):
        release = self.release()
        self.assertTrue(release.is_valid)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE xpyme_risk_release SET valid_until = %s WHERE id = %s",
            (self.today - timedelta(days=1), release.id),
        )
        self.env.invalidate_all()
        self.assertFalse(release.is_valid)
        self.assertFalse(release.search([("is_valid", "=", True)]) & release)
        with self.assertRaises(UserError):
            self.order.action_confirm()

    def test_it_holds_for_its_document_and_customer_only(self):
        self.release()
        with self.assertRaises(UserError):
            self.order.copy().action_confirm()
        payer = self.make_customer("Matriz")
        self.set_limits(payer, 100)
        self.order.partner_invoice_id = payer
        with self.assertRaises(UserError):
            self.order.action_confirm()

    def test_a_release_without_reason_amount_or_days_is_refused(self):
        for vals in (
            {"reason": " "},
            {"amount": 0},
            {"valid_until": self.today - timedelta(days=1)},
            {"valid_until": False},
        ):
            with self.assertRaises(UserError):
                self.release(**vals)

    def test_releasing_closes_the_managers_activities(self):
        kind = self.env.ref("xpyme_contacts.activity_type_risk")
        for user in (self.manager, self.env.ref("base.user_admin")):
            self.order.sudo().activity_schedule(
                activity_type_id=kind.id, user_id=user.id
            )
        self.release()
        self.assertFalse(self.order.sudo().activity_ids)

    def test_a_manager_who_confirms_is_shown_the_way(self):
        with self.assertRaises(RedirectWarning) as way:
            self.order.with_user(self.manager).action_confirm()
        self.assertEqual(way.exception.args[1]["res_model"], "xpyme.risk.decision")

    def test_an_invoice_is_released_too(self):
        self.company.risk_invoice_action = "block"
        invoice = self.make_invoice(1312, post=False)
        self.manager.group_ids |= self.env.ref("account.group_account_invoice")
        self.release(invoice)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_releases_of_other_companies_are_not_read(self):
        release = self.release()
        other = self.make_other_company()
        self.manager.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        env = self.env(user=self.manager, context={"allowed_company_ids": other.ids})
        self.assertFalse(env["xpyme.risk.release"].search([("id", "=", release.id)]))

    def test_it_opens_its_document(self):
        action = self.release().with_user(self.manager).action_open_document()
        self.assertEqual(action["res_id"], self.order.id)
