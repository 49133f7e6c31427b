from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .run_common import RunCase


@tagged("post_install", "-at_install")
class TestGrouping(RunCase):
    def test_grouped_customer_gets_one_invoice_in_the_order_of_the_dates(self):
        north = self.make_address(self.grouped, "Almacén norte")
        south = self.make_address(self.grouped, "Almacén sur")
        last = self.make_sale(self.grouped, 30, "2026-07-20", client_order_ref="PO 3")
        first = self.make_sale(
            self.grouped, 10, "2026-07-02", partner_shipping_id=north.id
        )
        middle = self.make_sale(
            self.grouped,
            20,
            "2026-07-10",
            partner_shipping_id=south.id,
            client_order_ref="PO 2",
        )
        invoice = (last | middle | first)._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.amount_untaxed, 60)
        self.assertEqual(invoice.ref, f"{first.name}, PO 2, PO 3")
        names = ", ".join((first | middle | last).mapped("name"))
        self.assertEqual(invoice.invoice_origin, names)
        lines = invoice.invoice_line_ids.sorted("sequence")
        self.assertEqual(lines.mapped("price_unit"), [10, 20, 30])

    def test_other_terms_series_currency_taxes_and_months_are_apart(self):
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "X"})
        pricelist = self.env["product.pricelist"].create(
            {"name": "XTS", "currency_id": currency.id}
        )
        position = self.env["account.fiscal.position"].create({"name": "Exenta"})
        term = self.env["account.payment.term"].create({"name": "A 45 días"})
        orders = self.make_sale(self.grouped) | self.make_sale(self.grouped)
        orders |= self.make_sale(self.grouped, payment_term_id=term.id)
        orders |= self.make_sale(self.grouped, pricelist_id=pricelist.id)
        orders |= self.make_sale(self.grouped, fiscal_position_id=position.id)
        orders |= self.make_sale(self.grouped, journal_id=self.make_journal("SB").id)
        orders |= self.make_sale(self.grouped, day="2026-06-30")
        other = self.make_payer("Otra S.A.", invoice_grouping_mode="group")
        orders |= self.make_sale(self.grouped, partner_invoice_id=other.id)
        invoices = orders._create_invoices()
        self.assertEqual(len(invoices), 7)
        shared = invoices.filtered(lambda move: len(move.invoice_line_ids) == 2)
        self.assertEqual(shared.line_ids.sale_line_ids.order_id, orders[:2])

    def test_months_share_an_invoice_where_the_company_says_so(self):
        self.company.invoice_months_apart = False
        orders = self.make_sale(self.grouped)
        orders |= self.make_sale(self.grouped, day="2026-06-30")
        self.assertEqual(len(orders._create_invoices()), 1)

    def test_month_is_that_of_the_company_and_not_of_london(self):
        june = self.make_sale(self.grouped)
        july = self.make_sale(self.grouped)
        june.date_order = "2026-06-30 21:30:00"
        july.date_order = "2026-06-30 22:30:00"
        self.assertEqual(len((june | july)._create_invoices()), 2)

    def test_an_invoice_per_delivery_note_beside_grouped_ones(self):
        series = self.make_journal("SB")
        a, b = self.grouped, self.apart
        orders = self.make_sale(a) | self.make_sale(b, journal_id=series.id)
        orders |= self.make_sale(a) | self.make_sale(b, journal_id=series.id)
        orders |= self.make_sale(b, journal_id=series.id)
        invoices = orders._create_invoices()
        of_a = invoices.filtered(lambda move: move.partner_id == a)
        self.assertEqual(of_a.mapped("amount_untaxed"), [200])
        self.assertEqual(len(invoices - of_a), 3)
        self.assertEqual((invoices - of_a).journal_id, series)

    def test_customer_without_agreement_is_invoiced_as_odoo_does(self):
        plain = self.make_payer("Sin acuerdo S.A.")
        orders = self.make_sale(plain) | self.make_sale(plain, day="2026-06-01")
        north = self.make_address(plain, "Almacén norte")
        orders |= self.make_sale(plain, partner_shipping_id=north.id)
        self.assertEqual(len(orders._create_invoices()), 2)

    def test_whoever_asks_for_one_per_order_gets_it(self):
        orders = self.make_sale(self.grouped) | self.make_sale(self.grouped)
        wizard = self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": orders.ids, "consolidated_billing": False}
        )
        self.assertEqual(len(wizard._create_invoices(orders)), 2)

    def test_different_notes_are_joined_and_equal_ones_are_not(self):
        orders = self.make_sale(self.grouped, note="<p>Sin prisa</p>", day="2026-07-02")
        orders |= self.make_sale(self.grouped, note="<p>Muelle 4</p>", day="2026-07-01")
        orders |= self.make_sale(self.grouped, note="<p>Sin prisa</p>")
        narration = orders._create_invoices().narration
        self.assertEqual(narration, "<p>Muelle 4</p><br><p>Sin prisa</p>")

    def test_part_without_anything_to_invoice_stops_no_other(self):
        done = self.make_sale(self.grouped)
        done._create_invoices()
        orders = done | self.make_sale(self.apart)
        self.assertEqual(len(orders._create_invoices()), 1)
        with self.assertRaises(UserError):
            orders._create_invoices()

    def test_negative_order_is_alone_and_names_its_invoice(self):
        back, invoice = self.make_return(self.grouped)
        sale = self.make_sale(self.grouped)
        made = (sale | back)._create_invoices(final=True)
        self.assertEqual(
            made.sorted("move_type").mapped(
                lambda move: (move.move_type, move.amount_untaxed)
            ),
            [("out_invoice", 100), ("out_refund", 150)],
        )
        refund = made.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual(refund.reversed_entry_id, invoice)

    def test_where_no_law_asks_for_it_a_credit_note_names_none(self):
        back, _invoice = self.make_return(self.grouped)
        self.env.company.account_fiscal_country_id = self.env.ref("base.us")
        self.assertFalse(back._create_invoices(final=True).reversed_entry_id)

    def test_a_salesperson_credits_what_came_back_beside_other_orders(self):
        back, invoice = self.make_return(self.apart)
        orders = back | self.make_sale(self.apart)
        seller = self.make_user("seller", "sales_team.group_sale_salesman_all_leads")
        moves = orders.with_user(seller)._create_invoices(final=True).sudo()
        credit = moves.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual(credit.reversed_entry_id, invoice)

    def test_down_payment_is_deducted_in_the_grouped_invoice(self):
        order = self.make_sale(self.grouped, 1000)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": order.ids,
                "advance_payment_method": "fixed",
                "fixed_amount": 300,
            }
        )
        down = wizard._create_invoices(order)
        down.invoice_date = "2026-07-01"
        down.action_post()
        orders = order | self.make_sale(self.grouped, 100)
        invoice = orders._create_invoices(final=True)
        self.assertEqual(invoice.mapped("amount_untaxed"), [800])
        self.assertTrue(
            invoice.invoice_line_ids.filtered(
                lambda line: line.display_type == "line_section"
            )
        )

    def test_client_cannot_say_our_words(self):
        order = self.make_sale(self.grouped)
        context = {"xpyme_grouping": True, "xpyme_billing_plan": {"1": 1}}
        keys = order.with_context(**context)._get_invoice_grouping_keys()
        self.assertIn("partner_shipping_id", keys)
        self.assertNotIn("billing_run_item_id", keys)


