from unittest.mock import patch

from odoo.fields import Command, Domain
from odoo.modules.db import FunctionStatus
from odoo.tests import tagged

from ..models.customer import search as customer_search
from .common import CustomerCase

STOCK_FIELDS = ["complete_name", "email", "ref", "vat", "company_registry"]


@tagged("post_install", "-at_install")
class TestCustomerSearch(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(
            "Panadería Ñielol Ltda.",
            ref="901001",
            vat=cls.RUT,
            trade_name="La Flor de Lautaro",
            email="Compras.Sur@nielol.example",
            phone="41 290 97 25",
            phone2="(41) 2-333-444",
            mobile="+56 9 8765.4321",
        )
        cls.customer.alternative_code_ids = [Command.create({"name": "Tarjeta-Ñ7"})]
        cls.mirror = cls.customer.contact_ids
        cls.partners = cls.env["res.partner"]

    def find(self, term, partners=None, **options):
        partners = self.partners if partners is None else partners
        return [i for i, _name in partners.name_search(term, **options)]

    def search_as_stock(self, operator, term):
        """Who is found by Odoo's own search over its own fields."""
        partners = self.partners
        with (
            patch.object(type(partners), "_rec_names_search", STOCK_FIELDS),
            patch.object(
                customer_search.ResPartner,
                "_search_display_name",
                lambda self, *args: super(
                    customer_search.ResPartner, self
                )._search_display_name(*args),
            ),
        ):
            return partners.search([("display_name", operator, term)])

    # === WHAT FINDS A CUSTOMER ===#

    def test_customer_is_found_by_whatever_one_remembers(self):
        for term in (
            "panadería ñielol",
            "PANADERIA NIELOL",
            "flor de laut",
            "FLOR",
            "901001",
            "90100",
            "compras.sur@",
            "nielol.example",
            "tarjeta-ñ7",
            "arjeta-n",
        ):
            with self.subTest(term=term):
                self.assertIn(self.customer.id, self.find(term))

    def test_tax_id_is_found_however_it_is_written(self):
        for term in ("76086428-5", "76.086.428-5", "760864285", "76 086 428", "86.428"):
            with self.subTest(term=term):
                self.assertIn(self.customer.id, self.find(term))
        spanish = self.make_customer(country_id=self.spain.id, vat="ESB12345674")
        for term in ("B12345674", "b-12345674", "ES B-12.345.674", "12345674"):
            with self.subTest(term=term):
                self.assertIn(spanish.id, self.find(term))

    def test_phone_is_found_by_its_digits(self):
        for term in (
            "412909725",
            "41 290 97 25",
            "(41) 2909-725",
            "290.97",
            "412333444",
            "2333444",
            "987654321",
            "+56 9 8765 4321",
            "0056987654321",
        ):
            with self.subTest(term=term):
                self.assertIn(self.customer.id, self.find(term))
        for term in ("412909726", "97 25 41"):
            with self.subTest(term=term):
                self.assertNotIn(self.customer.id, self.find(term))

    def test_number_written_without_its_country_is_found_with_it(self):
        for term in ("+56 41 290 97 25", "0056412909725", "+56 41 290"):
            with self.subTest(term=term):
                self.assertIn(self.customer.id, self.find(term))

    def test_every_partner_is_found_not_only_customers(self):
        supplier = self.Partner.create(
            {"name": "Molinos Traiguén", "phone": "45 111222"}
        )
        address = self.make_contact(
            self.customer, "Bodega Traiguén", type="delivery", contact_code="TRG"
        )
        user = self.make_salesperson()
        user.partner_id.name = "Eva Traiguén"
        self.assertEqual(
            set(self.find("traiguen")), {supplier.id, address.id, user.partner_id.id}
        )
        self.assertEqual(self.find("45111222"), supplier.ids)
        self.assertEqual(self.find("trg"), address.ids)
        users = self.env["res.users"].name_search("traiguén")
        self.assertEqual([i for i, _name in users], user.ids)

    def test_change_is_found_before_it_is_saved(self):
        self.customer.trade_name = "Quinta Nueva"
        self.customer.alternative_code_ids.name = "Zeta-99"
        self.assertIn(self.customer.id, self.find("quinta"))
        self.assertIn(self.customer.id, self.find("zeta-9"))
        self.assertFalse(self.find("lautaro"))

    def test_documents_are_found_by_their_customer(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        orders = self.env["sale.order"].search([("partner_id", "ilike", "la flor de")])
        self.assertIn(order, orders)

    # === WHO STOCK FINDS IS FOUND ===#

    def test_whoever_odoo_finds_is_found(self):
        self.make_customer("A_B 50% C|D", ref="901002", email="juan_soto@x.example")
        self.make_customer("S.A. & Cía", ref="901003", company_registry="REG-7")
        self.make_contact(self.customer, "Ana Soto", phone="1")
        for term in (
            "a", "ña", "s.a.", "50%", "a_b", "juan_s", "juansoto", "n%la", "___", "C|D",
            "|||", "soto", "ltda., ana", "reg-7", "76086428-5", "428-5", "\\", "'", '"',
            "ñielol", "NIELOL", " soto ", "901", "41", "(", "@", "", "...", "% %",
        ):  # fmt: skip
            with self.subTest(term=term):
                ours = self.partners.search([("display_name", "ilike", term)])
                self.assertLessEqual(self.search_as_stock("ilike", term), ours)

    def test_other_comparisons_are_odoos(self):
        self.customer.trade_name = False
        name = self.customer.name
        for operator, value in (
            ("not ilike", "ñielol"),
            ("=ilike", "panaderia%"),
            ("like", "Ñielol"),
            ("=", name),
            ("!=", name),
            ("in", [name, "901001"]),
            ("not in", [name]),
            ("not ilike", "tarjeta"),
        ):
            with self.subTest(operator=operator):
                ours = self.partners.search([("display_name", operator, value)])
                self.assertEqual(ours, self.search_as_stock(operator, value))
                self.assertTrue(ours)

    def test_alternative_code_is_found_by_any_comparison(self):
        for operator, value in (
            ("=", "Tarjeta-Ñ7"),
            ("in", ["Tarjeta-Ñ7"]),
            ("=ilike", "tarjeta%"),
            ("ilike", "-ñ"),
        ):
            with self.subTest(operator=operator):
                found = self.partners.search([("display_name", operator, value)])
                self.assertEqual(found, self.customer)

    def test_what_no_index_knows_is_left_to_odoo(self):
        original = type(self.partners)._select_by_term
        for term, is_indexed in (
            ("abc", True),
            ("juan_soto", True),
            ("ab", False),
            ("S.A.", False),
            ("abc%d", False),
            ("", False),
        ):
            with (
                self.subTest(term=term),
                patch.object(
                    type(self.partners),
                    "_select_by_term",
                    autospec=True,
                    side_effect=original,
                ) as select,
            ):
                self.partners.search([("display_name", "ilike", term)])
                self.assertEqual(select.called, is_indexed)

    def test_field_that_another_addon_adds_is_searched(self):
        self.customer.city = "Curacautín"
        names = [*self.partners._rec_names_search, "city"]
        self.assertNotIn(self.customer.id, self.find("curacautin"))
        with patch.object(type(self.partners), "_rec_names_search", names):
            self.assertIn(self.customer.id, self.find("curacautin"))

    # === MANY HITS ===#

    def test_with_many_hits_the_same_are_found(self):
        others = self.make_customer("Otra Panadería", ref="901005")
        found = {
            term: self.find(term)
            for term in ("panaderia", "90100", "2333444", "tarjeta")
        }
        self.assertIn(others.id, found["panaderia"])
        with patch.object(customer_search, "_MANY", 0):
            for term, ids in found.items():
                with self.subTest(term=term):
                    self.assertEqual(self.find(term), ids)
        orders = Domain("partner_id", "ilike", "panadería")
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        with patch.object(customer_search, "_MANY", 0):
            self.assertIn(order, self.env["sale.order"].search(orders))

    def test_field_that_an_addon_adds_is_searched_beside_the_index(self):
        other = self.make_customer("Otro", function="Lautarina")
        names = [*self.partners._rec_names_search, "function"]
        with patch.object(type(self.partners), "_rec_names_search", names):
            domain = self.partners._search_display_name("ilike", "lautar")
            indexed = next(c for c in domain.iter_conditions() if c.field_expr == "id")
            self.assertIn(self.customer.id, indexed.value)
            found = self.find("lautar")
        self.assertLessEqual({self.customer.id, other.id}, {*found})

    # === RIGHTS AND CONDITIONS ===#

    def test_conditions_and_archived_customers(self):
        none = [("id", "!=", self.customer.id)]
        self.assertNotIn(self.customer.id, self.find("lautaro", domain=none))
        self.assertEqual(len(self.find("ñielol", limit=1)), 1)
        self.customer.active = False
        self.assertNotIn(self.customer.id, self.find("lautaro"))
        archived = self.partners.with_context(active_test=False)
        self.assertIn(self.customer.id, self.find("lautaro", archived))

    def test_customer_of_another_company_is_not_found(self):
        company = self.env["res.company"].create({"name": "Dos"})
        self.customer.company_id = company
        partners = self.partners.with_user(self.make_salesperson())
        for term in ("lautaro", "901001", "412333444", "tarjeta"):
            with self.subTest(term=term):
                self.assertFalse(self.find(term, partners))
                with patch.object(customer_search, "_MANY", 0):
                    self.assertFalse(self.find(term, partners))

    def test_whoever_reads_customers_finds_them(self):
        for user in (
            self.make_salesperson(),
            self.make_technician(),
            self.make_user("reader", "base.group_user"),
        ):
            partners = self.partners.with_user(user)
            self.assertIn(self.customer.id, self.find("lautaro", partners))
            self.assertIn(self.customer.id, self.find("arjeta-ñ", partners))

    def test_document_mailbox_is_nobody(self):
        self.customer.document_email = "facturas.sur@nielol.example"
        self.assertFalse(self.find("facturas.sur"))

    # === ORDER AND COST ===#

    def test_the_very_code_first_then_by_name(self):
        first = self.make_customer("AA 901001", ref="901006")
        last = self.make_customer("ZZ 901001", ref="901007")
        contacts = first.contact_ids | last.contact_ids
        found = [i for i in self.find("901001") if i not in contacts.ids]
        self.assertEqual(found[:1], self.customer.ids)
        self.assertLess(found.index(first.id), found.index(last.id))

    def test_the_index_stands(self):
        """Whatever is searched, the expression must be that of the index."""
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'res_partner_search_idx'"
        )
        self.assertTrue(self.env.cr.fetchone())
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for term in ("lautaro", "41 290 97 25"):
            query = self.partners._select_by_term(term)
            self.env.cr.execute(f"EXPLAIN {query.code}", query.params)
            plan = "\n".join(line for (line,) in self.env.cr.fetchall())
            self.assertIn("Bitmap Index Scan on res_partner_search_idx", plan)
            self.assertIn("xpyme_alternative_code__name_index", plan)
            self.assertNotIn("Seq Scan", plan)

    def test_the_settings_tell_what_the_search_lacks(self):
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.search_advice)
        with patch.object(self.registry, "has_unaccent", FunctionStatus.MISSING):
            settings.invalidate_recordset()
            self.assertIn("Who types Jose does not find José", settings.search_advice)
        self.env.cr.execute("DROP INDEX res_partner_search_idx")
        settings.invalidate_recordset()
        self.assertIn("without an index", settings.search_advice)

    def test_finding_asks_two_queries_more(self):
        self.env.flush_all()
        self.find("lautaro")
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            self.find("lautaro")
