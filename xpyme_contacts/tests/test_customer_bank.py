from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CustomerCase

IBAN = "ES91 2100 0418 4502 0005 1332"
WRONG_IBAN = "ES91 2100 0418 4502 0005 1333"


@tagged("post_install", "-at_install")
class TestBankAccount(CustomerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_salesperson()
        cls.customer = cls.make_customer()

    def make_account(self, number, user=None):
        accounts = self.env["res.partner.bank"].with_user(user or self.salesperson)
        return accounts.create({"partner_id": self.customer.id, "acc_number": number})

    def test_valid_iban_is_stored_in_groups_of_four(self):
        for i, number in enumerate(
            ("es9121000418450200051332", "IBAN: ES91-2100-0418-45-0200051332")
        ):
            customer = self.make_customer(f"C{i}")
            account = self.env["res.partner.bank"].create(
                {"partner_id": customer.id, "acc_number": number}
            )
            self.assertEqual(account.acc_number, IBAN)
            self.assertEqual(account.acc_type, "iban")

    def test_wrong_iban_is_refused(self):
        for number in (
            WRONG_IBAN,
            "ES91 2100",
            "ES91 2100 0418 4502 0005 1332 9",
            "GB82 WEST 1234 5698 7654 33",
            "IBAN ES91 2100 0418 4502 0005 1333",
            "ＥＳ91 2100 0418 4502 0005 1333",
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.make_account(number)
        account = self.make_account(IBAN)
        with self.assertRaises(ValidationError) as refusal, self.env.cr.savepoint():
            account.acc_number = WRONG_IBAN
        self.assertIn(WRONG_IBAN, str(refusal.exception))

    def test_account_of_a_contact_is_his_customers(self):
        contact = self.make_contact(self.customer, "Ana")
        delivery = self.make_contact(self.customer, "Bodega", type="delivery")
        accounts = self.env["res.partner.bank"].with_user(self.salesperson)
        account, other = accounts.create(
            [
                {"partner_id": contact.id, "acc_number": IBAN},
                {"partner_id": delivery.id, "acc_number": "12345678"},
            ]
        )
        third = self.make_account("87654321")
        third.partner_id = contact
        contact.bank_ids = [Command.create({"acc_number": "11223344"})]
        self.assertEqual((account | other | third).partner_id, self.customer)
        self.assertEqual(len(self.customer.bank_ids), 4)
        self.assertFalse(contact.bank_ids)

    def test_account_of_a_suppliers_contact_stays_there(self):
        supplier = self.env["res.partner"].create({"name": "S", "is_company": True})
        contact = self.make_contact(supplier, "Ana")
        account = self.env["res.partner.bank"].create(
            {"partner_id": contact.id, "acc_number": IBAN}
        )
        self.assertEqual(account.partner_id, contact)

    def test_number_of_a_supplier_is_kept_as_core_keeps_it(self):
        supplier = self.env["res.partner"].create({"name": "S", "is_company": True})
        for number in ("ES00", f"IBAN {IBAN}", WRONG_IBAN):
            account = self.env["res.partner.bank"].create(
                {"partner_id": supplier.id, "acc_number": number}
            )
            self.assertEqual(account.acc_number, number)
            account.acc_number = f"{number} "
            self.assertEqual(account.acc_number, f"{number} ")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            account.partner_id = self.customer

    def test_domestic_numbers_are_accepted(self):
        for number in ("12345678", "0-000-12345-6", "2100 0418 45 0200051332", "CLP1"):
            self.assertEqual(self.make_account(number).acc_type, "bank")
        # Chile has no IBAN: two letters and two digits are no reason to refuse.
        self.assertEqual(self.make_account("CL12345678").acc_type, "bank")

    def test_wrong_number_of_a_living_database_is_judged_when_it_changes(self):
        account = self.make_account("12345678")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner_bank SET acc_number = %s WHERE id = %s",
                WRONG_IBAN,
                account.id,
            )
        )
        account.invalidate_recordset()
        account.note = "from before"
        self.assertEqual(account.acc_number, WRONG_IBAN)
        with self.assertRaises(ValidationError):
            account.acc_number = WRONG_IBAN

    def test_bic_is_stored_in_capitals_and_split(self):
        bank = self.env["res.bank"].create({"name": "Caixa", "bic": " caixesbb "})
        self.assertEqual(bank.bic, "CAIXESBB")
        self.assertEqual(
            (bank.bic_bank, bank.bic_country, bank.bic_location, bank.bic_branch),
            ("CAIX", "ES", "BB", ""),
        )
        bank.bic = "caixesbbXXX"
        self.assertEqual(bank.bic_branch, "XXX")
        bank.bic = False
        self.assertFalse(bank.bic_bank)

    def test_wrong_bic_is_refused(self):
        bank = self.env["res.bank"].create({"name": "Caixa"})
        for code in ("zz", "CAIXESBBX", "CAIXESBBXXXX", "CAIXZZBB", "C4IXESB", "ñ" * 8):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                bank.bic = code
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.env["res.bank"].create({"name": "B", "bic": code})

    def test_bic_typed_on_the_account_is_judged_too(self):
        bank = self.env["res.bank"].create({"name": "Caixa"})
        account = self.make_account(IBAN)
        account.bank_id = bank
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            account.bank_bic = "zz"
        account.bank_bic = "caixesbb"
        self.assertEqual(bank.bic, "CAIXESBB")

    def test_technician_changes_neither(self):
        technician = self.make_technician(["base.group_partner_manager"])
        bank = self.env["res.bank"].create({"name": "Caixa"})
        with self.assertRaises(AccessError):
            self.make_account(IBAN, technician)
        with self.assertRaises(AccessError):
            bank.with_user(technician).name = "X"
