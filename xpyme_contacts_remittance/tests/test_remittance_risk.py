from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import RemittanceCase


@tagged("post_install", "-at_install")
class TestRemittedRisk(RemittanceCase):
    """What the bank may still return is a debt; who returns may be a defaulter."""

    def assertDebt(self, **amounts):
        parts = self.customer._get_risk_parts(self.company)
        found = {row[2]: float(row[4]) for row in parts if row[4]}
        self.assertEqual(found, amounts)

    def test_it_remains_a_debt_until_it_cannot_come_back(self):
        self.make_invoice()
        self.assertDebt(open=121)
        remittance = self.make_remittance()
        self.send(remittance)
        self.assertDebt(remitted=121)
        debited = remittance.payment_ids.date
        for days, owed in ((56, {"remitted": 121}), (57, {})):
            with freeze_time(debited + timedelta(days=days)):
                self.env.invalidate_all()
                self.assertDebt(**owed)

    def test_between_companies_it_comes_back_for_five_days(self):
        self.customer.bank_ids.mandate_ids.format = "sepa_b2b"
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        payment = remittance.payment_ids
        self.assertEqual(payment.returnable_until, payment.date + timedelta(days=5))

    def test_the_company_says_how_long(self):
        self.company.remittance_risk_days = 10
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        payment = remittance.payment_ids
        self.assertEqual(payment.returnable_until, payment.date + timedelta(days=10))
        self.company.risk_excludes_remitted = True
        self.assertFalse(self.customer.risk_debt)

    def test_each_instalment_counts_once(self):
        self.make_thirds()
        self.send(self.make_remittance("2026-11-30"))
        self.assertDebt(remitted=39.93, open=81.07)
        self.assertEqual(round(self.customer.risk_debt, 2), 121)

    def test_cancelled_it_is_the_invoices_debt_again(self):
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        remittance.action_cancel()
        self.assertFalse(remittance.payment_ids.returnable_until)
        self.assertDebt(open=121)

    def test_returned_it_is_the_invoices_debt_again(self):
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        made = self.return_receipt(remittance)
        self.assertDebt(open=121)
        made.action_cancel()
        self.assertDebt(remitted=121)

    def test_one_of_two_receipts_of_a_payment_is_returned(self):
        self.method.group_lines = False
        self.make_invoice(due="2026-10-20")
        second = self.make_invoice(amount=50, due="2026-10-20")
        remittance = self.make_remittance()
        self.send(remittance)
        payment = remittance.payment_ids.filtered(lambda p: p.amount == 50)
        line = payment.move_id.line_ids.filtered("credit")
        self.env["payment.return"].create(
            {
                "company_id": self.company.id,
                "journal_id": remittance.journal_id.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "partner_id": self.customer.id,
                            "move_line_ids": [(6, 0, line.ids)],
                            "amount": 50,
                        },
                    )
                ],
            }
        ).action_confirm()
        self.assertEqual(second.amount_residual, 50)
        self.assertDebt(open=50, remitted=121)

    def test_the_report_opens_the_receipts_behind_the_amount(self):
        invoice = self.make_invoice()
        self.send(self.make_remittance())
        domain = self.customer._get_risk_document_domain(
            "remitted", self.customer, self.company
        )
        lines = self.env["account.move.line"].search(domain)
        self.assertEqual(lines.move_id, invoice)
        rows = self.customer._get_risk_documents(self.company, ["remitted"])
        self.assertEqual(rows[0][3], invoice.id)

    def test_the_return_takes_the_account_of_the_receipts(self):
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        made = self.return_receipt(remittance)
        account = self.method.payment_account_id
        self.assertEqual(made.move_id.line_ids.filtered("credit").account_id, account)
        balance = sum(
            self.env["account.move.line"]
            .search([("account_id", "=", account.id)])
            .mapped("balance")
        )
        self.assertEqual(balance, 0)

    def test_a_returned_receipt_proposes_a_defaulter(self):
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        made = self.return_receipt(remittance)
        activity = self.customer.activity_ids
        self.assertIn("defaulter", activity.summary)
        self.assertIn("121.00", activity.note)
        self.assertFalse(self.customer.is_defaulter)
        self.assertEqual(made.unmarked_customer_ids, self.customer)
        made.action_mark_defaulters()
        self.assertTrue(self.customer.is_defaulter)
        self.assertFalse(made.unmarked_customer_ids)

    def test_the_card_tells_where_the_receipts_are(self):
        invoice = self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        told = str(self.customer.get_receipts_overview())
        for word in (invoice.name, remittance.name, "Given to the bank", "121.00"):
            self.assertIn(word, told)
        self.return_receipt(remittance)
        self.assertIn("Returned", str(self.customer.get_receipts_overview()))
        self.send(self.make_remittance())
        told = str(self.customer.get_receipts_overview())
        self.assertEqual((told.count("Returned"), told.count("Given to")), (1, 1))
