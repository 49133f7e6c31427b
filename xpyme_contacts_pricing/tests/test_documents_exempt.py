from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import MinimumCase


@tagged("post_install", "-at_install")
class TestMinimumExempt(MinimumCase):
    """What no minimum price holds for, and what only looks like it."""

    def line(self, price, quantity=1, **vals):
        vals = {"product_id": self.net_article.id, "price_unit": price, **vals}
        return vals, {"product_uom_qty": quantity}, {"quantity": quantity}

    def sell(self, *lines):
        orders = self.env["sale.order"].with_user(self.clerk)
        commands = [Command.create({**vals, **qty}) for vals, qty, _q in lines]
        return orders.create({"partner_id": self.customer.id, "order_line": commands})

    def invoice(self, *lines, **vals):
        moves = self.env["account.move"].with_user(self.clerk)
        return moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "journal_id": self.journal.id,
                "invoice_line_ids": [
                    Command.create({**line, **qty}) for line, _qty, qty in lines
                ],
                **vals,
            }
        )

    # --- what takes off

    def test_a_negative_line_is_not_raised(self):
        """10 € of agreed discount do not become a charge of 60."""
        for document in (self.sell, self.invoice):
            line = document(self.line(-10))._get_priced_lines()
            self.assertPrice(line, -10)
            line.price_unit = -20
            self.assertPrice(line, -20)
            line.price_unit = 20
            self.assertPrice(line, 60)
            line.discount = 150
            self.assertPrice(line, 60)

    def test_a_negative_line_typed_on_the_screen_is_not_raised(self):
        with Form(self.env["sale.order"].with_user(self.clerk)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.net_article
                line.price_unit = -10
                self.assertEqual(line.price_unit, -10)
        self.assertPrice(form.record.order_line, -10)

    # --- what is sold all the same

    def test_goods_given_back_in_an_invoice_do_not_become_sold(self):
        line = self.invoice(self.line(10, -1)).invoice_line_ids
        self.assertPrice(line, 10)
        line.quantity = 5
        self.assertPrice(line, 60)

    def test_a_credit_note_that_becomes_an_invoice_sells(self):
        note = self.invoice(self.line(10), move_type="out_refund")
        self.assertPrice(note.invoice_line_ids, 10)
        note.action_switch_move_type()
        self.assertPrice(note.invoice_line_ids, 60)

    def test_a_draft_that_passes_to_a_customer_with_a_minimum_sells(self):
        other = self.make_customer("Otra", vat=False)
        invoice = self.invoice(self.line(10), partner_id=other.id)
        self.assertPrice(invoice.invoice_line_ids, 10)
        invoice.partner_id = self.customer
        self.assertPrice(invoice.invoice_line_ids, 60)

    def test_a_line_that_is_said_to_be_imported_sells(self):
        line = self.invoice(self.line(10, is_imported=True)).invoice_line_ids
        self.assertPrice(line, 60)

    # --- debit notes

    def debit(self, invoice, *lines):
        if "account.debit.note" not in self.env:
            self.skipTest("without debit notes")
        wizard = self.env["account.debit.note"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"reason": "Diferencia"})
        note = self.env["account.move"].browse(wizard.create_debit()["res_id"])
        note = note.with_user(self.clerk)
        note.invoice_line_ids = [Command.create(vals) for vals, _qty, _q in lines]
        return note

    def test_a_debit_note_may_charge_less_than_the_minimum(self):
        invoice = self.invoice(self.line(100))
        invoice.action_post()
        note = self.debit(invoice, self.line(5))
        self.assertPrice(note.invoice_line_ids, 5)
        note.invoice_line_ids.price_unit = 6
        self.assertPrice(note.invoice_line_ids, 6)

    def test_a_debit_note_corrects_what_was_invoiced_and_nothing_else(self):
        """Not another article, nor another customer's invoice."""
        self.make_price(self.taxed_article, min_price=60)
        invoice = self.invoice(self.line(100))
        invoice.action_post()
        other = self.line(5, product_id=self.taxed_article.id)
        self.assertPrice(self.debit(invoice, other).invoice_line_ids, 72.6)
        stranger = self.make_customer("Otra", vat=self.OTHER_RUT)
        theirs = self.invoice(self.line(5), partner_id=stranger.id)
        theirs.action_post()
        origin = {"debit_origin_id": theirs.id}
        self.assertPrice(self.invoice(self.line(5), **origin).invoice_line_ids, 60)

    # --- tickets

    def test_the_invoice_of_a_ticket_is_not_priced(self):
        self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "Feria", "percent": 5}
        )
        with self.as_ticket():
            invoice = self.invoice(self.line(8))
            self.assertPrice(invoice.invoice_line_ids, 8)
            invoice.invoice_line_ids.quantity = 3
            self.assertPrice(invoice.invoice_line_ids, 8)
            self.assertFalse(invoice.customer_discount_id)

    # --- invoices of orders

    def bill(self, order):
        if order.state == "draft":
            order.action_confirm()
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        return order.sudo()._create_invoices().with_user(self.clerk)

    def test_an_orders_invoice_keeps_the_price_that_was_accepted(self):
        """Also where the minimum is higher by now."""
        order = self.sell(self.line(70))
        order.action_confirm()
        self.row.min_price = 90
        line = self.bill(order).invoice_line_ids
        self.assertPrice(line, 70)
        line.price_unit = 80
        self.assertPrice(line, 80)

    def test_an_orders_invoice_is_not_lowered_below_what_was_accepted(self):
        line = self.bill(self.sell(self.line(70))).invoice_line_ids
        line.price_unit = 1
        self.assertPrice(line, 60)
        line.write({"price_unit": 100, "discount": 99})
        self.assertPrice(line, 60)

    def test_what_exceeds_the_order_or_is_of_another_order_sells_anew(self):
        """An administrator's word for one unit is none for a hundred."""
        order = self.sell(self.line(70))
        order.order_line.with_user(self.env.ref("base.user_admin")).price_unit = 10
        self.assertPrice(order.order_line, 10)
        line = self.bill(order).invoice_line_ids
        self.assertPrice(line, 10)
        line.quantity = 100
        self.assertPrice(line, 59.5)
        stranger = self.make_customer("Otra", vat=False)
        orders = self.env["sale.order"]
        vals, _qty, _q = self.line(5)
        theirs = orders.create(
            {"partner_id": stranger.id, "order_line": [Command.create(vals)]}
        )
        theirs.action_confirm()
        link = {"sale_line_ids": [Command.link(theirs.order_line.id)]}
        linked = self.invoice(self.line(5, **link)).invoice_line_ids
        self.assertPrice(linked, 60)

    def test_a_quotation_accepts_nothing(self):
        order = self.sell(self.line(70))
        order.order_line.with_user(self.env.ref("base.user_admin")).price_unit = 10
        link = {"sale_line_ids": [Command.link(order.order_line.id)]}
        linked = self.invoice(self.line(10, **link)).invoice_line_ids
        self.assertPrice(linked, 60)

    def test_one_order_accepts_nothing_for_another(self):
        """A unit at 10 and two thousand at 60 are no thousand at 10."""
        cheap, dear = self.sell(self.line(70)), self.sell(self.line(60, 2000))
        boss = self.env.ref("base.user_admin")
        cheap.order_line.with_user(boss).price_unit = 10
        (cheap | dear).action_confirm()
        link = {"sale_line_ids": [Command.set((cheap | dear).order_line.ids)]}
        invoice = self.invoice(self.line(10, 1000, **link))
        self.assertAlmostEqual(invoice.invoice_line_ids.price_unit, 60, delta=0.06)
        cheap = self.sell(self.line(70), self.line(60, 2000))
        cheap.order_line[0].with_user(boss).price_unit = 10
        cheap.action_confirm()
        link = {"sale_line_ids": [Command.set(cheap.order_line.ids)]}
        line = self.invoice(self.line(10, 1000, **link)).invoice_line_ids
        self.assertAlmostEqual(line.price_subtotal, 10 + 999 * 60, delta=10)

    def test_only_what_exceeds_the_order_is_sold_anew(self):
        order = self.sell(self.line(70, 10))
        order.action_confirm()
        self.row.min_price = 90
        line = self.bill(order).invoice_line_ids
        line.quantity = 11
        self.assertAlmostEqual(line.price_subtotal, 790, delta=0.05)
        link = {"sale_line_ids": [Command.link(order.order_line.id)]}
        again = self.invoice(self.line(70, 10, **link)).invoice_line_ids
        self.assertPrice(again, 90)

    def test_an_orders_invoice_is_paid_as_the_order_whatever_its_taxes(self):
        """70 on top of which comes tax are 84.70 with it inside."""
        order = self.sell(self.line(70))
        order.action_confirm()
        self.row.min_price = 90
        line = self.bill(order).invoice_line_ids
        line.tax_ids = self.included_tax
        self.assertPrice(line, 84.7)
