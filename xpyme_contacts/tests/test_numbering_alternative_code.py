from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CARD, CustomerCase


@tagged("post_install", "-at_install")
class TestAlternativeCode(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Code = cls.env["xpyme.alternative.code"]
        cls.customer = cls.make_customer("Panadería Ñuble", ref="901001")
        cls.other = cls.make_customer("Ferretería Lota", ref="901002")

    def make_code(self, name, customer=None):
        return self.Code.create(
            {"name": name, "partner_id": (customer or self.customer).id}
        )

    def find(self, code, **options):
        return [i for i, _name in self.env["res.partner"].name_search(code, **options)]

    def assertRefused(self, function, error=ValidationError):
        with self.assertRaises(error) as refusal, self.env.cr.savepoint():
            function()
        return str(refusal.exception)

    # === FINDING A CUSTOMER ===#

    def test_customer_is_found_by_any_of_his_codes(self):
        self.customer.alternative_code_ids = [
            Command.create({"name": " 8412345678905 "}),
            Command.create({"name": "Tarjeta-7"}),
        ]
        self.assertEqual(
            set(self.customer.alternative_code_ids.mapped("name")),
            {"8412345678905", "Tarjeta-7"},
        )
        for typed in ("8412345678905", "TARJETA-7", " tarjeta-7 ", "84123", "901001"):
            with self.subTest(typed=typed):
                self.assertEqual(self.find(typed), self.customer.ids)

    def test_the_very_code_comes_first(self):
        """A scanner takes the first one of the list."""
        named = self.make_customer("A 901001 B")
        both = {named.id, *named.contact_ids.ids}
        found = self.find("901001")
        self.assertEqual((found[:1], set(found[1:])), (self.customer.ids, both))
        self.assertEqual(self.find("0901001")[:1], self.customer.ids)
        self.make_code("901001-7", self.other)
        self.assertEqual(self.find("901001-7")[:1], self.other.ids)
        self.assertEqual(self.find("901001", limit=1), self.customer.ids)
        found = {*self.customer.ids, *self.other.ids, *both}
        self.assertEqual(set(self.find("901001")), found)

    def test_the_boxs_own_conditions_hold(self):
        self.make_code("T-1")
        self.assertFalse(self.find("T-1", domain=[("id", "=", self.other.id)]))
        self.customer.active = False
        self.assertFalse(self.find("T-1"))

    def test_the_companys_rule_holds_for_the_very_code(self):
        company = self.env["res.company"].create({"name": "Dos"})
        customer = self.make_customer("Ajena", company_id=company.id)
        self.make_code("T-1", customer)
        partners = self.env["res.partner"].with_user(self.make_salesperson())
        self.assertFalse(partners.name_search("T-1"))
        codes = self.Code.with_user(partners.env.user)
        self.assertFalse(codes.search([("name", "=", "T-1")]))

    def test_quotation_finds_the_customer_by_the_scanned_code(self):
        self.make_code("8412345678905")
        partners = self.env["res.partner"]
        order = Form(self.env["sale.order"].with_user(self.make_salesperson()))
        found = partners.with_user(order._env.user).name_search("8412345678905")
        order.partner_id = partners.browse(found[0][0])
        self.assertEqual(order.save().partner_id, self.customer)

    def test_portal_user_searches_without_an_error(self):
        self.make_code("T-1")
        portal = self.make_user("portal", "base.group_portal")
        self.env["res.partner"].with_user(portal).name_search("T-1")

    def test_contact_is_found_by_his_code(self):
        contact = self.make_contact(self.customer, contact_code="QX7")
        self.assertEqual(self.find("qx7"), contact.ids)

    # === ONE CODE, ONE CUSTOMER ===#

    def test_code_of_another_customer_is_refused_and_he_is_named(self):
        self.make_code("T-1", self.other)
        self.other.barcode = "BAR-1"
        for name in ("t-1", " T-1", "901002", "0901002", "BAR-1"):
            with self.subTest(name=name):
                message = self.assertRefused(lambda n=name: self.make_code(n))
                self.assertIn("Ferretería Lota", message)
        self.assertFalse(self.customer.alternative_code_ids)

    def test_reference_of_another_kind_is_refused(self):
        self.other.ref = False
        old = self.Partner.create({"name": "Viejo", "ref": "ABC"})
        old._increase_rank("customer_rank")
        self.assertIn("Viejo", self.assertRefused(lambda: self.make_code("abc")))

    def test_a_customers_new_code_is_no_others_alternative_one(self):
        self.make_code("77")
        message = self.assertRefused(lambda: self.make_customer(ref="077"))
        self.assertIn("Panadería Ñuble", message)
        self.assertRefused(lambda: self.other.write({"ref": "77"}))
        self.customer.ref = "77"
        self.assertEqual(self.customer.customer_code, 77)

    def test_same_code_twice_for_one_customer(self):
        self.make_code("T-1")
        self.assertRefused(lambda: self.make_code("t-1"))
        two = [Command.create({"name": "T-2"}), Command.create({"name": "t-2"})]
        self.assertRefused(lambda: self.customer.write({"alternative_code_ids": two}))

    def test_a_new_code_is_judged_whatever_codes_it_is_made_from(self):
        """As a one2many of a customer makes it: of none, one or several rows."""
        for number in range(3):
            codes = self.customer.alternative_code_ids
            self.assertEqual(len(codes), number)
            self.assertRefused(
                lambda c=codes: c.create(
                    {"name": "901002", "partner_id": self.customer.id}
                )
            )
            if codes:
                same = {"name": codes[0].name, "partner_id": self.customer.id}
                self.assertRefused(lambda c=codes, v=same: c.create(v))
            codes.create({"name": f"T-{number}", "partner_id": self.customer.id})

    def test_blank_code_is_refused(self):
        for name in (" ", "", False):
            self.assertRefused(lambda n=name: self.make_code(n))

    def test_code_is_judged_when_it_changes(self):
        code = self.make_code("T-1")
        self.make_code("T-2", self.other)
        self.assertRefused(lambda: code.write({"name": "t-2"}))
        code.name = "t-1"
        code.name = "0042"
        self.assertEqual(code.number, 42)

    def test_contacts_code_is_his_customers(self):
        code = self.make_code("T-1", self.customer.contact_ids)
        self.assertEqual(code.partner_id, self.customer)

    def test_two_companies_may_use_the_same_code(self):
        companies = self.env["res.company"].create([{"name": "A"}, {"name": "B"}])
        one, two = (self.make_customer(company_id=c.id) for c in companies)
        both = self.Code.create(
            [{"name": "T-1", "partner_id": partner.id} for partner in (one, two)]
        )
        self.assertEqual(both.company_id, companies)
        self.assertRefused(lambda: self.make_code("T-1"))
        self.assertRefused(lambda: two.write({"company_id": companies[0].id}))
        self.assertRefused(lambda: two.write({"company_id": False}))

    def test_codes_go_with_the_customer(self):
        code = self.make_code("T-1")
        self.assertFalse(self.customer.copy().alternative_code_ids)
        self.customer.unlink()
        self.assertFalse(code.exists())

    # === USERS ===#

    def test_who_may_write_codes(self):
        code = self.make_code("T-1")
        salesperson = self.make_salesperson()
        self.customer.with_user(salesperson).alternative_code_ids = [
            Command.update(code.id, {"name": "T-2"}),
            Command.create({"name": "T-3"}),
        ]
        reader = self.make_user("reader", "base.group_user")
        self.assertEqual(code.with_user(reader).name, "T-2")
        for user in (reader, self.make_technician(["base.group_partner_manager"])):
            codes = self.Code.with_user(user)
            values = {"name": "T-9", "partner_id": self.customer.id}
            self.assertRefused(lambda c=codes, v=values: c.create(v), AccessError)
            for attempt in (
                lambda u=user: code.with_user(u).write({"name": "T-9"}),
                lambda u=user: code.with_user(u).unlink(),
            ):
                self.assertRefused(attempt, AccessError)

    # === MERGING ===#

    def merge(self, partners, into):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            partners.ids, into
        )

    def test_merged_customers_codes_find_the_survivor(self):
        self.make_code("T-1")
        self.make_code("T-2", self.other)
        self.merge(self.customer | self.other, self.customer)
        self.assertEqual(self.customer.ref, "901001")
        self.assertEqual(
            set(self.customer.alternative_code_ids.mapped("name")),
            {"T-1", "T-2", "901002"},
        )
        for code in ("901001", "901002", "T-2"):
            self.assertEqual(self.find(code), self.customer.ids)
        self.assertNotEqual(self.make_customer().ref, "901002")

    def test_any_number_of_codes_is_merged(self):
        for kept in range(3):
            for gone in range(3):
                one, two = self.make_customer("Uno"), self.make_customer("Dos")
                names = {two.ref}
                for customer, number in ((one, kept), (two, gone)):
                    for place in range(number):
                        name = f"{customer.id}-{place}"
                        self.make_code(name, customer)
                        names.add(name)
                self.merge(one | two, one)
                found = one.alternative_code_ids.mapped("name")
                self.assertEqual(sorted(found), sorted(names))

    def test_survivor_without_a_code_takes_one(self):
        third = self.make_customer("Tercera", ref="901003")
        self.customer.ref = False
        self.merge(self.customer | self.other | third, self.customer)
        self.assertEqual(self.customer.customer_code, 901002)
        self.assertEqual(self.customer.alternative_code_ids.name, "901003")

    def test_plain_partner_into_which_a_customer_is_merged(self):
        plain = self.Partner.create({"name": "Sin código"})
        self.merge(plain | self.other, plain)
        self.assertEqual((plain.ref, plain.customer_code), ("901002", 901002))

    def test_code_that_finds_somebody_else_does_not_stop_a_merge(self):
        third = self.make_customer("Tercera", ref="901003", barcode="901002")
        self.merge(self.customer | self.other, self.customer)
        self.assertFalse(self.customer.alternative_code_ids)
        notes = " ".join(self.customer.message_ids.mapped("body"))
        self.assertIn("901002", notes)
        self.assertEqual(third.barcode, "901002")

    def test_contacts_with_the_same_code_meet_in_a_merge(self):
        mine = self.make_contact(self.customer, "Ana", contact_code="01")
        theirs = self.make_contact(self.other, "Eva", contact_code="01")
        own = self.make_contact(self.other, "Luz", contact_code="02")
        self.merge(self.customer | self.other, self.customer)
        self.assertEqual((mine.contact_code, own.contact_code), ("01", "02"))
        self.assertFalse(theirs.contact_code)
        self.assertIn("01", theirs.message_ids[0].body)

    def test_merged_contact_keeps_a_code(self):
        ana = self.make_contact(self.customer, "Ana")
        anna = self.make_contact(self.customer, "Anna", contact_code="01")
        self.merge(ana | anna, ana)
        self.assertEqual(ana.contact_code, "01")

    def test_an_address_that_comes_with_a_merge_is_numbered_anew(self):
        mine = self.make_contact(self.customer, "Obra", type="delivery")
        theirs = self.make_contact(self.other, "Obra vieja", type="delivery")
        self.assertEqual((mine.contact_code, theirs.contact_code), ("1", "1"))
        self.merge(self.customer | self.other, self.customer)
        self.assertEqual((mine.contact_code, theirs.contact_code), ("1", "2"))
        self.assertIn("Obra", theirs.message_ids[0].body)


