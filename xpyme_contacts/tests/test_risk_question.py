from contextlib import suppress

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .risk_stage_common import RiskStageCase


@tagged("post_install", "-at_install")
class TestRiskQuestion(RiskStageCase):
    """Documents whose seller is asked, and answers."""

    def test_the_client_s_button_opens_the_question_and_nothing_goes_on(self):
        self.set_actions(order="ask")
        order = self.quote(1312).with_context(risk_interactive=True)
        action = order.action_confirm()
        self.assertEqual(action["res_model"], "xpyme.risk.decision")
        self.assertIn("312.00", action["context"]["default_explanation"])
        self.assertEqual(order.state, "draft")

    def answer(self, action, user=None):
        wizard = self.env["xpyme.risk.decision"].with_user(user or self.salesperson)
        return wizard.with_context(**action["context"]).create({}).action_accept()

    def test_continue_confirms_and_the_history_tells_who(self):
        self.set_actions(order="ask")
        order = self.quote(1312)
        self.answer(order.with_context(risk_interactive=True).action_confirm())
        self.assertEqual(order.state, "sale")
        note = order.message_ids.filtered(lambda m: "312.00" in (m.body or ""))
        self.assertEqual(note.author_id, self.salesperson.partner_id)
        release = self.env["xpyme.risk.release"].search([("res_id", "=", order.id)])
        self.assertEqual((release.kind, release.stage), ("accepted", "order"))

    def test_continue_sends_and_the_composer_is_not_asked_again(self):
        self.set_actions(quotation="ask", order="ask")
        order = self.quote(1312)
        action = order.with_context(risk_interactive=True).action_quotation_send()
        self.assertEqual(action["res_model"], "xpyme.risk.decision")
        composer = self.answer(action)
        self.assertEqual(composer["res_model"], "mail.compose.message")
        order.with_context(mark_so_as_sent=True).message_post(body="Here it is")
        self.assertEqual(order.state, "sent")
        with self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_continue_posts_the_invoice(self):
        self.set_actions(invoice="ask")
        clerk = self.make_risk_user("clerk", "account.group_account_invoice")
        invoice = self.make_invoice(1312, post=False).with_user(clerk)
        self.answer(invoice.with_context(risk_interactive=True).action_post(), clerk)
        self.assertEqual(invoice.state, "posted")

    def test_raising_a_confirmed_order_asks_with_a_way_to_answer(self):
        self.set_actions(order="ask")
        order = self.sell(900)
        with self.assertRaises(RedirectWarning) as question:
            order.order_line.product_uom_qty = 2
        order.invalidate_recordset()
        self.answer(question.exception.args[1])
        order.order_line.product_uom_qty = 2
        self.assertEqual(order.amount_total, 1800)
        with self.assertRaises(RedirectWarning):
            order.order_line.product_uom_qty = 3

    def test_an_answer_covers_what_was_asked_whatever_amount_a_client_says(self):
        self.set_actions(order="ask")
        order = self.sell(900)
        with self.assertRaises(RedirectWarning) as question:
            order.order_line.product_uom_qty = 2
        order.invalidate_recordset()
        context = question.exception.args[1]["context"]
        other = self.sell(10)
        for made_up, covered in (
            ({}, 1800),
            ({"default_amount": 10**9}, 1800),
            ({"default_question": False}, 900),
            ({"default_question": "AQ"}, 900),
            ({"default_question": context["default_question"][:-4] + "AAAA"}, 900),
            ({"default_res_ids": other.ids}, 10),
        ):
            self.answer({"context": {**context, **made_up}})
            release = self.env["xpyme.risk.release"].search([], limit=1)
            self.assertEqual((release.amount, release.kind), (covered, "accepted"))

    def test_a_salesperson_answers_and_releases_nothing_whatever_his_client_says(self):
        self.set_actions(order="block")
        order = self.quote(1312)
        vals = {
            "kind": "released",
            "res_model": order._name,
            "res_ids": order.ids,
            "amount": 10**9,
            "reason": "because",
            "valid_until": "2099-01-01",
        }
        decisions = self.env["xpyme.risk.decision"].with_user(self.salesperson)
        for state in (False, "draft", "sent", "sale"):
            wizard = decisions.create({**vals, "state": state})
            with suppress(UserError):
                wizard.action_accept()
            with self.assertRaises(AccessError):
                wizard.action_release()
            released = self.env["xpyme.risk.release"].search(
                [("res_id", "=", order.id)]
            )
            self.assertFalse(released.filtered(lambda r: r.kind == "released"))
            self.assertFalse(released.filtered(lambda r: r.amount > 1312))
            self.assertBlocked(order.action_confirm)

    def test_where_nobody_can_be_asked_it_is_refused(self):
        self.set_actions(order="ask")
        order = self.quote(1312)
        self.assertBlocked(order.sudo().action_confirm)
        self.assertBlocked(order.with_context(import_file=True).action_confirm)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.assertBlocked(
            order.with_user(self.env.ref("base.user_root")).action_confirm
        )

    def test_an_answer_lifts_no_block(self):
        self.set_actions(order="ask")
        order = self.quote(1312)
        action = order.with_context(risk_interactive=True).action_confirm()
        self.set_actions(order="block")
        self.assertBlocked(self.answer, action)
