from odoo import fields
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTillSales(TillCase):
    """A ticket is a sale, once."""

    def get_figures(self):
        self.env.flush_all()
        self.customer.invalidate_recordset()
        return round(self.customer.total_sales, 2), self.customer.last_sale_date

    def test_a_ticket_without_an_invoice_is_a_sale(self):
        self.company.partner_id.tz = "Europe/Madrid"
        self.sell(date_order="2026-10-31 23:30:00")
        self.assertEqual(self.get_figures(), (52.0, fields.Date.to_date("2026-11-01")))

    def test_one_with_an_invoice_counts_once(self):
        ticket = self.sell(self.make_contact(self.customer), to_invoice=True)
        self.assertTrue(ticket.account_move)
        self.assertEqual(self.get_figures()[0], 52.0)

    def test_what_is_given_back_is_subtracted(self):
        sold = self.sell(quantity=4)
        self.sell(
            quantity=-1, is_refund=True, line={"refunded_orderline_id": sold.lines.id}
        )
        self.assertEqual(self.get_figures()[0], 156.0)

    def test_a_draft_is_no_sale(self):
        self.sell(state="draft", payment_ids=[], amount_paid=0)
        self.assertEqual(self.get_figures(), (0.0, False))

    def test_the_breakdown_adds_up_and_opens_the_ticket(self):
        ticket = self.sell()
        self.env.flush_all()
        domain = [("partner_id", "=", self.customer.id)]
        [sale] = self.env["xpyme.customer.sale"].search(domain)
        self.assertEqual((sale.amount, sale.amount_with_tax), (52.0, 62.92))
        self.assertEqual(sale.action_open_document()["res_id"], ticket.id)

    def read_sales(self):
        self.env.flush_all()
        domain = [("partner_id", "=", self.customer.id)]
        sales = self.env["xpyme.customer.sale"].search(domain, order="date, id")
        return [
            (sale.document_model, str(sale.date), round(sale.amount, 2))
            for sale in sales
        ]

    def test_one_that_is_invoiced_later_is_a_sale_of_its_own_day(self):
        """Else a period that was settled would be paid for once more."""
        ticket = self.sell(date_order="2026-09-10 10:00:00")
        self.config.current_session_id.action_pos_session_closing_control()
        ticket.with_context(generate_pdf=False)._generate_pos_order_invoice()
        self.assertNotEqual(str(ticket.account_move.invoice_date), "2026-09-10")
        self.assertEqual(self.read_sales(), [("account.move", "2026-09-10", 52.0)])

    def test_several_that_share_an_invoice_are_sales_of_their_days(self):
        days = ("2026-09-10 10:00:00", "2026-10-10 10:00:00")
        first, second = (self.sell(date_order=day) for day in days)
        tickets = (first | second).with_context(generate_pdf=False)
        tickets._generate_pos_order_invoice()
        self.assertEqual(len(tickets.account_move), 1)
        self.assertEqual(
            self.read_sales(),
            [("pos.order", "2026-09-10", 52.0), ("pos.order", "2026-10-10", 52.0)],
        )
