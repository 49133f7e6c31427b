from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import StockCase


@tagged("post_install", "-at_install")
class TestNotesSent(StockCase, MailCase):
    """Delivery notes go to the e-mail for documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.stock_move_email_validation = True
        cls.customer.document_email = "docs@example.com"

    def deliver_by_mail(self, **vals):
        order = self.order(**vals)
        with self.mock_mail_gateway():
            self.deliver(order)
        return [to for mail in self._mails for to in mail["email_to"]]

    def test_the_mail_goes_there_and_makes_no_partner(self):
        before = self.Partner.with_context(active_test=False).search_count([])
        for vals in ({}, {"partner_shipping_id": self.address.id}):
            [to] = self.deliver_by_mail(**vals)
            self.assertIn("docs@example.com", to)
        after = self.Partner.with_context(active_test=False).search_count([])
        self.assertEqual(after, before)

    def test_no_mailing_keeps_no_document_back(self):
        self.customer.document_no_mailing = True
        [to] = self.deliver_by_mail()
        self.assertIn("docs@example.com", to)

    def test_without_one_it_goes_where_odoo_sends_it(self):
        self.customer.document_email = False
        [to] = self.deliver_by_mail()
        self.assertIn("acme@example.com", to)
