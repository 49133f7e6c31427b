from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from odoo.addons.xpyme_contacts.tests.common import CARD, CustomerCase


@tagged("post_install", "-at_install")
class TestBankAccount(CustomerCase):
    """The kind of a customer's account and whose RUT it is, as a transfer asks."""

    def make_account(self, **vals):
        return self.env["res.partner.bank"].create(
            {"acc_number": "12345678", "partner_id": self.make_customer().id, **vals}
        )

    def test_holders_rut_is_stored_as_the_customers(self):
        account = self.make_account(account_kind="sight", holder_vat="76.086.428-5")
        self.assertEqual(account.holder_vat, "76086428-5")
        account.holder_vat = " "
        self.assertFalse(account.holder_vat)

    def test_numbers_are_their_digits(self):
        """A program or a spreadsheet gives a number for a text."""
        account = self.make_account(acc_number=12345678, holder_vat=760864285)
        self.assertEqual(
            (account.acc_number, account.holder_vat), ("12345678", "76086428-5")
        )
        account.write({"acc_number": 87654321, "holder_vat": 123456785})
        self.assertEqual(
            (account.acc_number, account.holder_vat), ("87654321", "12345678-5")
        )
        # where Spain's addon is installed too, that one has done it before
        vals = account._with_rut({"holder_vat": 760864285})
        self.assertEqual(vals, {"holder_vat": "76086428-5"})
        account.holder_vat = "76086428\x00-5"
        self.assertEqual(account.holder_vat, "76086428-5")

    def test_wrong_rut_is_refused(self):
        for wrong in ("76.086.428-6", "Juan", 7):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.make_account(holder_vat=wrong)

    def test_kind_and_holder_are_typed_in_the_card(self):
        salesperson = self.make_salesperson()
        customer = self.make_customer().with_user(salesperson)
        with Form(customer, CARD) as card, card.bank_ids.new() as account:
            account.acc_number = "12345678"
            account.account_kind = "rut"
            account.holder_vat = "12.345.678-5"
        self.assertEqual(customer.bank_ids.account_kind, "rut")
        self.assertEqual(customer.bank_ids.holder_vat, self.OTHER_RUT)

    def test_account_with_a_country_of_its_own_is_none_of_chile(self):
        account = self.make_account()
        self.assertTrue(account.is_chilean_account)
        account.acc_number = "ES91 2100 0418 4502 0005 1332"
        self.assertFalse(account.is_chilean_account)
        account = self.make_account(acc_number="555")
        account.partner_id.country_id = self.spain
        self.assertFalse(account.is_chilean_account)
