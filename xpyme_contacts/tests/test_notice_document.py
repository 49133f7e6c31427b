import json
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .risk_common import RiskCase


@tagged("post_install", "-at_install")
class TestDocumentNotice(RiskCase):
    """What a salesperson without accounting rights is told on entering a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.make_other_company()
        cls.salesperson = cls.make_risk_user("notified")
        cls.set_limits(cls.customer, 1000)

    def get_entry(self, customer=None, model="sale.order", user=None, company=None):
        customer = (customer or self.customer).with_user(user or self.salesperson)
        return customer.get_document_entry((company or self.company).id, model)

    def enter(self, customer=None, model="sale.order", **context):
        """A new document's form with the customer just chosen."""
        if model == "account.move":
            context["default_move_type"] = "out_invoice"
        env = self.env(user=self.salesperson) if model == "sale.order" else self.env
        form = Form(env[model].with_context(**context))
        form.partner_id = customer or self.customer
        return form

    # --- the banner

    def test_nothing_is_told_of_a_customer_who_is_all_right(self):
        form = self.enter()
        self.assertFalse(form.customer_notice)
        self.assertFalse(form.customer_notice_level)

    def test_entering_a_customer_over_his_limit_tells_limit_amounts_and_excess(self):
        self.make_invoice(1312)
        form = self.enter()
        for figure in ("Risk exceeded by", "312.00", "granted", "1,000.00", "1,312.00"):
            self.assertIn(figure, form.customer_notice)
        self.assertEqual(form.customer_notice_level, "danger")

    def test_the_document_itself_counts_once(self):
        self.make_invoice(600)
        quotation = self.make_quotation(500)
        self.assertIn("1,100.00", quotation.customer_notice)
        quotation.action_confirm()
        self.assertIn("1,100.00", quotation.customer_notice)

    def test_a_draft_invoice_counts_once(self):
        invoice = self.make_invoice(1200, post=False)
        self.assertIn("200.00", invoice.customer_notice)
        self.assertIn("1,200.00", invoice.customer_notice)

    def test_both_limits_make_two_lines_and_one_makes_one(self):
        self.set_limits(self.customer, 1000, 600)
        self.make_invoice(700)
        self.assertEqual(len(self.get_entry()["notices"]), 1)
        self.assertIn("internal limit", self.get_entry()["notices"][0])
        self.make_invoice(700)
        self.assertEqual(len(self.get_entry()["notices"]), 2)

    def test_strongest_first_and_three_lines_at_most(self):
        self.company.show_customer_comments = True
        self.set_limits(self.customer, 1000, 600)
        self.customer.write(
            {
                "is_defaulter": True,
                "deregistration_date": "2999-01-01",
                "comment": "<p>Pays <b>late</b></p>",
            }
        )
        self.make_invoice(1312)
        notices = self.get_entry()["notices"]
        self.assertIn("Defaulter", notices[0])
        self.assertIn("granted", notices[1])
        self.assertIn("internal limit", notices[2])
        self.assertIn("01/01/2999", notices[3])
        self.assertEqual(notices[4], "Pays late")
        lines = self.enter().customer_notice.split("\n")
        self.assertEqual(len(lines), 3)
        self.assertIn("2 more", lines[2])

    def test_observations_only_if_the_company_wants_them_and_as_text(self):
        self.customer.comment = "<p>Ring <script>alert(1)</script>twice</p>"
        self.assertFalse(self.enter().customer_notice)
        self.company.show_customer_comments = True
        self.assertNotIn("<", self.enter().customer_notice)
        self.assertEqual(self.enter().customer_notice_level, "info")

    def test_defaulter_is_told_wherever_he_is_chosen(self):
        self.customer.write({"is_defaulter": True, "risk_no_warning": True})
        contact = self.make_contact(self.customer)
        for document in (
            self.enter(),
            self.enter(contact),
            self.enter(model="account.move"),
            self.env["fsm.order"].new({"service_customer_id": self.customer.id}),
        ):
            self.assertIn("Defaulter", document.customer_notice)

    def test_the_notice_comes_from_the_card_as_well(self):
        self.customer.is_defaulter = True
        form = Form(
            self.env["sale.order"].with_context(default_partner_id=self.customer.id)
        )
        self.assertIn("Defaulter", form.customer_notice)

    def test_purchases_and_cancelled_documents_tell_nothing(self):
        self.customer.is_defaulter = True
        bill = self.make_invoice(10, move_type="in_invoice", post=False)
        self.assertFalse(bill.customer_notice)
        quotation = self.make_quotation(10)
        quotation.action_cancel()
        self.assertFalse(quotation.customer_notice)

    def test_do_not_warn_silences_both_limits_and_lifts_nothing(self):
        self.set_limits(self.customer, 1000, 600, risk_no_warning=True)
        self.make_invoice(1312)
        self.assertEqual(self.get_entry()["notices"], [])
        self.assertEqual(self.get_entry()["action"], "none")
        self.company.risk_order_action = "block"
        self.assertEqual(self.get_entry()["notices"], [])
        self.assertEqual(self.get_entry()["action"], "block")

    def test_ignoring_a_stage_says_nothing_of_limits_there(self):
        self.make_invoice(1312)
        self.company.risk_quotation_action = "ignore"
        self.assertFalse(self.make_quotation(1).customer_notice)
        self.assertTrue(self.enter(model="account.move").customer_notice)

    def test_a_company_may_show_the_risk_of_everybody_who_has_one(self):
        self.company.show_customer_risk = True
        self.make_invoice(400)
        form = self.enter()
        self.assertIn("400.00", form.customer_notice)
        self.assertEqual(form.customer_notice_level, "info")
        self.assertFalse(self.enter(self.make_customer("Nadie")).customer_notice)

    def test_the_payer_is_judged_and_both_are_told_of(self):
        payer = self.make_customer("Matriz")
        self.customer.is_defaulter = True
        self.set_limits(payer, 100)
        self.make_invoice(150, payer)
        quotation = self.make_quotation(1, partner_invoice_id=payer.id)
        self.assertIn("ACME S.A.: Defaulter", quotation.customer_notice)
        self.assertIn("Matriz, with this document", quotation.customer_notice)

    def test_core_s_own_warning_is_not_told_beside_ours(self):
        self.company.account_use_credit_limit = True
        self.make_invoice(1312)
        invoice = self.make_invoice(10, post=False)
        self.assertTrue(invoice.customer_notice)
        self.assertNotIn(
            "account_partner_credit_warning", json.dumps(invoice.alerts or {})
        )

    # --- company, currency, rights

    def test_the_document_s_company_judges_whatever_company_is_on(self):
        self.make_invoice(1312)
        quotation = self.make_quotation(1)
        elsewhere = quotation.with_context(allowed_company_ids=[self.other_company.id])
        self.assertIn("€", elsewhere.sudo().customer_notice)
        foreign = self.make_quotation(1, company=self.other_company)
        self.assertFalse(foreign.customer_notice)

    def test_a_document_in_another_currency_counts_in_the_company_s(self):
        quotation = self.make_quotation(2200, currency=self.usd)
        self.assertIn("1,100.00", quotation.customer_notice)

    def test_by_tax_id_the_other_card_s_debt_tells_here(self):
        other = self.make_customer("ACME Sur", vat=self.customer.vat)
        self.customer.risk_by_vat = True
        self.make_invoice(1312, other)
        self.assertIn("1,312.00", self.enter().customer_notice)

    def test_whoever_may_not_see_risk_is_told_of_defaulters_only(self):
        self.make_invoice(1312)
        technician = self.make_technician()
        technician.company_ids |= self.company
        entry = self.get_entry(user=technician, model="fsm.order")
        self.assertEqual((entry["notices"], entry["risk"]), ([], False))
        self.customer.is_defaulter = True
        self.assertEqual(
            len(self.get_entry(user=technician, model="fsm.order")["notices"]), 1
        )

    # --- get_document_entry

    def test_entry_is_json_with_the_names_of_the_contract(self):
        self.set_limits(self.customer, 1000, 600)
        self.make_invoice(700)
        self.make_refund(50)
        entry = json.loads(json.dumps(self.get_entry()))
        risk = entry.pop("risk")
        # Other addons add components.
        components = {"open": 700.0, "overdue": 0.0, "refund": -50.0}
        components |= {"draft": 0.0, "order": 0.0}
        self.assertLessEqual(components.items(), risk.pop("components").items())
        self.assertEqual(
            risk,
            {
                "granted": 1000.0,
                "internal": 600.0,
                "debt": 650.0,
                "available": 350.0,
                "currency": "EUR",
            },
        )
        self.assertEqual((entry["blocked"], entry["action"]), (False, "tell"))

    def test_entry_without_limits_has_no_available_risk(self):
        risk = self.get_entry(self.make_customer("Libre"))["risk"]
        self.assertIs(risk["granted"], False)
        self.assertIs(risk["available"], False)

    def test_entry_tells_what_happens(self):
        self.assertEqual(self.get_entry()["action"], "none")
        self.make_invoice(1312)
        self.assertEqual(self.get_entry()["action"], "tell")
        self.company.risk_invoice_action = "ask"
        self.assertEqual(self.get_entry(model="account.move")["action"], "ask")
        self.assertEqual(self.get_entry()["action"], "tell")
        self.customer.is_blocked = True
        entry = self.get_entry()
        self.assertEqual((entry["blocked"], entry["action"]), (True, "block"))
        self.assertEqual(self.get_entry(model="fsm.order")["action"], "tell")

    def test_entry_of_a_contact_is_his_customer_s(self):
        self.make_invoice(1312)
        entry = self.get_entry(self.make_contact(self.customer))
        self.assertEqual(entry["risk"]["debt"], 1312.0)

    def test_entry_refuses_companies_where_the_user_does_not_work(self):
        with self.assertRaises(AccessError):
            self.get_entry(company=self.other_company)

    def test_entry_refuses_portal_users(self):
        portal = self.make_user("portal_entry", "base.group_portal")
        portal.company_ids |= self.company
        with self.assertRaises(AccessError):
            self.get_entry(user=portal)

    def test_addons_append_sources(self):
        model = type(self.env["res.partner"])
        base = model._get_notice_sources

        def sources(records):
            return [*base(records), (25, "_get_birthday_notices")]

        self.patch(model, "_get_notice_sources", sources)
        model._get_birthday_notices = lambda records, entry: ["Sing to him."]
        self.addCleanup(delattr, model, "_get_birthday_notices")
        self.customer.is_defaulter = True
        self.make_invoice(1312)
        notices = self.get_entry()["notices"]
        self.assertEqual(notices[1], "Sing to him.")

    def test_one_query_judges_all_documents_of_a_company(self):
        self.make_invoice(1312)
        quotations = self.env["sale.order"].union(
            *(self.make_quotation(10) for _number in range(5))
        )
        counts = []
        for documents in (quotations[0], quotations):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            documents.mapped("customer_notice")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_future_deregistration_date_says_from_when(self):
        self.customer.deregistration_date = self.today + timedelta(days=1)
        form = self.enter()
        self.assertIn("Will be deregistered", form.customer_notice)
        self.assertEqual(form.customer_notice_level, "warning")

    # === WORDS ===#

    GONE = {"registration_date": "2026-01-01", "deregistration_date": "2026-01-31"}

    def test_the_customer_is_named_once(self):
        self.set_limits(self.customer, 1000, 500)
        self.customer.write({"is_defaulter": True, **self.GONE})
        self.make_invoice(1312)
        notice = self.make_quotation(1).customer_notice
        self.assertEqual(notice.count("ACME S.A."), 1)
        first, second, _third = notice.split("\n")
        self.assertTrue(first.startswith("ACME S.A.: Defaulter"))
        self.assertTrue(second.startswith("With this document: Risk exceeded by"))

    def test_a_defaulter_is_told_since_when_and_how_much(self):
        self.customer.is_defaulter = True
        [told] = self.get_entry()["notices"]
        self.assertEqual(told, "ACME S.A.: Defaulter.")
        for days in (-12, -3, 5):
            self.make_invoice(10, due=days)
        [told] = self.get_entry()["notices"]
        self.assertIn("owes 20.00", told)
        self.assertIn("(12 days)", told)

    def test_the_report_is_offered_where_the_risk_is_told(self):
        self.customer.write(self.GONE)
        quotation = self.make_quotation(1)
        self.assertFalse(quotation.tells_risk)
        self.set_limits(self.customer, 10)
        self.make_invoice(1312)
        quotation.invalidate_recordset()
        self.assertTrue(quotation.tells_risk)
