from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .run_common import RunCase


@tagged("post_install", "-at_install")
class TestRunPreparation(RunCase):
    def test_list_shows_an_item_for_each_invoice_with_its_money(self):
        self.make_sale(self.grouped, 10, "2026-07-02")
        self.make_sale(self.grouped, 20, "2026-07-20")
        self.make_sale(self.grouped, 40, "2026-06-20")
        self.make_sale(self.apart, 1)
        self.make_sale(self.apart, 2)
        run = self.prepare()
        self.assertEqual(run.state, "prepared")
        self.assertEqual(set(run.item_ids.mapped("state")), {"pending"})
        found = [(i.partner_id, i.amount, i.order_count) for i in run.item_ids]
        self.assertCountEqual(
            found,
            [
                (self.grouped, 30, 2),
                (self.grouped, 40, 1),
                (self.apart, 1, 1),
                (self.apart, 2, 1),
            ],
        )
        july = run.item_ids.filtered(lambda item: item.amount == 30)
        self.assertEqual(july.month, date(2026, 7, 1))
        self.assertEqual((july.date_from.day, july.date_to.day), (2, 20))
        self.assertIn("Invoices to make: 4, ", run.with_context(lang="en_US").health)

    def test_what_is_left_out_adds_nothing_to_what_would_be_made(self):
        self.make_sale(self.apart, 2)
        self.make_sale(self.make_payer("Devuelve S.A."), -500)
        run = self.prepare()
        self.assertEqual((run.pending_count, run.skipped_count), (1, 1))
        self.assertIn(f" {run.company_id.currency_id.format(2)} ", run.health)

    def test_each_currency_of_what_would_be_made_is_told_by_itself(self):
        currency = self.make_currency()
        currency.rate_ids = [Command.create({"name": "2026-01-01", "rate": 5})]
        pricelist = self.env["product.pricelist"].create(
            {"name": "XTS", "currency_id": currency.id}
        )
        self.make_sale(self.apart, 2)
        self.make_sale(self.make_payer("Fuera S.A."), 70, pricelist_id=pricelist.id)
        run = self.prepare()
        self.assertEqual(run.pending_count, 2)
        own = run.company_id.currency_id.format(2)
        told = {f"{own} + {currency.format(70)}", f"{currency.format(70)} + {own}"}
        self.assertTrue([sums for sums in told if sums in run.health], run.health)

    def test_items_are_the_invoices_that_the_orders_make_on_their_own(self):
        """What the statement reckons is what ``_create_invoices`` does."""
        term = self.env["account.payment.term"].create({"name": "A 45 días"})
        plain = self.make_payer("Sin acuerdo S.A.")
        series = self.make_journal("SB")
        back, _invoice = self.make_return(self.grouped)
        orders = back
        for customer in (self.grouped, self.apart):
            for vals in (
                {},
                {"payment_term_id": term.id},
                {"journal_id": series.id},
                {"day": "2026-06-30"},
            ):
                orders |= self.make_sale(customer, **vals)
                orders |= self.make_sale(customer, **vals)
        north = self.make_address(plain, "Almacén norte")
        orders |= self.make_sale(plain) | self.make_sale(plain)
        orders |= self.make_sale(plain, journal_id=series.id)
        orders |= self.make_sale(plain, partner_shipping_id=north.id)
        run = self.prepare()
        planned = {frozenset(i.order_ids.ids) for i in run.item_ids}
        moves = orders._create_invoices(final=True)
        made = {frozenset(m.line_ids.sale_line_ids.order_id.ids) for m in moves}
        self.assertEqual(planned, made)
        amounts = {
            frozenset(m.line_ids.sale_line_ids.order_id.ids): -m.amount_untaxed
            if m.move_type == "out_refund"
            else m.amount_untaxed
            for m in moves
        }
        for item in run.item_ids:
            orders = frozenset(item.order_ids.ids)
            self.assertEqual(item.amount, amounts[orders])

    def test_a_run_mixes_no_terms_or_months_of_a_customer_without_agreement(self):
        plain = self.make_payer("Sin acuerdo S.A.")
        term = self.env["account.payment.term"].create({"name": "A 45 días"})
        same = self.make_sale(plain) | self.make_sale(plain)
        june = self.make_sale(plain, day="2026-06-10")
        late = self.make_sale(plain, payment_term_id=term.id)
        run = self.prepare()
        run.action_run()
        self.assertEqual({i.order_ids for i in run.item_ids}, {same, june, late})
        self.assertEqual(len(run.item_ids.move_ids), 3)
        self.assertEqual(late.invoice_ids.invoice_payment_term_id, term)
        self.company.invoice_months_apart = False
        run.action_undo_drafts()
        run.action_draft()
        run.action_prepare()
        self.assertEqual({i.order_ids for i in run.item_ids}, {same | june, late})

    def test_preparing_is_one_statement_and_nothing_is_listed_twice(self):
        self.make_sale(self.grouped)
        run = self.make_run()
        self.env.flush_all()
        statements = []
        execute = type(self.env.cr).execute

        def count(cr, query, *args, **options):
            if "INSERT INTO xpyme_billing_run_item" in str(
                getattr(query, "code", query)
            ):
                statements.append(query)
            return execute(cr, query, *args, **options)

        with patch.object(type(self.env.cr), "execute", count):
            self.assertEqual(run._prepare(), 1)
        self.assertEqual(len(statements), 1)
        with self.assertRaises(UserError):
            run.action_prepare()
        self.assertEqual(run.pending_count, 1)

    def test_month_end_customers_are_left_out_until_the_last_day(self):
        payers = [self.make_payer(f"Mes {n}", invoice_month_end=True) for n in range(4)]
        for payer in payers:
            self.make_sale(payer)
        self.make_sale(self.grouped)
        run = self.prepare(invoice_date="2026-07-15", date_to="2026-07-15")
        self.assertEqual(self.get_left_out(run), dict.fromkeys(payers, "month_end"))
        for day in ("2026-07-31", "2027-02-28", "2028-02-29"):
            run = self.prepare(invoice_date=day, date_to=day)
            self.assertEqual((self.get_left_out(run), run.pending_count), ({}, 5))
        run = self.prepare(invoice_date="2026-07-15", month_end="now")
        self.assertEqual(run.pending_count, 5)
        run = self.prepare(month_end="only")
        self.assertEqual(
            run.item_ids.partner_id, self.customers - self.grouped - self.apart
        )

    def test_left_out_with_the_reason(self):
        waiting = self.make_payer("Espera S.A.")
        product = self.make_product("Chapa", invoice_policy="delivery")
        self.make_sale(waiting, product=product)
        foreign = self.make_payer("Dólar S.A.")
        currency = self.make_currency()
        pricelist = self.env["product.pricelist"].create(
            {"name": "XTS", "currency_id": currency.id}
        )
        self.make_sale(foreign, pricelist_id=pricelist.id)
        unclear = self.make_payer("Devuelve S.A.")
        self.make_sale(unclear, quantity=-1)
        run = self.prepare()
        self.assertEqual(
            self.get_left_out(run),
            {waiting: "not_delivered", foreign: "no_rate", unclear: "needs_person"},
        )

    def test_filter_of_groups_routes_representatives_modes_and_days(self):
        group = self.env["xpyme.invoicing.group"].create({"name": "Obras"})
        route = self.env["xpyme.customer.route"].create({"name": "Norte"})
        self.grouped.invoicing_group_id = group
        self.apart.customer_route_id = route
        plain = self.make_payer("Sin acuerdo S.A.")
        seller = self.make_salesperson()
        for payer in self.customers:
            self.make_sale(payer)
        self.make_sale(plain, user_id=seller.id)
        for vals, expected in (
            ({"invoicing_group_ids": group.ids}, self.grouped),
            ({"customer_route_ids": route.ids}, self.apart),
            ({"salesperson_ids": seller.ids}, plain),
            ({"grouping_mode": "group"}, self.grouped),
            ({"grouping_mode": "per_delivery"}, self.apart),
            ({"grouping_mode": "none"}, plain),
            ({"partner_ids": self.make_contact(plain).ids}, plain),
        ):
            self.assertEqual(self.prepare(**vals).item_ids.partner_id, expected, vals)
        for vals in ({"date_from": "2026-07-11"}, {"date_to": "2026-07-09"}):
            with self.assertRaises(UserError):
                self.make_run(**vals).action_prepare()

    def test_what_is_archived_filters_all_the_same(self):
        """Without its filter a run would list the orders of the whole shop."""
        for payer in (self.grouped, self.apart):
            self.make_sale(payer)
        group = self.env["xpyme.invoicing.group"].create({"name": "Obras"})
        route = self.env["xpyme.customer.route"].create({"name": "Norte"})
        self.grouped.write(
            {"invoicing_group_id": group.id, "customer_route_id": route.id}
        )
        for vals in (
            {"invoicing_group_ids": group.ids},
            {"customer_route_ids": route.ids},
            {"partner_ids": self.grouped.ids},
        ):
            run = self.make_run(**vals)
            for chosen in (group, route, self.grouped):
                chosen.active = False
            run.action_prepare()
            self.assertEqual(run.item_ids.partner_id, self.grouped, vals)

    def test_what_was_looked_at_stays_until_it_is_set_back_to_draft(self):
        self.make_sale(self.grouped)
        run = self.prepare()
        with self.assertRaises(UserError):
            run.with_user(self.make_biller()).date_to = "2026-08-31"
        run.action_draft()
        self.assertFalse(run.item_ids)
        run.action_prepare()
        self.assertEqual(run.pending_count, 1)

    def test_a_run_that_is_deleted_leaves_no_item(self):
        """The database does not check this link, row by row: it would take too long."""
        self.make_sale(self.grouped)
        run = self.prepare()
        items = run.item_ids
        run.with_user(self.make_biller()).unlink()
        self.assertFalse(items.exists())

    def test_states_and_items_are_written_by_the_buttons_alone(self):
        self.make_sale(self.grouped)
        biller = self.make_biller()
        run = self.prepare().with_user(biller)
        for vals in ({"state": "done"}, {"is_undoing": True}):
            with self.assertRaises(AccessError):
                run.write(vals)
        with self.assertRaises(AccessError):
            run.create({"name": "Mía", "state": "running"})
        with self.assertRaises(AccessError):
            run.item_ids.write({"state": "done"})

    def test_item_is_left_out_and_taken_in_by_hand(self):
        monthly = self.make_payer("Fin de mes S.A.", invoice_month_end=True)
        for payer in (self.grouped, monthly):
            self.make_sale(payer)
        run = self.prepare(invoice_date="2026-07-15").with_user(self.make_biller())
        grouped, month_end = run.item_ids.sorted(lambda i: i.partner_id != self.grouped)
        grouped.action_leave_out()
        month_end.action_take_in()
        self.assertEqual((grouped.state, grouped.reason), ("skipped", "by_hand"))
        self.assertEqual((month_end.state, month_end.reason), ("pending", False))

    def test_what_is_taken_in_still_needs_all_but_its_month_end(self):
        monthly = self.make_payer("Fin de mes S.A.", invoice_month_end=True)
        currency = self.make_currency()
        pricelist = self.env["product.pricelist"].create(
            {"name": "XTS", "currency_id": currency.id}
        )
        self.make_sale(monthly, pricelist_id=pricelist.id)
        run = self.prepare(invoice_date="2026-07-15", action_after="post")
        self.assertEqual(self.get_left_out(run), {monthly: "month_end"})
        item = run.item_ids
        item.action_take_in()
        self.assertEqual((item.state, item.reason), ("skipped", "no_rate"))
        self.assertEqual(run.item_ids, item)
        with self.assertRaises(UserError):
            item.action_take_in()
        run.action_run()
        self.assertFalse(run.item_ids.move_ids)

    def test_taking_in_lists_the_invoices_that_the_orders_make_each_by_itself(self):
        monthly = self.make_payer(
            "Fin de mes S.A.", invoice_month_end=True, invoice_grouping_mode="group"
        )
        term = self.env["account.payment.term"].create({"name": "A 45 días"})
        july = self.make_sale(monthly, 10) | self.make_sale(monthly, 20)
        june = self.make_sale(monthly, 40, day="2026-06-10")
        late = self.make_sale(monthly, 80, payment_term_id=term.id)
        odd = self.make_sale(monthly, quantity=-1)
        run = self.prepare(invoice_date="2026-07-15").with_user(self.make_biller())
        self.assertEqual(len(run.item_ids), 1)
        row = run.item_ids
        row.action_take_in()
        self.assertTrue(row.exists())
        found = {i.order_ids: (i.state, i.reason, i.amount) for i in run.item_ids}
        self.assertEqual(
            found,
            {
                july: ("pending", False, 30),
                june: ("pending", False, 40),
                late: ("pending", False, 80),
                odd: ("skipped", "needs_person", -100),
            },
        )
        run.action_run()
        self.assertEqual(run.done_count, 3)
        self.assertEqual(len(run.sudo().item_ids.move_ids), 3)

    def test_sign_and_amount_are_those_of_the_invoice_whatever_its_taxes(self):
        """A credit note that corrects no single invoice needs a person."""
        back = self.make_return(self.grouped, 10)[0]
        back.order_line.tax_ids = self.make_tax()
        sold = self.make_product("Tubo", invoice_policy="delivery")
        line = {"product_id": sold.id, "price_unit": 11, "tax_ids": [(5, 0, 0)]}
        back.order_line = [Command.create(line)]
        back.order_line[1].qty_delivered = 1
        included = self.make_tax(price_include_override="tax_included")
        extra = self.make_sale(self.apart, 121, product=sold, quantity=0)
        extra.order_line.write({"tax_ids": included.ids, "qty_delivered": 1})
        run = self.prepare(action_after="post")
        self.assertEqual(self.get_left_out(run), {self.grouped: "needs_person"})
        item = run.item_ids.filtered(lambda item: item.partner_id == self.apart)
        self.assertAlmostEqual(item.amount, 100)
        run.action_run()
        self.assertEqual(item.move_ids.amount_untaxed, 100)
        self.assertTrue(back._has_negative_net(True))
        self.assertEqual(run.item_ids.move_ids, item.move_ids)

    def test_what_comes_back_of_two_invoices_needs_a_person(self):
        back = self.make_return(self.grouped, 0)[0]
        back.order_line = [
            Command.create(
                {
                    "product_id": back.order_line.product_id.id,
                    "price_unit": 10,
                    "tax_ids": [(5, 0, 0)],
                }
            )
        ]
        back.order_line[1].qty_delivered = 1
        second = back._create_invoices()
        second.invoice_date = "2026-07-12"
        second.action_post()
        back.order_line[0].qty_delivered = 95
        back.order_line[1].qty_delivered = 0
        run = self.prepare()
        self.assertEqual(self.get_left_out(run), {self.grouped: "needs_person"})

    def test_minimum_stands_beside_the_sales_of_the_month(self):
        self.grouped.minimum_consumption = 500
        invoice = self.make_sale(self.grouped, 120)._create_invoices()
        invoice.invoice_date = "2026-07-05"
        invoice.action_post()
        self.make_sale(self.grouped, 80)
        item = self.prepare().item_ids
        self.assertEqual(item.minimum_consumption, 500)
        self.assertEqual((item.month_sales, item.amount), (120, 80))


