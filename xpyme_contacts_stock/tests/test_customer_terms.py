from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestCustomerTerms(StockCase):
    def test_a_format_prints_delivery_notes(self):
        slip = self.env.ref("stock.action_report_delivery")
        self.customer.delivery_report_id = slip
        self.assertEqual(self.contact.delivery_report_id, slip)
        invoice = self.env.ref("account.account_invoices")
        with self.assertRaisesRegex(ValidationError, "prints no delivery notes"):
            self.customer.delivery_report_id = invoice

    def test_a_format_that_is_deleted_or_prints_something_else_is_none(self):
        slip = self.env.ref("stock.action_report_delivery").copy()
        self.customer.delivery_report_id = slip
        slip.report_type = "qweb-html"
        self.assertFalse(self.customer._get_delivery_report())
        slip.unlink()
        self.assertFalse(self.customer.delivery_report_id)

    def test_copies_are_none_or_a_few(self):
        self.customer.delivery_note_copies = 2
        for copies in (-1, 10):
            with self.assertRaisesRegex(ValidationError, "from 0 to 9"):
                self.customer.delivery_note_copies = copies

    def test_a_warehouse_is_of_the_company(self):
        other = self.env["res.company"].create({"name": "Otra Tienda"})
        foreign = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.env.user.company_ids += other
        for partner in (self.customer, self.address):
            refused = self.assertRaisesRegex(ValidationError, "choose one of")
            with refused, self.cr.savepoint():
                partner.sale_warehouse_id = foreign
        self.customer.with_company(other).sale_warehouse_id = foreign
        self.assertNotEqual(self.customer.sale_warehouse_id, foreign)
