from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .risk_common import RiskCase


@tagged("post_install", "-at_install")
class TestRiskStage(RiskCase):
    """No way around a limit that asks or blocks, as salesperson without accounting
    rights. The customer may owe 1,000 EUR."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_risk_user("stopped")
        cls.set_limits(cls.customer, 1000)
        # A quantity typed anew brings the article's own price: 900 EUR.
        cls.goods.list_price = 1800
        cls.manager = cls.make_risk_user(
            "watching",
            "xpyme_contacts.group_risk_manager,sales_team.group_sale_salesman_all_leads",
        )

    def set_actions(self, quotation=False, order=False, invoice=False):
        self.company.write(
            {
                "risk_quotation_action": quotation,
                "risk_order_action": order,
                "risk_invoice_action": invoice,
            }
        )

    def quote(self, amount, customer=None, **vals):
        """A quotation of the salesperson's."""
        return self.make_quotation(amount, customer, **vals).with_user(self.salesperson)

    def sell(self, amount, customer=None, **vals):
        order = self.quote(amount, customer, **vals)
        order.action_confirm()
        return order

    def assertBlocked(self, function, *args, **kwargs):
        with self.assertRaises(UserError) as refusal:
            function(*args, **kwargs)
        return str(refusal.exception)

    def get_activities(self, record):
        return record.sudo().activity_ids.filtered(
            lambda a: a.activity_type_id
            == self.env.ref("xpyme_contacts.activity_type_risk")
        )

    def end_transaction(self):
        """What follows the rollback of a refused request."""
        with self.enter_registry_test_mode():
            self.cr.postrollback.run()
            self.cr.postcommit.clear()

    # --- order

    def test_by_default_a_limit_only_tells(self):
        self.assertEqual(self.sell(5000).state, "sale")

    def test_an_order_over_the_limit_is_not_confirmed(self):
        self.set_actions(order="block")
        order = self.quote(1312)
        message = self.assertBlocked(order.action_confirm)
        for said in ("ACME S.A.", order.name, "312.00", "granted risk", "1,000.00"):
            self.assertIn(said, message)
        self.assertEqual(self.sell(1000).state, "sale")

    def test_each_limit_blocks_alone_and_the_message_names_it(self):
        self.set_actions(order="block")
        self.set_limits(self.customer, 1000, 600)
        self.assertIn("internal limit", self.assertBlocked(self.sell, 700))
        message = self.assertBlocked(self.sell, 1100)
        self.assertIn("granted risk", message)
        self.assertIn("internal limit", message)

    def test_a_customer_without_limit_is_never_stopped(self):
        self.set_actions("block", "block", "block")
        self.set_limits(self.customer)
        self.assertEqual(self.sell(10**6).state, "sale")

    def test_the_orders_of_one_batch_add_up(self):
        self.set_actions(order="block")
        orders = self.quote(600) | self.quote(600)
        self.assertBlocked(orders.action_confirm)
        self.set_limits(self.customer, 1200)
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])

    def test_do_not_warn_lifts_no_block(self):
        self.set_actions(order="block")
        self.customer.risk_no_warning = True
        self.assertBlocked(self.sell, 1312)

    def test_a_contact_of_the_customer_is_judged_as_the_customer(self):
        self.set_actions(order="block")
        contact = self.make_contact(self.customer)
        self.assertBlocked(self.sell, 1312, contact)

    def test_cards_of_one_tax_id_are_judged_together(self):
        self.set_actions(order="block")
        other = self.make_customer("ACME Sur", vat=self.customer.vat)
        self.customer.action_apply_risk_by_vat()
        self.sell(600)
        self.assertBlocked(self.sell, 600, other)
        orders = self.quote(300) | self.quote(300, other)
        self.assertBlocked(orders.action_confirm)

    def test_raising_a_confirmed_order_is_judged(self):
        self.set_actions(order="block")
        order = self.sell(900)
        line = order.order_line
        for change in (
            lambda: line.write({"product_uom_qty": 2}),
            lambda: line.write({"price_unit": 1001}),
            lambda: order.write(
                {"order_line": [Command.update(line.id, {"product_uom_qty": 2})]}
            ),
            lambda: order.write(
                {
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "price_unit": 101,
                                "tax_ids": False,
                            }
                        )
                    ]
                }
            ),
            lambda: self.env["sale.order.line"]
            .with_user(self.salesperson)
            .create(
                {
                    "order_id": order.id,
                    "product_id": self.goods.id,
                    "price_unit": 101,
                    "tax_ids": False,
                }
            ),
        ):
            self.assertBlocked(change)
        self.assertEqual(order.amount_total, 900)
        line.price_unit = 1000
        self.assertEqual(order.amount_total, 1000)

    def test_less_discount_and_more_tax_are_judged(self):
        self.set_actions(order="block")
        tax = self.env["account.tax"].create(
            {"name": "21%", "amount": 21, "company_id": self.company.id}
        )
        order = self.quote(1000)
        order.order_line.discount = 10
        order.action_confirm()
        self.assertBlocked(order.order_line.write, {"tax_ids": tax.ids})
        order.order_line.discount = 0
        self.set_limits(self.customer, 950)
        order.order_line.discount = 10
        self.assertBlocked(order.order_line.write, {"discount": 0})

    def test_taking_away_a_line_that_lowers_the_order_is_judged(self):
        self.set_actions(order="block")
        order = self.quote(1200)
        order.order_line = [
            Command.create(
                {"product_id": self.goods.id, "price_unit": -300, "tax_ids": False}
            )
        ]
        order.action_confirm()
        self.assertBlocked(
            self.env["sale.order.line"].sudo().browse(order.order_line[1].id).write,
            {"price_unit": 0},
        )

    def test_lowering_an_order_over_the_limit_goes_on(self):
        order = self.sell(5000)
        self.set_actions("block", "block", "block")
        order.order_line.discount = 10
        self.assertEqual(order.amount_total, 4500)

    def test_an_order_for_another_payer_is_judged_by_his_limits(self):
        self.set_actions(order="block")
        payer = self.make_customer("Matriz")
        self.set_limits(payer, 100)
        order = self.sell(900)
        self.assertBlocked(order.write, {"partner_invoice_id": payer.id})

    def test_duplicating_and_reopening_are_judged(self):
        self.set_actions(order="block")
        order = self.sell(600)
        self.assertBlocked(order.copy().action_confirm)
        order._action_cancel()
        self.sell(900)
        order.action_draft()
        self.assertBlocked(order.action_confirm)

    def test_a_sent_quotation_and_a_written_state_are_judged(self):
        self.set_actions(order="block")
        order = self.quote(1312)
        order.action_quotation_sent()
        self.assertBlocked(order.action_confirm)
        self.assertBlocked(order.write, {"state": "sale"})
        self.assertBlocked(self.make_quotation, 1312, state="sale")

    def test_an_import_is_judged(self):
        self.set_actions(order="block")
        line = self.sell(900).order_line
        xmlid = self.env["ir.model.data"].create(
            {
                "name": "imported_line",
                "module": "test",
                "model": line._name,
                "res_id": line.id,
            }
        )
        result = line.load(["id", "product_uom_qty"], [[xmlid.complete_name, "2"]])
        self.assertFalse(result["ids"])
        self.assertIn("granted risk", result["messages"][0]["message"])

    def test_an_order_in_another_currency_counts_in_the_company_s(self):
        self.set_actions(order="block")
        self.assertEqual(self.sell(2000, currency=self.usd).state, "sale")
        self.assertBlocked(self.sell, 1, currency=self.usd)

    def test_the_limits_and_settings_are_the_document_s_company_s(self):
        self.set_actions("block", "block", "block")
        order = self.make_sale(5000, company=self.other_company)
        self.assertEqual(order.state, "sale")

    def test_what_the_debt_leaves_out_still_counts_when_it_is_sold(self):
        self.set_actions(order="block")
        self.company.risk_excludes_order = True
        self.assertBlocked(self.sell, 1312)
        order = self.sell(900)
        self.assertBlocked(order.order_line.write, {"product_uom_qty": 2})
        order.sudo()._create_invoices().action_post()
        order.order_line.product_uom_qty = 1.1
        self.assertEqual(order.amount_total, 990)
        self.assertBlocked(order.order_line.write, {"product_uom_qty": 1.2})

    # --- never stopped: what was sold

    def test_an_order_confirmed_before_is_delivered_and_invoiced(self):
        order = self.sell(5000)
        self.set_actions("block", "block", "block")
        order.order_line.qty_delivered = 1
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_refunds_go_on(self):
        invoice = self.make_invoice(5000)
        self.set_actions("block", "block", "block")
        self.make_refund(100)
        invoice._reverse_moves().action_post()

    # --- prepaid

    def pay_online(self, order, amount, state="done"):
        provider = (
            self.env["payment.provider"]
            .sudo()
            .create({"name": "Card", "code": "none", "company_id": self.company.id})
        )
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        method = methods.search([], limit=1)
        payment = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "amount": amount,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "reference": f"{order.name}-{amount}-{state}",
                    "sale_order_ids": [Command.set(order.ids)],
                }
            )
        )
        # As the payment provider's answer does, past the check that it may authorise.
        payment._write({"state": state})
        payment.invalidate_recordset()
        return payment

    def test_a_prepaid_order_is_no_risk(self):
        self.set_actions("block", "block", "block")
        self.company.risk_quotation_action = False
        self.make_invoice(1000, post=False)
        for state in ("authorized", "done"):
            order = self.quote(700)
            self.pay_online(order, 700, state)
            order.action_confirm()
            self.assertEqual(order.state, "sale")

    def test_what_is_left_of_a_partly_paid_order_is_judged(self):
        self.set_actions(order="block")
        order = self.quote(1312)
        self.pay_online(order, 300)
        self.assertBlocked(order.action_confirm)
        self.pay_online(order, 12)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_an_online_payment_that_does_not_cover_leaves_the_order_and_tells(self):
        self.set_actions(order="block")
        order = self.quote(1312, require_payment=True, prepayment_percent=0.1)
        confirmed = self.pay_online(order, 140)._check_amount_and_confirm_order()
        self.assertFalse(confirmed)
        self.assertEqual(order.state, "draft")
        self.end_transaction()
        self.assertTrue(self.get_activities(order))

    # --- portal

    def test_a_signature_on_the_portal_leaves_the_order_and_tells(self):
        self.set_actions(order="ask")
        order = self.quote(1312)
        order.sudo().action_quotation_sent()
        order.sudo()._validate_order()
        self.assertEqual(order.state, "sent")
        self.end_transaction()
        self.assertTrue(self.get_activities(order))
        within = self.quote(900)
        within.sudo()._validate_order()
        self.assertEqual(within.state, "sale")

    # --- quotation

    def test_a_quotation_over_the_limit_is_not_made_or_raised(self):
        self.set_actions(quotation="block")
        self.assertBlocked(self.quote, 1312)
        quotation = self.quote(900)
        self.assertBlocked(quotation.order_line.write, {"product_uom_qty": 2})
        self.assertEqual(self.quote(1000).state, "draft")

    def test_a_quotation_is_judged_when_it_is_sent(self):
        self.set_actions(quotation="block")
        quotation = self.quote(900)
        self.make_invoice(500)
        self.assertBlocked(quotation.action_quotation_sent)
        self.assertBlocked(quotation.with_context(mark_so_as_sent=True).message_post)

    def test_a_quotation_that_asks_does_so_when_it_is_sent(self):
        self.set_actions(quotation="ask")
        quotation = self.quote(1312)
        quotation.order_line.discount = 1
        with self.assertRaises(RedirectWarning):
            quotation.action_quotation_sent()

    # --- invoice

    def test_a_direct_invoice_over_the_limit_is_not_posted(self):
        self.set_actions(invoice="block")
        invoice = self.make_invoice(1312, post=False)
        self.assertIn("312.00", self.assertBlocked(invoice.action_post))
        self.assertBlocked(invoice._post)
        self.assertBlocked(invoice.write, {"state": "posted"})
        other = self.make_invoice(5000, self.make_customer("Otro"))
        self.assertEqual(other.state, "posted")

    def test_a_draft_invoice_counts_once_when_it_is_posted(self):
        self.set_actions(invoice="block")
        invoice = self.make_invoice(900, post=False)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.company.risk_excludes_draft = True
        self.assertBlocked(self.make_invoice, 101)
        self.assertEqual(self.make_invoice(100).state, "posted")

    def test_only_what_has_no_order_counts(self):
        order = self.sell(5000)
        self.set_actions(invoice="block")
        invoice = order.sudo()._create_invoices()
        invoice.invoice_line_ids = [
            Command.create({"name": "Extra", "price_unit": 1, "tax_ids": False})
        ]
        self.assertBlocked(invoice.action_post)

    def test_invoices_posted_by_a_cron_are_refused_and_told(self):
        self.set_actions(invoice="block")
        over = self.make_invoice(1312, post=False)
        fine = self.make_invoice(10, self.make_customer("Otro"), post=False)
        self.assertBlocked(
            (over | fine).with_user(self.env.ref("base.user_root"))._post
        )
        self.end_transaction()
        self.assertTrue(self.get_activities(over) | self.get_activities(self.customer))
        fine._post()

    # --- asking

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

    # --- managers

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

    # --- cost

    def test_confirming_asks_for_the_figures_once(self):
        self.set_actions(order="block")
        self.make_invoice(10)
        order = self.quote(100)
        asked = []
        model = type(self.env["res.partner"])
        base = model._get_risk_figures
        self.patch(
            model,
            "_get_risk_figures",
            lambda partners, company: asked.append(1) or base(partners, company),
        )
        order.action_confirm()
        self.assertEqual(len(asked), 1)

    def test_a_limit_that_only_tells_costs_nothing_when_confirming(self):
        order = self.quote(100)
        self.patch(
            type(self.env["sale.order"]),
            "_get_risk_exposure",
            lambda order, state=None: self.fail("judged"),
        )
        order.action_confirm()
