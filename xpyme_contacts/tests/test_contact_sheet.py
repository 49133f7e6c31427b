from lxml import html

from odoo import fields
from odoo.tests import tagged
from odoo.tools import format_date

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestContactSheet(CustomerCase):
    def render(self, partners):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "xpyme_contacts.contact_sheet", partners.ids
        )
        return html.fromstring(content)

    def test_shows_company_rut_customer_and_contacts(self):
        self.env.company.vat = "76.086.428-5"
        customer = self.make_customer(vat=self.OTHER_RUT)
        self.make_contact(customer, "Ana <b>Soto</b>", function="Jefa", mobile="9 111")
        text = " ".join(self.render(customer).text_content().split())
        for part in (
            self.env.company.name,
            "76.086.428-5",
            "12.345.678-5",
            "Contacts of ACME S.A.",
            "Ana <b>Soto</b>",
            "Jefa",
            "9 111",
            "Page 1 of 1",
            "Freire 247",
        ):
            self.assertIn(part, text)

    def test_small_customers_share_a_page(self):
        customers = self.make_customer() | self.make_customer("Otra")
        text = self.render(customers).text_content()
        self.assertIn("Page 1 of 1", text)
        self.assertLess(text.index("Contacts of ACME"), text.index("Contacts of Otra"))

    def test_main_contact_is_marked_and_the_day_told(self):
        customer = self.make_customer(email="compras@acme.example.com")
        self.make_contact(customer, "Ana")
        page = self.render(customer)
        text = " ".join(page.text_content().split())
        self.assertEqual(text.count("(main)"), 1)
        self.assertIn("ACME S.A. (main)", text)
        today = fields.Date.context_today(customer)
        self.assertIn(format_date(self.env, today), text)
        self.assertIn("compras@acme.example.com", text)
        self.assertTrue(page.xpath("//td//wbr"))

    def test_is_one_article_without_header_for_any_number_of_customers(self):
        customers = self.make_customer() | self.make_customer("Otra")
        self.Partner.create(
            [{"name": f"P{i}", "parent_id": customers[0].id} for i in range(40)]
        )
        page = self.render(customers)
        self.assertEqual(len(page.xpath("//div[hasclass('article')]")), 1)
        self.assertFalse(page.xpath("//div[hasclass('header') or hasclass('footer')]"))
        self.assertIn("Page 2 of 2", page.text_content())

    def test_long_list_is_cut_in_pages_with_their_head(self):
        customer = self.make_customer()
        self.Partner.create(
            [{"name": f"Persona {i}", "parent_id": customer.id} for i in range(45)]
        )
        page = self.render(customer)
        self.assertIn("Page 2 of 2", page.text_content())
        self.assertEqual(page.text_content().count("Position"), 2)

    def test_contacts_come_in_the_order_of_the_grid(self):
        customer = self.make_customer()
        zoe = self.make_contact(customer, "Zoe")
        (zoe | customer.contact_ids).web_resequence({}, "contact_sequence")
        text = self.render(customer).text_content()
        self.assertLess(text.index("Zoe"), text.rindex("ACME S.A."))

    def test_selection_of_contacts_prints_only_them(self):
        customer = self.make_customer()
        ana = self.make_contact(customer, "Ana")
        self.make_contact(customer, "Luis")
        text = self.render(ana).text_content()
        self.assertIn("Ana", text)
        self.assertNotIn("Luis", text)

    def test_customer_without_contacts_prints_saying_so(self):
        customer = self.make_customer()
        customer.contact_ids.unlink()
        self.assertIn("no contacts yet", self.render(customer).text_content())

    def test_vcards_hold_each_contact(self):
        customer = self.make_customer()
        ana = self.make_contact(customer, "Ana Ñuñez", email="ana@example.com")
        cards = (ana | self.get_mirror(customer)).mapped(
            lambda contact: contact._get_vcard_file().decode()
        )
        self.assertIn("ana@example.com", cards[0])
        self.assertIn("Ñuñez", cards[0])
        action = customer.action_download_contact_vcards()
        self.assertIn(str(ana.id), action["url"])
