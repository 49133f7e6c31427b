import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .risk_common import RiskCase


@tagged("post_install", "-at_install")
class TestRiskSearch(RiskCase):
    """Customers are found and put in order by what they owe, in SQL."""

    def test_search_says_what_the_field_says(self):
        customers = self._make_various()
        for fname in ("risk_granted", "risk_debt", "risk_available"):
            values = {*customers.mapped(fname), 0.0, 1.0}
            for value in values:
                for operator in ("=", "!=", "<", ">", "<=", ">="):
                    found = self.Partner.search(
                        [(fname, operator, value), ("id", "in", customers.ids)]
                    )
                    expected = customers.filtered_domain([(fname, operator, value)])
                    self.assertEqual(found, expected, (fname, operator, value))
        for operator in ("=", "!="):
            for value in (True, False):
                leaf = ("risk_exceeded", operator, value)
                found = self.Partner.search([leaf, ("id", "in", customers.ids)])
                expected = customers.filtered_domain([leaf])
                self.assertEqual(found, expected, leaf)

    def test_a_branch_finds_those_whom_its_root_s_default_limit_judges(self):
        self.env["ir.default"].set(
            "res.partner", "credit_limit", 100, company_id=self.company.id
        )
        self.make_invoice(500)
        for company in (self.company, self.make_branch()):
            customer = self.customer.with_context(allowed_company_ids=company.ids)
            customer = customer.with_company(company)
            self.assertTrue(customer.risk_exceeded, company.name)
            for value in (True, False):
                leaves = [("risk_exceeded", "=", value), ("id", "=", customer.id)]
                self.assertEqual(bool(customer.search(leaves)), value, company.name)

    def _make_various(self):
        """Customers with and without limit, debt, tax id, in the default order."""
        customers = self.customer
        for number, (granted, internal, debt, vals) in enumerate(
            (
                (100, 0, 150, {}),
                (100, 50, 70, {}),
                (500, 0, 70, {}),
                (0, 0, 70, {}),
                (0, 60, 0, {}),
                (200, 0, 120, {"vat": "12345678-5", "risk_by_vat": True}),
                (10, 0, 100, {"vat": "12345678-5"}),
            )
        ):
            customer = self.make_customer(f"Customer {number}", **vals)
            self.set_limits(customer, granted, internal)
            if debt:
                self.make_invoice(debt, customer)
            customers |= customer
        customers |= customers.child_ids
        self.env.invalidate_all()
        return self.Partner.search([("id", "in", customers.ids)])

    def test_order_by_figures_puts_customers_without_one_last(self):
        customers = self._make_various().filtered("customer_rank")
        for fname in ("risk_debt", "risk_exceeded"):
            for direction in ("ASC", "DESC"):
                found = self.Partner.search(
                    [("id", "in", customers.ids)], order=f"{fname} {direction}, id"
                )
                expected = customers.sorted("id").sorted(
                    fname, reverse=direction == "DESC"
                )
                self.assertEqual(found.mapped(fname), expected.mapped(fname))
        found = self.Partner.search(
            [("id", "in", customers.ids)], order="risk_available, risk_granted"
        )
        limited = found.filtered("risk_granted")
        self.assertEqual(found[: len(limited)], limited)
        self.assertEqual(
            limited.mapped("risk_available"), sorted(limited.mapped("risk_available"))
        )

    def test_a_salesperson_finds_and_sorts_too(self):
        self.set_limits(self.customer, 100)
        self.make_invoice(150)
        salesperson = self.make_salesperson()
        salesperson.company_ids |= self.company
        salesperson.company_id = self.company
        partners = self.Partner.with_user(salesperson)
        found = partners.search(
            [("risk_exceeded", "=", True), ("id", "=", self.customer.id)],
            order="risk_debt desc",
        )
        self.assertEqual(found, self.customer)
        info = partners.fields_get(["risk_debt"])
        self.assertTrue(info["risk_debt"]["sortable"])
        self.assertTrue(info["risk_debt"]["searchable"])

    def test_whoever_may_not_read_a_figure_learns_nothing_by_searching(self):
        self.set_limits(self.customer, 1234.5)
        for group in ("base.group_user", "base.group_portal"):
            reader = self.make_user(f"curious_{group}", group)
            partners = self.Partner.with_user(reader)
            for fname in ("risk_granted", "risk_debt", "risk_available"):
                leaf = [(fname, ">", 1000)]
                for guess in (leaf, ["!", *leaf], [("child_ids", "any", leaf)]):
                    with self.assertRaises(AccessError):
                        partners.search_count(guess)
        with self.assertRaises(AccessError):
            partners.search_count([("risk_exceeded", "=", True)])
        self.assertTrue(
            self.Partner.with_user(reader).sudo().search([("risk_granted", ">", 1000)])
        )

    def test_what_is_no_amount_is_refused_before_the_database_is_asked(self):
        for fname in ("risk_granted", "risk_debt", "risk_available"):
            for operator in ("<", ">=", "=", "!=", "in"):
                for value in ("abc", [[]], ["x"], {}, {"a": 1}, "1e999"):
                    with self.subTest(leaf=(fname, operator, value)):
                        self._search_garbage((fname, operator, value))
        for value in ("abc", [], {}, None, 7):
            self._search_garbage(("risk_exceeded", "=", value))

    def _search_garbage(self, leaf):
        """It finds something or not, or is refused; a TypeError is core's own."""
        with contextlib.suppress(ValueError, TypeError, UserError):
            self.Partner.search_count([leaf])

    def test_any_number_of_customers_is_two_queries(self):
        """One asks whether any order is paid online, the other is the debt."""
        customers = self._make_various()
        self.env.invalidate_all()
        self.env.flush_all()
        customers._get_risk_amounts(self.company)
        with self.assertQueryCount(2):
            customers._get_risk_amounts(self.company)
        with self.assertQueryCount(2):
            self.Partner.search([("risk_exceeded", "=", True)])
