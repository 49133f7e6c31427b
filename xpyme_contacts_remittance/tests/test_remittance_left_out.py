from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RemittanceCase


@tagged("post_install", "-at_install")
class TestLeftOut(RemittanceCase):
    """Who is left out of a remittance, and why; the others go."""

    def test_without_a_mandate(self):
        self.make_invoice()
        self.make_invoice(self.make_debtor("Sin mandato", mandate=None))
        self.make_invoice(self.make_debtor("Sin nada", mandate=None, iban=False))
        self.assertEqual(
            self.judge(),
            {
                "Sin mandato": "The customer has signed no mandate.",
                "Sin nada": "The customer has neither an IBAN nor a mandate.",
            },
        )
        self.assertReceipts(self.make_remittance(), 121)

    def test_with_a_mandate_that_is_not_in_force(self):
        self.make_invoice()
        for state in ("expired", "cancel", "draft"):
            self.make_invoice(self.make_debtor(state, mandate=state))
        reasons = self.judge()
        self.assertEqual(set(reasons), {"expired", "cancel", "draft"})
        for reason in reasons.values():
            self.assertRegex(reason, "^The mandate .* is not in force: ")
        self.assertReceipts(self.make_remittance(), 121)

    def test_a_mandate_unused_for_36_months_or_used_up(self):
        self.make_invoice()
        self.customer.valid_mandate_id.signature_date = "2023-10-12"
        self.assertFalse(self.judge())
        self.customer.valid_mandate_id.signature_date = "2023-10-11"
        self.assertRegex(self.judge()[self.customer.name], "for 36 months")
        self.customer.valid_mandate_id.write(
            {
                "signature_date": "2026-01-01",
                "type": "oneoff",
                "last_debit_date": "2026-02-02",
            }
        )
        self.assertRegex(self.judge()[self.customer.name], "for one debit only")

    def test_a_new_mandate_takes_the_place_of_the_invoices(self):
        invoice = self.make_invoice()
        old = invoice.mandate_id
        old.cancel()
        new = self.make_mandate(self.customer)
        self.env.invalidate_all()
        line = self.make_remittance().payment_line_ids
        self.assertEqual(line.mandate_id, new)
        self.assertEqual(invoice.mandate_id, old)

    def test_in_another_currency(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        self.make_invoice()
        self.make_invoice(currency_id=usd.id)
        self.assertRegex(self.judge()[self.customer.name], "in USD, .* in EUR")
        self.assertReceipts(self.make_remittance(), 121)

    def test_paid_otherwise(self):
        self.make_invoice()
        cash = self.make_invoice(
            preferred_payment_method_line_id=self.make_method_by_hand().id
        )
        self.assertTrue(cash.preferred_payment_method_line_id)
        self.assertRegex(self.judge()[self.customer.name], "It is paid otherwise: ")
        self.assertFalse(self.judge(remittance_group_ids=False))

    def make_method_by_hand(self):
        return self.env["account.payment.method.line"].create(
            {
                "name": "Transferencia",
                "payment_method_id": self.env.ref(
                    "account.account_payment_method_manual_in"
                ).id,
                "journal_id": self.get_journal(self.company, "bank").id,
                "selectable": True,
            }
        )

    def make_series(self, code):
        usual = self.get_journal(self.company, "sale")
        return self.env["account.journal"].create(
            {
                "default_account_id": usual.default_account_id.id,
                "name": f"Serie {code}",
                "code": code,
                "type": "sale",
                "company_id": self.company.id,
            }
        )

    def test_a_series_that_is_made_later_enters(self):
        series = self.make_series("SB")
        self.make_invoice(journal_id=series.id)
        self.assertReceipts(self.make_remittance(), 121)

    def test_a_series_that_the_method_does_not_take_is_told(self):
        usual = self.method.default_journal_ids
        taken_out = self.make_series("SB")
        self.method.default_journal_ids = usual
        self.make_invoice(journal_id=taken_out.id)
        self.assertRegex(self.judge()[self.customer.name], "Serie SB.* payment method")
        self.make_series("SC")
        self.assertEqual(self.method.default_journal_ids, usual)

    def test_an_opening_entry_is_told(self):
        receivable = self.customer.property_account_receivable_id
        entry = self.env["account.move"].create(
            {
                "journal_id": self.get_journal(self.company, "general").id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "debit": 77,
                            "date_maturity": "2026-10-10",
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.method.payment_account_id.id,
                            "credit": 77,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self.assertIn("no payment method", self.judge()[self.customer.name])

    def test_money_on_account_is_told(self):
        self.make_invoice()
        paid = self.make_invoice(amount=30)
        self.pay_by_hand(paid, amount=45)
        self.make_invoice(self.make_debtor("Otra S.A."))
        for deducting in (False, True):
            told = str(self.make_window(net_credit_notes=deducting).preview)
            before, sentence = told.split(self.eur.format(15))
            self.assertIn("on account", sentence)
            self.assertIn("Núñez", sentence)
            self.assertNotIn("Otra", sentence)

    def test_nothing_enters(self):
        with self.assertRaisesRegex(UserError, "No receipt enters"):
            self.make_remittance()

    def test_the_window_tells_what_enters_and_who_does_not(self):
        self.make_invoice()
        self.make_invoice(self.make_debtor("Sin mandato", mandate=None), amount=50)
        window = self.make_window()
        self.assertEqual((window.receipt_count, window.amount), (1, 121))
        for told in ("121.00", "50.00", "Sin mandato", "has signed no mandate"):
            self.assertIn(told, window.preview)
        remittance = self.make_remittance()
        self.assertIn("has signed no mandate", remittance.message_ids[0].body)

    def test_confirming_without_a_mandate_says_who(self):
        self.make_invoice()
        remittance = self.make_remittance()
        remittance.payment_line_ids.mandate_id = False
        with self.assertRaisesRegex(UserError, r"(?s)Núñez.*no mandate in force"):
            remittance.draft2open()


@tagged("post_install", "-at_install")
class TestCreditNotes(RemittanceCase):
    """What customers have in their favour is deducted, or left out, by choice."""

    def make_credit_note(self, amount):
        return self.make_invoice(amount=amount, move_type="out_refund")

    def test_left_out_and_told(self):
        self.make_invoice()
        note = self.make_credit_note(20)
        self.assertIn("20.00", self.make_window().preview)
        self.assertReceipts(self.make_remittance(), 121)
        self.assertEqual(note.amount_residual, 20)

    def test_deducted(self):
        self.make_invoice()
        note = self.make_credit_note(20)
        window = self.make_window(net_credit_notes=True)
        self.assertEqual(window.amount, 101)
        remittance = self.make_remittance(net_credit_notes=True)
        self.assertReceipts(remittance, 101)
        self.assertFalse(note.amount_residual)
        self.send(remittance)
        self.assertEqual(remittance.payment_ids.amount, 101)

    def test_the_first_receipt_is_paid_first(self):
        self.make_invoice(amount=50, due="2026-10-06")
        self.make_invoice(amount=100, due="2026-10-20")
        self.make_credit_note(60)
        self.assertRegex(
            self.judge(net_credit_notes=True)[self.customer.name], "credit notes pay it"
        )
        self.assertReceipts(self.make_remittance(net_credit_notes=True), 90)

    def test_who_has_more_in_their_favour_is_not_debited(self):
        self.make_invoice()
        self.make_credit_note(200)
        other = self.make_debtor("Otra S.A.")
        self.make_invoice(other, amount=10)
        self.assertReceipts(self.make_remittance(net_credit_notes=True), 10)

    def test_a_mandate_for_one_debit_debits_what_the_credit_notes_leave(self):
        self.customer.bank_ids.mandate_ids.type = "oneoff"
        self.make_invoice(amount=50, due="2026-10-07")
        self.make_invoice(amount=100, due="2026-10-20")
        note = self.make_credit_note(50)
        window = self.make_window(net_credit_notes=True)
        self.assertEqual(window.amount, 100)
        self.assertReceipts(self.make_remittance(net_credit_notes=True), 100)
        self.assertFalse(note.amount_residual)

    def test_a_credit_note_that_is_being_paid_back_is_not_deducted(self):
        note = self.make_credit_note(50)
        transfer = self.env["account.payment.method.line"].create(
            {
                "name": "Transferencia",
                "payment_method_id": self.env.ref(
                    "account.account_payment_method_manual_out"
                ).id,
                "journal_id": self.get_journal(self.company, "bank").id,
                "selectable": True,
                "payment_order_ok": True,
            }
        )
        order = self.env["account.payment.order"].create(
            {"payment_type": "outbound", "payment_method_line_id": transfer.id}
        )
        self.get_receipts(note).create_payment_line_from_move_line(order)
        self.make_invoice()
        self.assertEqual(self.make_window(net_credit_notes=True).amount, 121)
        self.assertReceipts(self.make_remittance(net_credit_notes=True), 121)
        self.assertEqual(note.amount_residual, 50)

    def test_a_credit_note_pays_receipts_of_its_own_account_only(self):
        self.make_invoice()
        self.customer.property_account_receivable_id = self.env[
            "account.account"
        ].create(
            {
                "code": "430900",
                "name": "Clientes, otros",
                "account_type": "asset_receivable",
                "reconcile": True,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        note = self.make_credit_note(20)
        self.assertEqual(self.make_window(net_credit_notes=True).amount, 121)
        self.assertReceipts(self.make_remittance(net_credit_notes=True), 121)
        self.assertEqual(note.amount_residual, 20)

    def test_what_is_debited_is_what_the_preview_said(self):
        """Of receipts of one day Odoo pays the smaller one first."""
        self.make_invoice()
        self.make_invoice(amount=60.50)
        self.make_credit_note(150)
        self.assertEqual(self.make_window(net_credit_notes=True).amount, 31.50)
        remittance = self.make_remittance(net_credit_notes=True)
        self.assertReceipts(remittance, 31.50)
        self.send(remittance)
        self.assertEqual(remittance.payment_ids.amount, 31.50)


@tagged("post_install", "-at_install")
class TestConfirming(RemittanceCase):
    """Whoever has put a receipt into a remittance, it is judged when that leaves."""

    def put_in(self, *invoices):
        """As OCA's own window does."""
        remittance = self.make_remittance()
        for invoice in invoices:
            receipt = invoice.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            receipt.create_payment_line_from_move_line(remittance)
        return remittance

    def test_a_receipt_that_was_paid_meanwhile_is_not_debited_again(self):
        invoice = self.make_invoice()
        remittance = self.make_remittance()
        self.make_invoice(amount=100, move_type="out_refund")
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_type", "=", "asset_receivable"),
            ]
        )
        items.reconcile()
        self.assertEqual(invoice.amount_residual, 21)
        with self.assertRaisesRegex(UserError, "Núñez.*Less is owed"):
            remittance.draft2open()
        remittance.payment_line_ids.amount_currency = 21
        remittance.draft2open()

    def test_an_invoice_that_is_a_draft_again_is_not_debited(self):
        invoice = self.make_invoice()
        remittance = self.make_remittance()
        remittance.draft2open()
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "Less is owed"):
            remittance.open2generated()

    def test_a_mandate_for_one_debit_debits_once(self):
        self.customer.bank_ids.mandate_ids.type = "oneoff"
        self.make_thirds()
        self.assertRegex(self.judge()[self.customer.name], "for one debit only")
        remittance = self.make_remittance()
        self.assertEqual(len(remittance.payment_line_ids), 1)
        remittance = self.put_in(self.make_invoice(amount=10, due="2026-12-10"))
        with self.assertRaisesRegex(UserError, "for one debit only"):
            remittance.draft2open()

    def test_a_mandate_that_is_void_debits_nothing(self):
        self.make_invoice(self.make_debtor("Otra S.A."))
        void = self.make_debtor("Antigua S.A.")
        void.bank_ids.mandate_ids.signature_date = "2020-01-02"
        remittance = self.put_in(self.make_invoice(void))
        with self.assertRaisesRegex(UserError, "Antigua.*for 36 months"):
            remittance.draft2open()
