from ast import literal_eval
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CARD, CustomerCase


@tagged("post_install", "-at_install")
class TestCustomerFile(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        types = cls.env["xpyme.customer.type"]
        cls.person = types.create(
            {"code": "P", "name": "Particular", "is_natural_person": True}
        )
        cls.firm = types.create({"code": "E", "name": "Empresa"})

    # --- names

    def test_three_parts_make_the_name(self):
        customer = self.make_customer(
            "x",
            customer_type_id=self.person.id,
            given_name="Ana",
            surname="García",
            second_surname="López",
        )
        self.assertEqual(customer.name, "Ana García López")
        customer.second_surname = False
        self.assertEqual(customer.name, "Ana García")

    def test_name_typed_whole_is_split(self):
        customer = self.make_customer(
            "Ana María García López", customer_type_id=self.person.id
        )
        self.assertEqual(
            (customer.given_name, customer.surname, customer.second_surname),
            ("Ana María", "García", "López"),
        )
        customer.name = "Eva Ruiz"
        self.assertEqual((customer.given_name, customer.surname), ("Eva", "Ruiz"))
        self.assertFalse(customer.second_surname)

    def test_no_natural_person_has_no_surnames_and_keeps_his_name(self):
        customer = self.make_customer(
            "Ana García López", customer_type_id=self.person.id
        )
        customer.customer_type_id = self.firm
        self.assertEqual(customer.name, "Ana García López")
        self.assertFalse(customer.given_name or customer.surname)

    def test_surname_without_such_a_type_is_none_by_any_way(self):
        firm = self.make_customer("ACME", surname="García")
        self.assertFalse(firm.surname)
        firm.write({"given_name": "Ana", "second_surname": "López"})
        self.assertFalse(firm.given_name or firm.second_surname)
        self.assertEqual(firm.name, "ACME")

    def test_many_made_natural_persons_get_each_his_parts(self):
        customers = self.make_customer("Ana Ruiz") | self.make_customer("Eva Soto")
        customers.write({"customer_type_id": self.person.id})
        self.assertEqual(customers.mapped("surname"), ["Ruiz", "Soto"])

    def test_parts_and_type_reach_the_mirror_by_name(self):
        customer = self.make_customer(
            "Ana García López", customer_type_id=self.person.id
        )
        customer.surname = "Gil"
        self.assertEqual(customer.name, "Ana Gil López")

    def test_blank_name_is_refused_and_spaces_are_cut(self):
        self.assertEqual(self.make_customer("  ACME ").name, "ACME")
        for name in ("   ", "\u00a0"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.make_customer(name)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.make_contact(self.make_customer(), " ")

    def test_name_of_no_customer_is_as_odoo_keeps_it(self):
        supplier = self.Partner.create({"name": " Prov "})
        self.assertEqual(supplier.name, " Prov ")
        for name in (" ", ""):
            supplier.name = name
            self.assertEqual(supplier.name, name)
        self.assertFalse(self.Partner.browse(self.Partner.name_create(" ")[0]).name)

    def test_those_through_whom_a_partner_is_made_say_nothing_of_it(self):
        cards = self.make_customer() | self.make_customer("Otra")
        other = cards.create({"name": " Prov ", "vat": " 1 ", "zip": "08500"})
        self.assertEqual((other.name, other.registration_date), (" Prov ", False))
        self.assertTrue(cards.create({"name": "C", "customer_flag": True}).ref)

    def test_trade_name_finds_the_customer_in_a_quotation(self):
        customer = self.make_customer("Comercial Soto", trade_name="La Esquina")
        partners = self.Partner.with_user(self.make_salesperson())
        found = partners.name_search("esquina")
        self.assertEqual(found[0], (customer.id, "Comercial Soto"))

    def test_type_shows_the_two_surnames_in_the_form(self):
        with Form(self.make_customer("Ana García López"), CARD) as form:
            fields = ("given_name", "surname", "second_surname")
            shown = [form._get_modifier(fname, "invisible") for fname in fields]
            self.assertEqual(shown, [True] * 3)
            form.customer_type_id = self.person
            shown = [form._get_modifier(fname, "invisible") for fname in fields]
            self.assertEqual(shown, [False] * 3)
            self.assertEqual(form.second_surname, "López")
            form.surname = "Gil"
            self.assertEqual(form.name, "Ana Gil López")

    def test_import_makes_names_and_refuses_blank_ones(self):
        fields = ["name", "customer_rank", "customer_type_id/.id", "surname"]
        kind = str(self.person.id)
        result = self.Partner.load(fields, [["Ana Ruiz", "1", kind, "Soto"]])
        self.assertEqual(self.Partner.browse(result["ids"]).name, "Soto")
        result = self.Partner.load(fields, [["   ", "1", "", ""]])
        self.assertFalse(result["ids"])

    def test_used_type_is_not_deleted(self):
        self.make_customer(customer_type_id=self.firm.id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.firm.unlink()

    def test_contacts_share_type_route_and_region(self):
        route = self.env["xpyme.customer.route"].create({"name": "Norte"})
        customer = self.make_customer(customer_type_id=self.firm.id)
        customer.customer_route_id = route
        contact = self.make_contact(customer)
        self.assertEqual(contact.customer_type_id, self.firm)
        self.assertEqual(contact.customer_route_id, route)

    # --- telephones

    def test_every_telephone_is_saved_and_searched(self):
        customer = self.make_customer(
            phone="+56 41 290 9725", phone2="+56 41 222 3344", mobile="+56 9 8765 4321"
        )
        customer.fax = "+56 41 290 9700"
        self.assertEqual(customer._phone_get_number_fields()[0], "mobile")
        for digits in ("2909725", "2223344", "87654321"):
            found = self.Partner.search([("phone_mobile_search", "ilike", digits)])
            self.assertIn(customer, found, digits)

    # --- marks

    def test_marks_filter_and_do_nothing_else(self):
        customer = self.make_customer(is_company=False)
        for mark in (
            "proposal",
            "warranty",
            "special",
            "company",
            "maintenance",
            "paid",
        ):
            fname = f"flag_{mark}"
            customer[fname] = True
            self.assertEqual(self.Partner.search([(fname, "=", True)]), customer)
        self.assertFalse(customer.is_company)
        customer.customer_flag = False
        self.assertTrue(customer.is_customer_card)
        customer.write({"service_price": 10.5, "service_date": "2026-01-02"})
        self.assertEqual(customer.service_price, 10.5)

    def test_customers_are_grouped_by_type_route_region_and_representative(self):
        region = self.env["res.region"].create({"name": "Norte"})
        self.make_customer(sales_region_id=region.id, customer_type_id=self.firm.id)
        for fname in (
            "customer_type_id",
            "customer_route_id",
            "sales_region_id",
            "user_id",
        ):
            groups = self.Partner.web_read_group(
                [("customer_rank", ">", 0)], [fname], ["__count"]
            )["groups"]
            self.assertTrue(groups, fname)
        self.assertEqual(
            self.get_mirror(
                self.make_customer(sales_region_id=region.id)
            ).sales_region_id,
            region,
        )

    def test_regions_are_kept_by_who_manages_sales(self):
        manager = self.make_user("manager", "sales_team.group_sale_manager")
        action = self.env.ref("xpyme_contacts.xpyme_sales_region_action")
        menu = self.env["ir.ui.menu"].search([("action", "=like", f"%,{action.id}")])
        self.assertIn(menu.id, menu.with_user(manager)._visible_menu_ids())
        regions = self.env[action.res_model].with_user(manager)
        self.assertEqual(regions._name, self.Partner.sales_region_id._name)
        views = regions.get_views(action.views)["views"]
        self.assertIn('editable="bottom"', views["list"]["arch"])
        self.make_customer(sales_region_id=regions.create({"name": "Norte"}).id)

    # --- other data

    def test_a_companys_own_fields_are_filled_searched_and_grouped(self):
        definition = self.env[
            "properties.base.definition"
        ]._get_definition_for_property_field("res.partner", "properties")
        definition.properties_definition = [
            {"name": "c0102030405060708", "type": "char", "string": "Color"}
        ]
        customer = self.make_customer().with_user(self.make_salesperson())
        customer.properties = {"c0102030405060708": "Rojo"}
        found = customer.search([("properties.c0102030405060708", "=", "Rojo")])
        self.assertEqual(found.ids, customer.ids)
        action = customer.action_open_other_data()
        view = customer.get_view(action["views"][0][0])
        self.assertIn('name="properties"', view["arch"])

    # --- dates

    def test_registered_today_unless_typed(self):
        self.assertEqual(self.make_customer().registration_date, date.today())
        old = self.make_customer(registration_date="2004-01-02")
        self.assertEqual(old.registration_date, date(2004, 1, 2))
        self.assertFalse(self.Partner.create({"name": "Otro"}).registration_date)
        left = self.make_customer(deregistration_date="2004-01-02")
        self.assertFalse(left.registration_date)

    def test_new_customer_of_each_screen_is_registered_today(self):
        for xmlid in (
            "xpyme_contacts.xpyme_customer_action",
            "account.res_partner_action_customer",
        ):
            context = literal_eval(self.env.ref(xmlid).context)
            partners = self.env["res.partner"].with_context(**context)
            proposed = partners.default_get(["registration_date", "name"])
            self.assertEqual(proposed["registration_date"], date.today())
            with Form(partners, CARD) as form:
                form.name = "De la pantalla"
            self.assertEqual(form.record.registration_date, date.today())
            quick = partners.browse(partners.name_create("Al vuelo")[0])
            self.assertEqual(quick.registration_date, date.today())
            self.assertFalse(quick.contact_ids.registration_date)

    def test_registration_date_left_blank_is_todays_for_customers_only(self):
        blank = {"registration_date": False}
        self.assertEqual(self.make_customer(**blank).registration_date, date.today())
        plain = self.Partner.create({"name": "Otro", **blank})
        self.assertFalse(plain.registration_date)
        customer = self.make_customer("Editada")
        customer.registration_date = False
        self.assertFalse(customer.registration_date)

    def test_deregistered_before_registered_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_customer(
                registration_date="2004-01-02", deregistration_date="2004-01-01"
            )

    # --- postal code

    def make_zip(self, code, town, country=None):
        city = self.env["res.city"].create(
            {"name": town, "country_id": (country or self.spain).id}
        )
        return self.env["res.city.zip"].create({"name": code, "city_id": city.id})

    def test_typed_code_fills_the_town(self):
        vic = self.make_zip("08500", "Vic")
        customer = self.make_customer(zip="08500", city=False, country_id=self.spain.id)
        self.assertEqual((customer.city, customer.zip_id), ("Vic", vic))
        self.assertEqual(self.get_mirror(customer).city, "Vic")

    def test_unknown_code_is_left_alone(self):
        customer = self.make_customer(zip="99999", city=False)
        self.assertEqual((customer.zip, customer.city), ("99999", False))

    def test_code_of_several_towns_is_left_to_choose(self):
        self.make_zip("08500", "Vic")
        self.make_zip("08500", "Calldetenes")
        customer = self.make_customer(zip="08500", city=False, country_id=self.spain.id)
        self.assertFalse(customer.city)

    def test_code_of_another_country_is_not_taken(self):
        self.make_zip("08500", "Vic")
        customer = self.make_customer(zip="08500", city=False)
        self.assertFalse(customer.city)

    def test_typed_in_the_form_and_imported_it_fills_the_town_too(self):
        self.make_zip("08500", "Vic")
        partners = self.env["res.partner"].with_context(
            res_partner_search_mode="customer", default_country_id=self.spain.id
        )
        with Form(partners, CARD) as form:
            form.name = "Panadería"
            form.zip = "08500"
            self.assertEqual(form.city, "Vic")
        result = self.Partner.load(
            ["name", "customer_rank", "zip", "country_id/.id"],
            [["Otra", "1", "08500", str(self.spain.id)]],
        )
        self.assertEqual(self.Partner.browse(result["ids"]).city, "Vic")

    def test_code_of_the_list_can_be_written_over_by_a_program(self):
        self.make_zip("08500", "Vic")
        girona = self.make_zip("17001", "Girona")
        customer = self.make_customer(zip="08500", city=False, country_id=self.spain.id)
        customer.write({"zip": "17001"})
        self.assertEqual((customer.zip_id, customer.city), (girona, "Girona"))
        customer.write({"zip": "99999"})
        self.assertEqual((customer.zip, customer.zip_id.id), ("99999", False))
        customer.write({"zip": False})
        self.assertFalse(customer.zip)

    def test_town_typed_over_one_from_the_list_stays(self):
        self.make_zip("08500", "Vic")
        customer = self.make_customer(zip="08500", city=False, country_id=self.spain.id)
        customer.city = "Vic (Osona)"
        self.assertFalse(customer.zip_id)
        self.assertEqual((customer.zip, customer.city), ("08500", "Vic (Osona)"))
        customer.write({"zip": "17001", "city": "Girona"})
        self.assertEqual(customer.city, "Girona")

    def test_town_of_no_customer_is_judged_as_base_location_does(self):
        vic = self.make_zip("08500", "Vic")
        supplier = self.Partner.create(
            {"name": "Prov", "zip": "08500", "country_id": self.spain.id}
        )
        self.assertFalse(supplier.zip_id or supplier.city)
        supplier.zip_id = vic
        for vals in ({"country_id": self.chile.id}, {"zip": "99999"}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                supplier.write(vals)


@tagged("post_install", "-at_install")
class TestCustomerFollowup(CustomerCase):
    def test_shows_the_familys_activities_and_those_done(self):
        customer = self.make_customer()
        contact = self.make_contact(customer)
        order = self.make_order(customer)
        visit = "xpyme_contacts.activity_type_visit"
        done = customer.activity_schedule(visit, contact_id=contact.id)
        others = (
            contact.activity_schedule(visit),
            order.activity_schedule(visit),
            self.make_customer("Otra").activity_schedule(visit),
        )
        done.action_feedback("Quiere otra caldera")
        action = customer.action_open_followup()
        shown = self.env["mail.activity"].with_context(**action["context"])
        self.assertEqual(shown.search(action["domain"]), done | others[0] | others[1])

    def test_is_open_to_who_has_no_rights_on_service_orders(self):
        customer = self.make_customer()
        self.make_order(customer)
        salesperson = self.make_salesperson()
        self.assertTrue(customer.with_user(salesperson).action_open_followup())

    def test_follow_up_is_not_cleared_with_age(self):
        self.env["ir.config_parameter"].set_param(
            "mail.activity.gc.delete_overdue_years", "3"
        )
        visit = "xpyme_contacts.activity_type_visit"
        kept = self.make_customer().activity_schedule(
            visit, date_deadline=date(2001, 1, 1)
        )
        loose = self.Partner.create({"name": "X"}).activity_schedule(
            visit, date_deadline=date(2001, 1, 1)
        )
        loose.write({"res_model_id": False, "res_id": False, "user_id": self.env.uid})
        self.env["mail.activity"]._gc_delete_old_overdue_activities()
        self.assertTrue(kept.exists())
        self.assertFalse(loose.exists())
