from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RemittanceCase


@tagged("post_install", "-at_install")
class TestRemittanceGroup(RemittanceCase):
    """Whose receipts a remittance takes."""

    def test_a_group_takes_only_its_own(self):
        other = self.make_debtor("Otra S.A.", remittance_group_id=False)
        mine, theirs = self.make_invoice(), self.make_invoice(other)
        taken = self.make_remittance().payment_line_ids.move_line_id.move_id
        self.assertEqual(taken, mine)
        taken = self.make_remittance(remittance_group_ids=False)
        self.assertEqual(taken.payment_line_ids.move_line_id.move_id, theirs)

    def test_no_group_takes_all(self):
        other = self.make_debtor("Otra S.A.", remittance_group_id=False)
        self.make_invoice()
        self.make_invoice(other)
        remittance = self.make_remittance(remittance_group_ids=False)
        self.assertEqual(remittance.payment_line_ids.partner_id, self.customer + other)

    def test_ocas_window_takes_the_remittances_groups(self):
        other = self.make_debtor("Otra S.A.", remittance_group_id=False)
        mine, theirs = self.make_invoice(), self.make_invoice(other)
        order = self.env["account.payment.order"].create(
            {
                "payment_type": "inbound",
                "payment_method_line_id": self.method.id,
                "remittance_group_ids": self.group.ids,
            }
        )
        window = self.env["account.payment.line.create"].with_context(
            active_model=order._name, active_id=order.id
        )
        window = window.create({"due_date": "2026-12-31"})
        window.populate()
        self.assertEqual(window.move_line_ids.move_id, mine)
        window.remittance_group_ids = False
        window.populate()
        self.assertEqual(window.eligible_move_line_ids.move_id, mine + theirs)

    def test_an_address_is_in_the_group_of_its_customer(self):
        address = self.make_contact(self.customer, type="invoice")
        self.assertEqual(address.remittance_group_id, self.group)
        invoice = self.make_invoice(address)
        remittance = self.make_remittance()
        self.assertEqual(remittance.payment_line_ids.move_line_id.move_id, invoice)
        self.assertEqual(remittance.payment_line_ids.partner_id, self.customer)

    def test_a_group_in_use_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, r"group has customers \(1\)"):
            self.group.unlink()
        self.customer.remittance_group_id = False
        self.group.unlink()

    def test_the_customers_list_is_grouped_and_filtered(self):
        customers = self.env["res.partner"]
        found = customers._read_group(
            [
                ("remittance_group_id", "=", self.group.id),
                ("is_customer_card", "=", True),
            ],
            ["remittance_group_id"],
            ["__count"],
        )
        self.assertEqual(found, [(self.group, 1)])
        without = self.make_debtor("Sin mandato", mandate=None)
        domain = [
            ("remittance_group_id", "=", self.group.id),
            ("is_customer_card", "=", True),
            ("bank_ids", "not any", [("mandate_ids.state", "=", "valid")]),
        ]
        self.assertEqual(customers.search(domain), without)
