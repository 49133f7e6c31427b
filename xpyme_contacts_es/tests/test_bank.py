from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import SpanishCase

CCC = "21000418450200051332"
IBAN = "ES91 2100 0418 4502 0005 1332"
FRENCH = "FR76 3000 6000 0112 3456 7890 189"
PARTS = {
    "bank_entity_code": "2100",
    "bank_branch_code": "0418",
    "bank_account_digits": "0200051332",
}


@tagged("post_install", "-at_install")
class TestBank(SpanishCase):
    """A Spanish account by its digits, its twenty digits or its IBAN."""

    def make_account(self, number=None, holder=None, **vals):
        holder = holder or self.customer
        if number is not None:
            vals["acc_number"] = number
        return self.env["res.partner.bank"].create({"partner_id": holder.id, **vals})

    def assertRefused(self, number=None, **vals):
        """In one sentence."""
        with self.assertRaises(ValidationError) as refusal, self.env.cr.savepoint():
            self.make_account(number, **vals)
        self.assertNotIn("\n", refusal.exception.args[0])

    def test_the_parts_make_the_iban_and_find_the_bank(self):
        for check in ({}, {"bank_check_digits": "45"}, {"bank_check_digits": ""}):
            account = self.make_account(**PARTS, **check)
            self.assertEqual(account.acc_number, IBAN)
            self.assertEqual(account.bank_check_digits, "45")
            self.assertEqual(account.bank_bic, "CAIXESBB")
            self.assertEqual(account.bank_id.code, "2100")

    def test_a_bank_that_exists_is_taken_by_its_code(self):
        bank = self.env["res.bank"].create(
            {"name": "La Caixa", "code": "2100", "country": self.spain.id}
        )
        self.assertEqual(self.make_account(CCC).bank_id, bank)
        self.assertEqual(bank.bic, "CAIXESBB")

    def test_twenty_digits_make_the_iban_however_they_are_typed(self):
        for number in (CCC, "2100 0418 45 0200051332", "2100-0418-45-0200051332"):
            account = self.make_account(number)
            self.assertEqual(account.acc_number, IBAN)
            account.acc_number = "2038 5778 98 3000760236"
            account.acc_number = number
            self.assertEqual(account.sanitized_acc_number, IBAN.replace(" ", ""))
            account.write({"sanitized_acc_number": "2038-5778-98-3000760236"})
            self.assertTrue(account.acc_number.startswith("ES98"))
            account.acc_number = CCC

    def test_a_supplier_and_the_company_have_ibans_too(self):
        supplier = self.Partner.create({"name": "Proveedor", "is_company": True})
        for holder in (supplier, self.company.partner_id):
            account = self.make_account(CCC, holder)
            self.assertEqual(account.acc_number, IBAN)

    def test_an_imported_number_too(self):
        rows = [[self.customer.id, CCC]]
        found = self.env["res.partner.bank"].load(
            ["partner_id/.id", "acc_number"], rows
        )
        self.assertFalse(found["messages"])
        self.assertEqual(self.customer.bank_ids.acc_number, IBAN)

    def test_a_number_typed_in_the_card_too(self):
        self.customer.bank_ids = [Command.create({"acc_number": CCC})]
        self.assertEqual(self.customer.bank_ids.acc_number, IBAN)

    def test_wrong_digits_are_refused(self):
        self.assertRefused("2100 0418 46 0200051332")
        self.assertRefused(**PARTS, bank_check_digits="46")
        for wrong in (
            {"bank_account_digits": "020005133"},
            {"bank_account_digits": "02000513AB"},
            {"bank_entity_code": "21"},
            {"bank_branch_code": ""},
            {"bank_entity_code": "２１００"},
        ):
            if wrong.get("bank_entity_code") == "２１００":
                self.assertEqual(
                    self.make_account(**{**PARTS, **wrong}).acc_number, IBAN
                )
            else:
                self.assertRefused(**{**PARTS, **wrong})

    def test_a_digit_too_few_or_too_many_is_told(self):
        self.assertRefused("2100 0418 45 020005133")
        self.assertRefused("2100 0418 45 02000513321")
        abroad = self.make_customer(
            "Stockholm AB", country_id=self.env.ref("base.se").id
        )
        account = self.env["res.partner.bank"].create(
            {"partner_id": abroad.id, "acc_number": "2100041845020005133"}
        )
        self.assertEqual(account.acc_number, "2100041845020005133")

    def test_a_wrong_iban_is_refused_whoever_holds_it(self):
        holders = (self.customer, self.Partner.create({"name": "Proveedor"}))
        for number in ("ES00", "ES91", "ES91" + "2" * 29, IBAN[:-1] + "3"):
            for holder in holders:
                self.assertRefused(number, holder=holder)

    def test_a_wrong_iban_of_another_country_is_no_traceback(self):
        supplier = self.Partner.create({"name": "Proveedor"})
        for number in ("FR00", "DE1", "GB29NWBK60161331926818A", "XX91 2100", "IT60X"):
            try:
                with self.env.cr.savepoint():
                    account = self.make_account(number, supplier)
                self.assertEqual(account.acc_type, "bank")
            except ValidationError as refusal:
                self.assertTrue(refusal.args[0])

    def test_digits_and_a_number_of_two_accounts_are_refused(self):
        self.assertRefused("ES98 2038 5778 9830 0076 0236", **PARTS)
        self.assertRefused(FRENCH, **PARTS)

    def test_another_part_makes_another_account(self):
        account = self.make_account(CCC)
        account.bank_account_digits = "0200051333"
        self.assertNotEqual(account.acc_number, IBAN)
        self.assertEqual(account.bank_entity_code, "2100")
        both = account + self.make_account("ES98 2038 5778 9830 0076 0236")
        both.write({"bank_branch_code": "0001"})
        self.assertEqual(both.mapped("bank_branch_code"), ["0001", "0001"])
        self.assertEqual(both.mapped("bank_entity_code"), ["2100", "2038"])

    def test_a_french_account_has_no_parts(self):
        account = self.make_account(FRENCH)
        self.assertFalse(any(account[part] for part in PARTS))
        self.assertFalse(account.is_spanish_account)

    def test_a_chilean_number_stays_and_keeps_its_bank(self):
        bank = self.env["res.bank"].create({"name": "Banco del Sur"})
        chilean = self.make_customer("Andes", country_id=self.chile.id, vat=False)
        account = self.make_account(CCC, chilean, bank_id=bank.id)
        self.assertEqual(account.acc_number, CCC)
        account.acc_number = "12345678"
        self.assertEqual((account.acc_number, account.bank_id), ("12345678", bank))

    def test_an_account_is_found_by_its_twenty_digits(self):
        account = self.make_account(IBAN)
        accounts = self.env["res.partner.bank"]
        for operator in ("=", "ilike"):
            self.assertEqual(accounts.search([("acc_number", operator, CCC)]), account)
        self.assertNotIn(account, accounts.search([("acc_number", "!=", CCC)]))

    def test_the_same_account_twice_is_one(self):
        account = self.make_account(IBAN)
        self.assertEqual(self.make_account(CCC), account)
        self.assertEqual(self.make_account(**PARTS), account)

    def test_on_the_screen_the_number_follows_the_parts(self):
        accounts = self.env["res.partner.bank"].with_context(
            default_partner_id=self.customer.id
        )
        with Form(accounts) as form:
            form.bank_entity_code = "2100"
            form.bank_branch_code = "0418"
            self.assertFalse(form.acc_number)
            form.bank_account_digits = "0200051332"
            self.assertEqual(form.acc_number, IBAN)
            self.assertEqual(form.bank_check_digits, "45")
            form.bank_account_digits = "0200051333"
            self.assertNotEqual(form.bank_check_digits, "45")
            form.acc_number = CCC
            self.assertEqual(form.acc_number, IBAN)
        self.assertEqual(form.record.acc_number, IBAN)

    def test_on_the_screen_a_wrong_dc_is_told_at_once(self):
        account = self.env["res.partner.bank"].new(
            {"partner_id": self.customer.id, **PARTS, "bank_check_digits": "46"}
        )
        self.assertIn("46", account._onchange_parts()["warning"]["message"])

    def test_a_slip_in_a_number_makes_no_other_account(self):
        """The parts follow the number on the screen: it is not made to fit them."""
        for slip in (
            "2100 0418 46 0200051332",
            "ES91 2100 0418 4502 0005 1399",
            "ES92 2100 0418 4502 0005 1332",
        ):
            form = Form(self.env["res.partner.bank"])
            form.partner_id = self.customer
            form.acc_number = slip
            self.assertEqual(form.acc_number.replace(" ", ""), slip.replace(" ", ""))
            with self.assertRaises(ValidationError):
                form.save()
        with Form(self.make_account(CCC)) as form:
            form.bank_account_digits = "0200051333"
            self.assertEqual(form.acc_number[-4:], "1333")
