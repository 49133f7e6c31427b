from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .risk_common import RiskCase

ACCOUNTANT = "account.group_account_manager,base.group_partner_manager"


@tagged("post_install", "-at_install")
class TestRiskLimits(RiskCase):
    """How far a customer is trusted, and by whom it is said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.manager = cls.make_user(
            "risk_manager",
            "xpyme_contacts.group_risk_manager,base.group_partner_manager",
        )
        cls.accountant = cls.make_user("accountant", ACCOUNTANT)
        cls.other_company = cls.make_other_company()
        users = cls.salesperson | cls.manager | cls.accountant
        users.company_ids |= cls.company | cls.other_company
        users.company_id = cls.company

    def assertRisk(self, customer, **expected):
        customer.invalidate_recordset()
        found = {name: customer[f"risk_{name}"] for name in expected}
        self.assertEqual(found, expected)

    # === VERDICT ===#

    def test_available_is_granted_less_debt_and_may_be_negative(self):
        self.set_limits(self.customer, 1000)
        self.make_invoice(400)
        self.assertRisk(
            self.customer, granted=1000, debt=400, available=600, exceeded=False
        )
        self.make_sale(700)
        self.assertRisk(
            self.customer, granted=1000, debt=1100, available=-100, exceeded=True
        )

    def test_a_debt_as_high_as_the_limit_is_within_it(self):
        self.set_limits(self.customer, 0.3, 0.3)
        for amount in (0.1, 0.2):
            self.make_invoice(amount)
        self.assertRisk(self.customer, debt=0.3, available=0, exceeded=False)
        self.make_invoice(0.01)
        self.assertRisk(self.customer, exceeded=True)

    def test_zero_is_no_limit(self):
        self.make_invoice(400)
        self.assertRisk(self.customer, granted=0, debt=400, available=0, exceeded=False)

    def test_the_two_limits_are_judged_apart_and_never_added(self):
        self.make_invoice(700)
        for granted, internal, exceeded in (
            (1000, 600, True),
            (600, 1000, True),
            (0, 600, True),
            (1000, 0, False),
            (1000, 700, False),
        ):
            self.set_limits(self.customer, granted, internal)
            self.assertRisk(self.customer, granted=granted, exceeded=exceeded)

    def test_a_limit_of_one_company_does_not_act_in_another(self):
        self.set_limits(self.customer, 100)
        for company in (self.company, self.other_company):
            self.make_invoice(200, company=company)
        self.assertRisk(self.customer, exceeded=True)
        self.assertRisk(
            self.customer.with_company(self.other_company), granted=0, exceeded=False
        )

    def test_a_branch_takes_the_limit_of_its_root_unless_it_has_its_own(self):
        branch = self.make_branch()
        self.set_limits(self.customer, 100)
        customer = self.customer.with_company(branch)
        self.assertRisk(customer, granted=100)
        customer.credit_limit = 70
        self.assertRisk(customer, granted=70)
        self.assertRisk(self.customer, granted=100)

    def test_the_company_s_default_limit_is_every_customer_s(self):
        self.env["ir.default"].set(
            "res.partner", "credit_limit", 50, company_id=self.company.id
        )
        self.make_invoice(60)
        self.assertRisk(self.customer, granted=50, available=-10, exceeded=True)
        self.assertIn(
            self.customer, self.Partner.search([("risk_exceeded", "=", True)])
        )

    def test_a_contact_shows_the_risk_of_his_customer(self):
        self.set_limits(self.customer, 100)
        self.make_invoice(150)
        contact = self.make_contact(self.customer)
        self.assertRisk(contact, granted=100, debt=150, available=-50, exceeded=True)

    def test_a_new_card_has_no_risk_yet(self):
        new = self.Partner.new({"name": "New"})
        self.assertRisk(new, granted=0, debt=0, available=0, exceeded=False)

    # === BY TAX ID ===#

    def _make_family(self):
        """Two cards of one tax id, with limits 300 and 300, debts 500 and 700."""
        other = self.make_customer("Second card", vat="CL 76.086.428-5")
        for customer, debt in ((self.customer, 500), (other, 700)):
            self.set_limits(customer, 300, 250)
            self.make_invoice(debt, customer)
        return other

    def test_by_tax_id_debts_and_limits_of_all_cards_are_added(self):
        other = self._make_family()
        self.customer.risk_by_vat = True
        self.assertRisk(self.customer, granted=600, debt=1200, available=-600)
        self.assertRisk(other, granted=300, debt=700, available=-400)

    def test_archived_cards_count_too(self):
        self._make_family().active = False
        self.customer.risk_by_vat = True
        self.assertRisk(self.customer, granted=600, debt=1200)

    def test_a_limit_is_added_over_the_cards_that_have_one(self):
        other = self._make_family()
        self.set_limits(other, 0, 0)
        self.customer.risk_by_vat = True
        self.assertRisk(self.customer, granted=300, debt=1200)
        self.set_limits(self.customer, 0, 0)
        self.assertRisk(self.customer, granted=0, exceeded=False)

    def test_a_missing_tax_id_groups_nobody(self):
        cards = self.make_customer("A", vat="/") | self.make_customer("B", vat="/")
        cards |= self.make_customer("C", vat=False) | self.make_customer("D", vat=False)
        cards.risk_by_vat = True
        for card in cards:
            self.make_invoice(10, card)
        self.assertFalse(any(cards.mapped("vat_key")))
        for card in cards:
            self.assertRisk(card, debt=10)

    def test_apply_judges_all_cards_of_the_tax_id_together(self):
        other = self._make_family()
        archived = self.make_customer("Archived", vat="76086428-5", active=False)
        customer = self.customer.with_user(self.manager)
        action = customer.action_apply_risk_by_vat()
        self.assertIn("3 cards", action["params"]["message"])
        cards = self.customer | other | archived
        self.assertEqual(cards.mapped("risk_by_vat"), [True] * 3)

    def test_apply_tells_of_cards_that_are_out_of_reach(self):
        self.manager.company_ids = self.company
        hidden = self.make_customer(
            "Hidden", vat="76086428-5", company_id=self.other_company.id
        )
        action = self.customer.with_user(self.manager).action_apply_risk_by_vat()
        self.assertIn("1 cards of other", action["params"]["message"])
        self.assertFalse(hidden.risk_by_vat)

    def test_apply_needs_a_tax_id(self):
        customer = self.make_customer("A", vat="/")
        with self.assertRaisesRegex(UserError, "has no tax id"):
            customer.action_apply_risk_by_vat()

    def test_contacts_have_no_key_of_their_own(self):
        contact = self.make_contact(self.customer)
        self.assertEqual(contact.vat, self.customer.vat)
        self.assertFalse(contact.vat_key)
        self.assertEqual(self.customer.vat_key, "760864285")

    # === WHO MAY ===#

    def test_only_a_risk_manager_changes_limits(self):
        for user in (self.salesperson, self.accountant):
            customer = self.customer.with_user(user)
            for vals in ({"credit_limit": 10}, {"internal_credit_limit": 10}):
                with self.assertRaises(AccessError):
                    customer.write(vals)
                with self.assertRaises(AccessError):
                    self._create_as(user, vals)
                with self.assertRaises(AccessError):
                    defaults = {f"default_{name}": 10 for name in vals}
                    self.Partner.with_user(user).with_context(**defaults).create(
                        {"name": "New"}
                    )
                names = ["name", *vals]
                result = self.Partner.with_user(user).load(names, [["A", "10"]])
                self.assertTrue(result["messages"], vals)
        self.assertFalse(self.customer.credit_limit)

    def test_a_risk_manager_needs_no_accounting_rights(self):
        customer = self.customer.with_user(self.manager)
        customer.write({"credit_limit": 10, "internal_credit_limit": 20})
        self.assertEqual(customer.credit_limit, 10)
        self._create_as(self.manager, {"credit_limit": 10})

    def _create_as(self, user, vals):
        return self.Partner.with_user(user).create({"name": "New", **vals})

    def test_core_s_own_switch_is_no_way_around(self):
        self.set_limits(self.customer, 100)
        customer = self.customer.with_user(self.accountant)
        with self.assertRaises(AccessError):
            customer.use_partner_credit_limit = False

    def test_a_card_may_be_written_back_unchanged(self):
        self.set_limits(self.customer, 100, 50)
        customer = self.customer.with_user(self.accountant)
        customer.write({"credit_limit": 100, "internal_credit_limit": 50, "name": "A"})
        self.assertEqual(customer.name, "A")

    def test_a_salesperson_adds_contacts_to_a_customer_with_limits(self):
        self.set_limits(self.customer, 100, 50)
        contact = self.Partner.with_user(self.salesperson).create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        self.assertEqual(contact.sudo().credit_limit, 100)

    def test_a_duplicate_has_no_limits(self):
        self.set_limits(self.customer, 100, 50, is_insured=True, is_defaulter=True)
        copy = self.customer.copy()
        self.assertEqual(
            [copy[name] for name in ("credit_limit", "internal_credit_limit")], [0, 0]
        )
        self.assertFalse(copy.is_insured or copy.is_defaulter)

    def test_a_salesperson_reads_the_figures_and_nobody_less(self):
        self.set_limits(self.customer, 100)
        self.make_invoice(150)
        self.make_sale(1)
        names = ["risk_granted", "risk_debt", "risk_available", "risk_exceeded"]
        (row,) = self.customer.with_user(self.salesperson).read(names)
        self.assertEqual([row[name] for name in names], [100, 151, -51, True])
        technician = self.make_technician()
        technician.write(
            {
                "company_ids": [(4, self.company.id)],
                "company_id": self.company.id,
            }
        )
        with self.assertRaises(AccessError):
            self.customer.with_user(technician).read(names)

    def test_negative_amounts_are_refused(self):
        for name in ("credit_limit", "internal_credit_limit", "insured_amount"):
            with self.assertRaisesRegex(ValidationError, "negative"):
                self.customer.write({name: -1})

    def test_changes_are_told_in_the_chatter(self):
        customer = self.customer.with_context(tracking_disable=False)
        self.env.cr.flush()
        customer.write(
            {
                "credit_limit": 10,
                "internal_credit_limit": 20,
                "risk_by_vat": True,
                "risk_no_warning": True,
                "is_defaulter": True,
                "is_insured": True,
            }
        )
        self.env.cr.flush()
        told = customer.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
        self.assertEqual(
            set(told),
            {
                "credit_limit",
                "internal_credit_limit",
                "risk_by_vat",
                "risk_no_warning",
                "is_defaulter",
                "is_insured",
            },
        )
