from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestReckonedFields(DocumentCase):
    """What is reckoned, no client writes."""

    OF_CORE = {
        "res.partner": ["commercial_partner_id"],
        "sale.order": ["amount_total", "currency_rate", "invoice_status"],
        "sale.order.line": ["price_total", "price_subtotal", "qty_invoiced"],
        "account.move": ["amount_residual", "commercial_partner_id"],
        "account.move.line": ["amount_residual"],
    }

    def _get_reckoned(self):
        """``(model, field)`` of every stored figure of ours, and of core's judged by"""
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
        for name, fnames in self.OF_CORE.items():
            yield from ((name, fname) for fname in fnames)

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
            (order.order_line, {"price_total": 1}),
            (self.customer, {"commercial_partner_id": self.contact.id}),
            (self.customer, {"vat_key": "X"}),
            (self.get_mirror(self.customer), {"is_mirror_contact": False}),
        ):
            record = record.with_user(self.salesperson)
            with self.assertRaisesRegex(AccessError, "is reckoned"):
                record.write(vals)
            with self.assertRaisesRegex(AccessError, "is reckoned"):
                record.create(vals)
        self.assertEqual(order.risk_to_invoice, order.amount_total)

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
