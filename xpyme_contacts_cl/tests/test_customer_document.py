from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ChileanCase


@tagged("post_install", "-at_install")
class TestCustomerDocument(ChileanCase):
    """An invoice is the document of its customer, until it has a folio."""

    def test_without_one_it_is_as_odoo_chooses(self):
        self.assertEqual(
            self.make_invoice().l10n_latam_document_type_id, self.invoice_document
        )

    def test_customers_document_is_that_of_the_invoice_by_every_door(self):
        self.customer.default_document_type_id = self.receipt_document
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.article.id})],
            }
        )
        order.action_confirm()
        order.order_line.qty_delivered = 1
        form = Form(
            self.env["account.move"].with_context(default_move_type="out_invoice")
        )
        form.partner_id = self.customer
        self.assertEqual(form.l10n_latam_document_type_id, self.receipt_document)
        for invoice in (self.make_invoice(), order._create_invoices()):
            self.assertEqual(invoice.l10n_latam_document_type_id, self.receipt_document)

    def test_contact_of_the_customer_gets_the_customers(self):
        self.customer.default_document_type_id = self.receipt_document
        contact = self.make_contact(self.customer, "Ana")
        invoice = self.make_invoice(contact)
        self.assertEqual(invoice.l10n_latam_document_type_id, self.receipt_document)

    def test_document_chosen_in_the_invoice_stays(self):
        self.customer.default_document_type_id = self.receipt_document
        invoice = self.make_invoice(
            l10n_latam_document_type_id=self.invoice_document.id
        )
        self.assertEqual(invoice.l10n_latam_document_type_id, self.invoice_document)
        invoice.l10n_latam_document_type_id = self.exempt_document
        invoice.ref = "Pedido 7"
        self.env.flush_all()
        self.assertEqual(invoice.l10n_latam_document_type_id, self.exempt_document)

    def test_another_customer_brings_another_document(self):
        invoice = self.make_invoice()
        other = self.make_customer(
            "Otra", default_document_type_id=self.receipt_document.id
        )
        invoice.partner_id = other
        self.assertEqual(invoice.l10n_latam_document_type_id, self.receipt_document)

    def test_posted_invoice_keeps_its_document(self):
        invoice = self.make_invoice()
        invoice.action_post()
        folio = invoice.name
        self.customer.default_document_type_id = self.receipt_document
        invoice.button_draft()
        self.assertEqual(
            (invoice.l10n_latam_document_type_id, invoice.name),
            (self.invoice_document, folio),
        )

    def test_credit_note_is_a_credit_note(self):
        self.customer.default_document_type_id = self.receipt_document
        refund = self.make_invoice(move_type="out_refund")
        self.assertEqual(
            refund.l10n_latam_document_type_id.internal_type, "credit_note"
        )

    def test_journal_without_documents_asks_for_none(self):
        self.customer.default_document_type_id = self.receipt_document
        plain = self.env["account.journal"].create(
            {"name": "Sin folio", "code": "SF", "type": "sale"}
        )
        plain.l10n_latam_use_documents = False
        invoice = self.make_invoice(journal_id=plain.id)
        self.assertFalse(invoice.l10n_latam_document_type_id)

    def test_exempt_document_with_vat_is_not_posted(self):
        vat = self.env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("amount", "=", 19)], limit=1
        )
        self.customer.default_document_type_id = self.exempt_document
        taxed, exempt = self.make_invoice(taxes=vat), self.make_invoice()
        with self.assertRaises(UserError):
            taxed.action_post()
        exempt.action_post()
        self.assertEqual(exempt.state, "posted")

    def test_only_what_invoices_a_sale_in_chile_is_a_document(self):
        for name in ("dc_nc_f_dte", "dc_gd_dte"):
            with self.assertRaises(ValidationError):
                self.customer.default_document_type_id = self.env.ref(f"l10n_cl.{name}")

    def test_each_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Otra SpA"})
        self.customer.default_document_type_id = self.receipt_document
        self.assertFalse(self.customer.with_company(other).default_document_type_id)

    def test_two_journals_never_give_the_same_folio(self):
        second = self.env["account.journal"].create(
            {"name": "Sucursal", "code": "SUC", "type": "sale"}
        )
        second.l10n_latam_use_documents = True
        with self.assertRaises(ValidationError):
            self.customer.invoice_journal_id = second