@tagged("post_install", "-at_install")
class TestMonthEndInWindow(RunCase):
    """Odoo's own window to invoice orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.monthly = cls.make_payer("Fin de mes S.A.", invoice_month_end=True)
        cls.due = cls.make_sale(cls.monthly)

    def invoice(self, orders, **vals):
        wizard = self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": orders.ids, **vals}
        )
        return wizard._create_invoices(orders)

    @freeze_time("2026-07-15 10:00:00")
    def test_several_orders_leave_month_end_customers_out(self):
        orders = self.due | self.make_sale(self.grouped)
        self.assertEqual(self.invoice(orders).partner_id, self.grouped)
        self.assertEqual(self.due.invoice_status, "to invoice")

    @freeze_time("2026-07-15 10:00:00")
    def test_window_tells_whom_it_leaves_out_and_until_when(self):
        wizards = self.env["sale.advance.payment.inv"]
        note = wizards.create({"sale_order_ids": self.due.ids}).month_end_note
        self.assertIn("07/31/2026: Fin de mes S.A.", note)
        plain = self.make_sale(self.grouped)
        self.assertFalse(wizards.create({"sale_order_ids": plain.ids}).month_end_note)

    @freeze_time("2026-07-15 10:00:00")
    def test_single_order_asks_and_is_invoiced_if_they_insist(self):
        with self.assertRaisesRegex(UserError, "Fin de mes S.A."):
            self.invoice(self.due)
        self.assertTrue(self.invoice(self.due, invoice_month_end_now=True))

    def test_last_day_lets_everybody_in(self):
        for day in ("2026-07-31", "2027-02-28", "2028-02-29"):
            with freeze_time(f"{day} 10:00:00"):
                self.assertFalse(self.due._get_held_for_month_end())
        with freeze_time("2028-02-28 10:00:00"):
            self.assertTrue(self.due._get_held_for_month_end())

    @freeze_time("2026-07-15 10:00:00")
    def test_payment_that_invoices_its_order_is_not_held_back(self):
        self.assertTrue(self.due._create_invoices(final=True))

    @freeze_time("2026-07-15 10:00:00")
    def test_down_payment_is_not_held_back(self):
        down = {"advance_payment_method": "percentage", "amount": 10}
        self.assertTrue(self.invoice(self.due, **down))
