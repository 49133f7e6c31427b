from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RemittanceCase


@tagged("post_install", "-at_install")
class TestReturns(RemittanceCase):
    """What came back from the bank is owed once, whatever is undone afterwards."""

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice()
        self.remittance = self.make_remittance()
        self.send(self.remittance)
        self.returned = self.return_receipt(self.remittance)

    def assertOwed(self, amount):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(round(self.customer.risk_debt, 2), amount)

    def test_a_remittance_is_not_cancelled_while_a_receipt_is_returned(self):
        payment = self.remittance.payment_ids
        undo = (
            self.remittance.action_cancel,
            payment.action_draft,
            payment.action_cancel,
            payment.move_id.button_draft,
            payment.move_id.button_cancel,
            self.returned.move_id.button_draft,
        )
        for door in undo:
            with self.assertRaisesRegex(UserError, "came back .*cancel the return"):
                with self.env.cr.savepoint():
                    door()
            self.assertOwed(121)
        self.returned.action_cancel()
        self.remittance.action_cancel()
        self.assertOwed(121)
        self.assertEqual(self.invoice.amount_residual, 121)

    def test_a_return_stays_once_its_receipt_is_debited_again(self):
        again = self.make_remittance()
        self.send(again)
        with self.assertRaisesRegex(UserError, "or debited again since: undo that"):
            with self.env.cr.savepoint():
                self.returned.action_cancel()
        self.assertEqual(self.returned.state, "done")
        again.action_cancel()
        self.returned.action_cancel()
        self.assertEqual(self.returned.state, "cancelled")
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_a_return_is_cancelled_while_a_part_is_paid(self):
        self.pay_by_hand(self.invoice, amount=21)
        self.returned.action_cancel()
        self.assertEqual(self.invoice.amount_residual, 0)
        items = self.get_receipts(self.remittance.payment_ids.move_id)
        self.assertEqual(items.amount_residual, -21)
