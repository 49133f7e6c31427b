from types import SimpleNamespace
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from .risk_stage_common import RiskStageCase


@tagged("post_install", "-at_install")
class TestRiskTill(RiskStageCase):
    """Invoices of tickets of Odoo's Point of Sale, without an addon of ours for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.has_till = "pos.order" in cls.env

    def setUp(self):
        super().setUp()
        self.set_actions(invoice="block")
        self.set_limits(self.customer, 100)

    def bill_ticket(self, amount, on_account=0.0, invoiced=None):
        """Post the invoice of a ticket, of which some was put on account."""
        ticket = SimpleNamespace(
            amount_total=amount,
            payment_ids=[
                SimpleNamespace(
                    amount=paid, payment_method_id=SimpleNamespace(type=kind)
                )
                for paid, kind in (
                    (amount - on_account, "cash"),
                    (on_account, "pay_later"),
                )
            ],
        )
        moves = self.env.registry["account.move"]
        with patch.object(moves, "_get_tickets", lambda move: (ticket,)):
            invoice = self.make_invoice(amount if invoiced is None else invoiced)
            invoice.action_post() if invoice.state == "draft" else None
        return invoice

    def test_a_ticket_paid_in_cash_is_invoiced_over_any_limit(self):
        self.assertEqual(self.bill_ticket(500).state, "posted")

    def test_what_is_put_on_account_is_judged(self):
        self.assertIn("120.00", self.assertBlocked(self.bill_ticket, 500, 120))
        self.assertEqual(self.bill_ticket(500, 100).state, "posted")

    def test_what_is_put_on_account_is_judged_without_drafts_too(self):
        self.company.risk_excludes_draft = True
        self.assertBlocked(self.bill_ticket, 500, 120)
        self.assertEqual(self.bill_ticket(500, 100).state, "posted")

    def test_the_ticket_of_a_blocked_customer_is_invoiced(self):
        self.customer.is_blocked = True
        self.assertEqual(self.bill_ticket(500).state, "posted")
        message = self.assertBlocked(self.bill_ticket, 500, invoiced=900)
        self.assertIn("Baja", message)

    def test_what_an_invoice_has_over_its_ticket_is_judged(self):
        self.assertBlocked(self.bill_ticket, 500, invoiced=900)

    # === WITH THE POINT OF SALE ===#

    def ring_up(self, amount, kind="cash"):
        """A ticket of the customer at a till of the company, with its invoice."""
        if not self.has_till:
            self.skipTest("Point of Sale is not installed")
        journal = kind == "cash" and self.env["account.journal"].create(
            {
                "name": "Drawer",
                "code": "DRW",
                "type": "cash",
                "company_id": self.company.id,
            }
        )
        method = self.env["pos.payment.method"].create(
            {
                "name": kind,
                "journal_id": journal and journal.id,
                "company_id": self.company.id,
            }
        )
        config = self.env["pos.config"].create(
            {
                "name": f"Till {kind}",
                "company_id": self.company.id,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )
        config.open_ui()
        session = config.current_session_id
        line = {
            "product_id": self.goods.id,
            "qty": 1,
            "price_unit": amount,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "tax_ids": [Command.clear()],
        }
        ticket = self.env["pos.order"].create(
            {
                "session_id": session.id,
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "amount_total": amount,
                "amount_tax": 0,
                "amount_paid": 0,
                "amount_return": 0,
                "to_invoice": True,
                "lines": [Command.create(line)],
            }
        )
        ticket.add_payment(
            {
                "pos_order_id": ticket.id,
                "amount": amount,
                "payment_date": fields.Datetime.now(),
                "payment_method_id": method.id,
            }
        )
        ticket.action_pos_order_paid()
        return ticket.with_context(generate_pdf=False)

    def test_a_real_ticket_in_cash_is_invoiced(self):
        ticket = self.ring_up(500)
        self.customer.is_blocked = True
        invoice = ticket._generate_pos_order_invoice()
        self.assertEqual((invoice.state, invoice.amount_residual), ("posted", 0))
        self.assertAmounts()

    def test_a_real_ticket_on_account_is_judged(self):
        ticket = self.ring_up(120, "later")
        self.assertBlocked(ticket._generate_pos_order_invoice)
        self.set_limits(self.customer, 120)
        self.assertEqual(ticket._generate_pos_order_invoice().state, "posted")
        self.assertAmounts(open=120, debt=120)
