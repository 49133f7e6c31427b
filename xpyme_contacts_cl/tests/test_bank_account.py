from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.xpyme_contacts.tests.common import CustomerCase


@tagged("post_install", "-at_install")
class TestBankAccount(CustomerCase):
    def make_account(self, **vals):
        return self.env["res.partner.bank"].create(
            {"acc_number": "12345678", "partner_id": self.make_customer().id, **vals}
        )

    def test_holders_rut_is_stored_as_the_customers(self):
        account = self.make_account(account_kind="sight", holder_vat="76.086.428-5")
        self.assertEqual(account.holder_vat, "76086428-5")
        account.holder_vat = " "
        self.assertFalse(account.holder_vat)

    def test_wrong_rut_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_account(holder_vat="76.086.428-6")

    def test_account_is_of_the_customer_unless_said_otherwise(self):
        account = self.make_account()
        account.partner_id.vat = self.RUT
        self.assertEqual(account._get_holder_vat(), account.partner_id.vat)
        account.holder_vat = self.OTHER_RUT
        self.assertEqual(account._get_holder_vat(), account.holder_vat)
