from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestCustomerEntry(TillCase):
    """What a cashier, who has no other right, is told of a customer."""

    def assertTold(self, word, entry):
        self.assertIn(word, " ".join(entry["notices"]))

    def test_nothing_wrong_is_nothing_told(self):
        entry = self.get_entry()
        self.assertEqual((entry["blocked"], entry["action"]), (False, "none"))
        self.assertEqual((entry["notices"], entry["vouchers"]), ([], []))
        self.assertFalse(entry["has_terms"])

    def test_baja_blocks(self):
        self.customer.is_blocked = True
        entry = self.get_entry()
        self.assertEqual((entry["blocked"], entry["action"]), (True, "block"))
        self.assertTold("Baja", entry)

    def test_a_defaulter_and_a_date_are_told_of_a_contact_too(self):
        self.customer.write(
            {
                "is_defaulter": True,
                "registration_date": "2019-01-01",
                "deregistration_date": "2020-01-31",
            }
        )
        entry = self.get_entry(customer=self.make_contact(self.customer))
        self.assertTold("Defaulter", entry)
        self.assertTold("Deregistered", entry)
        self.assertEqual(entry["action"], "tell")

    def test_odoos_own_message_comes_along(self):
        self.customer.sale_warn_msg = "Pays on Fridays"
        self.assertTold("Pays on Fridays", self.get_entry())
        fields = self.customer._load_pos_data_fields(self.config)
        self.assertNotIn("sale_warn_msg", fields)

    def test_a_cashier_is_told_of_a_limit_without_figures(self):
        self.customer.internal_credit_limit = 10
        self.sell(method=self.later)
        for policy, action in (
            ("tell", "tell"),
            ("block", "block"),
            ("ignore", "none"),
        ):
            self.company.risk_till_action = policy
            entry = self.get_entry()
            self.assertEqual(entry["action"], action)
            self.assertNotIn("10", " ".join(entry["notices"]))
        self.company.risk_till_action = False
        self.assertTold("Over the limit.", self.get_entry())
        self.customer.risk_no_warning = True
        self.assertFalse(self.get_entry()["notices"])

    def test_who_may_see_debts_is_told_figures(self):
        self.customer.internal_credit_limit = 10
        self.sell(method=self.later)
        seller = self.make_user(
            "tillseller", "point_of_sale.group_pos_user,sales_team.group_sale_salesman"
        )
        self.assertTold("62", self.get_entry(user=seller))

    def test_only_who_works_at_the_till_asks(self):
        stranger = self.make_user("stranger", "sales_team.group_sale_manager")
        with self.assertRaisesRegex(AccessError, "no till"):
            self.get_entry(user=stranger)
        portal = self.make_user("visitor", "base.group_portal")
        with self.assertRaises(AccessError):
            self.get_entry(user=portal)
        other = self.env["res.company"].create({"name": "Other"})
        self.cashier.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            self.get_entry()

    def test_it_does_not_cost_more_with_more_articles(self):
        self.make_price(self.goods, price_1=40)
        articles = self.goods | self.net_article | self.taxed_article
        self.get_entry(articles)
        self.env.invalidate_all()
        with self.assertQueryCount(45):
            self.get_entry(articles)
