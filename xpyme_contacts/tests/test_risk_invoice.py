from odoo import Command
from odoo.tests import tagged

from .risk_stage_common import RiskStageCase


@tagged("post_install", "-at_install")
class TestRiskInvoice(RiskStageCase):
    """Invoices without an order, over a limit."""

    def test_a_direct_invoice_over_the_limit_is_not_posted(self):
        self.set_actions(invoice="block")
        invoice = self.make_invoice(1312, post=False)
        self.assertIn("312.00", self.assertBlocked(invoice.action_post))
        self.assertBlocked(invoice._post)
        self.assertBlocked(invoice.write, {"state": "posted"})
        other = self.make_invoice(5000, self.make_customer("Otro"))
        self.assertEqual(other.state, "posted")

    def test_a_draft_invoice_counts_once_when_it_is_posted(self):
        self.set_actions(invoice="block")
        invoice = self.make_invoice(900, post=False)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.company.risk_excludes_draft = True
        self.assertBlocked(self.make_invoice, 101)
        self.assertEqual(self.make_invoice(100).state, "posted")

    def test_only_what_has_no_order_counts(self):
        order = self.sell(5000)
        self.set_actions(invoice="block")
        invoice = order.sudo()._create_invoices()
        invoice.invoice_line_ids = [
            Command.create({"name": "Extra", "price_unit": 1, "tax_ids": False})
        ]
        self.assertBlocked(invoice.action_post)

    def test_taking_a_credit_note_back_is_judged_for_what_exceeds_it(self):
        note = self.make_refund(500)
        self.make_invoice(1400)
        self.set_actions(invoice="block")
        invoice = note._reverse_moves([{"invoice_date": note.invoice_date}])
        invoice.invoice_line_ids.price_unit = 501
        self.assertBlocked(invoice.action_post)
        invoice.invoice_line_ids.price_unit = 500
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_naming_an_invoice_as_reversed_passes_no_limit(self):
        old = self.make_invoice(10)
        self.set_actions(invoice="block")
        invoice = self.make_invoice(5000, post=False)
        invoice.reversed_entry_id = old
        self.assertBlocked(invoice.action_post)

    def test_invoices_posted_by_a_cron_are_refused_and_told(self):
        self.set_actions(invoice="block")
        over = self.make_invoice(1312, post=False)
        fine = self.make_invoice(10, self.make_customer("Otro"), post=False)
        self.assertBlocked(
            (over | fine).with_user(self.env.ref("base.user_root"))._post
        )
        self.end_transaction()
        self.assertTrue(self.get_activities(over) | self.get_activities(self.customer))
        fine._post()
