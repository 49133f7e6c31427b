from odoo.exceptions import AccessError
from odoo.tests import tagged

from .risk_common import JudgedCase


@tagged("post_install", "-at_install")
class TestRiskLimitGuard(JudgedCase):
    """By which limits a customer is judged is for risk managers, whatever the way."""

    def assertRefused(self, partner, vals):
        partner = partner.with_user(self.salesperson)
        for record in (partner, partner.sudo()):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                record.write(vals)
        result = partner.load(
            [".id", *vals], [[str(partner.id), *map(str, vals.values())]]
        )
        self.assertTrue(result["messages"], vals)
        names = ("credit_limit", "internal_credit_limit")
        self.customer.invalidate_recordset(names)
        self.assertEqual([self.customer[name] for name in names], [50, 60])

    def test_a_card_with_a_limit_is_not_hung_below_another(self):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.customer.with_user(self.salesperson).write(
                {"parent_id": self.rich.id, "is_company": False}
            )
        self.assertEqual(self.customer.credit_limit, 50)
        person = self.make_customer("Persona", is_company=False)
        self.set_limits(person, 50)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            person.with_user(self.salesperson).write({"parent_id": self.rich.id})
        self.assertEqual(person.credit_limit, 50)

    def test_a_limit_of_another_company_counts(self):
        person = self.make_customer("Persona", is_company=False)
        person.with_company(self.make_other_company()).credit_limit = 50
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            person.with_user(self.salesperson).write({"parent_id": self.rich.id})

    def test_a_card_without_limits_is_free(self):
        person = self.make_customer("Persona", is_company=False)
        person.with_user(self.salesperson).write({"parent_id": self.rich.id})
        self.assertEqual(person.commercial_partner_id, self.rich)

    def test_a_contact_that_becomes_a_card_brings_no_limits_along(self):
        """Those of the card above would be those of a whole tax id."""
        self.customer.write({"vat": "77777777-7", "risk_by_vat": True})
        person = self.Partner.with_user(self.salesperson).create(
            {"name": "T", "parent_id": self.rich.id}
        )
        self.assertEqual(person.sudo().credit_limit, 1000000)
        person.write({"parent_id": False, "is_company": True, "vat": "77777777-7"})
        self.assertEqual(person.sudo().credit_limit, 0)
        figures = self.customer._get_risk_figures(self.company)[self.customer.id]
        self.assertEqual(figures["granted"], 50)

    def test_a_new_card_below_another_has_no_limit_of_it(self):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.Partner.with_user(self.salesperson).create(
                {
                    "name": "Filial",
                    "is_company": True,
                    "parent_id": self.rich.id,
                    "credit_limit": 1000000,
                }
            )

    def test_nobody_else_judges_by_tax_id(self):
        self.assertRefused(self.customer, {"risk_by_vat": True})
        for door in (
            lambda P: P.create(
                {"name": "N", "vat": self.rich.vat, "risk_by_vat": True}
            ),
            lambda P: P.with_context(default_risk_by_vat=True).create({"name": "N"}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                door(self.Partner.with_user(self.salesperson))

    def test_the_tax_id_of_who_is_judged_by_it_stays(self):
        self.customer.risk_by_vat = True
        self.assertRefused(self.customer, {"vat": self.rich.vat})
        self.assertRefused(self.rich, {"vat": self.customer.vat})
        free = self.make_customer("Libre", vat="/")
        free.with_user(self.salesperson).write({"vat": self.customer.vat})
        self.assertEqual(free.vat_key, self.customer.vat_key)
        self.make_invoice(10, free)
        self.assertRefused(free, {"vat": "76.354.771-K"})

    def test_the_tax_id_of_who_is_judged_alone_is_free(self):
        self.customer.with_user(self.salesperson).write({"vat": "76.354.771-K"})
        self.assertEqual(self.customer.vat, "76354771-K")

    def test_a_defaulter_stays_one(self):
        self.customer.with_user(self.salesperson).is_defaulter = True
        self.assertRefused(self.customer, {"is_defaulter": False})

    def test_a_risk_manager_may(self):
        customer = self.customer.with_user(self.manager)
        customer.write({"risk_by_vat": True, "vat": self.rich.vat})
        customer.write({"is_defaulter": True})
        customer.write({"is_defaulter": False})
        self.assertEqual(customer.vat_key, self.rich.vat_key)
