from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import PointsCase


@tagged("post_install", "-at_install")
class TestVoucherNotice(PointsCase):
    """A voucher to use is told where its customer is chosen."""

    def test_a_quotation_tells_it_until_it_is_used(self):
        voucher = self.give_voucher(30)
        order = self.make_order(confirm=False).with_user(self.salesperson)
        self.assertTold(["30.00", voucher.code, "ACME"], order.customer_notice)
        self.assertEqual(order.customer_notice_level, "info")
        self.assertEqual(order.usable_voucher, 30)
        order.action_use_voucher()
        self.assertAlmostEqual(order.amount_total, 32.92, 2)
        self.assertFalse(order.customer_notice)
        self.assertFalse(order.usable_voucher)
        order.action_confirm()
        self.assertEqual(self.get_balance(), 0)

    def test_it_is_told_on_entering_the_customer(self):
        self.give_voucher(30)
        form = Form(self.env["sale.order"].with_user(self.salesperson))
        form.partner_id = self.customer
        self.assertTold(["30.00"], form.customer_notice)

    def test_who_pays_for_another_is_not_told_of(self):
        self.give_voucher(30)
        other = self.make_customer("Otra", vat=False)
        order = self.make_order(other, confirm=False)
        order.partner_invoice_id = self.customer
        self.assertFalse(order.customer_notice)

    def test_a_draft_invoice_tells_it_a_posted_one_does_not(self):
        self.give_voucher(30)
        invoice = self.make_invoice(121, day="2026-12-03")
        self.assertFalse(invoice.customer_notice)
        invoice.button_draft()
        self.assertTold(["30.00"], invoice.customer_notice)

    def test_what_no_voucher_pays_tells_none(self):
        self.give_voucher(30)
        entry = self.customer._get_notice_entries(self.env.company)[self.customer.id]
        self.assertTrue(entry["voucher"])
        visit = self.env["fsm.order"].new()
        told = visit._prepare_notice_entry(entry, is_payer=True)
        self.assertFalse(told["voucher"])

    def test_without_a_voucher_nothing_is_told_nor_used(self):
        order = self.make_order(confirm=False)
        self.assertFalse(order.customer_notice)
        with self.assertRaisesRegex(UserError, "no voucher"):
            order.action_use_voucher()

    def test_an_empty_order_has_nothing_to_pay(self):
        self.give_voucher(30)
        order = self.make_order(confirm=False)
        order.order_line.unlink()
        with self.assertRaisesRegex(UserError, "nothing to pay"):
            order.action_use_voucher()

    def test_clients_of_other_documents_are_told_too(self):
        voucher = self.give_voucher(30)
        customer = self.customer.with_user(self.salesperson)
        entry = customer.get_document_entry(self.env.company.id, "pos.order")
        self.assertEqual(entry["voucher"], {"code": voucher.code, "balance": 30})
        self.assertEqual(entry["action"], "tell")
        self.assertTold(["30.00"], entry["notices"])
