import os
import re
from collections import Counter
from contextlib import contextmanager

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import PriceCase

SIZES = (10, 50, 100, 200) if os.environ.get("XPYME_LONG") else (10, 60)


@tagged("post_install", "-at_install")
class TestPriceQueries(PriceCase):
    """What prices add to the SQL statements of a document does not grow with it.

    Added are statements that Odoo would not make. What Odoo makes for each line and we
    do not (it searches the rule of the pricelist) is no merit here: it is not set
    against them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rules = [{"compute_price": "percentage", "percent_price": 4}]
        cls.customer.discount_pricelist_id = cls.make_tariff(rules=rules)
        cls.env["xpyme.customer.family.discount"].create(
            {"partner_id": cls.customer.id, "categ_id": cls.family.id, "discount": 5}
        )
        families = cls.env["product.category"].create(
            [{"name": f"F{number}", "parent_id": cls.family.id} for number in range(20)]
        )
        # So dear that no discount is lost where money has no cents: Odoo writes lines
        # together that change in the same fields.
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": f"A{number}",
                    "type": "consu",
                    "list_price": 1000 * (number + 1),
                    "taxes_id": cls.net_tax.ids,
                    "categ_id": families[number % 20].id,
                }
                for number in range(max(SIZES))
            ]
        )
        for product in cls.products[::2]:
            cls.make_price(product, price_1=3000, min_price=2000)

    @contextmanager
    def recorded(self):
        """Count the statements of a piece of code, without their values."""
        shapes = Counter()
        original = Cursor.execute

        def execute(cursor, query, *arguments, **options):
            text = getattr(query, "code", query)
            text = re.sub(r"\s+", " ", text).strip()
            verb = text.split(" ")[0]
            table = re.search(r"(?:INTO|UPDATE) +\"?(\w+)", text)
            source = re.search(r" FROM .*", text)
            shapes[verb, (table or source or [""])[0]] += 1
            return original(cursor, query, *arguments, **options)

        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.cache.clear()
        self.patch(Cursor, "execute", execute)
        yield shapes
        self.env.flush_all()
        self.patch(Cursor, "execute", original)

    def get_added(self, work):
        """Statements by size that are made with the engine and not without it.

        :param work: makes a document of some articles
        """
        found = {}
        for engine in (True, False):
            if not engine:
                for name in ("sale.order.line", "account.move.line"):
                    lines = self.registry[name]
                    self.patch(lines, "_resolve_lines", lambda lines: {})
                    self.patch(lines, "_get_minimum_prices", lambda lines: {})
            # The first one fills what Odoo remembers beyond a document.
            for size in (SIZES[0], *SIZES):
                with self.recorded() as shapes:
                    work(self.products[:size])
                found[engine, size] = Counter(shapes)
        return {size: found[True, size] - found[False, size] for size in SIZES}

    def assertConstant(self, added, limit):
        for size, shapes in added.items():
            # Odoo reads people once more or less, with the engine and without it.
            for people in ("res_partner", "res_users"):
                shapes.pop(
                    ("SELECT", f' FROM "{people}" WHERE "{people}"."id" IN %s'), 0
                )
            # Fewer are no fault: Odoo writes a hundred lines at once, with and without.
            self.assertFalse(shapes - added[SIZES[0]], size)
        self.assertTrue(0 < sum(added[SIZES[0]].values()) <= limit)

    def test_an_order_adds_as_many_statements_for_few_lines_as_for_many(self):
        added = self.get_added(lambda products: self.make_sale(*products))
        self.assertConstant(added, 6)

    def test_another_customer_adds_as_many_statements_for_few_lines_as_for_many(self):
        other = self.make_customer("Otra", vat=False)
        self.env["xpyme.customer.discount"].create(
            {"partner_id": other.id, "name": "Feria", "percent": 5}
        )

        def work(products):
            self.make_sale(*products).partner_id = other

        self.assertConstant(self.get_added(work), 15)

    def test_an_invoice_adds_as_many_statements_for_few_lines_as_for_many(self):
        self.set_up_invoices()

        def work(products):
            self.make_invoice(*products)

        self.assertConstant(self.get_added(work), 10)

    def test_changing_an_invoice_adds_as_many_for_few_lines_as_for_many(self):
        self.set_up_invoices()
        self.env["xpyme.customer.discount"].create(
            {"partner_id": self.customer.id, "name": "Dto. 10", "percent": 10}
        )
        other = self.make_customer("Otra", vat=False)
        invoices = {
            size: self.make_invoice(*self.products[:size], partner_id=other.id)
            for size in SIZES
        }

        def work(products):
            invoice = invoices[len(products)]
            for customer in (self.customer, other):
                invoice.partner_id = customer

        added = self.get_added(work)
        for shapes in added.values():
            # Odoo updates lines by the hundred.
            updates = shapes.pop(("UPDATE", 'UPDATE "account_move_line'))
            self.assertLess(updates, 20)
        self.assertConstant(added, 40)

    def test_a_catalogue_adds_as_many_statements_for_few_articles_as_for_many(self):
        order = self.make_sale()
        order._get_catalogue_prices(self.products[:2])
        counts = set()
        for size in SIZES:
            with self.recorded() as shapes:
                order._get_catalogue_prices(self.products[:size])
            counts.add(sum(shapes.values()))
        self.assertEqual(len(counts), 1, counts)