@tagged("post_install", "-at_install")
class TestContactCode(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.contact = cls.make_contact(cls.customer, "Ana", contact_code=" a1 ")

    def assertRefused(self, function):
        with self.assertRaises(ValidationError) as refusal, self.env.cr.savepoint():
            function()
        return str(refusal.exception)

    def test_is_trimmed(self):
        self.assertEqual(self.contact.contact_code, "a1")
        self.contact.contact_code = "  "
        self.assertFalse(self.contact.contact_code)

    def test_two_contacts_of_a_customer_differ(self):
        message = self.assertRefused(
            lambda: self.make_contact(self.customer, "Eva", contact_code="A1")
        )
        self.assertIn("Ana", message)
        eva = self.make_contact(self.customer, "Eva", contact_code="02")
        self.contact.active = False
        self.assertRefused(lambda: eva.write({"contact_code": "a1"}))
        rows = [Command.create({"name": n, "contact_code": "03"}) for n in "XY"]
        self.assertRefused(lambda: self.customer.write({"child_ids": rows}))
        self.assertRefused(lambda: self.make_customer(child_ids=rows))

    def test_addresses_are_numbered_apart(self):
        values = {"contact_code": "a1", "type": "delivery"}
        address = self.make_contact(self.customer, "Bodega", **values)
        self.assertRefused(
            lambda: self.make_contact(
                self.customer, "Fábrica", contact_code="A1", type="other"
            )
        )
        self.assertRefused(lambda: address.write({"type": "contact"}))

    def test_code_of_an_address_is_typed_where_it_is_shown(self):
        user = self.make_salesperson()
        with Form(self.customer.with_user(user), CARD) as form:
            with form.address_ids.new() as address:
                address.name, address.contact_code = "Bodega", "B1"
        address = self.customer.address_ids
        self.assertEqual((address.type, address.contact_code), ("delivery", "B1"))
        with Form(self.customer.with_user(user), CARD) as form:
            with form.address_ids.edit(0) as line:
                line.contact_code = "B2"
        self.assertEqual(address.contact_code, "B2")

    def test_an_address_without_a_code_has_the_first_number_free(self):
        self.make_contact(self.customer, "Ana", contact_code="1")
        rows = [
            Command.create({"name": name, "type": "delivery", "contact_code": code})
            for name, code in (("Norte", False), ("Sur", "1"), ("Este", False))
        ]
        self.customer.write({"child_ids": rows})
        west = self.make_contact(self.customer, "Oeste", type="invoice")
        addresses = self.customer.address_ids.sorted("id")
        self.assertEqual(addresses.mapped("contact_code"), ["2", "1", "3", "4"])
        addresses[0].contact_code = False
        self.assertFalse(addresses[0].contact_code)
        supplier = self.Partner.create({"name": "Proveedor", "supplier_rank": 1})
        for other in (
            self.make_contact(supplier, "Almacén", type="delivery"),
            self.make_contact(self.customer, "Eva"),
        ):
            self.assertFalse(other.contact_code)
        west.unlink()
        self.customer.document_email = "doc@example.com"
        mailbox = self.Partner.search([("is_document_mailbox", "=", True)])
        self.assertFalse(mailbox.contact_code)

    def test_an_address_is_of_a_kind_that_a_document_goes_to(self):
        arch = etree.fromstring(self.customer.get_view(self.env.ref(CARD).id)["arch"])
        (kind,) = arch.xpath(
            "//field[@name='address_ids']/form//field[@name='type']/@options"
        )
        offered = safe_eval(kind)["whitelisted_values"]
        self.assertEqual(offered, ["invoice", "delivery", "other"])

    def test_customers_may_use_the_same_code(self):
        other = self.make_customer("Otra")
        eva = self.make_contact(other, "Eva", contact_code="a1")
        self.assertRefused(lambda: eva.write({"parent_id": self.customer.id}))

    def test_too_long_a_code_is_refused_not_cut_off(self):
        self.assertRefused(lambda: self.contact.write({"contact_code": "1234567"}))
        self.contact.contact_code = "123456"

    def test_copy_has_none(self):
        self.assertFalse(self.contact.copy().contact_code)
