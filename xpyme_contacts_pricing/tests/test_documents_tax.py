from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import MinimumCase


@tagged("post_install", "-at_install")
class TestMinimumTaxes(MinimumCase):
    """A minimum price is one without tax, whatever taxes a line has."""

    def sell(self, **vals):
        line = {"product_id": self.net_article.id, "product_uom_qty": 1, **vals}
        orders = self.env["sale.order"].with_user(self.clerk)
        commands = [Command.create(line)]
        order = orders.create({"partner_id": self.customer.id, "order_line": commands})
        return order.order_line

    def invoice(self, **vals):
        line = {"product_id": self.net_article.id, "quantity": 1, **vals}
        moves = self.env["account.move"].with_user(self.clerk)
        move = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "journal_id": self.journal.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        return move.invoice_line_ids

    def test_a_tax_inside_the_price_takes_nothing_of_the_minimum(self):
        for document in (self.sell, self.invoice):
            line = document(price_unit=60, tax_ids=self.included_tax.ids)
            self.assertPrice(line, 72.6)
            self.assertAlmostEqual(line.price_subtotal, 60)
            line = document(price_unit=70)
            self.assertPrice(line, 70)
            line.tax_ids = self.included_tax
            self.assertPrice(line, 72.6)
            self.assertAlmostEqual(line.price_subtotal, 60)

    def test_an_automatic_price_with_a_tax_inside_stays_above_the_minimum(self):
        self.row.price_1 = 65
        for document in (self.sell, self.invoice):
            line = document(tax_ids=self.included_tax.ids)
            self.assertPrice(line, 72.6)
            quantity = "product_uom_qty" if document == self.sell else "quantity"
            line[quantity] = 7
            self.assertPrice(line, 72.6)

    def test_what_is_sold_without_its_tax_is_not_raised_by_it(self):
        self.make_price(self.taxed_article, pvp_1=121, min_price=60)
        exempt = {"product_id": self.taxed_article.id, "tax_ids": []}
        for document in (self.sell, self.invoice):
            self.assertPrice(document(price_unit=65, **exempt), 65)
            self.assertPrice(document(price_unit=50, **exempt), 60)
            line = document(product_id=self.taxed_article.id, price_unit=73)
            self.assertPrice(line, 73)
            line.price_unit = 70
            self.assertPrice(line, 72.6)

    def test_the_screen_raises_the_price_with_the_tax(self):
        line = self.sell(price_unit=70)
        with Form(line.order_id) as form, form.order_line.edit(0) as shown:
            shown.tax_ids = self.included_tax
            self.assertAlmostEqual(shown.price_unit, 72.6)
        self.assertPrice(line, 72.6)

    def test_an_administrators_word_holds_for_the_taxes_it_was_given_with(self):
        line = self.sell(price_unit=70)
        line.with_user(self.env.ref("base.user_admin")).price_unit = 50
        self.assertPrice(line, 50)
        line.tax_ids = self.included_tax
        self.assertPrice(line, 72.6)
