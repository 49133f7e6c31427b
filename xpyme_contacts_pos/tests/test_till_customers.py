from odoo.fields import Domain
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTillCustomers(TillCase):
    """Who stands in a till's list of customers, and by which codes they are found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"ref": "777"})
        cls.card("2299887766")
        cls.card("TARJ-0001")
        cls.env["ir.config_parameter"].set_param(
            "point_of_sale.limited_customer_count", "100000"
        )

    @classmethod
    def card(cls, code, customer=None):
        cls.env["xpyme.alternative.code"].create(
            {"name": code, "partner_id": (customer or cls.customer).id}
        )

    def get_loaded(self):
        config = self.config.with_user(self.cashier)
        rows = config.get_limited_partners_loading()
        return self.Partner.browse(row[0] for row in rows)

    def find(self, code):
        partners = self.Partner.with_user(self.cashier)
        return [
            row["id"]
            for row in partners.find_pos_partner(self.config.id, code)["res.partner"]
        ]

    def search_box(self, term):
        domain = ["|", ["name", "ilike", term + "%"], ["email", "ilike", term + "%"]]
        partners = self.Partner.with_user(self.cashier)
        found = partners.get_new_partner(self.config.id, domain, 0)["res.partner"]
        return [row["id"] for row in found]

    def test_who_is_no_customer_is_not_loaded(self):
        self.customer.document_email = "facturas@example.com"
        hidden = self.customer.with_context(active_test=False).child_ids.filtered(
            "is_document_mailbox"
        )
        mirror = self.get_mirror(self.customer)
        contact = self.make_contact(self.customer, "Marta")
        gone = self.make_customer("Gone", active=False)
        place = self.make_contact(self.customer, "Obra", type="delivery")
        loaded = self.get_loaded()
        self.assertIn(self.customer, loaded)
        self.assertIn(contact, loaded)
        self.assertTrue(hidden and mirror)
        nobody = hidden | mirror | gone | place | self.cashier.partner_id
        self.assertFalse(loaded & (nobody | self.company.partner_id))

    def get_till_rows(self):
        """What the cashier's till is told of partners when it is opened."""
        session = self.config.current_session_id.with_user(self.cashier)
        return {row["id"]: row for row in session.load_data([])["res.partner"]}

    def make_anonymous_customer(self):
        """As a country's addon brings one along, which its tickets name."""
        anonymous = self.make_customer("Consumidor Final Anónimo", vat=False)
        self.env["ir.model.data"].create(
            {
                "module": "l10n_xx",
                "name": "par_cfa",
                "model": "res.partner",
                "res_id": anonymous.id,
            }
        )
        return anonymous

    def test_whom_the_till_needs_otherwise_is_loaded_and_not_chosen(self):
        anonymous = self.make_anonymous_customer()
        self.sell(anonymous, state="draft", payment_ids=[], amount_paid=0)
        rows = self.get_till_rows()
        worker = self.cashier.partner_id
        for needed in (anonymous, worker):
            self.assertIs(rows[needed.id]["is_till_customer"], False)
        self.assertIs(rows[self.customer.id]["is_till_customer"], True)
        self.assertNotIn(anonymous.id, self.search_box("Consumidor"))

    def test_a_countrys_anonymous_customer_takes_nobodys_place(self):
        anonymous = self.make_anonymous_customer()
        self.assertIn(anonymous, self.get_loaded())
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("point_of_sale.limited_customer_count", "1")
        self.assertEqual(len(self.get_loaded() - anonymous), 1)

    def test_a_visitor_of_the_portal_may_be_a_customer(self):
        visitor = self.make_user("visitor", "base.group_portal").partner_id
        company = self.env["res.company"].create({"name": "Other"}).partner_id
        told = visitor | self.cashier.partner_id | company
        told = told.with_user(self.cashier)
        self.assertEqual(told.mapped("is_till_customer"), [True, False, False])

    def test_of_another_company_nobody_is_loaded_nor_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_customer("Stranger", company_id=other.id)
        self.card("OTRA-1", stranger)
        self.assertNotIn(stranger, self.get_loaded())
        self.assertFalse(self.find("OTRA-1"))

    def test_a_branch_sells_to_its_head_offices_customers(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        own = self.make_customer("Own", vat=False, company_id=self.company.id)
        domain = self.Partner._get_till_domain(
            self.env["pos.config"].new({"company_id": branch.id})
        )
        self.assertEqual(self.Partner.search(domain & Domain("id", "=", own.id)), own)

    def test_what_is_loaded_of_a_customer(self):
        rows = self.customer._load_pos_data_read(self.customer, self.config)
        codes = rows[0]["pos_codes"].split("\n")
        self.assertEqual(codes, ["777", "2299887766", "TARJ-0001"])
        self.assertIs(rows[0]["is_blocked"], False)

    def test_any_code_finds_the_customer(self):
        self.customer.barcode = "0421234567890"
        for code in ("777", "0777", "2299887766", "tarj-0001", "0421234567890"):
            self.assertEqual(self.find(code), self.customer.ids, code)
        self.assertFalse(self.find("NOEXISTE"))
        self.assertFalse(self.find(""))
        self.assertFalse(self.find("77"))

    def test_the_search_box_takes_a_code_before_all_else(self):
        self.make_customer("2299887766 S.L.")
        self.assertEqual(self.search_box("2299887766"), self.customer.ids)
        self.assertIn(self.customer.id, self.search_box("Pinturas"))

    def test_the_search_box_finds_nobody_who_is_no_customer(self):
        self.customer.document_email = "facturas@example.com"
        self.assertFalse(self.search_box("facturas"))
        self.assertNotIn(self.cashier.partner_id.id, self.search_box("cashier"))

    def test_a_customer_made_at_the_till_has_a_code_and_a_contact(self):
        clerk = self.make_user(
            "clerk",
            "base.group_user,point_of_sale.group_pos_user,base.group_partner_manager",
        )
        partners = self.env["res.partner"].with_user(clerk)
        partners = partners.with_context(res_partner_search_mode="customer")
        made = partners.create({"name": "Nueva S.L.", "is_company": True})
        self.assertTrue(made.is_customer_card)
        self.assertTrue(made.customer_code)
        self.assertTrue(made.contact_ids)
        self.assertFalse(made.company_id)
