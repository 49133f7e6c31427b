from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestChangeCode(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Panadería Ñuble", ref="901010")
        cls.other = cls.make_customer("Ferretería Lota", ref="901020")

    def change(self, partner, new_code, user=None, **vals):
        wizards = self.env["xpyme.change.code"].with_user(user or self.env.user)
        vals = {"partner_id": partner.id, "new_code": new_code, **vals}
        return wizards.create(vals).action_apply()

    def assertRefused(self, partner, new_code, error=ValidationError, **options):
        before = (partner.ref, partner.contact_code, len(partner.message_ids))
        with self.assertRaises(error) as refusal, self.env.cr.savepoint():
            self.change(partner, new_code, **options)
        partner.invalidate_recordset()
        after = (partner.ref, partner.contact_code, len(partner.message_ids))
        self.assertEqual(after, before)
        return str(refusal.exception)

    # === PROPOSALS ===#

    def propose(self, partner):
        wizards = self.env["xpyme.change.code"].with_context(
            active_model="res.partner", active_id=partner.id
        )
        return wizards.default_get(["partner_id", "new_code"])["new_code"]

    def test_next_free_code_is_proposed(self):
        free = self.env["xpyme.code.register"]._propose(False)
        self.assertEqual(self.propose(self.customer), free)
        contact = self.make_contact(self.customer, "Ana", contact_code="1")
        address = self.make_contact(
            self.customer, "Bodega", type="delivery", contact_code="2"
        )
        self.assertEqual(self.propose(contact), "2")
        self.assertEqual(self.propose(address), "1")

    # === CUSTOMERS ===#

    def test_code_is_changed_and_told(self):
        self.change(self.customer, " 00901030 ")
        self.assertEqual(self.customer.customer_code, 901030)
        self.assertEqual(self.customer.ref, "901030")
        self.assertIn("901010 → 901030", self.customer.message_ids[0].body)
        self.assertFalse(self.customer.alternative_code_ids)

    def test_documents_are_found_by_the_new_code(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        self.change(self.customer, "901030")
        orders = self.env["sale.order"]
        self.assertEqual(orders.search([("partner_id", "=", "901030")]), order)
        self.assertFalse(orders.search([("partner_id", "=", "901010")]))

    def test_current_code_is_kept_as_alternative_one_on_request(self):
        self.change(self.customer, "901030", keep_as_alternative=True)
        self.assertEqual(self.customer.alternative_code_ids.name, "901010")
        self.assertRefused(self.other, "901010")
        self.change(self.customer, "901010", keep_as_alternative=True)
        self.assertEqual(self.customer.ref, "901010")
        self.assertEqual(self.customer.alternative_code_ids.name, "901030")

    def test_current_code_is_kept_beside_any_number_of_others(self):
        for number in range(3):
            codes = [f"T-{number}-{place}" for place in range(number)]
            customer = self.make_customer(
                alternative_code_ids=[Command.create({"name": name}) for name in codes]
            )
            codes.append(customer.ref)
            self.change(customer, f"90104{number}", keep_as_alternative=True)
            kept = customer.alternative_code_ids.mapped("name")
            self.assertEqual(sorted(kept), sorted(codes))

    def test_bad_codes_change_nothing(self):
        for code in ("12a", "0", "-3", "1000000", " "):
            with self.subTest(code=code):
                self.assertRefused(self.customer, code, keep_as_alternative=True)
        self.assertFalse(self.customer.alternative_code_ids)

    def test_code_of_another_customer_changes_nothing(self):
        message = self.assertRefused(self.customer, "901020", keep_as_alternative=True)
        self.assertIn("Ferretería Lota", message)
        self.assertFalse(self.customer.alternative_code_ids)

    def test_same_code_is_told(self):
        self.assertRefused(self.customer, "0901010", UserError)

    def test_supplier_has_no_customer_code(self):
        supplier = self.Partner.create({"name": "P", "ref": "X"})
        self.assertRefused(supplier, "901030", UserError)

    def test_duplicate_from_before_may_get_its_code_when_it_is_free(self):
        old = self.Partner.create({"name": "Viejo", "ref": "901020"})
        old._increase_rank("customer_rank")
        self.assertRefused(old, "901020")
        self.other.unlink()
        self.change(old, "901020")
        self.assertEqual(old.customer_code, 901020)

    # === CONTACTS AND ADDRESSES ===#

    def test_code_of_an_address_is_changed_and_told_on_the_customer(self):
        address = self.make_contact(
            self.customer, "Bodega", type="delivery", contact_code="01"
        )
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "partner_shipping_id": address.id}
        )
        self.change(address, "02")
        self.assertEqual(order.partner_shipping_id.contact_code, "02")
        note = self.customer.message_ids[0].body
        self.assertIn("Bodega", note)
        self.assertIn("01 → 02", note)

    def test_bad_contact_codes_change_nothing(self):
        contact = self.make_contact(self.customer, "Ana", contact_code="01")
        self.make_contact(self.customer, "Eva", contact_code="02")
        for code in ("02", " ", "1234567"):
            with self.subTest(code=code):
                self.assertRefused(contact, code)
        self.assertRefused(contact, "01", UserError)

    # === USERS ===#

    def test_salesperson_changes_a_code_in_the_dialog(self):
        salesperson = self.make_salesperson()
        wizards = self.env["xpyme.change.code"].with_user(salesperson)
        context = {"active_model": "res.partner", "active_id": self.customer.id}
        with Form(wizards.with_context(**context)) as form:
            self.assertEqual(form.current_code, "901010")
            form.new_code = "901030"
            form.keep_as_alternative = True
        form.record.action_apply()
        self.assertEqual(self.customer.ref, "901030")
        self.assertEqual(self.customer.alternative_code_ids.name, "901010")

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_only_who_manages_contacts_may_change_codes(self):
        reader = self.make_user("reader", "sales_team.group_sale_salesman")
        technician = self.make_technician(["base.group_partner_manager"])
        for user in (reader, technician):
            self.assertRefused(self.customer, "901030", AccessError, user=user)
