from lxml import etree

from odoo.tests import tagged
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
            self.env.cr.execute(
                f"UPDATE {table} SET create_date = create_date - interval '1 hour',"
                f" write_date = write_date - interval '1 hour' WHERE {column} = ANY(%s)",
                [invoices.ids],
            )
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
        self.assertIn("worked on", changed.billing_run_item_id.note)
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

    def test_undoing_that_was_stopped_is_offered_again(self):
        run = self.run_over(10)
        with self.in_lanes() as lane:
            run.action_undo_drafts()
            run.sudo().database_mark = "0-1-2"
            run.flush_recordset()
            lane()
        self.assertEqual((run.state, self.get_states(run)), ("paused", ["undo"]))
        self.assertIn("still to be undone", run.with_context(lang="en_US").health)
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
