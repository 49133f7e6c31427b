from odoo import Command
from odoo.tests import tagged

from .common import SpanishCase


@tagged("post_install", "-at_install")
class TestDocuments(SpanishCase):
    """Open documents whose customer's taxes changed say so; posted ones stay."""

    def test_an_open_document_takes_the_new_taxes_with_one_button(self):
        documents = [self.make_quotation(), self.make_invoice()]
        for document in documents:
            self.assertFalse(document.customer_taxes_changed)
        self.customer.equivalence_surcharge = True
        for document in documents:
            self.assertTrue(document.customer_taxes_changed)
            self.assertEqual(document.amount_total, 121)
            document.action_update_customer_taxes()
            self.assertFalse(document.customer_taxes_changed)
            self.assertAlmostEqual(document.amount_total, 126.20)
        self.customer.write({"irpf_percent": 15, "irpf_base": "total"})
        for document in documents:
            document.action_update_customer_taxes()
            self.assertAlmostEqual(document.amount_total, 107.27)

    def test_flags_that_go_are_told_too(self):
        self.customer.equivalence_surcharge = True
        documents = [self.make_quotation(), self.make_invoice()]
        self.customer.equivalence_surcharge = False
        for document in documents:
            self.assertTrue(document.customer_taxes_changed)
            document.action_update_customer_taxes()
            self.assertEqual(document.amount_total, 121)

    def test_a_position_chosen_for_the_document_is_left_alone(self):
        chosen = self.ref("fp_irpf7")
        documents = [
            self.make_quotation(fiscal_position_id=chosen.id),
            self.make_invoice(fiscal_position_id=chosen.id),
        ]
        self.customer.equivalence_surcharge = True
        for document in documents:
            self.assertFalse(document.customer_taxes_changed)

    def test_without_flags_nothing_is_said(self):
        documents = [self.make_quotation(), self.make_invoice()]
        self.customer.property_account_position_id = self.ref("fp_recargo")
        for document in documents:
            document.invalidate_recordset()
            self.assertFalse(document.customer_taxes_changed)

    def test_confirmed_and_posted_documents_stay(self):
        order, invoice = self.make_quotation(), self.make_invoice()
        order.action_confirm()
        invoice.action_post()
        self.customer.equivalence_surcharge = True
        for document in (order, invoice):
            self.assertFalse(document.customer_taxes_changed)
            document.action_update_customer_taxes()
            self.assertEqual(document.amount_total, 121)

    def test_the_invoice_of_an_order_from_before_says_it(self):
        order = self.make_quotation()
        order.action_confirm()
        self.customer.equivalence_surcharge = True
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        self.assertTrue(invoice.customer_taxes_changed)
        invoice.action_update_customer_taxes()
        self.assertAlmostEqual(invoice.amount_total, 126.20)

    def test_an_order_and_its_invoice_have_the_same(self):
        for base in ("base", "total"):
            self.customer.write(
                {"equivalence_surcharge": True, "irpf_percent": 15, "irpf_base": base}
            )
            order = self.make_quotation()
            order.action_confirm()
            order.order_line.qty_delivered = 1
            invoice = order._create_invoices()
            self.assertFalse(invoice.customer_taxes_changed)
            self.assertEqual(invoice.fiscal_position_id, order.fiscal_position_id)
            self.assertAlmostEqual(invoice.amount_total, order.amount_total)

    def test_a_credit_note_mirrors_its_invoice_whatever_changed(self):
        self.customer.write(
            {"equivalence_surcharge": True, "irpf_percent": 15, "irpf_base": "total"}
        )
        invoice = self.make_invoice()
        invoice.action_post()
        self.customer.write({"equivalence_surcharge": False, "irpf_percent": 0})
        refund = self.reverse(invoice)
        self.assertFalse(refund.customer_taxes_changed)
        self.assertEqual(refund.fiscal_position_id, invoice.fiscal_position_id)
        refund.action_post()
        self.assertAlmostEqual(refund.amount_total, 107.27)
        lines = (invoice + refund).line_ids
        for account in lines.account_id:
            mine = lines.filtered(lambda line, a=account: line.account_id == a)
            self.assertAlmostEqual(sum(mine.mapped("balance")), 0)

    def test_a_credit_note_by_hand_has_the_customers_taxes(self):
        self.customer.write({"equivalence_surcharge": True, "irpf_percent": 15})
        refund = self.make_invoice(move_type="out_refund")
        self.assertAlmostEqual(refund.amount_total, 111.20)

    def test_vendor_bills_have_no_flags(self):
        self.customer.write(
            {"equivalence_surcharge": True, "irpf_percent": 15, "irpf_base": "total"}
        )
        article = self.articles[21]
        article.supplier_taxes_id = self.get_tax("p_iva21_bc")
        bill = self.make_invoice(move_type="in_invoice")
        self.assertAlmostEqual(bill.amount_total, 121)
        self.assertFalse(bill.customer_taxes_changed)

    def test_another_customer_whose_taxes_the_lines_have_not_is_told(self):
        agreed = self.make_customer("Recargo", equivalence_surcharge=True)
        documents = [self.make_quotation(), self.make_invoice()]
        for document in documents:
            document.partner_id = agreed
            self.assertEqual(document.amount_total, 121)
            self.assertTrue(document.customer_taxes_changed)
            document.action_update_customer_taxes()
            self.assertAlmostEqual(document.amount_total, 126.20)
            document.partner_id = self.customer
            self.assertTrue(document.customer_taxes_changed)
            document.action_update_customer_taxes()
            self.assertEqual(document.amount_total, 121)
            self.assertFalse(document.customer_taxes_changed)

    def test_a_vat_without_recargo_misses_none(self):
        vat = self.vat[21].copy(
            {"name": "9% G", "amount": 9, "replacing_tax_ids": [Command.clear()]}
        )
        article = self.make_article("Sin recargo", vat)
        agreed = self.make_customer("Recargo", equivalence_surcharge=True)
        for make in (self.make_quotation, self.make_invoice):
            document = make(customer=agreed, article=article)
            self.assertEqual(document.amount_total, 109)
            self.assertFalse(document.customer_taxes_changed)
