from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestLabels(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.customers = cls.make_customer("Uno") | cls.make_customer("Dos")
        cls.other = cls.make_customer("Tres")

    def render(self, partners, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.salesperson)
        content, _kind = reports._render_qweb_html(
            "xpyme_contacts.customer_labels", partners.ids
        )
        return html.fromstring(content)

    def run_action(self, name, partners, user=None):
        action = self.env.ref(f"xpyme_contacts.{name}").with_user(
            user or self.salesperson
        )
        return action.with_context(
            active_model="res.partner",
            active_ids=partners.ids,
            active_id=partners[:1].id,
        ).run()

    def test_marking_ticks_exactly_the_selection(self):
        for kind, fname in (
            ("listing", "marked_for_listing"),
            ("labels", "marked_for_labels"),
        ):
            self.run_action(f"xpyme_mark_for_{kind}_action", self.customers)
            found = self.Partner.search([(fname, "=", True)])
            self.assertEqual(found, self.customers)
            self.run_action(f"xpyme_unmark_for_{kind}_action", self.customers[0])
            self.assertEqual(
                self.Partner.search([(fname, "=", True)]), self.customers[1]
            )

    def test_many_are_marked_in_one_write(self):
        customers = self.Partner.create([{"name": f"C{i}"} for i in range(20)])
        self.env.flush_all()
        before = self.cr.sql_log_count
        customers.action_mark_for_labels()
        self.env.flush_all()
        self.assertLess(self.cr.sql_log_count - before, 10)

    def test_technicians_and_bare_users_do_not_mark(self):
        technician = self.make_technician(["base.group_partner_manager"])
        bare = self.make_user("bare", "base.group_user")
        for user in (technician, bare):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.run_action("xpyme_mark_for_labels_action", self.customers, user)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.customers.with_user(user).action_mark_for_listing()
        bindings = self.env["ir.actions.actions"].with_user(technician)
        names = str(bindings.get_bindings("res.partner"))
        self.assertNotIn("xpyme_mark_for_labels", names)

    def test_sheet_has_name_and_address_of_those_selected_only(self):
        text = self.render(self.customers).text_content()
        for part in ("Uno", "Dos", "Freire 247", "Local 2", "Concepción"):
            self.assertIn(part, text)
        self.assertNotIn("Tres", text)

    def test_contact_stands_below_his_company(self):
        contact = self.make_contact(
            self.customers[0], "Ana <b>Soto</b>", **{"city": "Lota"}
        )
        text = self.render(contact).text_content()
        self.assertLess(text.index("Uno"), text.index("Ana <b>Soto</b>"))
        self.assertIn("Lota", text)
        mirror = self.get_mirror(self.customers[0])
        self.assertEqual(self.render(mirror).text_content().count("Uno"), 1)

    def test_sheets_have_24_labels(self):
        customers = self.Partner.create(
            [{"name": f"C{i}", "city": "Lota"} for i in range(25)]
        )
        page = self.render(customers)
        self.assertEqual(len(page.xpath("//table")), 2)
        self.assertEqual(len(page.xpath("(//table)[1]//td")), 24)
        self.assertEqual(len(page.xpath("//div[hasclass('article')]")), 1)
        self.assertFalse(page.xpath("//div[hasclass('header') or hasclass('footer')]"))

    def test_nothing_selected_prints_the_marked(self):
        with self.assertRaises(UserError):
            self.Partner.action_print_labels()
        self.customers.marked_for_labels = True
        action = self.run_action("xpyme_print_marked_labels_action", self.Partner)
        window = self.open_window(action)
        self.assertEqual(window.partner_ids, self.customers)
        printed = window.action_print()
        self.assertEqual(printed["report_name"], "xpyme_contacts.customer_labels")
        self.assertEqual(sorted(printed["data"]["ids"]), sorted(self.customers.ids))

    def open_window(self, action, **vals):
        windows = self.env[action["res_model"]].with_user(self.salesperson)
        return windows.with_context(**action["context"]).create(vals)

    def test_labels_begin_at_the_first_free_one(self):
        action = self.customers.action_print_labels()
        for start in (0, 25):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.open_window(action, start=start)
        data = self.open_window(action, start=5).action_print()["data"]
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.salesperson)
            ._render_qweb_html("xpyme_contacts.customer_labels", [], data=data)
        )
        cells = html.fromstring(content).xpath("//td")
        told = [bool(cell.text_content().strip()) for cell in cells]
        self.assertEqual(told, [False] * 4 + [True] * 2)

    def test_each_paper_has_its_labels_and_the_last_one_is_proposed(self):
        action = self.customers.action_print_labels()
        window = self.open_window(action)
        self.assertEqual((window.sheet, window.start), ("3x8", 1))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.open_window(action, sheet="2x4", start=9)
        data = self.open_window(action, sheet="2x4", start=8).action_print()["data"]
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.salesperson)
            ._render_qweb_html("xpyme_contacts.customer_labels", [], data=data)
        )
        tables = html.fromstring(content).xpath("//table")
        told = [
            [bool(cell.text_content().strip()) for cell in table.xpath(".//td")]
            for table in tables
        ]
        self.assertEqual(told, [[False] * 7 + [True], [True, False]])
        self.assertEqual(self.open_window(action).sheet, "2x4")
        self.assertEqual(self.env["xpyme.label.print"].new().sheet, "3x8")

    def test_the_size_of_a_label_is_written_as_the_user_writes(self):
        self.env["res.lang"]._activate_lang("es_ES")
        windows = self.env["xpyme.label.print"].with_context(lang="es_ES")
        told = dict(windows._fields["sheet"]._description_selection(windows.env))
        self.assertIn("70 × 37,1 mm", told["3x8"])
        self.assertIn("105 × 42,4 mm", told["2x7"])

    def test_address_is_as_the_post_of_the_country_wants_it(self):
        self.env.company.country_id = self.env.ref("base.cl")
        state = self.env.ref("base.state_cl_08")
        self.customers[0].write(
            {
                "state_id": state.id,
                "country_id": self.env.ref("base.cl").id,
                "zip": "4030000",
                "city": "Concepción",
            }
        )
        self.assertEqual(
            self.customers[0]._get_label_lines(),
            ["Uno", "Freire 247", "Local 2", "4030000 Concepción", state.name],
        )
        self.customers[1].write(
            {
                "country_id": self.env.ref("base.fr").id,
                "state_id": False,
                "zip": "75001",
                "city": "Paris",
            }
        )
        self.assertEqual(
            self.customers[1]._get_label_lines()[-2:], ["75001 Paris", "FRANCE"]
        )

    def test_who_has_no_address_gets_no_label_and_is_told(self):
        self.customers[0].write(dict.fromkeys(("street", "street2", "zip", "city")))
        page = self.render(self.customers)
        cells = [" ".join(cell.itertext()).split() for cell in page.xpath("//td")]
        self.assertEqual(cells[0][:3], ["Dos", "Freire", "247"])
        self.assertEqual(" ".join(cells[1]), "Without address, left out: Uno")

    def test_document_mailbox_gets_no_label(self):
        self.customers[0].document_email = "doc@example.com"
        mailbox = self.Partner.search([("is_document_mailbox", "=", True)])
        page = self.render(mailbox | self.customers[1])
        self.assertNotIn("(documents)", page.text_content())
        self.assertIn("Dos", page.text_content())

    def test_technician_prints(self):
        text = self.render(self.customers, self.make_technician()).text_content()
        self.assertIn("Uno", text)

    def test_duplicate_is_not_marked(self):
        self.customers.write({"marked_for_labels": True, "marked_for_listing": True})
        copy = self.customers[0].copy()
        self.assertFalse(copy.marked_for_labels or copy.marked_for_listing)
