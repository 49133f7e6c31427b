from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestCustomerDocument(DocumentCase):
    """What a customer's card brings to his quotations, orders and invoices."""

    # --- notices

    def test_deregistered_customer_is_told_of_and_not_refused(self):
        self.customer.registration_date = "2004-01-01"
        self.customer.deregistration_date = "2026-01-15"
        quotation = self.make_quotation(self.contact, self.salesperson)
        self.assertIn("01/15/2026", quotation.customer_notice)
        for move_type in ("out_invoice", "out_refund", "out_receipt"):
            invoice = self.make_invoice(move_type, partner_id=self.contact.id)
            self.assertIn("Deregistered since", invoice.customer_notice)
        self.assertFalse(self.make_invoice("in_invoice").customer_notice)
        quotation.action_confirm()
        self.customer.deregistration_date = "2999-01-01"
        self.assertIn("from 01/01/2999", self.make_quotation().customer_notice)

    def test_notice_shows_as_soon_as_the_customer_is_chosen(self):
        self.customer.deregistration_date = "2999-01-15"
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.contact
            self.assertIn("01/15/2999", form.customer_notice)

    def test_notes_are_shown_if_the_company_wants_so(self):
        self.customer.comment = "<p>Cobra <b>siempre</b> al contado</p>"
        quotation = self.make_quotation(self.contact, self.salesperson)
        invoice = self.make_invoice()
        for document in (quotation, invoice):
            self.assertFalse(document.customer_notice)
        self.env.company.show_customer_comments = True
        for document in (quotation, invoice):
            document.invalidate_recordset()
            self.assertIn("Cobra siempre al contado", document.customer_notice)
        self.customer.comment = "<p><br></p>"
        for document in (quotation, invoice):
            document.invalidate_recordset()
            self.assertFalse(document.customer_notice)

    # --- contact

    def test_contact_of_the_order_reaches_its_invoice(self):
        order = self.make_quotation()
        order.contact_id = self.contact
        order.action_confirm()
        order.order_line.qty_delivered = 1
        self.assertEqual(order._create_invoices().contact_id, self.contact)
        self.assertEqual(order.partner_id, self.customer)

    def test_contact_of_another_customer_is_refused(self):
        stranger = self.make_contact(self.make_customer("Otra"), "Ajena")
        for document in (self.make_quotation(), self.make_invoice()):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                document.contact_id = stranger

    def test_another_customer_takes_the_contact_away(self):
        other = self.make_customer("Otra")
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            form.contact_id = self.contact
            form.partner_id = other
            self.assertFalse(form.contact_id)

    # --- what documents take from the card

    def test_representative_comes_and_can_be_changed(self):
        representative = self.make_user("rep", "sales_team.group_sale_salesman")
        self.customer.user_id = representative
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.customer
            self.assertEqual(form.user_id, representative)
            form.user_id = self.env.user
        form.record.order_line = [(0, 0, {"product_id": self.product.id})]
        self.assertEqual(form.record.user_id, self.env.user)
        self.assertEqual(self.make_invoice().invoice_user_id, representative)
        nobodys = self.make_quotation(self.make_customer("Otra"), self.salesperson)
        self.assertEqual(nobodys.user_id, self.salesperson)

    def test_payment_terms_and_method_reach_every_address(self):
        term = self.env["account.payment.term"].create({"name": "A 30 días"})
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        method = journal.inbound_payment_method_line_ids[:1]
        delivery = self.make_contact(self.customer, "Obra", type="delivery")
        self.customer.write(
            {
                "property_payment_term_id": term.id,
                "property_inbound_payment_method_line_id": method.id,
            }
        )
        self.assertTrue(method)
        for partner in (self.customer, self.contact, delivery):
            quotation = self.make_quotation(partner)
            invoice = self.make_invoice(partner_id=partner.id)
            self.assertEqual(quotation.payment_term_id, term)
            self.assertEqual(quotation.preferred_payment_method_line_id, method)
            self.assertEqual(invoice.invoice_payment_term_id, term)
            self.assertEqual(invoice.preferred_payment_method_line_id, method)
            quotation.payment_term_id = invoice.invoice_payment_term_id = False
            self.assertFalse(quotation.payment_term_id)

    def test_tariff_comes_and_can_be_changed(self):
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        tariff, other = self.env["product.pricelist"].create(
            [{"name": "Tarifa 2"}, {"name": "Tarifa 3"}]
        )
        self.customer.property_product_pricelist = tariff
        quotation = self.make_quotation()
        self.assertEqual(quotation.pricelist_id, tariff)
        quotation.pricelist_id = other
        self.assertEqual(quotation.pricelist_id, other)

    def test_documents_offer_the_customers_own_contacts_only(self):
        stranger = self.make_contact(self.make_customer("Otra"), "Ajena")
        self.customer.document_email = "facturas@example.com"
        domain = [
            ("parent_id", "child_of", self.customer.id),
            ("type", "=", "contact"),
            ("is_document_mailbox", "=", False),
        ]
        field = self.env["sale.order"]._fields["contact_id"]
        self.assertEqual(
            safe_eval(field.domain, {"partner_id": self.customer.id}),
            domain,
        )
        offered = self.Partner.search(domain)
        self.assertIn(self.contact, offered)
        self.assertNotIn(stranger, offered)
