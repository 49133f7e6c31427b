from lxml import etree

from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from .run_common import RunCase


@tagged("post_install", "-at_install")
class TestRunByHand(RunCase):
    """What people do with the invoices of a run, and what the run does then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = cls.make_biller()

    def run_over(self, *amounts, **vals):
        """A run that has made an invoice of each of ``amounts``."""
        for amount in amounts:
            self.make_sale(self.apart, amount)
        run = self.prepare(**vals).with_user(self.biller)
        run.action_run()
        return run

    def get_invoices(self, run):
        return run.sudo().item_ids.move_ids.sorted("id")

    def get_states(self, run):
        return run.item_ids.sorted("id").mapped("state")

    def make_numbered_draft(self):
        """A run of drafts, of which one has had a number that others follow."""
        run = self.run_over(10, 20)
        invoices = self.get_invoices(run)
        invoices.action_post()
        invoices[0].button_draft()
        return run, invoices[0]

    # === DRAFTS THAT STAY DRAFTS ===#

    def test_run_that_leaves_drafts_confirms_none_when_it_tries_again(self):
        run, draft = self.make_numbered_draft()
        run.action_undo_drafts()
        self.assertEqual(self.get_states(run), ["failed", "done"])
        run.action_run()
        run.action_retry()
        self.assertEqual(draft.state, "draft")
        self.assertEqual(self.get_states(run), ["done", "done"])
        self.assertEqual(run.state, "done")

    # === DELETED, CANCELLED AND CONFIRMED BY HAND ===#

    def test_item_whose_invoice_is_deleted_or_cancelled_says_so_and_is_made_again(self):
        run = self.run_over(10, 20, 30)
        deleted, cancelled, kept = self.get_invoices(run)
        deleted.with_user(self.biller).unlink()
        cancelled.with_user(self.biller).button_cancel()
        self.assertEqual(self.get_states(run), ["failed", "failed", "done"])
        for item in run.item_ids.sorted("id")[:2]:
            self.assertIn("deleted or cancelled", item.note)
        run.action_retry()
        self.assertEqual(self.get_states(run), ["done"] * 3)
        invoices = self.get_invoices(run)
        self.assertEqual(len(invoices), 4)
        amounts = (invoices - cancelled).mapped("amount_untaxed")
        self.assertEqual(sorted(amounts), [10, 20, 30])

    def test_who_may_not_bill_deletes_a_draft_and_the_run_says_so(self):
        run = self.run_over(10)
        user = self.make_user("clerk", "account.group_account_invoice")
        self.get_invoices(run).with_user(user).unlink()
        self.assertEqual(self.get_states(run), ["failed"])

    def test_item_of_a_cancelled_run_is_invoiced_when_its_draft_is_confirmed(self):
        run = self.make_drafts_to_confirm()
        run.action_cancel()
        self.assertEqual(self.get_states(run), ["made", "made"])
        self.get_invoices(run)[0].action_post()
        self.assertEqual(self.get_states(run), ["done", "made"])

    def test_what_is_confirmed_by_hand_waits_for_a_run_that_goes_on(self):
        run = self.make_drafts_to_confirm()
        self.get_invoices(run).action_post()
        self.assertEqual(self.get_states(run), ["made", "made"])

    def make_drafts_to_confirm(self):
        """A paused run that has made its invoices, and has yet to confirm them."""
        for amount in (10, 20):
            self.make_sale(self.apart, amount)
        run = self.prepare(action_after="post").with_user(self.biller)
        with self.in_lanes():
            run.action_run()
            self.env.flush_all()
            self.env["xpyme.billing.worker"]._make_batch(run.sudo(), None)
            run.action_pause()
        return run

    def test_failed_item_whose_draft_is_confirmed_by_hand_is_invoiced(self):
        run = self.run_over(10)
        item = run.sudo().item_ids
        item.write({"state": "failed", "note": "Sobre su límite"})
        item.move_ids.action_post()
        self.assertEqual((item.state, item.note), ("done", False))

    # === UNDOING ===#

    def undo_in_lane(self, run):
        with self.in_lanes() as lane:
            run.action_undo_drafts()
            run.flush_recordset()
            lane()

    def age(self, invoices):
        """They were made an hour ago."""
        self.env.flush_all()
        for table, column in (("account_move", "id"), ("account_move_line", "move_id")):
            query = SQL(
                "UPDATE %(table)s SET create_date = create_date - interval '1 hour',"
                " write_date = write_date - interval '1 hour'"
                " WHERE %(column)s IN %(ids)s",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                ids=invoices._ids,
            )
            self.env.cr.execute(query)
        self.env.invalidate_all()

    def test_undo_leaves_no_gap_in_the_numbers_whoever_does_it(self):
        run, draft = self.make_numbered_draft()
        self.undo_in_lane(run)
        self.assertTrue(draft.exists())
        item = draft.billing_run_item_id
        self.assertEqual(item.state, "failed")
        self.assertTrue(item.note)

    def test_undo_keeps_a_draft_that_somebody_has_changed(self):
        run = self.run_over(10, 20, 30)
        invoices = self.get_invoices(run)
        self.age(invoices)
        changed, by_line, untouched = invoices
        changed.with_user(self.biller).ref = "A MANO"
        by_line.line_ids[:1].with_user(self.biller).name = "Porte"
        self.undo_in_lane(run)
        self.assertEqual(invoices.exists(), changed | by_line)
        self.assertEqual(self.get_states(run), ["failed", "failed", "pending"])
        self.assertTrue(changed.billing_run_item_id.note)
        self.assertFalse(run.is_undoing)

    def test_undo_keeps_a_draft_with_a_note_of_a_person(self):
        run = self.run_over(10, 20)
        noted, untouched = invoices = self.get_invoices(run)
        noted.message_post(body="Hablado con el cliente", message_type="comment")
        run.action_undo_drafts()
        self.assertEqual(invoices.exists(), noted)

    def test_undo_deletes_what_only_the_lanes_have_written(self):
        run = self.run_over(10)
        invoice = self.get_invoices(run)
        self.age(invoice)
        invoice.with_user(self.env.ref("base.user_root")).ref = "Recalculado"
        self.undo_in_lane(run)
        self.assertFalse(invoice.exists())

    def test_run_of_which_undoing_kept_all_goes_on(self):
        run = self.run_over(10)
        self.get_invoices(run).action_post()
        self.get_invoices(run).button_draft()
        run.action_undo_drafts()
        self.assertEqual((run.state, self.get_states(run)), ("prepared", ["failed"]))
        self.assertIn("action_retry", self.get_buttons(run))
        run.action_retry()
        self.assertEqual((run.state, self.get_states(run)), ("done", ["done"]))

    def test_undoing_that_was_stopped_is_offered_again(self):
        run = self.run_over(10)
        with self.in_lanes() as lane:
            run.action_undo_drafts()
            run.sudo().database_mark = "0-1-2"
            run.flush_recordset()
            lane()
        self.assertEqual((run.state, self.get_states(run)), ("paused", ["undo"]))
        self.assertIn(
            "Drafts still to be undone: ", run.with_context(lang="en_US").health
        )
        self.assertEqual(self.get_buttons(run) & {"action_run"}, set())
        self.assertIn("action_undo_drafts", self.get_buttons(run))
        run.action_undo_drafts()
        self.assertEqual((run.state, self.get_states(run)), ("prepared", ["pending"]))

    def get_buttons(self, run):
        """The names of the buttons that the form shows at the top."""
        form = etree.fromstring(run.get_view(view_type="form")["arch"])
        values = run.read()[0]
        return {
            button.get("name")
            for button in form.iterfind("header/button")
            if not safe_eval(button.get("invisible", "False"), values)
        }
