from datetime import timedelta

from lxml import etree

from odoo.tests import tagged

from .risk_common import RiskCase


@tagged("post_install", "-at_install")
class TestRiskAlert(RiskCase):
    """What lists and cards of customers tell at a glance."""

    def get_told(self):
        self.customer.invalidate_recordset()
        return (
            self.customer.customer_alert,
            self.customer.has_risk_limit,
            self.customer.risk_left,
        )

    def test_what_is_left_of_either_limit_is_told(self):
        self.make_invoice(100)
        self.assertEqual(self.get_told(), (False, False, 0))
        for granted, internal, alert, left in (
            (0, 150, False, 50),
            (150, 0, False, 50),
            (150, 120, False, 50),
            (150, 90, "exceeded", -10),
            (0, 90, "exceeded", -10),
            (80, 0, "exceeded", -20),
        ):
            self.set_limits(self.customer, granted, internal)
            self.assertEqual(self.get_told(), (alert, True, left), (granted, internal))

    def test_the_worst_is_told_and_a_date_to_come_is_no_alarm(self):
        self.customer.registration_date = self.today - timedelta(days=9)
        for vals, alert in (
            ({"deregistration_date": self.today + timedelta(days=9)}, "deregistering"),
            ({"deregistration_date": self.today}, "deregistered"),
            ({"is_defaulter": True}, "defaulter"),
            ({"is_blocked": True}, "blocked"),
        ):
            self.customer.write(vals)
            self.assertEqual(self.get_told()[0], alert)

    def test_over_the_limit_has_cards_of_our_own_for_the_phone(self):
        action = self.env.ref("xpyme_contacts.xpyme_customer_over_limit_action")
        user = self.make_risk_user("phone")
        views = self.env["res.partner"].with_user(user).get_views(action.views)
        arch = views["views"]["kanban"]["arch"]
        for part in ("action_open_risk_report", "risk_debt", "risk_left", "tel:"):
            self.assertIn(part, arch)
        bare = self.make_user("bare", "base.group_user")
        arch = self.env["res.partner"].with_user(bare).get_views(action.views)
        self.assertNotIn("risk_debt", arch["views"]["kanban"]["arch"])

    def test_contacts_of_everybody_tell_whose(self):
        action = self.env.ref("xpyme_contacts.xpyme_contact_all_action")
        views = self.env["res.partner"].get_views(action.views)["views"]
        for kind in ("list", "kanban"):
            arch = etree.fromstring(views[kind]["arch"])
            shown = arch.xpath("//field[@name='parent_id'][not(@column_invisible)]")
            self.assertTrue(shown, kind)
        mirror = self.get_mirror(self.customer)
        self.assertEqual(mirror.action_open_mirrored_card()["res_id"], self.customer.id)
