from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RemittanceCase

_DAY = "{*}ReqdColltnDt"
_AMOUNT = "{*}InstdAmt"


@tagged("post_install", "-at_install")
class TestAnew(RemittanceCase):
    """A remittance is judged anew when its file is made, and when it was sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_debtor("Otra S.A.")

    def find(self, remittance, tag):
        tree = etree.fromstring(remittance.payment_file_id.raw)
        return [node.text for node in tree.iter(tag)]

    def confirm(self):
        remittance = self.make_remittance()
        remittance.draft2open()
        return remittance

    # --- the file

    def test_what_cannot_be_debited_any_more_is_taken_out_of_the_file(self):
        changes = {
            "not in force": lambda invoice: invoice.mandate_id.cancel(),
            "is archived": self.archive_account,
            "Less is owed": self.pay_by_hand,
            "of another customer": self.give_foreign_mandate,
        }
        for told, change in changes.items():
            with self.subTest(told):
                customer = self.make_debtor(told)
                invoice = self.make_invoice(customer, amount=50)
                stays = self.make_invoice(self.other, amount=60)
                remittance = self.confirm()
                change(invoice)
                remittance.open2generated()
                self.assertEqual(self.find(remittance, _AMOUNT), ["60.00"])
                self.assertEqual(
                    remittance.payment_line_ids.move_line_id.move_id, stays
                )
                self.assertEqual(remittance.payment_ids.mapped("amount"), [60])
                self.assertIn(told, remittance.message_ids[0].body)
                self.assertIn(invoice.name, remittance.message_ids[0].body)
                remittance.generated2uploaded()

    def archive_account(self, invoice):
        invoice.partner_id.bank_ids.active = False
        self.env.invalidate_all()

    def give_foreign_mandate(self, invoice):
        receipt = self.get_receipts(invoice)
        receipt.payment_line_ids.mandate_id = self.other.bank_ids.mandate_ids

    def test_a_file_of_nothing_is_not_made(self):
        self.make_invoice().mandate_id.signature_date = "2026-10-01"
        remittance = self.confirm()
        self.customer.bank_ids.mandate_ids.cancel()
        with self.assertRaisesRegex(
            UserError, r"(?s)can be debited any more.*not in force"
        ):
            remittance.open2generated()
        self.assertEqual(remittance.state, "open")

    def test_a_file_that_is_made_late_debits_when_the_bank_can(self):
        self.make_invoice(due="2026-10-07")
        self.make_invoice(due="2026-11-20")
        remittance = self.confirm()
        with freeze_time("2026-10-23"):  # a Friday
            self.env.invalidate_all()
            remittance.open2generated()
            self.assertEqual(self.find(remittance, _DAY), ["2026-10-26", "2026-11-20"])
            self.assertIn("before the file was made", remittance.message_ids[0].body)
            remittance.generated2uploaded()
        first = min(remittance.payment_ids, key=lambda payment: payment.date)
        self.assertEqual(first.returnable_until, date(2026, 12, 21))

    def test_a_file_in_time_keeps_its_payments(self):
        self.make_invoice()
        remittance = self.confirm()
        payments = remittance.payment_ids
        remittance.open2generated()
        self.assertEqual(remittance.payment_ids, payments)

    def test_the_file_debits_what_the_receipts_say(self):
        self.make_invoice()
        less = self.make_invoice(self.other, amount=60)
        remittance = self.confirm()
        line = self.get_receipts(less).payment_line_ids
        line.amount_currency = 40
        (remittance.payment_line_ids - line).unlink()
        remittance.open2generated()
        self.assertEqual(self.find(remittance, _AMOUNT), ["40.00"])
        remittance.generated2uploaded()
        self.assertEqual(less.amount_residual, 20)

    def test_a_receipt_that_the_bank_has_stays(self):
        self.make_invoice()
        remittance = self.confirm()
        remittance.open2generated()
        for step in (remittance.generated2uploaded, remittance.action_cancel):
            with self.assertRaisesRegex(UserError, "cancel the whole remittance"):
                remittance.payment_line_ids.unlink()
            step()
        remittance.payment_line_ids.unlink()

    def test_no_step_is_taken_twice_nor_left_out(self):
        """As from two windows: the file that the bank has is the only one."""
        self.make_invoice()
        remittance = self.make_remittance()
        for step in ("draft2open", "open2generated", "generated2uploaded"):
            for other in {"open2generated", "generated2uploaded"} - {step}:
                with self.assertRaisesRegex(UserError, "not the next one"):
                    getattr(remittance, other)()
            getattr(remittance, step)()
        with self.assertRaisesRegex(UserError, "not the next one"):
            remittance.generated2uploaded()
        self.assertFalse(remittance.activity_ids)

    # --- sent

    def upload(self, change):
        """The bank has the file of two receipts when one of them changes."""
        invoice = self.make_invoice()
        stays = self.make_invoice(self.other, amount=60)
        remittance = self.confirm()
        remittance.open2generated()
        change(invoice)
        remittance.generated2uploaded()
        self.assertEqual(remittance.state, "uploaded")
        self.assertEqual(stays.amount_residual, 0)
        payment = remittance.payment_ids.filtered(
            lambda payment: payment.partner_id == self.customer
        )
        told = remittance.activity_ids.filtered(
            lambda task: invoice.name in str(task.note)
        )
        self.assertEqual(len(told), 1)
        self.assertIn(self.customer.name.split()[0], str(told.note))
        return self.get_receipts(payment.move_id).amount_residual

    def test_what_was_settled_meanwhile_is_in_the_customers_favour(self):
        self.assertEqual(self.upload(self.pay_by_hand), -121)

    def test_what_was_paid_in_part_meanwhile_is_too(self):
        def pay(invoice):
            self.pay_by_hand(invoice, amount=50)

        self.assertEqual(self.upload(pay), -50)

    def test_what_was_credited_meanwhile_is_too(self):
        def credit(invoice):
            note = self.make_invoice(amount=121, move_type="out_refund")
            (self.get_receipts(invoice) + self.get_receipts(note)).reconcile()

        self.assertEqual(self.upload(credit), -121)

    def test_an_invoice_that_was_taken_back_meanwhile_is_too(self):
        self.assertEqual(self.upload(lambda move: move.button_draft()), -121)
        self.assertEqual(self.upload(lambda move: move.button_cancel()), -121)

    def test_the_other_receipt_of_one_debit_is_paid(self):
        """Both are one payment: of what it brings, one receipt needs its share."""
        settled = self.make_invoice(due="2026-10-20")
        stays = self.make_invoice(amount=60, due="2026-10-20")
        remittance = self.confirm()
        remittance.open2generated()
        self.pay_by_hand(settled)
        remittance.generated2uploaded()
        self.assertEqual(stays.amount_residual, 0)
        items = self.get_receipts(remittance.payment_ids.move_id)
        self.assertEqual(items.amount_residual, -121)

    def test_nothing_is_told_of_what_was_not_settled(self):
        self.make_invoice()
        remittance = self.confirm()
        remittance.open2generated()
        remittance.generated2uploaded()
        self.assertFalse(remittance.activity_ids)
