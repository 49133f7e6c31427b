from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import CARD, CustomerCase


@tagged("post_install", "-at_install")
class TestContactCompany(CustomerCase):
    """Whoever belongs to a customer of one company is of that company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Ñuble Overseas"})
        cls.customer = cls.make_customer(company_id=cls.company.id)
        cls.seller = cls.make_user(
            "overseas",
            "sales_team.group_sale_salesman_all_leads,base.group_partner_manager,"
            "base.group_multi_company",
        )
        cls.seller.write(
            {
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )

    def test_a_contact_and_an_address_typed_on_the_card_are_his_company_s(self):
        card = self.customer.with_user(self.seller)
        view = CARD
        with Form(card, view) as form:
            with form.contact_ids.new() as line:
                line.name = "Ana"
        with Form(card, view) as form:
            with form.address_ids.new() as line:
                line.name = "Obra"
        added = self.customer.child_ids.filtered(lambda p: p.name in ("Ana", "Obra"))
        self.assertEqual(len(added), 2)
        self.assertEqual(added.company_id, self.company)
        stranger = self.make_salesperson()
        found = self.Partner.with_user(stranger).search([("id", "in", added.ids)])
        self.assertFalse(found)

    def test_one_created_by_a_program_or_from_the_contacts_window_too(self):
        mine = self.make_customer("Otro")
        contacts = self.Partner.create(
            [
                {"name": "Ana", "parent_id": self.customer.id},
                {"name": "Obra", "parent_id": self.customer.id, "type": "delivery"},
                {"name": "Eva", "parent_id": mine.id},
                {"name": "Sola"},
            ]
        )
        contacts |= self.Partner.with_context(
            default_parent_id=self.customer.id
        ).create({"name": "Luz"})
        none = self.env["res.company"]
        self.assertEqual(
            [contact.company_id for contact in contacts],
            [self.company, self.company, none, none, self.company],
        )

    def test_an_imported_one_too(self):
        result = self.Partner.load(
            ["name", "parent_id/.id"], [["Ana", str(self.customer.id)]]
        )
        self.assertEqual(self.Partner.browse(result["ids"]).company_id, self.company)

    def test_a_company_that_is_said_stays(self):
        contact = self.make_contact(self.customer, company_id=False)
        self.assertFalse(contact.company_id)

    def test_a_contact_of_a_supplier_has_none_as_in_odoo(self):
        supplier = self.Partner.create({"name": "P", "company_id": self.company.id})
        self.assertFalse(self.make_contact(supplier).company_id)

    def test_twenty_contacts_ask_for_their_customer_s_company_once(self):
        customer = self.make_customer("Otro", company_id=self.company.id)
        self.env.flush_all()
        self.env.invalidate_all()
        vals_list = [{"name": f"C{n}", "parent_id": customer.id} for n in range(20)]
        with self.assertQueryCount(1):
            self.Partner._complete_company_vals(vals_list, None)
        self.assertEqual(vals_list[-1]["company_id"], self.company.id)

    def test_nobody_links_a_partner_that_they_may_not_read(self):
        """A name in an error, or what is copied, would tell of it."""
        stranger = self.make_salesperson()
        own = self.make_customer("Propio", company_id=self.env.company.id)
        person = self.make_contact(own)
        place = self.make_contact(self.customer, "Secreta", type="delivery")
        for partner, vals in (
            (own, {"parent_id": self.customer.id}),
            (person, {"parent_id": self.customer.id}),
            (person, {"alternative_address_id": place.id}),
            (own, {"insurer_id": self.customer.id}),
        ):
            with self.assertRaises(AccessError) as refusal, self.env.cr.savepoint():
                partner.with_user(stranger).write(vals)
            self.assertNotIn("Secreta", str(refusal.exception))

    def test_nor_by_a_default(self):
        stranger = self.make_salesperson()
        self.make_contact(self.customer, "Secreta", contact_code="C1")
        partners = self.env["res.partner"].with_user(stranger)
        vals = {"name": "X", "company_id": self.env.company.id, "contact_code": "C1"}
        context = {"default_parent_id": self.customer.id}
        with self.assertRaises(AccessError) as refusal, self.env.cr.savepoint():
            partners.with_context(**context).create(vals)
        self.assertNotIn("Secreta", str(refusal.exception))
        partners.env["ir.default"].set(
            "res.partner", "parent_id", self.customer.id, user_id=True
        )
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            partners.create(vals)

    def test_nor_a_service_order_to_their_place(self):
        location = self.make_order(self.customer).location_id
        dispatcher = self.make_user("reparto", "fieldservice.group_fsm_dispatcher")
        with self.assertRaises(AccessError):
            self.env["fsm.order"].with_user(dispatcher).create(
                {"location_id": location.id}
            )
