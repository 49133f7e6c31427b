from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_customer_document_mailbox import DOCUMENTS, DocumentMailboxCase


@tagged("post_install", "-at_install")
class TestDocumentsSent(DocumentMailboxCase):
    def test_quotation_goes_to_the_mailbox_and_makes_no_partner(self):
        quotation = self.make_quotation(self.customer)
        before = self.Partner.with_context(active_test=False).search_count([])
        self.compose(quotation, None)
        mail = self.get_mails(quotation)
        self.assertEqual(mail.recipient_ids, self.get_mailbox(self.customer))
        self.assertIn("access_token", mail.body_html)
        after = self.Partner.with_context(active_test=False).search_count([])
        self.assertEqual(after, before)

    def test_quotation_to_an_address_of_the_customer_goes_there_too(self):
        address = self.make_contact(
            self.customer, "Bodega", type="delivery", email="bodega@example.com"
        )
        quotation = self.make_quotation(address)
        self.compose(quotation, None)
        self.assertEqual(
            self.get_mails(quotation).recipient_ids, self.get_mailbox(self.customer)
        )

    def test_without_one_it_goes_to_the_main_email(self):
        self.customer.document_email = False
        quotation = self.make_quotation(self.customer)
        self.compose(quotation, None)
        self.assertEqual(self.get_mails(quotation).recipient_ids, self.customer)

    def test_shared_address_sends_each_document_to_its_own_customer(self):
        other = self.make_customer("Otra", document_email=DOCUMENTS)
        quotation = self.make_quotation(other)
        self.compose(quotation, None)
        self.assertEqual(
            self.get_mails(quotation).recipient_ids, self.get_mailbox(other)
        )

    def test_salesperson_sends_to_it(self):
        quotation = self.make_quotation(self.customer, user_id=self.salesperson.id)
        quotation = quotation.with_user(self.salesperson)
        recipients = quotation._message_get_default_recipients()[quotation.id]
        self.assertEqual(recipients["partner_ids"], self.get_mailbox(self.customer).ids)

    def send_invoice(self, invoices):
        if len(invoices) > 1:
            wizard = self.env["account.move.send.batch.wizard"]
            wizard = wizard.with_context(
                active_model="account.move", active_ids=invoices.ids
            ).create({})
            with mute_logger("odoo.addons.base.models.ir_actions_report"):
                wizard.action_send_and_print(force_synchronous=True)
            return
        wizard = self.env["account.move.send.wizard"]
        wizard = wizard.with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create({"sending_methods": ["email"]})
        self.assertEqual(
            wizard.mail_partner_ids,
            self.get_mailbox(invoices.partner_id.commercial_partner_id),
        )
        wizard.action_send_and_print()

    def test_invoice_goes_to_the_mailbox_and_makes_no_partner(self):
        self.customer.email = False
        invoice = self.make_invoice(self.customer)
        before = self.Partner.with_context(active_test=False).search_count([])
        self.send_invoice(invoice)
        mail = self.get_mails(invoice)
        self.assertEqual(mail.recipient_ids, self.get_mailbox(self.customer))
        after = self.Partner.with_context(active_test=False).search_count([])
        self.assertEqual(after, before)

    def test_several_invoices_go_each_to_its_mailbox(self):
        other = self.make_customer(
            "Otra",
            vat=self.OTHER_RUT,
            email=False,
            document_email="otra@example.com",
            no_mailing=False,
        )
        invoices = self.make_invoice(self.customer) | self.make_invoice(other)
        (self.customer | other).document_no_mailing = True
        self.send_invoice(invoices)
        for invoice in invoices:
            self.assertEqual(
                self.get_mails(invoice).recipient_ids,
                self.get_mailbox(invoice.partner_id),
            )

    def test_bill_of_a_supplier_stays_with_his_main_email(self):
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.customer.id}
        )
        recipients = bill._message_get_default_recipients()[bill.id]
        self.assertEqual(recipients["partner_ids"], self.customer.ids)

    def test_several_quotations_reach_those_who_want_no_advertising(self):
        self.customer.write({"no_mailing": True, "document_no_mailing": True})
        other = self.make_customer("Otra", email="otra@example.com", no_mailing=True)
        quotations = self.make_quotation(self.customer) | self.make_quotation(other)
        template = self.env.ref("sale.email_template_edi_sale")
        self.compose(quotations, template)
        mails = self.get_mails(quotations)
        self.assertEqual(len(mails), 2)
        self.assertNotIn("cancel", mails.mapped("state"))
        self.assertEqual(mails.recipient_ids, self.get_mailbox(self.customer) | other)

    def test_advertising_to_partners_still_asks_the_list(self):
        self.customer.no_mailing = True
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": repr(self.customer.ids),
                "subject": "Oferta",
                "body": "Oferta",
            }
        )
        excluded = composer._get_blacklist_record_ids({self.customer.id: {}})
        self.assertEqual(excluded, {self.customer.id})
