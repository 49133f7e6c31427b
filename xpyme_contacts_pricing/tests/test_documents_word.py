from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MinimumCase


@tagged("post_install", "-at_install")
class TestAdministratorsWord(MinimumCase):
    """What a sales administrator sells for less, and for how long that holds."""

    def line(self, price=100, product=None):
        product = product or self.net_article
        return Command.create({"product_id": product.id, "price_unit": price})

    def sell(self, *lines, user=None):
        orders = self.env["sale.order"].with_user(user or self.clerk)
        vals = {"partner_id": self.customer.id, "order_line": list(lines)}
        return orders.create(vals)

    def bill(self, *lines, user=None):
        moves = self.env["account.move"].with_user(user or self.clerk)
        return moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "journal_id": self.journal.id,
                "invoice_date": "2026-01-10",
                "invoice_line_ids": list(lines),
            }
        )

    def documents(self):
        return self.sell, self.bill

    def confirm(self, document, user=None):
        document = document.with_user(user or self.clerk)
        is_order = document._name == "sale.order"
        return document.action_confirm() if is_order else document.action_post()

    def assertRefused(self, action):
        with (
            self.assertRaisesRegex(UserError, "minimum prices"),
            self.env.cr.savepoint(),
        ):
            action()

    # --- prices of lines

    def test_a_price_that_was_insisted_on_is_confirmed_by_others(self):
        for make in self.documents():
            document = make(self.line(70))
            line = document._get_priced_lines().with_user(self.boss)
            line.price_unit = 40
            self.assertPrice(line, 40)
            self.confirm(document)
            self.assertPrice(line, 40)

    def test_a_word_ends_with_a_higher_price(self):
        """40 was allowed, and 100 was agreed since: 40 is a new question."""
        for make in self.documents():
            line = make(self.line(70))._get_priced_lines()
            for price in (40, 100):
                line.with_user(self.boss).price_unit = price
            line.price_unit = 40
            self.assertPrice(line, 60)
            for price in (40, 50):
                line.with_user(self.boss).price_unit = price
            line.price_unit = 45
            self.assertPrice(line, 60)

    def test_a_word_is_for_one_minimum(self):
        for make in self.documents():
            self.row.with_user(self.boss).min_price = 60
            document = make(self.line(70))
            line = document._get_priced_lines()
            line.with_user(self.boss).price_unit = 40
            self.row.min_price = 80
            self.confirm(document)
            self.assertPrice(line, 80)

    # --- discounts of the whole document

    def test_a_discount_that_was_insisted_on_is_confirmed_by_others(self):
        for make in self.documents():
            document = make(self.line(), self.line(-90, self.off), user=self.boss)
            self.confirm(document)
            drafted = make(self.line())
            lines = "order_line" if make == self.sell else "invoice_line_ids"
            drafted.with_user(self.boss)[lines] = [self.line(-90, self.off)]
            self.confirm(drafted)
            typed = make(self.line(), self.line(-1, self.off))
            off = typed._get_priced_lines()[1]
            off.with_user(self.boss).price_unit = -90
            self.confirm(typed)

    def test_no_more_is_taken_off_than_was_insisted_on(self):
        for make in self.documents():
            document = make(self.line(), self.line(-60, self.off), user=self.boss)
            off = document._get_priced_lines()[1].with_user(self.clerk)
            off.price_unit = -61
            self.assertRefused(lambda document=document: self.confirm(document))
            off.price_unit = -60
            self.confirm(document)

    def test_a_word_ends_with_the_discount(self):
        """60 were allowed, and taken back since: 60 are a new question."""
        for make in self.documents():
            document = make(self.line(), self.line(-60, self.off), user=self.boss)
            document._get_priced_lines()[1].unlink()
            lines = "order_line" if make == self.sell else "invoice_line_ids"
            document.with_user(self.clerk)[lines] = [self.line(-60, self.off)]
            self.assertRefused(lambda document=document: self.confirm(document))

    def test_nobody_else_gives_that_word(self):
        for make in self.documents():
            document = make(self.line(70))
            line = document._get_priced_lines()
            with self.assertRaises(AccessError):
                line.write({"insisted_minimum": 60, "insisted_price": 1})
            with self.assertRaises(AccessError):
                document.insisted_shortage = 1000
            named = document.with_context(
                default_insisted_shortage=1000,
                default_insisted_minimum=60,
                default_insisted_price=1,
            )
            copy = named.copy()
            self.assertFalse(copy.insisted_shortage)
            self.assertFalse(copy._get_priced_lines().insisted_minimum)
