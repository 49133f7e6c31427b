from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestReckonedFields(DocumentCase):
    """What is reckoned, no client writes."""

    def _get_reckoned(self):
        """``(model, field)`` of every stored figure of ours."""
        for name, model in self.env.registry.items():
            if model._abstract:
                continue
            for field in model._fields.values():
                if (
                    field.store
                    and field.compute
                    and field.readonly
                    and not field.inverse
                    and all(m.startswith("xpyme_") for m in field._modules)
                ):
                    yield name, field.name

    def test_every_stored_figure_refuses_what_a_client_writes(self):
        user = self.env.ref("base.user_admin")
        reckoned = set(self._get_reckoned())
        self.assertIn(("sale.order", "risk_to_invoice"), reckoned)
        for name, fname in reckoned:
            model = self.env[name].with_user(user)
            with self.subTest(field=f"{name}.{fname}"):
                with self.assertRaisesRegex(AccessError, "is reckoned"):
                    model._add_missing_default_values({fname: False})

    def test_a_record_keeps_its_figures(self):
        order = self.make_quotation(user=self.salesperson)
        order.action_confirm()
        for record, vals in (
            (order, {"risk_to_invoice": 0}),
            (self.customer, {"vat_key": "X"}),
            (self.get_mirror(self.customer), {"is_mirror_contact": False}),
        ):
            record = record.with_user(self.salesperson)
            with self.assertRaisesRegex(AccessError, "is reckoned"):
                record.write(vals)
            with self.assertRaisesRegex(AccessError, "is reckoned"):
                record.create(vals)
        self.assertEqual(order.risk_to_invoice, order.amount_total)

    def test_cores_figures_stay_as_core_reckons_them(self):
        """Its forms send some of them back: saving is not refused."""
        order = self.make_quotation(user=self.salesperson)
        order.action_confirm()
        invoice = self.make_invoice()
        invoice.action_post()
        invoicer = self.make_user("cobros", "account.group_account_invoice")
        for record, user, vals in (
            (order, self.salesperson, {"amount_total": 1, "currency_rate": 9}),
            (order.order_line, self.salesperson, {"price_total": 1, "qty_invoiced": 9}),
            (order.order_line, self.salesperson, {"state": "cancel"}),
            (self.customer, self.salesperson, {"commercial_partner_id": 1}),
            (self.customer, self.salesperson, {"partner_share": False}),
            (invoice, invoicer, {"amount_residual": 1}),
            (invoice.line_ids, invoicer, {"reconciled": True, "parent_state": "draft"}),
        ):
            before = record.read([*vals])
            record.with_user(user).write({**vals})
            record.env.flush_all()
            record.invalidate_recordset()
            self.assertEqual(record.read([*vals]), before)

    def test_no_default_gives_a_figure(self):
        """Everybody may have defaults of their own, also where others work for them."""
        field = "sale.order", "risk_to_invoice"
        defaults = self.env["ir.default"].with_user(self.salesperson)
        defaults.set(*field, 1, user_id=True)
        Orders = self.env["sale.order"].with_user(self.salesperson)
        by_context = Orders.with_context(default_risk_to_invoice=1)
        for orders in (Orders, Orders.sudo(), by_context):
            order = orders.create({"partner_id": self.customer.id})
            self.assertEqual(order.risk_to_invoice, 0)
