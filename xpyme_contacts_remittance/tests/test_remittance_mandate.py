from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RemittanceCase, make_iban


@tagged("post_install", "-at_install")
class TestMandates(RemittanceCase):
    """A receipt is debited by a mandate of its customer that can be used."""

    def test_a_new_mandate_debits_once_the_old_account_is_archived(self):
        self.make_invoice()
        old = self.customer.bank_ids
        old.active = False
        account = self.make_account(self.customer)
        new = self.make_mandate(self.customer, partner_bank_id=account.id)
        self.env.invalidate_all()
        self.assertEqual(self.make_remittance().payment_line_ids.mandate_id, new)

    def test_a_new_mandate_debits_once_the_old_one_is_void(self):
        invoice = self.make_invoice()
        invoice.mandate_id.signature_date = "2020-01-02"
        account = self.make_account(self.customer)
        new = self.make_mandate(self.customer, partner_bank_id=account.id)
        self.assertEqual(self.make_remittance().payment_line_ids.mandate_id, new)

    def test_a_receipt_that_is_added_by_hand_takes_the_new_mandate_too(self):
        void = self.make_invoice()
        void.mandate_id.signature_date = "2020-01-02"
        account = self.make_account(self.customer)
        new = self.make_mandate(self.customer, partner_bank_id=account.id)
        self.make_invoice(self.make_debtor("Otra S.A."), due="2026-10-06")
        remittance = self.make_remittance(until="2026-10-06")
        line = self.get_receipts(void).create_payment_line_from_move_line(remittance)
        self.assertEqual(line.mandate_id, new)
        self.assertEqual(line.partner_bank_id, account)

    def test_an_archived_account_alone_is_told(self):
        self.make_invoice()
        self.customer.bank_ids.active = False
        self.env.invalidate_all()
        self.assertRegex(self.judge()[self.customer.name], "account .* is archived")

    def test_another_customers_mandate_debits_nothing(self):
        invoice = self.make_invoice()
        foreign = self.make_debtor("Berta S.A.").bank_ids.mandate_ids
        own = invoice.mandate_id
        invoice.mandate_id = foreign
        self.assertEqual(self.make_remittance().payment_line_ids.mandate_id, own)

    def test_only_another_customers_mandate_is_told(self):
        invoice = self.make_invoice(self.make_debtor("Ana S.A.", mandate=None))
        invoice.mandate_id = self.customer.bank_ids.mandate_ids
        self.assertRegex(self.judge()["Ana S.A."], "of another customer")

    def test_another_customers_mandate_is_not_confirmed(self):
        """Nor their whole receipt: whose debt it is, the invoice says."""
        other = self.make_debtor("Berta S.A.")
        self.make_invoice()
        line = self.make_remittance().payment_line_ids
        for vals in ({}, {"partner_id": other.id}):
            line.write({"mandate_id": other.bank_ids.mandate_ids.id, **vals})
            with self.assertRaisesRegex(UserError, "of another customer"):
                line.order_id.draft2open()

    def test_one_debit_of_two_receipts_on_one_day(self):
        self.customer.bank_ids.mandate_ids.type = "oneoff"
        self.make_invoice(due="2026-10-12")
        self.make_invoice(due="2026-10-14")
        remittance = self.make_remittance(date_mode="fixed", date_fixed="2026-10-15")
        self.send(remittance)
        self.assertEqual(remittance.payment_ids.amount, 242)

    def test_cancelling_gives_a_mandate_for_one_debit_back(self):
        mandate = self.customer.bank_ids.mandate_ids
        mandate.type = "oneoff"
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        self.assertEqual(mandate.state, "expired")
        remittance.action_cancel()
        self.assertEqual((mandate.state, mandate.last_debit_date), ("valid", False))
        remittance.cancel2draft()
        self.assertTrue(self.send(remittance))

    def test_cancelling_gives_a_mandate_its_last_debit_back(self):
        mandate = self.customer.bank_ids.mandate_ids
        mandate.valid2final()
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        remittance.action_cancel()
        self.assertEqual(mandate.state, "final")

    def test_cancelling_revives_no_mandate_that_the_customer_cancelled(self):
        mandate = self.customer.bank_ids.mandate_ids
        self.make_invoice()
        remittance = self.make_remittance()
        self.send(remittance)
        mandate.state = "expired"
        remittance.action_cancel()
        self.assertEqual(mandate.state, "expired")

    def test_an_account_keeps_the_number_that_was_signed(self):
        account = self.customer.bank_ids
        signed = account.acc_number
        mandate = account.mandate_ids
        for number in ("acc_number", "sanitized_acc_number"):
            with self.assertRaisesRegex(UserError, "signed .* new mandate signed"):
                with self.env.cr.savepoint():
                    account[number] = make_iban()
        account.acc_number = account.sanitized_acc_number
        account.acc_number = signed
        mandate.cancel()
        account.acc_number = make_iban()
