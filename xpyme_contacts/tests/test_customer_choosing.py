from unittest.mock import patch

from lxml import etree

from odoo.tests import Form, tagged

from ..models.customer import search
from .common import DocumentCase

CHOOSING = {"res_partner_search_mode": "customer"}


@tagged("post_install", "-at_install")
class TestCustomerChoosing(DocumentCase):
    """Where a customer is chosen: who stands there, and what is told of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.make_customer(
            "Hostal El Peñón",
            ref="905001",
            vat=cls.OTHER_RUT,
            phone="+34 972 99 01 01",
            document_email="dte@penon.example",
        )
        cls.person = cls.make_contact(
            cls.shop,
            "Mercè Fuentealba",
            phone="+56 9 9900 0104",
            email="merce@hotel.example",
            function="Jefa de compras",
        )
        cls.make_contact(cls.shop, "Eva Soto", email="eva.soto@penon.example")
        cls.address = cls.make_contact(
            cls.shop, "Bodega Peñón", type="delivery", phone="41 7777777"
        )
        cls.location = cls.env["fsm.location"]._get_by_customer(cls.shop)[cls.shop]
        cls.employee = cls.make_user("penon", "base.group_user").partner_id
        cls.employee.name = "Peñón Empleado"
        cls.choosing = cls.env["res.partner"].with_context(**CHOOSING)

    def choose(self, term="", partners=None, **options):
        """Who stands in the box of customers, in their order."""
        partners = self.choosing if partners is None else partners
        rows = partners.web_name_search(term, {"display_name": {}}, **options)
        return self.choosing.browse([row["id"] for row in rows])

    def label(self, partner, term):
        rows = self.choosing.web_name_search(term, {"display_name": {}})
        labels = {row["id"]: row["__formatted_display_name"] for row in rows}
        return labels[partner.id]

    # === WHO STANDS THERE ===#

    def test_people_of_a_named_customer_stand_in_their_window(self):
        """It is opened from the card, whose list is one of customers."""
        action = self.shop.with_context(**CHOOSING).action_open_contacts()
        self.assertIs(action["context"]["res_partner_search_mode"], False)
        for domain in (
            action["domain"],
            [("parent_id", "=", self.shop.id), ("type", "=", "contact")],
            [("commercial_partner_id", "child_of", self.shop.id)],
        ):
            rows = self.choosing.web_search_read(domain, {"name": {}})["records"]
            self.assertIn(self.person.name, [row["name"] for row in rows], domain)

    def test_nobody_is_named_by_having_no_parent(self):
        for domain in ([("parent_id", "=", False)], [("parent_id", "in", [False])]):
            rows = self.choosing.web_search_read(domain, {"name": {}})["records"]
            self.assertNotIn(self.employee.id, [row["id"] for row in rows])

    def test_customer_stands_there_once(self):
        """Without mirror, mailbox, location, address, nor who works here."""
        self.assertTrue(self.location.partner_id.name)
        self.assertEqual(self.choose("peñón"), self.shop)
        self.assertEqual(self.choose("PENON"), self.shop)
        self.assertEqual(self.choose("12.345.678-5"), self.shop)
        self.assertNotIn(self.employee, self.choose("empleado"))
        for code in ("905001", "5001"):
            self.assertEqual(self.choose(code)[:1], self.shop)

    def test_nothing_typed_shows_customers_only(self):
        found = self.choose(limit=None)
        self.assertLessEqual(self.shop + self.customer, found)
        self.assertEqual(found, found.filtered("is_customer_card"))

    def test_person_stands_there_when_they_are_meant(self):
        for term in ("mercè", "fuentealba", "merce@hotel", "9900 0104", "99000104"):
            with self.subTest(term=term):
                self.assertEqual(self.choose(term), self.shop + self.person)

    def test_number_of_the_same_name_contact_finds_the_customer(self):
        self.get_mirror(self.shop).phone = "+56 9 1234 0000"
        self.assertEqual(self.choose("1234 0000"), self.shop)

    def test_who_buys_for_the_first_time_can_be_chosen(self):
        prospect = self.Partner.create({"name": "Proveedor Peñonero"})
        self.assertEqual(self.choose("peñonero"), prospect)
        self.assertNotIn(prospect, self.choose(limit=None))

    def test_who_is_named_by_id_is_found(self):
        domain = [("id", "in", (self.shop + self.address).ids)]
        self.assertEqual(
            {*self.choose("peñón", domain=domain)}, {self.shop, self.address}
        )

    def test_search_more_shows_the_same(self):
        def more(*domain):
            rows = self.choosing.web_search_read([*domain], {"name": {}})["records"]
            return self.choosing.browse([row["id"] for row in rows])

        self.assertEqual(more(), more().filtered("is_customer_card"))
        self.assertEqual(more(("display_name", "ilike", "peñón")), self.shop)
        self.assertEqual(
            more(("display_name", "ilike", "mercè")), self.shop + self.person
        )
        groups = self.choosing.web_read_group(
            [("display_name", "ilike", "peñón")], ["name"], ["__count"]
        )["groups"]
        self.assertEqual([group["name"] for group in groups], [self.shop.name])

    def test_other_boxes_are_as_before(self):
        partners = self.env["res.partner"]
        found = [i for i, _name in partners.name_search("peñón")]
        self.assertIn(self.address.id, found)
        self.assertIn(self.employee.id, found)

    def test_boxes_of_documents_are_where_a_customer_is_chosen(self):
        """An invoice too that was opened from anywhere."""
        for model in ("sale.order", "account.move", "fsm.order"):
            arch = self.env[model].get_view(view_type="form")["arch"]
            self.assertIn("'res_partner_search_mode'", arch, model)

    # === WHAT IS TOLD OF EACH ===#

    def test_code_tax_id_and_town_are_told(self):
        label = self.label(self.shop, "peñón")
        self.assertEqual(
            label, "905001 · Hostal El Peñón \t --12.345.678-5 · Concepción--"
        )
        self.assertEqual(
            self.label(self.person, "mercè"),
            "905001 · Hostal El Peñón \t --Mercè Fuentealba · 12.345.678-5--",
        )

    def test_chosen_customer_is_called_by_name(self):
        rows = self.choosing.name_search("peñón")
        self.assertEqual(rows, [(self.shop.id, self.shop.name)])

    def test_labels_cost_no_statement_each(self):
        for number in range(6):
            self.make_customer(f"Peñonería {number}")
        self.env.flush_all()
        self.choose("peñón", limit=2)
        counts = []
        for limit in (2, 7):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.choose("peñón", limit=limit)), limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_search_more_has_a_list_of_customers(self):
        """Each box of a document names its views."""
        for model in ("sale.order", "account.move", "fsm.order"):
            arch = self.env[model].get_view(view_type="form")["arch"]
            self.assertIn("xpyme_contacts.xpyme_choice_view_list", arch, model)
        views = self.choosing.with_context(
            list_view_ref="xpyme_contacts.xpyme_choice_view_list",
            search_view_ref="xpyme_contacts.xpyme_choice_view_search",
        ).get_views([(False, "list"), (False, "search")])["views"]
        for fname in ("ref", "complete_name", "vat", "city", "phone"):
            self.assertIn(f'name="{fname}"', views["list"]["arch"])
        self.assertIn("display_name", views["search"]["arch"])

    # === THE CODE IN DOCUMENTS ===#

    def test_code_stands_in_documents_and_in_their_lists(self):
        person = self.make_contact(self.shop, "Otra Persona")
        documents = (
            self.make_quotation(self.shop),
            self.make_quotation(person),
            self.make_invoice(partner_id=self.shop.id),
            self.make_order(self.shop),
        )
        for document in documents:
            self.assertEqual(document.customer_ref, "905001")
            for view_type in ("form", "list"):
                arch = document.get_view(view_type=view_type)["arch"]
                self.assertIn('name="customer_ref"', arch)

    def test_code_stands_on_papers(self):
        """The invoice of Chile has a paper of its own, as its law wants it."""
        papers = {"sale.action_report_saleorder": self.make_quotation(self.person)}
        if "l10n_cl_sii_taxpayer_type" not in self.Partner._fields:
            invoice = self.make_invoice(partner_id=self.person.id)
            papers["account.account_invoices"] = invoice
        for report, document in papers.items():
            html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                report, document.ids
            )
            self.assertIn("905001", html.decode(), report)

    def test_person_agreed_with_stands_on_papers(self):
        documents = {
            "sale.action_report_saleorder": self.make_quotation(self.shop),
            "account.account_invoices": self.make_invoice(partner_id=self.shop.id),
        }
        if "l10n_cl_sii_taxpayer_type" in self.Partner._fields:
            del documents["account.account_invoices"]
        reports = self.env["ir.actions.report"]
        for report, document in documents.items():
            for person in (self.person.browse(), self.person):
                document.contact_id = person
                html, _kind = reports._render_qweb_html(report, document.ids)
                told = self.person.name in html.decode()
                self.assertEqual(told, bool(person), report)

    # === THE LIST OF CUSTOMERS ===#

    def find(self, term, order=""):
        action = self.env.ref("xpyme_contacts.xpyme_customer_action")
        arch = self.env["res.partner"].get_view(action.search_view_id.id)["arch"]
        self.assertIn("display_name", arch)
        rows = self.choosing.web_search_read(
            [("is_customer_card", "=", True), ("display_name", "ilike", term)],
            {"name": {}},
            limit=80,
            order=order,
        )
        return self.choosing.browse([row["id"] for row in rows["records"]])

    def test_customers_are_found_by_their_people(self):
        for term in (
            *("mercè", "Fuentealba", "merce@hotel", "99000104", "9900 0104"),
            *("+56 9 9900 0104", "dte@penon", "77 77 777", "bodega peñ"),
        ):
            with self.subTest(term=term):
                self.assertEqual(self.find(term), self.shop)
        self.person.active = False
        self.assertFalse(self.find("mercè"))

    def test_customers_are_found_by_their_people_among_many(self):
        with patch.object(search, "_MANY", 0):
            self.test_customers_are_found_by_their_people()

    def test_number_is_found_as_any_screen_writes_it(self):
        for term in ("99 01 01", "01 01", "99 01", "0101", "9 9 0", "972 99 01 01"):
            with self.subTest(term=term):
                self.assertIn(self.shop, self.find(term))
        self.assertNotIn(self.shop, self.find("99 01 02"))

    def test_exact_code_stands_first_in_the_list(self):
        self.make_customer("AAA 905001 S.A.")
        self.shop.alternative_code_ids.create(
            {"name": "CARD-7", "partner_id": self.shop.id}
        )
        self.make_customer("AAA CARD-77")
        for kind in ("list", "kanban"):
            view = self.env.ref(f"xpyme_contacts.xpyme_customer_view_{kind}")
            self.assertEqual(etree.fromstring(view.arch).get("default_order"), "ref")
        for term in ("905001", "card-7"):
            for order in ("", "ref ASC"):
                found = self.find(term, order)
                self.assertEqual(found[:1], self.shop)
                self.assertEqual(len(found), 2)
            self.assertEqual(self.find(term, "name")[1:], self.shop)

    def test_codes_sort_as_numbers(self):
        codes = ("900009", "90001", "9002", "10")
        free = self.Partner.search([("customer_code", "in", [10, 9002])])
        free.active = False
        customers = self.Partner
        for code in ("900009", "90001", "9002"):
            customers |= self.make_customer(f"Número {code}", ref=code)
        domain = [("id", "in", customers.ids)]
        found = self.env["res.partner"].search(domain, order="ref")
        self.assertEqual(found.mapped("ref"), ["9002", "90001", "900009"])
        found = self.env["res.partner"].search(domain, order="ref desc, id")
        self.assertEqual(found.mapped("ref"), ["900009", "90001", "9002"])
        groups = self.env["res.partner"].web_read_group(domain, ["ref"], ["__count"])
        self.assertEqual(len(groups["groups"]), len(codes) - 1)

    # === CONTACTS ===#

    def test_contacts_are_found_by_whatever_one_remembers(self):
        arch = self.env.ref("xpyme_contacts.xpyme_contact_view_search").arch
        self.assertIn("display_name", arch)
        contacts = self.env["res.partner"]
        for term in ("99000104", "9900 0104", "+56 9 9900 0104", "peñón", "merce@"):
            with self.subTest(term=term):
                found = contacts.search(
                    [("display_name", "ilike", term), ("type", "=", "contact")]
                )
                self.assertIn(self.person, found)

    def test_salesperson_chooses_as_everybody(self):
        partners = self.choosing.with_user(self.salesperson)
        self.assertEqual(self.choose("peñón", partners).ids, self.shop.ids)
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.shop
