from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools.misc import format_date

from .common import CustomerCase

KIND = "l10n_latam_identification_type_id"
TAXPAYER = "l10n_cl_sii_taxpayer_type"


class NewCardCase(CustomerCase):
    def make_by_every_door(self, **vals):
        """New customers of the company, each through a door of its own."""
        vals = {"name": "Ferretería Nueva", "is_company": True, **vals}
        partners = self.Partner.with_context(res_partner_search_mode="customer")
        yield partners.create({**vals})
        yield self.Partner.create({**vals, "customer_flag": True})
        yield self.Partner.create({**vals, "customer_rank": 1, "country_id": False})
        names = ["name", "customer_rank", "is_company", "vat"]
        row = [
            vals["name"],
            "1",
            "1" if vals["is_company"] else "",
            vals.get("vat", ""),
        ]
        yield self.Partner.browse(self.Partner.load(names, [row])["ids"])
        with Form(partners.with_context(default_is_company=vals["is_company"])) as form:
            form.name = vals["name"]
            if vals.get("vat"):
                form.vat = vals["vat"]
        yield form.record


@tagged("post_install", "-at_install")
class TestNewCard(NewCardCase):
    def test_new_card_is_in_the_country_of_its_company(self):
        for country in (self.chile, self.spain):
            self.env.company.partner_id.country_id = country
            for customer in self.make_by_every_door():
                self.assertEqual(customer.country_id, country)
        abroad = self.make_customer(country_id=self.env.ref("base.fr").id)
        self.assertEqual(abroad.country_id.code, "FR")

    def test_a_customer_by_a_default_lacks_nothing(self):
        self.env["ir.default"].set("res.partner", "customer_rank", 1)
        self.env.company.partner_id.country_id = self.spain
        customer = self.Partner.create({"name": "A"})
        self.assertEqual(customer.country_id, self.spain)
        self.assertTrue(customer.registration_date and customer.contact_ids)

    def test_what_a_default_gives_a_customer_is_not_proposed(self):
        other = self.env["res.company"].create({"name": "Otra"})
        other.partner_id.country_id = self.spain
        france, set_default = self.env.ref("base.fr"), self.env["ir.default"].set
        set_default("res.partner", "customer_rank", 1)
        set_default("res.partner", "company_id", other.id)
        self.assertEqual(self.Partner.create({"name": "A"}).country_id, self.spain)
        set_default("res.partner", "country_id", france.id)
        set_default("res.partner", "deregistration_date", "2020-01-01")
        customer = self.Partner.create({"name": "B"})
        self.assertEqual(customer.country_id, france)
        self.assertFalse(customer.registration_date)

    def test_a_mark_by_a_default_makes_nobody_a_customer(self):
        self.env["ir.default"].set("res.partner", "customer_flag", True)
        marked = self.Partner.with_context(default_customer_flag=True)
        for partners in (self.Partner, marked):
            other = partners.create({"name": "A", "customer_rank": 0, "ref": "P-7"})
            self.assertEqual((other.ref, other.is_customer_card), ("P-7", False))
            self.assertFalse(partners.create({"name": "B"}).ref)

    def test_a_day_that_the_context_gives_is_the_day_of_registration(self):
        for name in ("registration_date", "deregistration_date"):
            cards = self.Partner.with_context(**{f"default_{name}": "2001-01-01"})
            customer = cards.create({"name": "N", "customer_flag": True})
            self.assertEqual(str(customer[name]), "2001-01-01")

    def test_who_sells_to_own_customers_is_proposed_as_representative(self):
        cards = self.Partner.with_context(res_partner_search_mode="customer")
        everybodys = "sales_team.group_sale_salesman_all_leads"
        seller = self.make_salesperson()
        other = self.make_user("all", everybodys)
        self.assertEqual(Form(cards.with_user(seller)).user_id, seller)
        self.assertFalse(Form(cards.with_user(other)).user_id)

    def test_others_than_customers_are_as_odoo_makes_them(self):
        partner = self.Partner.create({"name": "Proveedor", "supplier_rank": 1})
        contact = self.make_contact(self.make_customer(), "Ana")
        choosing = self.Partner.with_context(res_partner_search_mode="customer")
        other = choosing.create(
            {"name": "Eva", "parent_id": contact.parent_id.id, "is_company": False}
        )
        self.assertFalse((partner + contact + other).country_id)
        self.assertFalse(other.ref)

    def test_rut_is_shown_with_its_dots_in_documents(self):
        customer = self.make_customer(vat=self.RUT)
        for context in ({"show_vat": True}, {"show_vat": True, "show_address": 1}):
            name = customer.with_context(**context).display_name
            self.assertTrue(name.endswith("76.086.428-5"), name)

    def test_dates_are_told_as_people_write_them(self):
        customer = self.make_customer(registration_date="2026-11-28")
        with self.assertRaises(ValidationError) as refusal:
            customer.deregistration_date = "2026-11-08"
        self.assertIn(
            format_date(self.env, customer.deregistration_date), str(refusal.exception)
        )
        self.assertNotIn("2026-11-08", str(refusal.exception))

    def test_alternative_addresses_are_for_documents(self):
        user = self.make_user("reader", "base.group_user")
        self.assertTrue(user.has_group("account.group_delivery_invoice_address"))


@tagged("post_install", "-at_install")
class TestNewCardOfChile(NewCardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if TAXPAYER not in cls.Partner._fields:
            cls.skipTest(cls, "l10n_cl is not installed")

    def test_new_company_can_be_invoiced(self):
        for customer in self.make_by_every_door(vat=self.RUT):
            self.assertEqual(customer[KIND], self.env.ref("l10n_cl.it_RUT"))
            self.assertEqual(customer[TAXPAYER], "1")

    def test_new_person_is_a_consumer_with_a_run(self):
        for customer in self.make_by_every_door(vat=self.OTHER_RUT, is_company=False):
            self.assertEqual(customer[KIND], self.env.ref("l10n_cl.it_RUN"))
            self.assertEqual(customer[TAXPAYER], "3")

    def test_rut_of_a_company_tells_who_it_is(self):
        customer = self.Partner.create(
            {"name": "X", "customer_flag": True, "vat": self.RUT}
        )
        self.assertEqual(customer[KIND], self.env.ref("l10n_cl.it_RUT"))

    def test_who_is_abroad_is_a_foreigner(self):
        vals = {"name": "X", "customer_flag": True, "is_company": True}
        customer = self.Partner.create({**vals, "country_id": self.spain.id})
        self.assertEqual(customer[TAXPAYER], "4")
        self.assertEqual(customer[KIND], self.env.ref("l10n_latam_base.it_vat"))

    def test_what_is_chosen_stays(self):
        passport = self.env.ref("l10n_latam_base.it_pass")
        customer = self.make_customer(**{KIND: passport.id, TAXPAYER: "2"})
        self.assertEqual(customer[KIND], passport)
        self.assertEqual(customer[TAXPAYER], "2")

    def test_company_of_spain_asks_for_none_of_it(self):
        self.env.company.partner_id.country_id = self.spain
        customer = self.Partner.create({"name": "X", "customer_flag": True})
        self.assertFalse(customer[TAXPAYER])
