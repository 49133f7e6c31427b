from datetime import timedelta

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, html2plaintext

from .risk_common import RiskCase


@tagged("post_install", "-at_install")
class TestRiskReport(RiskCase):
    """*Revisar riesgo*: a sentence, the amounts, what was left out and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.make_other_company()
        cls.salesperson = cls.make_salesperson()
        cls.salesperson.write(
            {"company_ids": [(4, cls.company.id)], "company_id": cls.company.id}
        )

    def make_report(self, customer=None, user=None):
        customer = (customer or self.customer).with_user(user or self.env.user)
        action = customer.action_open_risk_report()
        return (
            self.env[action["res_model"]]
            .browse(action["res_id"])
            .with_user(user or self.env.user)
        )

    def get_amounts_of(self, lines):
        return {line.code or line.name: line.amount for line in lines if line.amount}

    # === THE SENTENCE ===#

    def test_it_names_the_limit_the_amounts_and_the_excess(self):
        self.make_invoice(5312)
        for granted, internal, sentence in (
            (
                5000,
                0,
                "Risk exceeded by 312.00 €: granted 5,000.00 €, debt 5,312.00 €.",
            ),
            (
                0,
                5000,
                "Over the internal limit by 312.00 €: limit 5,000.00 €, "
                "debt 5,312.00 €.",
            ),
            (
                5000,
                5300,
                "Risk exceeded by 312.00 €: granted 5,000.00 €, debt 5,312.00 €.\n"
                "Over the internal limit by 12.00 €: limit 5,300.00 €, "
                "debt 5,312.00 €.",
            ),
            (6000, 0, "688.00 € available: granted 6,000.00 €, debt 5,312.00 €."),
            (
                0,
                6000,
                "688.00 € up to the internal limit: limit 6,000.00 €, debt 5,312.00 €.",
            ),
            (0, 0, "No limit: debt 5,312.00 €."),
        ):
            self.set_limits(self.customer, granted, internal)
            report = self.make_report()
            found = report.sentence.replace("\N{NO-BREAK SPACE}", " ")
            self.assertEqual(found, sentence)
            self.assertEqual(report.is_exceeded, " by " in sentence)

    # === WHO SEES IT ===#

    def test_nobody_has_it_of_a_company_where_he_does_not_work(self):
        self.make_invoice(777, company=self.other_company)
        reports = self.env["xpyme.risk.report"].with_user(self.salesperson)
        vals = {"partner_id": self.customer.id}
        with self.assertRaisesRegex(AccessError, "You do not work in this company"):
            reports.create({**vals, "company_id": self.other_company.id})
        customer = self.customer.with_user(self.salesperson)
        with self.assertRaises(AccessError):
            customer.with_context(
                default_company_id=self.other_company.id
            ).action_open_risk_report()
        report = reports.create(vals)
        with self.assertRaises(AccessError):
            report.write({"company_id": self.other_company.id})

    # === THE AMOUNTS ===#

    def test_amounts_add_up_and_each_opens_its_documents(self):
        self.make_invoice(100)
        self.make_invoice(20, due=-1)
        self.make_refund(30)
        self.make_invoice(7, post=False)
        self.make_sale(5)
        report = self.make_report()
        lines = report.component_ids.filtered("amount")
        self.assertEqual(
            self.get_amounts_of(lines),
            {"open": 100, "overdue": 20, "refund": -30, "draft": 7, "order": 5},
        )
        self.assertEqual(sum(lines.mapped("amount")), report.debt)
        self.assertEqual(lines.mapped("document_count"), [1] * 5)
        for line in lines:
            action = line.action_open_documents()
            documents = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(documents), 1, line.code)
            if documents._name == "account.move.line":
                self.assertEqual(documents.amount_residual, line.amount)

    def test_a_salesperson_without_accounting_rights_sees_totals(self):
        self.set_limits(self.customer, 50)
        self.make_invoice(100)
        report = self.make_report(user=self.salesperson)
        self.assertTrue(report.is_exceeded)
        self.assertEqual(self.get_amounts_of(report.component_ids), {"open": 100})
        self.assertIn("width", report.bar)
        other = self.make_user("other", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            report.with_user(other).read(["sentence"])

    def test_documents_out_of_reach_are_said_so(self):
        self.make_invoice(100)
        manager = self.make_user("manager", "xpyme_contacts.group_risk_manager")
        manager.write(
            {"company_ids": [(4, self.company.id)], "company_id": self.company.id}
        )
        report = self.make_report(user=manager)
        line = report.component_ids.filtered(lambda li: li.code == "open")
        with self.assertRaisesRegex(UserError, "not the documents"):
            line.action_open_documents()

    def test_a_branch_shows_what_its_root_has_granted_to_each_card(self):
        other = self.make_customer("Second card", vat=self.customer.vat)
        self.set_limits(self.customer, 300)
        self.customer.action_apply_risk_by_vat()
        branch = self.make_branch()
        other.with_company(branch).credit_limit = 50
        report = self.make_report(self.customer.with_company(branch))
        self.assertEqual(report.granted, 350)
        granted = {line.card_id: line.granted for line in report.card_ids}
        self.assertEqual(granted, {self.customer: 300, other: 50})

    def test_cards_of_the_tax_id_are_listed_when_judged_together(self):
        other = self.make_customer("Second card", vat="CL76086428-5", active=False)
        hidden = self.make_customer(
            "Hidden", vat="76086428-5", company_id=self.other_company.id
        )
        self.company.risk_all_companies = True
        for customer, amount in ((self.customer, 10), (other, 20)):
            self.make_invoice(amount, customer)
        self.make_invoice(80, hidden, company=self.other_company)
        self.customer.risk_by_vat = True
        report = self.make_report(user=self.salesperson)
        self.assertEqual(report.debt, 70)
        self.assertEqual(
            {line.name: line.amount for line in report.card_ids},
            {"ACME S.A.": 10, "Second card": 20, "A card of another company": 40},
        )
        self.assertEqual(report.card_ids.card_id, self.customer | other)
        action = report.card_ids[0].action_open_card()
        self.assertEqual(action["res_id"], self.customer.id)

    def test_by_company_names_only_those_of_the_user(self):
        self.company.risk_all_companies = True
        self.make_invoice(10)
        self.make_invoice(40, company=self.other_company)
        report = self.make_report(user=self.salesperson)
        self.assertEqual(
            {line.name: line.amount for line in report.by_company_ids},
            {"Comercial Ñuble": 10, "Other companies": 20},
        )

    def test_what_other_companies_leave_out_is_in_the_report_s_currency(self):
        self.company.risk_all_companies = True
        self.make_quotation(100)
        self.make_quotation(100, currency=self.clp)
        self.make_quotation(100, company=self.other_company)
        self.make_quotation(50000, company=self.other_company, currency=self.clp)
        dead = self.make_sale(
            50000, company=self.other_company, currency=self.clp, product=self.service
        )
        dead.sudo().write({"risk_left_out": True, "risk_left_out_reason": "Shut"})
        amounts = {
            line.name: line.amount
            for line in self.make_report().left_out_ids
            if line.name in ("Quotations", dead.name)
        }
        # 100.10 EUR, and 200 USD; 100 USD.
        self.assertEqual(amounts, {"Quotations": 200.1, dead.name: 50})

    # === WHAT WAS LEFT OUT ===#

    def test_what_was_left_out_is_told_with_its_reason(self):
        other = self.make_customer("Second card", vat="76086428-5")
        self.make_invoice(40, other)
        self.make_invoice(10)
        self.make_sale(5)
        self.make_quotation(7, currency=self.usd)
        self.company.risk_excludes_order = True
        report = self.make_report()
        self.assertEqual(report.debt, 10)
        self.assertEqual(
            {line.name: line.amount for line in report.left_out_ids},
            {
                "Orders to invoice": 5,
                "Quotations": 3.5,
                "Other cards of this tax id: 1": 40,
            },
        )
        self.assertTrue(all(report.left_out_ids.mapped("note")))
        self.assertNotIn("order", report.component_ids.mapped("code"))

    def test_it_is_printed_with_its_sentence_and_amounts(self):
        self.make_invoice(10)
        self.make_quotation(7)
        report = self.make_report()
        printed = self.env["ir.actions.report"]._render_qweb_html(
            "xpyme_contacts.risk_sheet", report.ids
        )[0]
        text = " ".join(html2plaintext(printed.decode()).split())
        for said in (report.sentence, "Invoices not yet due", "10.00", "Quotations"):
            self.assertIn(said.replace("\xa0", " "), text.replace("\xa0", " "))

    # === WHEN CREDIT FREES ===#

    def test_the_next_four_dates_when_credit_frees(self):
        self.set_limits(self.customer, 100)
        self.make_invoice(999, due=-1)
        for due in (5, 3, 3, 10, 20, 40):
            self.make_invoice(10, due=due)
        report = self.make_report()
        self.assertEqual(
            [
                ((line.date - self.today) / timedelta(days=1), line.amount)
                for line in report.release_ids
            ],
            [(3, 20), (5, 10), (10, 10), (20, 10)],
        )
        self.assertEqual(
            report.release_ids.mapped("available"), [-939, -929, -919, -909]
        )
        self.assertTrue(report.has_overdue)

    def test_there_is_one_available_of_each_limit(self):
        self.set_limits(self.customer, 100, 50)
        self.make_invoice(10, due=3)
        self.make_invoice(5, due=-1)
        report = self.make_report()
        self.assertIn("85.00", report.sentence)
        [line] = report.release_ids
        self.assertEqual((line.available, line.available_internal), (95, 45))

    # === WHO AND WHICH ===#

    def test_whom_to_call_and_since_when(self):
        self.customer.is_defaulter = True
        contact = self.customer._get_first_contact()
        contact.write({"name": "Lorena", "function": "Contabilidad"})
        contact.write({"phone": "+56 41 290 0000"})
        for days in (-12, -3, 5):
            self.make_invoice(10, due=days)
        report = self.make_report(user=self.salesperson)
        self.assertTrue(report.is_defaulter)
        self.assertEqual(
            (report.call_name, report.call_function, report.call_phone),
            ("Lorena", "Contabilidad", contact.phone),
        )
        self.assertEqual(report.oldest_due, self.today - timedelta(days=12))
        self.assertEqual(report.overdue_days, 12)

    def test_documents_are_told_one_by_one_and_opened_by_who_may(self):
        late = self.make_invoice(20, due=-9)
        soon = self.make_invoice(100, due=5)
        order = self.make_sale(5)
        report = self.make_report()
        lines = report.document_ids
        self.assertEqual(
            [(line.name, line.amount, line.days) for line in lines],
            [
                (late.display_name, 20, 9),
                (soon.display_name, 100, 0),
                (order.display_name, 5, 0),
            ],
        )
        self.assertEqual(sum(lines.mapped("amount")), report.debt)
        action = lines[0].action_open_documents()
        self.assertEqual((action["res_model"], action["res_id"]), (late._name, late.id))
        bare = self.make_report(user=self.salesperson).document_ids
        self.assertEqual(bare.mapped("name"), lines.mapped("name"))
        manager = self.make_user("manager", "xpyme_contacts.group_risk_manager")
        manager.write(
            {"company_ids": [(4, self.company.id)], "company_id": self.company.id}
        )
        bare = self.make_report(user=manager).document_ids
        self.assertEqual(bare.mapped("amount"), [20, 100, 5])
        self.assertFalse(any(bare.mapped("res_id")))
        with self.assertRaisesRegex(UserError, "not yours to open"):
            bare[0].action_open_documents()

    def test_documents_of_other_companies_have_no_number(self):
        self.company.risk_all_companies = True
        foreign = self.make_invoice(40, company=self.other_company)
        [line] = self.make_report(user=self.salesperson).document_ids
        self.assertEqual(
            (line.name, line.amount), ("A document of another company", 20)
        )
        self.assertNotIn(foreign.name, line.name)

    def test_an_empty_list_is_not_opened_but_explained(self):
        self.make_invoice(100)
        colleague = self.make_user("own", "sales_team.group_sale_salesman")
        colleague.write(
            {"company_ids": [(4, self.company.id)], "company_id": self.company.id}
        )
        order = self.make_sale(5)
        order.user_id = self.salesperson
        report = self.make_report(user=colleague)
        line = report.component_ids.filtered(lambda li: li.code == "order")
        with self.assertRaisesRegex(UserError, "below Documents"):
            line.action_open_documents()
        mine = self.make_sale(7)
        mine.user_id = colleague
        action = line.action_open_documents()
        self.assertIn("1 of 2", action["name"])

    def test_the_card_shows_the_same_report_in_a_tab(self):
        self.set_limits(self.customer, 100)
        self.make_invoice(10, due=3)
        self.make_quotation(7)
        told = self.customer.with_user(self.salesperson).get_risk_overview()
        (link,) = html.fromstring(told).xpath("//a[@data-action]")
        line = self.env[link.get("data-model")].browse(int(link.get("data-id")))
        self.assertEqual(line.code, "open")
        self.assertEqual(link.get("data-action"), "action_open_documents")
        text = " ".join(html2plaintext(told).split()).replace("\xa0", " ")
        for part in ("90.00 € available", "Quotations", "Invoices not yet due"):
            self.assertIn(part, text)

    def test_the_totals_tell_the_risk_beside_the_sales(self):
        """To whoever sees debts."""
        self.set_limits(self.customer, 100)
        self.make_invoice(10, due=3)
        bare = self.make_user("bare", "base.group_user")
        for user, is_told in ((self.salesperson, True), (bare, False)):
            told = self.customer.with_user(user).get_sales_overview()
            text = " ".join(html2plaintext(told).split())
            self.assertIn("Total sales", text)
            for part in ("Granted Risk", "Debt", "Available Risk", "90.00"):
                self.assertEqual(part in text, is_told, part)

    def test_paper_tells_page_documents_and_whom_to_call(self):
        self.customer.is_defaulter = True
        self.customer._get_first_contact().phone = "+56 41 290 0000"
        invoices = [self.make_invoice(1, due=days) for days in range(-40, 0)]
        report = self.make_report()
        printed = self.env["ir.actions.report"]._render_qweb_html(
            "xpyme_contacts.risk_sheet", report.ids
        )[0]
        text = " ".join(html2plaintext(printed.decode()).split())
        for part in ("Page 1 of 2", "Page 2 of 2", "Defaulter", "(40 days)"):
            self.assertIn(part, text)
        self.assertIn(report.call_phone, text)
        for invoice in invoices:
            self.assertIn(invoice.display_name, text)

    # === EXPOSURE ===#

    def test_exposure_by_age_adds_up_to_the_debt(self):
        for due in (0, -1, -30, -31, -61, -91):
            self.make_invoice(1, due=due)
        self.make_sale(5)
        self.make_refund(2, due=-1)
        exposure = self.env["xpyme.risk.exposure"].with_user(self.salesperson)
        groups = exposure._read_group(
            [("partner_id", "=", self.customer.id)], ["age"], ["amount:sum"]
        )
        self.assertEqual(
            groups,
            [
                ("0_unbilled", 5),
                ("1_current", 1),
                ("2_30", 0),
                ("3_60", 1),
                ("4_90", 1),
                ("5_older", 1),
            ],
        )
        self.assertEqual(sum(amount for _age, amount in groups), 9)
        self.assertEqual(self.get_amounts()["debt"], 9)

    def test_exposure_is_limited_to_the_user_s_companies(self):
        self.make_invoice(1, company=self.other_company)
        exposure = self.env["xpyme.risk.exposure"].with_user(self.salesperson)
        self.assertFalse(exposure.search([("partner_id", "=", self.customer.id)]))

    # === HOOK ===#

    def test_another_addon_adds_a_component(self):
        """What a till owes, say: one more component and one more source."""
        partners = self.env.registry["res.partner"]
        get_components = partners._get_risk_components

        def _get_risk_components(self):
            order = {**get_components(self)["order"], "source": "_get_risk_till"}
            return {**get_components(self), "till": {**order, "name": "Till"}}

        def _get_risk_till(self):
            return SQL(
                "SELECT member.card_id, scope.id, 'till', NULL::date, 0, 3.0"
                " FROM member JOIN scope ON TRUE WHERE member.id = member.card_id"
            )

        self.patch(partners, "_get_risk_components", _get_risk_components)
        partners._get_risk_till = _get_risk_till
        self.addCleanup(delattr, partners, "_get_risk_till")
        self.assertAmounts(till=3, debt=3)
        self.assertEqual(
            self.get_amounts_of(self.make_report().component_ids), {"till": 3}
        )