@tagged("post_install", "-at_install")
class TestMonthEndRun(RunCase):
    """The scheduled action."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # No demo shop's customers are in its runs.
        cls.Partner.search([("invoice_month_end", "=", True)]).invoice_month_end = False
        cls.monthly = cls.make_payer("Fin de mes S.A.", invoice_month_end=True)
        cls.make_sale(cls.monthly)
        cls.make_sale(cls.grouped)

    def make_month_end(self, moment):
        runs = self.env["xpyme.billing.run"]
        with freeze_time(moment):
            day = self.company._get_due_month_end()
            return runs._make_month_end_run(self.company, day) if day else runs

    def work_off(self, run):
        self.env["xpyme.billing.worker"]._work_inline(run)

    def test_once_in_a_month_on_the_last_evening(self):
        for early in ("2026-07-30 21:30:00", "2026-07-31 19:30:00"):
            self.assertFalse(self.make_month_end(early))
        run = self.make_month_end("2026-07-31 20:30:00")
        self.assertIn(self.monthly, run.item_ids.partner_id)
        self.assertNotIn(self.grouped, run.item_ids.partner_id)
        self.assertEqual((run.state, run.action_after), ("running", "draft"))
        self.assertEqual(str(run.invoice_date), "2026-07-31")
        self.assertFalse(self.make_month_end("2026-07-31 21:30:00"))

    def test_a_machine_that_slept_makes_up_for_it_with_the_right_date(self):
        run = self.make_month_end("2026-08-02 08:00:00")
        self.assertEqual(str(run.invoice_date), "2026-07-31")
        self.assertFalse(self.make_month_end("2026-08-04 08:00:00"))

    def test_company_says_that_they_are_confirmed(self):
        self.company.month_end_posts = True
        run = self.make_month_end("2026-07-31 20:30:00")
        self.assertEqual(run.action_after, "post")

    def test_what_cannot_be_invoiced_yet_spends_no_month(self):
        self.monthly.sale_order_ids.action_cancel()
        chapa = self.make_product("Chapa", invoice_policy="delivery")
        order = self.make_sale(self.monthly, product=chapa)
        self.assertFalse(self.make_month_end("2026-07-31 20:30:00"))
        order.order_line.qty_delivered = 1
        run = self.make_month_end("2026-08-01 06:30:00")
        self.assertEqual(run.item_ids.order_ids, order)
        self.work_off(run)
        self.assertEqual(str(order.invoice_ids.invoice_date), "2026-07-31")

    def test_what_comes_late_is_made_by_the_same_run_and_nothing_twice(self):
        run = self.make_month_end("2026-07-31 20:30:00")
        first = run.item_ids
        self.work_off(run)
        self.assertFalse(self.make_month_end("2026-07-31 21:30:00"))
        chapa = self.make_product("Chapa", invoice_policy="delivery")
        self.make_sale(self.monthly, product=chapa)
        late = self.make_sale(self.monthly, 7, "2026-07-31")
        august = self.make_sale(self.monthly, 9, "2026-08-01")
        self.assertEqual(self.make_month_end("2026-08-01 06:30:00"), run)
        self.assertEqual(run.state, "running")
        self.assertFalse(self.make_month_end("2026-08-01 06:45:00"))
        self.work_off(run)
        added = run.item_ids - first
        self.assertEqual(added.filtered("move_ids").order_ids, late)
        self.assertEqual(added.filtered("reason").mapped("reason"), ["not_delivered"])
        days = set(run.item_ids.move_ids.mapped("invoice_date"))
        self.assertEqual(days, {run.invoice_date})
        self.assertFalse(august.invoice_ids)
        self.assertEqual(set(first.order_ids.mapped("invoice_count")), {1})
        self.assertFalse(self.make_month_end("2026-08-01 07:30:00"))

    def test_what_a_person_has_in_hand_or_kept_out_is_left_to_them(self):
        run = self.make_month_end("2026-07-31 20:30:00")
        run.action_pause()
        run.item_ids.action_leave_out()
        self.assertFalse(self.make_month_end("2026-07-31 21:30:00"))
        run.action_run()
        self.work_off(run)
        self.assertFalse(self.make_month_end("2026-07-31 22:30:00"))
        self.assertEqual(set(run.item_ids.mapped("reason")), {"by_hand"})

    def test_nothing_to_invoice_leaves_no_run(self):
        self.monthly.invoice_month_end = False
        self.assertFalse(self.make_month_end("2026-07-31 20:30:00"))
        self.assertFalse(self.env["xpyme.billing.run"].search([]))
