from unittest.mock import patch

from odoo.exceptions import UserError

from .common import HEADINGS, MoveinCase
from .files import make_nif

MODELS = "odoo.addons.xpyme_contacts_movein.models"
FOUR = ("Código", "Nombre", "NIF", "Cosa")


class TestMoveinAgain(MoveinCase):
    """A file is looked at again from wherever it rests: what has moved in stays."""

    def make_rows(self, count):
        return [
            (str(n), f"Cliente {n}", make_nif(n), f"91234567{n}")
            for n in range(1, count + 1)
        ]

    def pause_half_way(self):
        """A file of four rows, two of which have moved in, paused."""
        job = self.judge(*self.make_rows(4), headings=FOUR)
        with patch(f"{MODELS}.movein.INLINE", -1), patch(f"{MODELS}.worker.BATCH", 2):
            job.action_run()
            self.env["xpyme.movein.worker"]._make_batch(job.sudo(), None)
        job.action_pause()
        self.assertEqual((job.done_count, job.pending_count), (2, 2))
        self.pass_time(job)
        return job

    def get_lines(self, job):
        rows = job.row_ids.sorted(lambda row: (row.number, row.id))
        return [(row.verdict, row.state) for row in rows]

    def test_paused_file_goes_on_after_another_look(self):
        job = self.pause_half_way()
        first = job.row_ids.filtered(lambda row: row.state == "done").partner_id
        job.action_judge()
        self.assertEqual((job.state, job.done_count), ("judged", 2))
        self.assertEqual(job.pending_count, 2)
        self.assertIn("Moved in before: 2 · new: 2", job.health)
        job.action_run()
        self.assertEqual((job.state, job.done_count), ("done", 4))
        self.assertEqual(len(job.row_ids.partner_id), 4)
        self.assertEqual(first & job.row_ids.partner_id, first)

    def test_file_that_a_restored_database_stopped_is_looked_at_again(self):
        job = self.pause_half_way()
        job.action_run()
        job = self.judge(*self.make_rows(6)[4:], headings=FOUR)
        with patch(f"{MODELS}.movein.INLINE", -1):
            job.action_run()
        job.sudo().database_mark = "another"
        self.env["xpyme.movein.worker"]._stop_moved_jobs()
        self.assertEqual(job.state, "paused")
        job.action_judge()
        self.assertEqual((job.state, job.pending_count), ("judged", 2))

    def test_other_columns_reach_what_has_moved_in_and_all_of_it_is_undone(self):
        job = self.pause_half_way()
        job.action_judge()
        job.action_draft()
        self.assertEqual(job.done_count, 2)
        job.column_ids[3].target = "phone"
        job.action_judge()
        moved, rest = ("create", "done"), ("create", "pending")
        again = ("update", "pending")
        self.assertEqual(self.get_lines(job), [moved, again, moved, again, rest, rest])
        job.action_run()
        customers = job.row_ids.partner_id
        self.assertEqual(len(customers), 4)
        self.assertTrue(all(customers.mapped("phone")))
        job.action_undo()
        self.assertEqual(job.state, "undone")
        self.assertFalse(customers.exists())

    def test_columns_that_were_changed_twice_are_undone_to_what_was_there(self):
        headings = ("Código", "Nombre", "NIF", "Calle", "Otra")
        self.make_customer("Otro", vat=make_nif(1), street=False)
        row = ("1", "Peña", make_nif(1), "Mayor 3", "Menor 9")
        job = self.judge(row, headings=headings, duplicates="update")
        customer = job.row_ids.partner_id
        job.action_draft()
        for place in (3, 4):
            job.column_ids[3:].target = False
            job.column_ids[place].target = "street"
            job.action_judge()
            job.action_run()
            job.action_judge()
            job.action_draft()
        self.assertEqual(customer.street, "Menor 9")
        job.action_judge()
        job.action_undo()
        self.assertEqual((job.state, customer.street), ("undone", False))

    def test_decision_about_the_rest_leaves_what_has_moved_in(self):
        job = self.pause_half_way()
        job.action_judge()
        job.duplicates = "card"
        self.assertEqual((job.done_count, job.pending_count), (2, 2))

    def test_file_of_which_rows_have_moved_in_stays_that_file(self):
        job = self.pause_half_way()
        job.action_judge()
        for vals in ({"source": "other"}, {"codes": "new"}, {"file": False}):
            with self.assertRaisesRegex(UserError, "Only its columns"):
                job.write(vals)

    def test_rest_of_a_file_that_was_looked_at_again_is_left_out_or_all_undone(self):
        job = self.pause_half_way()
        job.action_judge()
        job.action_finish()
        self.assertEqual((job.state, job.done_count), ("done", 2))
        job.action_judge()
        job.action_undo()
        self.assertEqual((job.state, job.done_count), ("undone", 0))

    def test_file_that_was_undone_moves_in_again(self):
        job = self.move_in(*self.make_rows(2), headings=FOUR)
        job.action_undo()
        job.action_judge()
        self.assertEqual(len(job.row_ids), 2)
        job.action_run()
        self.assertEqual((job.state, job.done_count), ("done", 2))

    def test_what_was_left_out_is_decided_about_later(self):
        self.make_customer("La Peña", vat=make_nif(1))
        job = self.move_in(*self.make_rows(2), headings=FOUR)
        self.assertEqual((job.done_count, job.asked_count), (1, 1))
        job.action_judge()
        asked = job.row_ids.filtered(lambda row: row.verdict == "duplicate")
        asked.action_take_in()
        job.action_run()
        self.assertEqual(job.done_count, 2)

    def test_repeated_row_of_a_file_is_repeated_still(self):
        rows = [("1", "Peña"), ("1", "Peña")]
        job = self.move_in(*rows, headings=HEADINGS[:2])
        job.action_judge()
        self.assertEqual(self.get_verdicts(job), ["create", "reject"])
