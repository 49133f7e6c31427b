from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .run_common import JULY_31, RunCase


@tagged("post_install", "-at_install")
class TestRunWork(RunCase):
    def get_invoices(self, run):
        return run.item_ids.move_ids

    def test_small_run_is_done_at_once(self):
        for amount in (10, 20):
            self.make_sale(self.grouped, amount)
            self.make_sale(self.apart, amount)
        run = self.prepare()
        self.assertIs(run.action_run(), True)
        self.assertEqual(run.state, "done")
        self.assertEqual(set(run.item_ids.mapped("state")), {"done"})
        self.assertEqual(run.with_context(lang="en_US").health, "Invoiced: 3")
        moves = self.get_invoices(run)
        self.assertEqual(sorted(moves.mapped("amount_untaxed")), [10, 20, 30])
        self.assertEqual(set(moves.mapped("state")), {"draft"})
        self.assertEqual(
            {str(day) for day in moves.mapped("invoice_date")}, {"2026-07-31"}
        )
        opened = run.action_open_invoices()["domain"][0][2]
        self.assertEqual(set(opened), set(moves.ids))

    def test_confirmed_numbers_have_no_gap(self):
        for _number in range(5):
            self.make_sale(self.apart)
        run = self.prepare(action_after="post")
        run.action_run()
        moves = self.get_invoices(run).sorted("name")
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        numbers = moves.mapped("sequence_number")
        self.assertEqual(numbers, [*range(numbers[0], numbers[0] + 5)])

    def test_negative_order_is_a_refund_or_needs_a_person(self):
        self.make_sale(self.grouped)
        _back, invoice = self.make_return(self.grouped)
        self.make_sale(self.apart, quantity=-1)
        run = self.prepare(action_after="post")
        run.action_run()
        self.assertEqual(self.get_left_out(run), {self.apart: "needs_person"})
        refund = self.get_invoices(run).filtered(
            lambda move: move.move_type == "out_refund"
        )
        self.assertEqual(refund.reversed_entry_id, invoice)
        self.assertEqual(refund.amount_untaxed, 150)
        self.assertEqual(len(self.get_invoices(run)), 2)

    def test_order_that_turned_negative_is_left_for_a_person(self):
        order = self.make_sale(self.apart)
        run = self.prepare()
        order.order_line.product_uom_qty = -1
        run.action_run()
        self.assertEqual(self.get_left_out(run), {self.apart: "needs_person"})

    def test_item_that_fails_says_why_and_the_others_are_made(self):
        for _number in range(6):
            self.make_sale(self.apart)
        bad = self.make_sale(self.apart, 7)
        run = self.prepare()
        create = type(bad)._prepare_invoice

        def refuse(order):
            if order == bad:
                raise UserError("Falta la cuenta")  # pylint: disable=translation-required
            return create(order)

        with patch.object(type(bad), "_prepare_invoice", refuse):
            run.action_run()
        failed = run.item_ids.filtered(lambda item: item.state == "failed")
        self.assertEqual(failed.order_ids, bad)
        self.assertEqual(failed.note, "Falta la cuenta")
        self.assertEqual((run.done_count, run.state), (6, "done"))
        run.action_retry()
        self.assertEqual((run.done_count, run.failed_count), (7, 0))

    def test_order_in_an_archived_series_is_invoiced_in_the_companys(self):
        series = self.make_journal("SB")
        order = self.make_sale(self.apart, journal_id=series.id)
        series.active = False
        run = self.prepare(action_after="post")
        run.action_run()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertTrue(order.invoice_ids.journal_id.active)
        self.assertEqual(run.item_ids.journal_id, order.invoice_ids.journal_id)

    def test_article_without_account_fails_with_a_sentence_that_names_it(self):
        self.company.income_account_id = False
        category = self.env["product.category"].create({"name": "Sin cuenta"})
        category.property_account_income_categ_id = False
        nails = self.make_product("Puntas", categ_id=category.id)
        journal = self.make_journal("SB")
        journal.default_account_id = False
        bad = self.make_sale(self.apart, product=nails, journal_id=journal.id)
        income = self.env["account.account"].search(
            [
                ("account_type", "=", "income"),
                ("company_ids", "in", self.company.ids),
            ],
            limit=1,
        )
        self.product.property_account_income_id = income
        for _number in range(3):
            self.make_sale(self.apart)
        run = self.prepare(action_after="post")
        with mute_logger("odoo.sql_db"):
            run.with_context(lang="en_US").action_run()
        failed = run.item_ids.filtered(lambda item: item.state == "failed")
        self.assertEqual(failed.order_ids, bad)
        self.assertIn("no income account for Puntas", failed.note)
        self.assertEqual((run.done_count, run.state), (3, "done"))
        nails.property_account_income_id = income
        run.action_retry()
        self.assertEqual((run.done_count, run.failed_count), (4, 0))

    def test_what_the_database_refuses_is_told_in_odoos_words(self):
        self.make_sale(self.apart)
        run = self.prepare()

        def break_a_rule(orders, *_args, **_options):
            partner = orders.partner_id
            lines = orders.env["xpyme.customer.leave"]
            lines.create({"partner_id": partner.id, "date_from": "2026-08-01"})
            orders.env.flush_all()

        with (
            mute_logger("odoo.sql_db"),
            patch.object(
                type(self.env["sale.order"]), "_create_invoices", break_a_rule
            ),
        ):
            run.with_context(lang="en_US").action_run()
        self.assertIn("Missing required value", run.item_ids.note)
        self.assertNotIn("violates", run.item_ids.note)

    def test_what_somebody_else_invoiced_meanwhile_is_nothing(self):
        order = self.make_sale(self.grouped)
        first, second = self.prepare(), self.prepare()
        first.action_run()
        second.action_run()
        self.assertEqual(second.item_ids.mapped("state"), ["nothing"])
        self.assertEqual(len(order.invoice_ids), 1)

    def test_paused_run_is_left_alone_until_it_goes_on(self):
        self.make_sale(self.grouped)
        run = self.prepare()
        with self.in_lanes() as lane:
            run.action_run()
            self.assertEqual(run.state, "running")
            run.action_pause()
            run.flush_recordset()
            lane()
            self.assertEqual(run.pending_count, 1)
            run.action_run()
            run.flush_recordset()
            lane()
        self.assertEqual((run.state, run.done_count), ("done", 1))

    def test_run_that_began_in_another_database_is_paused(self):
        self.make_sale(self.grouped)
        run = self.prepare()
        with self.in_lanes() as lane:
            run.action_run()
            run.sudo().database_mark = "0-1-2"
            run.flush_recordset()
            lane()
        self.assertEqual((run.state, run.pending_count), ("paused", 1))
        self.assertIn("restored", run.message_ids[:1].body)

    def test_month_end_that_failed_tells_who_may_go_on_with_it(self):
        biller = self.make_biller()
        group = "xpyme_contacts_billing.group_billing_run"
        other = self.env["res.company"].create({"name": "Otra casa"})
        elsewhere = self.make_user("elsewhere", group)
        elsewhere.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        error = UserError("Falta")  # pylint: disable=translation-required
        with patch.object(type(self.env["sale.order"]), "_create_invoices") as create:
            create.side_effect = error
            run = self.finish_month_end()
        told = run.message_ids.notified_partner_ids
        self.assertEqual((run.state, run.failed_count), ("done", 1))
        self.assertIn(biller.partner_id, told)
        self.assertNotIn(elsewhere.partner_id, told)

    def test_month_end_without_failure_tells_nobody(self):
        self.make_biller()
        run = self.finish_month_end()
        self.assertEqual((run.state, run.failed_count), ("done", 0))
        self.assertFalse(run.message_ids.notified_partner_ids)

    def finish_month_end(self):
        self.grouped.invoice_month_end = True
        self.make_sale(self.grouped)
        runs = self.env["xpyme.billing.run"].with_user(self.env.ref("base.user_root"))
        with self.in_lanes() as lane:
            run = runs._make_month_end_run(self.company, JULY_31)
            run.flush_recordset()
            lane()
        return run

    def test_lanes_make_each_invoice_once_and_help_each_other(self):
        for _number in range(9):
            self.make_sale(self.apart)
        run = self.prepare(action_after="post")
        with self.in_lanes() as lane:
            run.action_run()
            run.flush_recordset()
            lane(3)
        self.assertEqual((run.state, run.done_count), ("done", 9))
        self.assertEqual(len(self.get_invoices(run)), 9)

    def test_collision_is_no_failure(self):
        self.make_sale(self.grouped)
        run = self.prepare()
        error = psycopg2.errors.SerializationFailure("could not serialize")
        with (
            patch.object(type(self.env["sale.order"]), "_create_invoices") as create,
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            create.side_effect = error
            run.action_run()

    def test_undo_deletes_the_drafts_and_lists_the_orders_again(self):
        order = self.make_sale(self.grouped)
        sold = self.make_sale(self.apart)
        run = self.prepare()
        run.action_run()
        sold.invoice_ids.action_post()
        run.action_undo_drafts()
        self.assertEqual((run.state, run.is_undoing), ("prepared", False))
        self.assertFalse(order.invoice_ids)
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertEqual((run.pending_count, run.done_count), (1, 1))
        run.action_run()
        self.assertEqual((run.state, run.done_count), ("done", 2))

    def test_cancelled_run_makes_nothing_more(self):
        self.make_sale(self.grouped)
        run = self.prepare()
        run.action_cancel()
        self.assertEqual(self.get_left_out(run), {self.grouped: "cancelled"})
        with self.assertRaises(UserError):
            run.action_run()

    def test_run_that_has_made_invoices_is_not_deleted(self):
        self.make_sale(self.grouped)
        run = self.prepare()
        run.action_run()
        with self.assertRaises(UserError):
            run.unlink()

    def test_statements_of_an_item_do_not_grow_with_the_run(self):
        counts = []
        for number in (10, 20):
            for _order in range(number):
                self.make_sale(self.apart)
            run = self.prepare()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_run()
            self.env.flush_all()
            counts.append((self.env.cr.sql_log_count - before) / number)
        self.assertLessEqual(counts[1], counts[0] * 1.1)
