from odoo.tests import tagged

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
