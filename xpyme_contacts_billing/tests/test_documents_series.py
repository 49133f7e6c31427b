from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestSeries(BillingCase):
    """A customer's orders and invoices are numbered in their series."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.series = cls.make_journal("SB")
        cls.usual = cls.make_invoice().journal_id
        cls.customer.invoice_journal_id = cls.series
        cls.other = cls.make_customer("Otra", vat=False)

    def test_an_order_and_its_invoice(self):
        order = self.make_order()
        self.assertEqual(order.journal_id, self.series)
        order.action_confirm()
        order.order_line.qty_delivered = 1
        self.assertEqual(order._create_invoices().journal_id, self.series)

    def test_an_order_from_before_is_invoiced_in_the_series(self):
        order = self.make_order()
        order.journal_id = False
        order.action_confirm()
        order.order_line.qty_delivered = 1
        self.assertEqual(order._create_invoices().journal_id, self.series)

    def test_an_invoice_made_by_hand(self):
        invoice = self.make_invoice()
        self.assertEqual(invoice.journal_id, self.series)
        with Form(
            self.env["account.move"].with_context(default_move_type="out_invoice")
        ) as form:
            form.partner_id = self.customer
            self.assertEqual(form.journal_id, self.series)
            form.partner_id = self.other
            self.assertEqual(form.journal_id, self.usual)

    def test_another_customer_leaves_the_series_of_the_first(self):
        invoice = self.make_invoice()
        invoice.partner_id = self.other
        self.assertEqual(invoice.journal_id, self.usual)
        mine = self.make_journal("SC")
        invoice.journal_id = mine
        invoice.partner_id = self.make_customer("Tercera", vat=False)
        self.assertEqual(invoice.journal_id, mine)

    def test_an_address_and_a_contact_have_their_customers(self):
        shop = self.make_contact(self.customer, "Tienda", type="invoice")
        for partner in (shop, self.make_contact(self.customer)):
            self.assertEqual(self.make_order(partner).journal_id, self.series)
            invoice = self.make_invoice(partner_id=partner.id)
            self.assertEqual(invoice.journal_id, self.series)

    def test_a_journal_that_was_chosen_stays(self):
        chosen = self.make_journal("SC")
        self.assertEqual(self.make_order(journal_id=chosen.id).journal_id, chosen)
        self.assertEqual(self.make_invoice(journal_id=chosen.id).journal_id, chosen)
        moves = self.env["account.move"].with_context(
            default_move_type="out_invoice", default_journal_id=chosen.id
        )
        with Form(moves) as form:
            form.partner_id = self.customer
            self.assertEqual(form.journal_id, chosen)

    def test_a_journal_that_was_chosen_stays_on_another_address_of_the_customer(self):
        chosen = self.make_journal("SC")
        self.other.invoice_journal_id = chosen
        shop = self.make_contact(self.customer, "Tienda", type="invoice")
        order = self.make_order(journal_id=chosen.id)
        invoice = self.make_invoice(journal_id=chosen.id)
        for partner in (shop, self.customer):
            order.partner_invoice_id = partner
            invoice.partner_id = partner
            self.assertEqual((order.journal_id, invoice.journal_id), (chosen, chosen))
        order.partner_id = self.make_contact(self.customer)
        self.assertEqual(order.journal_id, chosen)
        for document, name in ((order, "partner_invoice_id"), (invoice, "partner_id")):
            with Form(document) as form:
                form[name] = self.make_contact(self.customer, "Otra", type="invoice")
                self.assertEqual(form.journal_id, chosen)
                form[name] = self.make_customer("Tercera", vat=False)
                self.assertNotEqual(form.journal_id, chosen)
            self.assertNotEqual(document.journal_id, chosen)

    def test_another_payer_brings_their_series(self):
        order = self.make_order(journal_id=self.make_journal("SC").id)
        order.partner_invoice_id = self.other
        self.assertFalse(order.journal_id)
        order.partner_id = self.customer
        self.assertEqual(order.journal_id, self.series)

    def test_an_order_in_an_archived_journal_is_invoiced_in_the_series(self):
        closed = self.make_journal("SC")
        order = self.make_order(journal_id=closed.id)
        order.action_confirm()
        order.order_line.qty_delivered = 1
        closed.active = False
        self.assertEqual(order._create_invoices().journal_id, self.series)

    def test_a_posted_invoice_keeps_its_number(self):
        invoice = self.make_invoice()
        invoice.action_post()
        name = invoice.name
        self.customer.invoice_journal_id = self.make_journal("SC")
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual((invoice.name, invoice.journal_id), (name, self.series))

    def test_an_archived_journal_is_none(self):
        self.series.active = False
        self.assertFalse(self.make_order().journal_id)
        self.assertEqual(self.make_invoice().journal_id, self.usual)

    def test_another_companys_journal_is_none(self):
        company = self.env["res.company"].create({"name": "Segunda"})
        self.assertFalse(self.customer._get_invoice_series(company))
        self.assertEqual(
            self.customer._get_invoice_series(self.env.company), self.series
        )

    def test_vendor_bills_have_their_own_journal(self):
        self.assertEqual(
            self.make_invoice(move_type="in_invoice").journal_id.type, "purchase"
        )

    def test_only_journals_that_number_by_themselves_are_series(self):
        journals = self.env["account.journal"]
        wrong = journals.search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        if "l10n_latam_use_documents" in journals._fields:
            if self.usual.l10n_latam_use_documents:
                wrong += self.usual
        offered = journals.search(journals._get_series_domain())
        self.assertIn(self.series, offered)
        self.assertFalse(offered & wrong)
        for journal in wrong:
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.customer.invoice_journal_id = journal

    def test_the_representative_comes_to_documents_of_contacts(self):
        self.customer.user_id = self.make_salesperson()
        shop = self.make_contact(self.customer, "Tienda", type="delivery")
        for partner in (shop, self.make_contact(self.customer)):
            self.assertEqual(self.make_order(partner).user_id, self.customer.user_id)
            invoice = self.make_invoice(partner_id=partner.id)
            self.assertEqual(invoice.invoice_user_id, self.customer.user_id)
