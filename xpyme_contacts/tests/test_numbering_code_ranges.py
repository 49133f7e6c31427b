from odoo.tests import tagged

from .test_numbering_customer_code import CustomerCodeCase


@tagged("post_install", "-at_install")
class TestCodeRanges(CustomerCodeCase):
    """Codes of a database with a past, and of several companies."""

    # === A DATABASE WITH A PAST ===#

    def make_old(self, **vals):
        """A customer from before the addon: nobody judged his reference."""
        partner = self.Partner.create({"name": "Viejo", **vals})
        partner._increase_rank("customer_rank")
        return partner

    def test_references_of_another_kind_are_kept_and_listed(self):
        old = self.make_old(ref="ABC-1")
        long_one = self.make_old(ref="12345678")
        first = self.make_old(ref="015")
        second = self.make_old(ref="15")
        self.assertEqual(
            (old | long_one | first | second).mapped("customer_code"), [0, 0, 15, 0]
        )
        found = self.Partner.search([("code_needs_review", "=", True)])
        self.assertLessEqual(old | long_one | second, found)
        self.assertNotIn(first, found)
        self.assertNotIn(old, self.Partner.search([("code_needs_review", "=", False)]))
        self.assertEqual(found, found.filtered("code_needs_review"))

    def test_only_a_changed_reference_is_judged(self):
        old = self.make_old(ref="ABC-1")
        old.write({"ref": "ABC-1", "phone": "1"})
        self.assertRefused(lambda: old.write({"ref": "ABC-2"}))
        old.ref = "33"
        self.assertEqual(old.customer_code, 33)

    def test_duplicate_is_cured_by_the_button(self):
        self.make_old(ref="1")
        second = self.make_old(ref="01")
        second.action_next_customer_code()
        self.assertEqual((second.ref, second.code_needs_review), ("2", False))

    def test_new_customers_beside_other_references(self):
        self.make_old(ref="ABC-1")
        self.assertEqual(self.get_next_code(), 1)

    # === COMPANIES ===#

    def test_two_companies_may_use_the_same_code(self):
        mine, other = self.make_companies()
        one = self.make_customer(ref="15", company_id=mine.id)
        two = self.make_customer(ref="15", company_id=other.id)
        self.assertEqual((one | two).mapped("customer_code"), [15, 15])
        self.assertRefused(lambda: self.make_customer(ref="15", company_id=mine.id))
        self.assertRefused(lambda: two.write({"company_id": mine.id}))
        self.assertRefused(lambda: two.write({"company_id": False}))
        self.assertRefused(lambda: two.write({"company_id": mine.id, "ref": "15"}))
        self.assertEqual(two.company_id, other)
        user = self.make_salesperson()
        user.company_ids |= mine | other
        own = two.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        own.write({"company_id": mine.id, "ref": "16"})
        self.assertEqual(two.customer_code, 16)

    def test_customer_of_all_companies_shares_his_code_with_none(self):
        mine, _other = self.make_companies()
        self.make_customer("De todas", ref="15")
        self.make_customer("De una", ref="16", company_id=mine.id)
        message = self.assertRefused(
            lambda: self.make_customer(ref="15", company_id=mine.id)
        )
        self.assertIn("De todas", message)
        self.assertRefused(lambda: self.make_customer(ref="16"))
        self.assertEqual(self.get_next_code(), 1)

    def test_branches_are_one_range(self):
        mine, _other = self.make_companies()
        branch = self.env["res.company"].create({"name": "S", "parent_id": mine.id})
        self.make_customer(ref="1", company_id=mine.id)
        self.assertRefused(lambda: self.make_customer(ref="1", company_id=branch.id))
        self.assertEqual(self.make_customer(company_id=branch.id).ref, "2")

    def test_customer_of_a_foreign_company_is_not_named(self):
        other = self.make_companies()[1]
        self.make_customer("Secreto", ref="15", company_id=other.id)
        partners = self.Partner.with_user(self.make_salesperson())
        message = self.assertRefused(
            lambda: partners.create({"name": "X", "customer_rank": 1, "ref": "15"})
        )
        self.assertNotIn("Secreto", message)
