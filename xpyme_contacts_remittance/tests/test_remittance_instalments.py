from odoo import Command
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.tests import tagged

from .common import RemittanceCase


@tagged("post_install", "-at_install")
class TestInstalments(RemittanceCase):
    """Each instalment is debited once, in its turn."""

    def test_three_months_debit_three_instalments(self):
        invoice = self.make_thirds()
        debited = []
        for until in ("2026-11-30", "2026-12-31", "2027-01-31"):
            remittance = self.make_remittance(until)
            self.assertEqual(len(remittance.payment_line_ids), 1, until)
            debited.append(round(remittance.payment_line_ids.amount_currency, 2))
            self.send(remittance)
        self.assertEqual(debited, [39.93, 39.93, 41.14])
        self.assertEqual(round(sum(debited), 2), 121)
        self.assertEqual(invoice.amount_residual, 0)

    def test_a_partial_payment_leaves_the_rest(self):
        invoice = self.make_invoice()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(
            {
                "amount": 50,
                "payment_method_line_id": self.method.id,
            }
        )._create_payments()
        self.assertReceipts(self.make_remittance(), 71)

    def test_a_payment_by_hand_is_in_the_books(self):
        """As in Odoo without OCA's batch payments, whose method has no account."""
        invoice = self.make_invoice()
        self.pay_by_hand(invoice)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self.customer.risk_debt)

    def test_a_difference_is_written_off_with_the_payment_by_hand(self):
        invoice = self.make_invoice()
        difference = self.env["account.account"].create(
            {
                "code": "669900",
                "name": "Diferencias de pago",
                "account_type": "expense",
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        self.pay_by_hand(
            invoice,
            amount=119,
            payment_difference_handling="reconcile",
            writeoff_account_id=difference.id,
        )
        self.assertEqual(invoice.amount_residual, 0)
        written = self.env["account.move.line"].search(
            [("account_id", "=", difference.id)]
        )
        self.assertEqual(written.mapped("balance"), [2])

    def test_a_receipt_stands_in_one_remittance(self):
        self.make_invoice()
        first = self.make_remittance()
        self.assertRegex(
            self.judge()[self.customer.name], f"another remittance: {first.name}"
        )
        vals = {"order_id": first.copy().id}
        with self.assertRaisesRegex(Exception, "open_receipt_uniq"):
            with self.env.cr.savepoint():
                line = first.payment_line_ids.move_line_id
                self.env["account.payment.line"].create(
                    {**vals, "move_line_id": line.id}
                )
                self.env.flush_all()

    def test_a_cancelled_remittance_sets_its_receipts_free(self):
        self.make_invoice()
        self.make_remittance().action_cancel()
        self.assertReceipts(self.make_remittance(), 121)

    def test_sent_once_returned_once_proposed_once(self):
        invoice = self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        self.assertEqual(invoice.payment_state, "in_payment")
        self.assertFalse(self.make_window()._judge_all())
        self.return_receipt(remittance)
        self.assertEqual(invoice.amount_residual, 121)
        again = self.make_remittance()
        self.assertReceipts(again, 121)
        self.send(again)
        self.assertFalse(self.make_window()._judge_all())

    def test_cancelling_gives_the_debt_back(self):
        invoice = self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        self.assertEqual(invoice.amount_residual, 0)
        remittance.action_cancel()
        self.assertEqual(invoice.amount_residual, 121)
        self.assertEqual(set(remittance.payment_ids.mapped("state")), {"canceled"})

    def test_without_an_account_nothing_is_confirmed(self):
        self.make_invoice()
        remittance = self.make_remittance()
        self.method.payment_account_id = False
        with self.assertRaises(RedirectWarning) as refusal:
            remittance.draft2open()
        message, action, button = refusal.exception.args[:3]
        self.assertIn("no account for receipts on their way", message)
        self.assertEqual(action["res_id"], self.method.id)
        self.assertTrue(button)
        with self.assertRaises(RedirectWarning):
            self.make_remittance()

    def test_the_window_sets_the_account(self):
        account = self.method.payment_account_id
        self.method.payment_account_id = False
        window = self.make_window()
        self.assertTrue(window.lacks_account)
        window.payment_account_id = account
        window.action_use_account()
        self.assertEqual(self.method.payment_account_id, account)
        window.invalidate_recordset()
        self.assertFalse(window.lacks_account)

    def test_days_that_a_receipt_may_come_back_are_not_negative(self):
        with self.assertRaises(ValidationError):
            self.company.remittance_risk_days = -1
