from odoo.exceptions import AccessError
from odoo.tests import tagged

from .risk_common import JudgedCase


@tagged("post_install", "-at_install")
class TestRiskMovedDebt(JudgedCase):
    """A debt stays with the limits that judged it, whoever hangs or merges cards."""

    REFUSAL = "Only a risk manager (changes by which limits|merges these customers)"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loose = cls.make_customer("Suelto", is_company=False)

    def merge(self, source, target, user=None):
        (source | target).sudo().write({"email": "one@example.com"})
        user = user or self.salesperson
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        wizard._merge((source | target).ids, target.with_user(user))

    def assertRefused(self, function, *args):
        with self.assertRaisesRegex(AccessError, self.REFUSAL), self.env.cr.savepoint():
            function(*args)
            self.env.flush_all()
        self.env.invalidate_all()

    def hang(self, partner, parent):
        partner.with_user(self.salesperson).write({"parent_id": parent.id})

    # === HUNG ===#

    def test_who_owes_is_not_hung_below_who_has_a_limit(self):
        self.make_sale(500, self.loose)
        self.assertRefused(self.hang, self.loose, self.customer)
        self.assertEqual(self.get_amounts()["debt"], 0)
        self.loose.with_user(self.manager).parent_id = self.customer
        self.assertEqual(self.loose.commercial_partner_id, self.customer)

    def test_hanging_many_takes_no_query_each(self):
        many = self.Partner.create([{"name": f"P{number}"} for number in range(12)])
        counts = []
        # The first reads what stays in memory.
        for some in (many[:1], many[:2], many[2:]):
            some = some.with_user(self.salesperson)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            places = some._get_places()
            self.assertFalse(some._has_moved_debt(places))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_who_owes_nothing_or_has_no_limit_above_is_hung(self):
        self.hang(self.loose, self.customer)
        self.assertEqual(self.loose.commercial_partner_id, self.customer)
        person = self.make_customer("Persona", is_company=False)
        self.make_sale(500, person)
        self.hang(person, self.make_customer("Libre"))
        self.assertNotEqual(person.commercial_partner_id, person)

    def test_a_contact_who_owes_leaves_no_limit(self):
        person = self.Partner.create({"name": "P", "parent_id": self.customer.id})
        self.make_sale(40, person, partner_invoice_id=person.id)
        self.assertRefused(self.hang, person, self.rich)
        self.assertRefused(self.hang, person, self.Partner)
        person.with_user(self.manager).parent_id = self.rich
        self.assertEqual(self.get_amounts()["debt"], 0)

    # === MERGED ===#

    def test_who_has_a_limit_is_not_merged_into_another_s(self):
        self.assertRefused(self.merge, self.customer, self.rich)
        self.assertRefused(self.merge, self.rich, self.customer)
        self.merge(self.customer, self.rich, self.manager)
        self.assertFalse(self.customer.exists())

    def test_no_limit_is_merged_into_a_tax_id(self):
        self.customer.risk_by_vat = True
        twin = self.make_customer("Twin", vat=self.customer.vat)
        self.assertRefused(self.merge, self.rich, twin)
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.risk_granted, 50)

    def test_who_owes_is_not_merged_with_who_has_a_limit(self):
        self.make_sale(500, self.loose)
        self.assertRefused(self.merge, self.loose, self.customer)
        self.assertRefused(self.merge, self.customer, self.loose)

    def test_a_contact_who_owes_is_not_merged_away(self):
        person = self.Partner.create({"name": "P", "parent_id": self.customer.id})
        other = self.Partner.create({"name": "P", "parent_id": self.rich.id})
        self.make_sale(40, person, partner_invoice_id=person.id)
        self.assertRefused(self.merge, person, other)

    def test_duplicates_without_debt_and_those_of_one_card_are_merged(self):
        self.merge(self.loose, self.customer)
        self.assertEqual(self.customer.credit_limit, 50)
        self.make_sale(40)
        person, other = self.Partner.create(
            [{"name": name, "parent_id": self.customer.id} for name in "PQ"]
        )
        self.make_sale(5, person, partner_invoice_id=person.id)
        self.merge(person, other)
        self.assertFalse(person.exists())

    def test_the_mirror_of_merged_cards_brings_its_debt_under_their_limit(self):
        kept, gone = (self.make_customer("Doble") for _card in range(2))
        person = self.get_mirror(gone)
        self.make_sale(40, person, partner_invoice_id=person.id)
        self.merge(gone, kept)
        self.assertFalse(person.exists())
        self.assertEqual(len(self.get_mirror(kept)), 1)
        self.assertEqual(self.get_amounts(kept)["debt"], 40)
