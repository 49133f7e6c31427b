from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ADDRESS, CARD, CustomerCase


@tagged("post_install", "-at_install")
class TestFirstContact(CustomerCase):
    def test_blank_contact_is_copied_from_the_customer(self):
        customer = self.make_customer()
        contact = customer.contact_ids
        self.assertEqual(len(contact), 1)
        self.assertEqual(contact.name, "ACME S.A.")
        self.assertEqual(contact.phone, "41 290 97 25")
        self.assertEqual(contact.email, "acme@example.com")
        self.assertAddress(contact, ADDRESS)
        self.assertEqual(contact.type, "contact")
        self.assertFalse(contact.is_company)
        self.assertEqual(contact.customer_rank, 0)
        self.assertTrue(contact.is_mirror_contact)

    def test_each_blank_is_filled_on_its_own(self):
        customer = self.make_customer(contact_name="Ana Soto", contact_function="Jefa")
        contact = customer.contact_ids
        self.assertEqual(
            (contact.name, contact.function, contact.phone),
            ("Ana Soto", "Jefa", "41 290 97 25"),
        )

    def test_contact_with_a_name_of_his_own_gets_neither_email_nor_address(self):
        contact = self.make_customer(contact_name="Ana Soto").contact_ids
        self.assertFalse(contact.email)
        self.assertFalse(contact.street or contact.city or contact.country_id)

    def test_typed_phone_and_position_alone_go_to_the_mirror(self):
        contact = self.make_customer(
            contact_phone="555", contact_function="Dueña"
        ).contact_ids
        self.assertEqual(
            (contact.name, contact.phone, contact.function),
            ("ACME S.A.", "555", "Dueña"),
        )
        self.assertEqual(contact.email, "acme@example.com")

    def test_blank_typed_name_counts_as_empty(self):
        contact = self.make_customer(contact_name="   ").contact_ids
        self.assertEqual(contact.name, "ACME S.A.")

    def test_batch_creation_makes_one_contact_each(self):
        customers = self.Partner.create(
            [{"name": f"Cliente {i}", "customer_flag": True} for i in range(7)]
        )
        self.assertEqual(customers.mapped("contact_count"), [1] * 7)
        self.assertEqual(customers.contact_ids.mapped("name"), customers.mapped("name"))

    def test_creation_of_contacts_takes_no_query_per_customer(self):
        def make_cards(names):
            self.Partner.create([{"name": n, "customer_flag": True} for n in names])

        def make_stock(names):
            parents = self.Partner.create([{"name": n} for n in names])
            self.Partner.create([{"name": p.name, "parent_id": p.id} for p in parents])

        def count(make, number):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            make([f"C{i}" for i in range(number)])
            self.env.flush_all()
            return self.cr.sql_log_count - before

        for make in (make_cards, make_stock):
            count(make, 1)
        self.assertLessEqual(
            count(make_cards, 30) - count(make_cards, 10),
            count(make_stock, 30) - count(make_stock, 10),
        )

    def test_name_create_in_the_customers_screen(self):
        partners = self.env["res.partner"].with_context(
            res_partner_search_mode="customer", default_is_company=True
        )
        customer = self.Partner.browse(partners.name_create("Nueva Ltda.")[0])
        self.assertTrue(customer.is_customer_card)
        self.assertEqual(customer.contact_ids.name, "Nueva Ltda.")
        self.assertFalse(customer.contact_ids.is_company)
        self.assertEqual(customer.contact_ids.customer_rank, 0)

    def test_form_of_the_customers_screen(self):
        partners = self.env["res.partner"].with_context(
            res_partner_search_mode="customer",
            default_is_company=True,
            default_customer_flag=True,
        )
        with Form(partners, CARD) as form:
            form.name = "Panadería Ñuble"
            form.phone = "42 222 33 44"
            form.contact_function = "Panadera"
        contact = form.record.contact_ids
        self.assertEqual(
            (contact.name, contact.phone, contact.function),
            ("Panadería Ñuble", form.record.phone, "Panadera"),
        )

    def test_duplicate_is_a_customer_with_a_contact_of_its_own(self):
        copy = self.make_customer(customer_rank=3).copy()
        self.assertEqual(copy.customer_rank, 3)
        self.assertEqual(copy.contact_ids.name, copy.name)

    def test_given_contact_is_enough(self):
        customer = self.make_customer(
            child_ids=[Command.create({"name": "Ana", "type": "contact"})]
        )
        self.assertEqual(customer.contact_ids.name, "Ana")

    def test_typed_contact_goes_before_the_given_ones(self):
        customer = self.make_customer(
            contact_name="Luis",
            child_ids=[Command.create({"name": "Ana", "type": "contact"})],
        )
        self.assertEqual(customer.contact_name, "Luis")
        self.assertEqual(set(customer.contact_ids.mapped("name")), {"Ana", "Luis"})

    def test_typed_contact_who_is_in_the_list_is_not_doubled(self):
        customer = self.make_customer(
            contact_name="ana ",
            contact_phone="555",
            child_ids=[Command.create({"name": "Ana", "type": "contact"})],
        )
        self.assertEqual(customer.contact_ids.mapped("phone"), ["555"])

    def test_given_address_is_no_contact(self):
        customer = self.make_customer(
            child_ids=[Command.create({"name": "Bodega", "type": "delivery"})]
        )
        self.assertEqual(customer.contact_ids.name, "ACME S.A.")

    def test_others_get_no_contact(self):
        supplier = self.Partner.create({"name": "Proveedor", "supplier_rank": 1})
        plain = self.Partner.create({"name": "Alguien"})
        user = self.env["res.users"].create(
            {"name": "Usuaria", "login": "usuaria", "customer_rank": 1}
        )
        company = (
            self.env["res.company"]
            .with_context(res_partner_search_mode="customer")
            .create({"name": "Otra empresa"})
        )
        location = self.env["fsm.location"].create(
            {"name": "Lugar", "customer_flag": True}
        )
        address = self.Partner.create(
            {"name": "Dirección", "type": "invoice", "customer_flag": True}
        )
        for partner in (
            supplier,
            plain,
            user.partner_id,
            company.partner_id,
            location.partner_id,
            address,
        ):
            self.assertFalse(partner.contact_ids, partner.name)

    def test_a_rank_makes_no_card_of_users_companies_and_locations(self):
        location = self.env["fsm.location"].create({"name": "Lugar"}).partner_id
        location.type = "contact"
        for partner in (
            self.make_salesperson().partner_id,
            self.env["res.company"].create({"name": "Otra"}).partner_id,
            location,
        ):
            partner.customer_rank = 1
            self.assertFalse(partner.is_customer_card, partner.name)

    def test_rank_reached_later_makes_a_card_without_contact(self):
        partner = self.Partner.create({"name": "Del mostrador", "is_company": True})
        self.assertFalse(partner.is_customer_card)
        partner._increase_rank("customer_rank")
        self.assertTrue(partner.is_customer_card)
        self.assertFalse(partner.contact_ids)

    def test_unticking_the_flag_changes_no_rule(self):
        customer = self.make_customer()
        customer.customer_flag = False
        self.assertTrue(customer.is_customer_card)
        customer.email = "nuevo@example.com"
        self.assertEqual(customer.contact_ids.email, "nuevo@example.com")

    def test_failure_of_the_contact_rolls_the_customer_back(self):
        before = self.Partner.search_count([])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.make_customer(vat=self.BAD_RUT)
        self.assertEqual(self.Partner.search_count([]), before)

    def test_he_has_what_core_would_write_on_him(self):
        """As a contact has who is made by hand below the same customer."""
        for follows in (False, True):
            self.env.company.contacts_follow_address = follows
            customer = self.make_customer(
                contact_name="Ana",
                vat=self.RUT,
                lang=self.env.user.lang,
                trade_name="La Ferretera",
                industry_id=self.env["res.partner.industry"].search([], limit=1).id,
                property_payment_term_id=self.env["account.payment.term"]
                .search([], limit=1)
                .id,
            )
            ana, luis = customer.contact_ids, self.make_contact(customer, "Luis")
            given = customer._commercial_fields()
            self.assertTrue(all(customer[name] for name in ("vat", "industry_id")))
            for name in (*given, *customer._address_fields(), "lang", "company_id"):
                self.assertEqual(ana[name], luis[name], name)
            self.assertEqual(ana.street, follows and customer.street)

    def test_one_made_later_has_the_terms_of_all_companies(self):
        other = self.env["res.company"].create({"name": "Otra"})
        terms = self.env["account.payment.term"].search([], limit=2)
        customer = self.make_customer(property_payment_term_id=terms[0].id)
        customer.contact_ids.unlink()
        customer.with_company(other).property_payment_term_id = terms[1]
        customer.contact_name = "Ana"
        contact = customer.contact_ids
        self.assertEqual(contact.property_payment_term_id, terms[0])
        in_other = contact.with_company(other)
        self.assertEqual(in_other.property_payment_term_id, terms[1])

    def test_those_made_later_cost_no_statement_each(self):
        self.env["res.company"].create({"name": "Otra"})

        def count_statements(number):
            customers = self.Partner.create(
                [{"name": f"C{n}", "customer_rank": 1} for n in range(number)]
            )
            customers.contact_ids.unlink()
            self.env.flush_all()
            before = self.cr.sql_log_count
            customers._add_first_contacts({customer: {} for customer in customers})
            self.env.flush_all()
            return self.cr.sql_log_count - before

        self.assertLess(count_statements(30), count_statements(5) + 5)

    def test_a_salesperson_makes_one_whose_terms_they_may_not_read(self):
        field = self.env.registry["res.partner"].property_payment_term_id
        self.patch(field, "groups", "account.group_account_manager")
        term = self.env["account.payment.term"].search([], limit=1)
        customer = self.make_customer(property_payment_term_id=term.id)
        customer.contact_ids.unlink()
        seller = self.make_salesperson()
        customer.with_user(seller).contact_name = "Ana"
        self.assertEqual(customer.contact_ids.property_payment_term_id, term)

    def test_his_maker_s_own_defaults_are_no_superuser_s(self):
        elsewhere = self.env["res.company"].create({"name": "Otra"})
        unseen = self.make_customer("Ajeno", company_id=elsewhere.id)
        maker = self.make_user("maker", "base.group_user,base.group_partner_manager")
        defaults = self.env["ir.default"].with_user(maker)
        field = self.env.registry["res.partner"].alternative_address_id
        self.assertIn(field.name, self.Partner._get_partner_links())
        defaults.set("res.partner", field.name, unseen.id, user_id=True)
        customers = self.Partner.with_user(maker)
        with self.assertRaises(AccessError), self.cr.savepoint():
            customers.create({"name": "A", "customer_flag": True, field.name: False})

    def test_a_natural_person_s_contact_has_the_parts_of_his_name(self):
        kind = self.env["xpyme.customer.type"].create(
            {"code": "NP", "name": "Particular", "is_natural_person": True}
        )
        customer = self.make_customer(
            "Ana Soto", customer_type_id=kind.id, contact_name="Luis Gil Paz"
        )
        contact = customer.contact_ids
        self.assertEqual((contact.given_name, contact.surname), ("Luis", "Gil"))
        contact.surname = "Vega"
        self.assertEqual(contact.name, "Luis Vega Paz")

    def test_what_a_context_says_of_him_is_stored_text(self):
        cards = self.Partner.with_context(
            default_contact_name="A\x00b", default_contact_phone="5\x005"
        )
        contact = cards.create({"name": "N", "customer_flag": True}).contact_ids
        self.assertEqual((contact.name, contact.phone), ("Ab", "55"))
        self.assertTrue(self.make_customer(contact_name=True).contact_ids)

    def test_a_name_of_what_cannot_be_stored_is_blank(self):
        for blank in ("\x00", " \ud800 "):
            customer = self.make_customer(contact_name=blank, contact_phone=blank)
            contact = customer.contact_ids
            self.assertEqual(contact.name, customer.name)
            self.assertEqual(contact.phone, customer.phone)
        self.assertEqual(
            self.make_customer(contact_name="\x00 Ana").contact_name, "Ana"
        )
        self.assertEqual(self.make_customer(contact_phone=0).contact_phone, "0")

    def test_whoever_may_make_no_contact_makes_none_on_the_card(self):
        customer = self.make_customer()
        customer.contact_ids.unlink()
        seller = self.make_salesperson()
        access = self.env["ir.model.access"].search(
            [("model_id.model", "=", "res.partner"), ("perm_create", "=", True)]
        )
        access.perm_create = False
        with self.assertRaises(AccessError), self.cr.savepoint():
            customer.with_user(seller).contact_name = "Ana"

    # --- the card's contact fields afterwards

    def test_card_shows_and_writes_the_first_of_the_grid(self):
        customer = self.make_customer()
        ana = self.make_contact(customer, "Ana")
        self.assertEqual(customer.contact_name, "ACME S.A.")
        (ana | customer.contact_ids).web_resequence({}, "contact_sequence")
        self.assertEqual(customer.contact_name, "Ana")
        customer.write({"contact_phone": "555", "contact_function": "Jefa"})
        self.assertEqual((ana.phone, ana.function), ("555", "Jefa"))

    def test_column_of_the_main_contact_takes_no_query_per_customer(self):
        customers = self.Partner.create(
            [{"name": f"Cliente {i}", "customer_flag": True} for i in range(20)]
        ).with_user(self.make_salesperson())

        def read(number):
            self.env.flush_all()
            self.env.invalidate_all()
            return customers[:number].read(["contact_name", "contact_phone"])

        read(2)  # The user's rights are kept once they are known.
        for number in (2, 20):
            # One is for the user's own row, which every request reads.
            with self.assertQueryCount(5):
                self.assertEqual(len(read(number)), number)

    def test_clearing_the_name_on_the_card_keeps_it(self):
        customer = self.make_customer()
        customer.contact_name = False
        self.assertEqual(customer.contact_ids.name, "ACME S.A.")

    def test_typing_a_contact_on_a_card_without_any_makes_him(self):
        customer = self.make_customer()
        customer.contact_ids.unlink()
        self.assertFalse(customer.contact_name)
        customer.contact_name = "Ana"
        self.assertEqual(customer.contact_ids.name, "Ana")

    def test_deleted_mirror_is_not_made_again(self):
        customer = self.make_customer()
        customer.contact_ids.unlink()
        customer.write({"email": "otro@example.com", "name": "ACME Dos"})
        self.assertFalse(customer.contact_ids)

    def test_phone_never_follows(self):
        customer = self.make_customer()
        customer.phone = "999"
        self.assertEqual(customer.contact_ids.phone, "41 290 97 25")
        customer.write({"phone": "111", "contact_phone": "222"})
        self.assertEqual((customer.phone, customer.contact_ids.phone), ("111", "222"))

    def test_salesperson_without_more_rights_creates_customers(self):
        customer = self.make_customer().with_user(self.make_salesperson()).copy()
        self.assertTrue(customer.contact_ids.is_mirror_contact)

    def test_a_typed_phone_leaves_the_rest_of_whoever_comes_first(self):
        """By another order, without the former one, and changed in the same breath."""
        for name, change, expected in (
            (
                "second first",
                lambda a, b: Command.update(b, {"contact_sequence": 0}),
                "Bea b",
            ),
            ("archived", lambda a, b: Command.update(a, {"active": False}), "Bea b"),
            ("deleted", lambda a, b: Command.delete(a), "Bea b"),
            ("changed", lambda a, b: Command.update(a, {"function": "x"}), "Ana x"),
        ):
            with self.subTest(change=name):
                customer = self.make_customer(
                    name,
                    contact_ids=[
                        Command.create(
                            {"name": "Ana", "function": "a", "contact_sequence": 1}
                        ),
                        Command.create(
                            {"name": "Bea", "function": "b", "contact_sequence": 2}
                        ),
                    ],
                )
                ana, bea = customer.contact_ids._sorted_as_shown()
                self.env.invalidate_all()
                command = change(ana.id, bea.id)
                customer.write({"contact_ids": [command], "contact_phone": "99"})
                first = customer._get_first_contact()
                self.assertEqual(f"{first.name} {first.function}", expected)
                self.assertEqual(first.phone, "99")
                self.assertEqual(bea.name, "Bea")

    def test_the_main_contact_of_an_archived_customer_is_still_theirs(self):
        customer = self.make_customer()
        mirror = customer.contact_ids
        customer.action_archive()
        customer.contact_phone = "55"
        customer.write({"contact_phone": "56", "contact_function": "Jefa"})
        everybody = customer.with_context(active_test=False).contact_ids
        self.assertEqual(everybody, mirror)
        self.assertEqual((mirror.phone, mirror.function), ("56", "Jefa"))
        customer.action_unarchive()
        self.assertEqual(customer.contact_ids, mirror)

    def test_a_named_contact_of_a_customer_made_archived_is_there_when_they_return(
        self,
    ):
        customer = self.make_customer(active=False, contact_name="Ana")
        mirrored = self.make_customer(active=False)
        (customer | mirrored).action_unarchive()
        self.assertEqual(customer.contact_name, "Ana")
        self.assertTrue(mirrored.contact_ids.is_mirror_contact)

    def test_blanks_are_no_phone(self):
        customer = self.make_customer(contact_name="Ana", contact_phone="5")
        customer.contact_phone = "   "
        self.assertFalse(customer.contact_ids.phone)

    def test_what_is_typed_beats_a_default_of_the_main_contact(self):
        partners = self.Partner.with_context(
            default_contact_name="Zoe", default_contact_phone="1"
        )
        typed, blank, none = partners.create(
            [
                {"name": "A", "customer_rank": 1, "contact_name": "Ana"},
                {"name": "B", "customer_rank": 1, "contact_name": False},
                {"name": "C", "customer_rank": 1},
            ]
        )
        self.assertEqual(typed.contact_ids.mapped("name"), ["Ana"])
        self.assertEqual(blank.contact_ids.mapped("name"), ["B"])
        self.assertEqual(none.contact_ids.mapped("name"), ["Zoe"])
        self.assertEqual((typed | blank | none).contact_ids.mapped("phone"), ["1"] * 3)

    def test_main_contacts_of_many_are_written_together(self):
        few, many = (
            self.Partner.concat(*(self.make_customer(f"{n} {i}") for i in range(n)))
            for n in (2, 20)
        )
        spent = []
        for customers in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            customers.write({"contact_phone": "55"})
            self.env.flush_all()
            spent.append(self.cr.sql_log_count - before)
            self.assertEqual(set(customers.contact_ids.mapped("phone")), {"55"})
        self.assertLessEqual(spent[1], spent[0] + 3)

    def test_missing_contacts_are_created_for_the_customers_chosen(self):
        with_contact = self.make_customer("Con contacto")
        without = self.make_customer("Sin contacto")
        without.contact_ids.unlink()
        supplier = self.Partner.create({"name": "Proveedor"})
        wizard = (
            self.env["xpyme.contact.creation"]
            .with_context(
                active_ids=(with_contact | without | supplier).ids,
                active_model="res.partner",
            )
            .create({})
        )
        self.assertEqual(wizard.line_ids.partner_id, without)
        self.assertEqual(wizard.skipped_count, 2)
        wizard.action_create()
        self.assertEqual(without.contact_ids.name, "Sin contacto")
        self.assertEqual(with_contact.contact_count, 1)
        self.assertFalse(supplier.contact_ids)

    def test_who_is_no_customer_gets_no_contact_by_a_line_of_theirs(self):
        supplier = self.Partner.create({"name": "Proveedor"})
        line = Command.create({"partner_id": supplier.id})
        wizard = self.env["xpyme.contact.creation"].create({"line_ids": [line]})
        wizard.action_create()
        self.assertFalse(supplier.contact_ids)
