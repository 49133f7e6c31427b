from odoo import Command
from odoo.tests import tagged

from .risk_stage_common import RiskStageCase


@tagged("post_install", "-at_install")
class TestRiskOrder(RiskStageCase):
    """Orders over a limit, and what costs nothing of those within it."""

    def test_by_default_a_limit_only_tells(self):
        self.assertEqual(self.sell(5000).state, "sale")

    def test_whatever_of_an_order_its_lines_are_computed_from_is_judged(self):
        """An addon that adds such a field adds it to ``_get_risk_fields`` too."""
        lines, read = self.env["sale.order.line"], set()
        for fname in ("price_unit", "discount", "tax_ids"):
            for path in self.env.registry.field_depends[lines._fields[fname]]:
                path = lines._fields[path.split(".")[0]].related or path
                if path.startswith("order_id."):
                    read.add(path.split(".")[1])
        self.assertIn("company_id", read)
        self.assertFalse(read - set(self.env["sale.order"]._get_risk_fields()))

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
        order = self.make_sale(5000, company=self.make_other_company())
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

    def test_who_has_no_limit_is_confirmed_without_his_figures(self):
        self.set_actions(order="block")
        order = self.quote(100, self.make_customer("Beta"))
        self.patch(
            type(self.env["res.partner"]),
            "_get_risk_figures",
            lambda partners, company: self.fail("asked for figures"),
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_who_is_stopped_is_told_of_what_he_paid_in_advance(self):
        self.set_actions(order="block")
        self.pay_online(self.sell(900), 400)
        message = self.assertBlocked(self.sell, 600)
        self.assertIn("1,100.00", message)
        self.assertEqual(self.sell(500).state, "sale")

    def test_a_limit_that_only_tells_costs_nothing_when_confirming(self):
        order = self.quote(100)
        self.patch(
            type(self.env["sale.order"]),
            "_get_risk_exposure",
            lambda order, state=None: self.fail("judged"),
        )
        order.action_confirm()

    def test_confirming_stores_the_lines_once(self):
        """Core's order of flushing alone would write them twice: the judgement, in the
        midst of it, computes ahead what is left to invoice."""
        self.set_actions(order="block")
        order = self.quote(100)
        self.env.flush_all()
        self.env.invalidate_all()
        updates, execute = [], type(self.cr).execute

        def listen(cursor, query, *args, **kwargs):
            text = str(getattr(query, "code", query))
            updates.extend([text] * ('UPDATE "sale_order_line"' in text))
            return execute(cursor, query, *args, **kwargs)

        self.patch(type(self.cr), "execute", listen)
        order.action_confirm()
        self.env.flush_all()
        self.assertEqual(len(updates), 1, "\n".join(updates))
