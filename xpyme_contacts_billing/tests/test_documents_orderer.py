from datetime import date

from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestOrderer(BillingCase):
    """Who orders for a customer, a contact or an address, orders on its terms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        methods = cls.env["account.payment.method.line"]
        cls.method = methods.search(
            [
                ("payment_type", "=", "inbound"),
                ("journal_id.company_id", "=", cls.env.company.id),
            ],
            limit=1,
        )
        cls.seller = cls.make_salesperson()
        cls.series = cls.make_journal("SB")
        cls.customer.write(
            {
                "property_inbound_payment_method_line_id": cls.method.id,
                "user_id": cls.seller.id,
                "invoice_journal_id": cls.series.id,
                "invoice_grouping_mode": "group",
                "invoice_month_end": True,
                "invoice_copies": 2,
            }
        )
        cls.orderers = [
            cls.make_contact(cls.customer, "Rosa"),
            cls.make_contact(cls.customer, "Tienda", type="delivery"),
            cls.make_contact(cls.customer, "Contabilidad", type="invoice"),
        ]

    def test_their_orders(self):
        for orderer in self.orderers:
            order = self.make_order(orderer)
            self.assertEqual(order.payment_term_id, self.month)
            self.assertEqual(order.preferred_payment_method_line_id, self.method)
            self.assertEqual(order.user_id, self.seller)
            self.assertEqual(order.journal_id, self.series)
            self.assertTrue(order._get_paying_customer().invoice_month_end)

    def test_their_invoices(self):
        for orderer in self.orderers:
            invoice = self.make_invoice(partner_id=orderer.id)
            self.assertEqual(invoice.invoice_payment_term_id, self.month)
            self.assertEqual(invoice.preferred_payment_method_line_id, self.method)
            self.assertEqual(invoice.invoice_user_id, self.seller)
            self.assertEqual(invoice.journal_id, self.series)
            self.assertEqual(list(self.get_instalments(invoice)), [date(2026, 8, 20)])
            invoice.action_post()
            self.assertEqual(invoice._get_paper_copies(), 2)

    def test_what_a_person_chose_stays(self):
        order = self.make_order(self.orderers[0], payment_term_id=self.thirds.id)
        self.assertEqual(order.payment_term_id, self.thirds)

    def test_orders_of_several_contacts_share_the_invoice(self):
        rosa, shop, _accounts = self.orderers
        orders = self.make_order(rosa) | self.make_order(shop)
        orders.partner_invoice_id = self.customer
        orders.action_confirm()
        orders.order_line.qty_delivered = 1
        self.assertEqual(len(orders._create_invoices()), 1)
