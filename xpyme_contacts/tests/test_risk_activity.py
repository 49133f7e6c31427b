import json

from odoo.tests import HttpCase, tagged

from .risk_stage_common import RiskStageCase


@tagged("post_install", "-at_install")
class TestRiskActivity(RiskStageCase):
    """Risk managers are told of what was held back."""

    def test_a_block_leaves_one_activity_although_it_is_rolled_back(self):
        self.set_actions(order="block")
        order = self.quote(1312)
        for _time in range(2):
            self.assertBlocked(order.action_confirm)
            self.end_transaction()
        activity = self.get_activities(order).filtered(
            lambda a: a.user_id == self.manager
        )
        self.assertEqual(len(activity), 1)
        self.assertIn("312.00", activity.summary)

    def test_each_manager_is_told_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.set_actions(order="block")
        second = self.make_risk_user(
            "second",
            "xpyme_contacts.group_risk_manager,sales_team.group_sale_salesman_all_leads",
        )
        self.manager.lang, second.lang = "en_US", "es_ES"
        order = self.quote(1312)
        self.assertBlocked(order.action_confirm)
        self.end_transaction()
        for manager, words in ((self.manager, "over the"), (second, "por encima")):
            told = self.get_activities(order).filtered(
                lambda one, manager=manager: one.user_id == manager
            )
            self.assertIn(words, told.summary)

    def test_a_document_that_was_not_saved_tells_on_the_card(self):
        self.set_actions(quotation="block")
        self.assertBlocked(self.quote, 1312)
        self.end_transaction()
        self.assertIn(self.manager, self.get_activities(self.customer).user_id)

    def test_a_manager_who_may_not_read_orders_is_told_on_the_card(self):
        self.set_actions(order="block")
        manager = self.make_risk_user("office", "xpyme_contacts.group_risk_manager")
        order = self.quote(1312)
        self.assertBlocked(order.action_confirm)
        self.end_transaction()
        self.assertIn(manager, self.get_activities(self.customer).user_id)
        self.assertNotIn(manager, self.get_activities(order).user_id)


@tagged("post_install", "-at_install")
class TestRiskActivityOfARequest(RiskStageCase, HttpCase):
    """The request has no environment any more when its activity is left."""

    def test_a_refused_request_leaves_its_activity(self):
        self.set_actions(order="block")
        order = self.quote(1312)
        self.env.flush_all()
        self.authenticate("stopped", "stopped")
        params = {"model": "sale.order", "method": "action_confirm"}
        answer = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps({"params": {**params, "args": [order.ids], "kwargs": {}}}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertIn("312.00", answer["error"]["data"]["message"])
        self.env.invalidate_all()
        self.assertIn(self.manager, self.get_activities(order).user_id)
