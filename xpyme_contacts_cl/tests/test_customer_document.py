from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.xpyme_contacts.tests.common import CARD

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
        order, billed = self.make_order(), self.make_order()
        run = self.env["xpyme.billing.run"].create(
            {"partner_ids": [Command.set(self.customer.ids)]}
        )
        first = order._create_invoices()
        run.action_prepare()
        run.action_run()
        form = Form(
            self.env["account.move"].with_context(default_move_type="out_invoice")
        )
        form.partner_id = self.customer
        self.assertEqual(form.l10n_latam_document_type_id, self.receipt_document)
        by_run = run.item_ids.move_ids
        self.assertEqual(by_run, billed.invoice_ids)
        self.assertEqual(len(by_run), 1)
        for invoice in (self.make_invoice(), first, by_run, form.save()):
            self.assertEqual(invoice.l10n_latam_document_type_id, self.receipt_document)

    def test_salesperson_chooses_it_in_the_card(self):
        salesperson = self.make_salesperson()
        with Form(self.customer.with_user(salesperson), CARD) as card:
            card.default_document_type_id = self.receipt_document
        self.assertEqual(
            self.make_invoice().l10n_latam_document_type_id, self.receipt_document
        )

    def test_contact_of_the_customer_gets_the_customers(self):
        self.customer.default_document_type_id = self.receipt_document
        contact = self.make_contact(self.customer, "Ana")
        self.assertEqual(contact.default_document_type_id, self.receipt_document)
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
        invoice.partner_id = self.make_contact(self.customer, "Ana")
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
        invoice = self.make_invoice()
        invoice.action_post()
        refund = self.reverse(invoice)
        self.assertEqual(
            refund.l10n_latam_document_type_id.internal_type, "credit_note"
        )

    def test_debit_note_is_a_debit_note(self):
        self.customer.default_document_type_id = self.receipt_document
        invoice = self.make_invoice()
        invoice.action_post()
        note = self.make_invoice(debit_origin_id=invoice.id)
        self.assertEqual(note.l10n_latam_document_type_id.internal_type, "debit_note")

    def test_vendor_bill_is_the_vendors(self):
        """They may issue boletas to us, who issue facturas to them."""
        self.customer.l10n_cl_sii_taxpayer_type = "3"
        self.customer.default_document_type_id = self.receipt_document
        plain = self.make_customer("Otra", vat=self.RUT, l10n_cl_sii_taxpayer_type="3")
        bills = [
            self.make_invoice(customer, "in_invoice")
            for customer in (self.customer, plain)
        ]
        kinds = [bill.l10n_latam_document_type_id for bill in bills]
        self.assertIn(
            self.receipt_document, bills[0].l10n_latam_available_document_type_ids
        )
        self.assertEqual(*kinds)
        self.assertNotEqual(kinds[0], self.receipt_document)

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

    def test_exempt_document_with_vat_is_not_posted_whoever_chose_it(self):
        vat = self.env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("amount", "=", 19)], limit=1
        )
        self.customer.default_document_type_id = self.exempt_document
        exempt_receipt = self.env.ref("l10n_cl.dc_b_e_dte")
        again = self.make_invoice()
        again.action_post()
        again.button_draft()
        again.invoice_line_ids.tax_ids = vat
        self.customer.default_document_type_id = False
        chosen = [
            self.make_invoice(taxes=vat, l10n_latam_document_type_id=document.id)
            for document in (self.exempt_document, exempt_receipt)
        ]
        for invoice in (again, *chosen):
            with self.assertRaises(UserError):
                invoice.action_post()

    def test_only_what_invoices_a_sale_in_chile_is_a_document(self):
        (field,) = self.customer.fields_get(["default_document_type_id"]).values()
        offered = self.env["l10n_latam.document.type"].search(field["domain"])
        self.assertIn(self.exempt_document, offered)
        self.assertFalse({"61", "52", "71"} & set(offered.mapped("code")))
        for name in ("dc_nc_f_dte", "dc_gd_dte", "dc_m_d_dtn"):
            with self.assertRaises(ValidationError):
                self.customer.default_document_type_id = self.env.ref(f"l10n_cl.{name}")

    def test_each_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Otra SpA"})
        self.customer.default_document_type_id = self.receipt_document
        self.assertFalse(self.customer.with_company(other).default_document_type_id)
        self.assertFalse(self.customer._get_invoice_document(other))

    def test_branch_has_that_of_its_head_office(self):
        self.customer.default_document_type_id = self.receipt_document
        branch = self.env["res.company"].create(
            {"name": "Sucursal", "parent_id": self.company.id}
        )
        self.assertEqual(
            self.customer._get_invoice_document(branch), self.receipt_document
        )
        self.customer.with_company(
            branch
        ).default_document_type_id = self.exempt_document
        self.assertEqual(
            self.customer._get_invoice_document(branch), self.exempt_document
        )

    def test_two_journals_never_give_the_same_folio(self):
        second = self.env["account.journal"].create(
            {"name": "Sucursal", "code": "SUC", "type": "sale"}
        )
        second.l10n_latam_use_documents = True
        offered = self.env["account.journal"].search(
            self.env["account.journal"]._get_series_domain()
        )
        self.assertFalse(offered & (self.journal + second))
        with self.assertRaises(ValidationError):
            self.customer.invoice_journal_id = second

    def test_a_folio_is_one_in_whichever_journal(self):
        second = self.env["account.journal"].create(
            {"name": "Sucursal", "code": "SUC", "type": "sale"}
        )
        second.l10n_latam_use_documents = True
        journals = (self.journal, second, self.journal, second, second)
        invoices = [self.make_invoice(journal_id=one.id) for one in journals]
        for invoice in invoices:
            invoice.action_post()
        self.assertEqual(len({invoice.name for invoice in invoices}), len(journals))

    def test_a_document_that_comes_over_when_merging_is_told(self):
        other = self.make_customer(
            "Otra", default_document_type_id=self.exempt_document.id
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        ids = [self.customer.id, other.id]
        wizard._merge(ids, self.customer, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(self.customer.default_document_type_id, self.exempt_document)
        told = " ".join(self.customer.message_ids.mapped("body"))
        self.assertIn("came over", told)
