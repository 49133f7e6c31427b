from odoo.exceptions import UserError
from odoo.tests import tagged

from .run_common import RunCase


@tagged("post_install", "-at_install")
class TestRunSending(RunCase):
    """A run that confirms its invoices and sends them, as Odoo's own list does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("account.ir_cron_account_move_send")
        cls.cron.active = True
        cls.grouped.email = "pagos@agrupada.example"
        cls.apart.email = False
        cls.grouped_order = cls.make_sale(cls.grouped)
        cls.apart_order = cls.make_sale(cls.apart)

    def get_triggers(self):
        return self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.cron.id)]
        )

    def test_confirmed_invoices_are_sent_in_the_background(self):
        before = self.get_triggers()
        run = self.prepare(action_after="send").with_user(self.make_biller())
        run.action_run()
        invoice = self.grouped_order.invoice_ids
        self.assertEqual((run.state, invoice.state), ("done", "posted"))
        self.assertEqual(invoice.sending_data["author_user_id"], run.env.uid)
        self.assertGreater(self.get_triggers(), before)

    def test_who_has_no_address_is_named(self):
        run = self.prepare(action_after="send").with_context(lang="en_US")
        run.action_run()
        invoice = self.apart_order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(invoice.sending_data)
        item = invoice.billing_run_item_id
        self.assertEqual(item.state, "done")
        self.assertIn("no e-mail", item.note)
        self.assertFalse(self.grouped_order.invoice_ids.billing_run_item_id.note)

    def test_who_gets_them_on_paper_needs_no_address(self):
        self.apart.invoice_sending_method = "manual"
        run = self.prepare(action_after="send")
        run.action_run()
        self.assertFalse(self.apart_order.invoice_ids.billing_run_item_id.note)

    def test_confirming_alone_sends_nothing(self):
        self.prepare(action_after="post").action_run()
        self.assertFalse(self.grouped_order.invoice_ids.sending_data)

    def test_what_was_sent_by_hand_is_not_sent_again(self):
        run = self.prepare(action_after="send")
        with self.in_lanes():
            run.action_run()
            self.env["xpyme.billing.worker"]._make_batch(run, None)
        invoice = self.grouped_order.invoice_ids
        invoice.action_post()
        invoice.is_move_sent = True
        self.env["xpyme.billing.worker"]._work_inline(run)
        self.assertEqual(run.state, "done")
        self.assertFalse(invoice.sending_data)

    def test_it_does_not_begin_where_odoo_sends_nothing(self):
        self.cron.active = False
        run = self.prepare(action_after="send")
        with self.assertRaisesRegex(UserError, "switched off"):
            run.action_run()
        self.assertEqual(run.state, "prepared")
        run.action_after = "post"
        run.action_run()
        self.assertEqual(run.state, "done")
