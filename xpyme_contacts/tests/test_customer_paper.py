from lxml import html

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestCustomerPaper(DocumentCase):
    """The list of customers and a customer's card on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bare = cls.make_user("bare", "base.group_user")
        cls.technician = cls.make_technician(["base.group_user"])
        cls.customer.write(
            {
                "ref": "4711",
                "email": "compras@acme.example.com",
                "comment": "<p>Llamar antes</p><p>Cerrado lunes</p>",
                "birthdate_date": "1980-05-01",
            }
        )

    def render(self, name, partners, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.salesperson)
        content, _kind = reports._render_qweb_html(
            f"xpyme_contacts.{name}", partners.ids
        )
        return " ".join(html.fromstring(content).text_content().split())

    def test_list_tells_each_customer_with_company_date_and_page(self):
        other = self.make_customer("Otra", vat=self.OTHER_RUT, trade_name="La Otra")
        text = self.render("customer_list", self.customer | other)
        for part in (
            *(self.env.company.name, "Page 1 of 1", "Customers (2)"),
            *("4711", "ACME S.A.", "Freire 247", "compras@acme.example.com"),
            *("La Otra", "12.345.678-5"),
        ):
            self.assertIn(part, text)

    def test_list_of_many_is_cut_in_pages_with_their_head(self):
        customers = self.Partner.create([{"name": f"C{i}"} for i in range(60)])
        text = self.render("customer_list", customers)
        self.assertIn("Page 3 of 3", text)
        self.assertEqual(text.count("Representative"), 3)

    def test_menu_prints_those_marked_for_listing(self):
        with self.assertRaises(UserError):
            self.Partner.action_print_list()
        self.customer.marked_for_listing = True
        menu = self.env.ref("xpyme_contacts.xpyme_print_marked_list_action")
        action = menu.with_user(self.salesperson).run()
        self.assertEqual(action["report_name"], "xpyme_contacts.customer_list")
        self.assertEqual(action["context"]["active_ids"], self.customer.ids)

    def get_money(self, *amounts):
        currency = self.env.company.currency_id
        return [currency.format(amount).replace("\xa0", " ") for amount in amounts]

    def test_card_tells_what_its_reader_may_see(self):
        self.make_invoice().action_post()
        self.customer.credit_limit = 5000
        keeper = self.make_user(
            "keeper",
            "sales_team.group_sale_salesman_all_leads,"
            "xpyme_contacts.group_customer_documents",
        )
        text = self.render("customer_card", self.customer, keeper)
        for part in (
            *("[4711] ACME S.A.", "Page 1 of 1", "Freire 247", "Llamar antes"),
            *("compras@acme.example.com", "Risk", *self.get_money(100, 5000)),
            *("Juan", "05/01/1980"),
        ):
            self.assertIn(part, text)
        text = self.render("customer_card", self.customer, self.bare)
        self.assertIn("Llamar antes", text)
        for part in ("05/01/1980", *self.get_money(5000)):
            self.assertNotIn(part, text)

    def test_prints_are_no_error_for_anybody(self):
        foreign = self.make_customer(
            "Ajena",
            vat=self.OTHER_RUT,
            company_id=self.env["res.company"].create({"name": "Segunda"}).id,
        )
        self.env.flush_all()
        for user in (self.bare, self.technician, self.salesperson):
            for name in ("customer_list", "customer_card", "contact_sheet"):
                text = self.render(name, self.customer | foreign, user)
                self.assertIn("ACME S.A.", text)
                self.assertNotIn("Ajena", text)
        text = self.render("customer_card", self.customer, self.technician)
        self.assertNotIn("Accumulated", text)

    def test_long_remarks_go_on_over_the_page(self):
        self.customer.comment = "".join(f"<p>Línea {i}</p>" for i in range(90))
        text = self.render("customer_card", self.customer)
        self.assertIn("Línea 89", text)
        self.assertIn("Page 3 of 3", text)
