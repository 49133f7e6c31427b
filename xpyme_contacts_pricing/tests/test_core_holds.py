import inspect

from odoo.tests import TransactionCase, tagged

from odoo.addons.account.models.account_move_line import AccountMoveLine
from odoo.addons.product.models.product_pricelist import ProductPricelist
from odoo.addons.product.models.product_pricelist_item import ProductPricelistItem
from odoo.addons.sale.models.sale_order import SaleOrder
from odoo.addons.sale.models.sale_order_line import SaleOrderLine


@tagged("post_install", "-at_install")
class TestCoreHolds(TransactionCase):
    """What prices lean on in Odoo without its having promised it.

    When one of these fails after an upgrade, the place named in its message is to be
    looked at; nothing else may show it.
    """

    def assertParameters(self, method, names, where):
        found = [*inspect.signature(method).parameters][1:]
        self.assertEqual(
            found, names.split(), f"{method.__qualname__} changed: see {where}"
        )

    def assertCalls(self, method, text, where):
        self.assertIn(
            text,
            inspect.getsource(method),
            f"{method.__qualname__} no longer says “{text}”: see {where}",
        )

    def test_the_calculated_price_of_an_order_line(self):
        where = "technical_price_unit in documents/sale_order_line.py"
        lines = self.env["sale.order.line"]
        self.assertIn("technical_price_unit", lines._fields, where)
        self.assertFalse(lines._fields["technical_price_unit"].compute, where)
        self.assertCalls(
            SaleOrderLine._compute_price_unit, "technical_price_unit", where
        )
        self.assertCalls(SaleOrderLine._reset_price_unit, "technical_price_unit", where)
        self.assertCalls(
            SaleOrderLine._add_precomputed_values,
            "vals['technical_price_unit'] = vals['price_unit']",
            where,
        )

    def test_the_context_of_computed_prices(self):
        where = "sale_write_from_compute in documents/sale_order_line.py"
        for method in (SaleOrderLine._compute_price_unit, SaleOrderLine.write):
            self.assertCalls(method, "sale_write_from_compute", where)

    def test_the_price_shown_of_an_order_line(self):
        where = "_get_display_price_ignore_combo in documents/sale_order_line.py"
        self.assertParameters(SaleOrderLine._get_display_price_ignore_combo, "", where)
        for method in (
            SaleOrderLine._get_display_price,
            SaleOrderLine._get_combo_item_display_price,
        ):
            self.assertCalls(method, "_get_display_price_ignore_combo()", where)
        self.assertCalls(SaleOrderLine._reset_price_unit, "_get_display_price()", where)

    def test_updating_the_prices_of_an_order(self):
        where = "_recompute_prices in documents/sale_order.py"
        self.assertParameters(SaleOrder._recompute_prices, "", where)
        self.assertCalls(SaleOrder.action_update_prices, "_recompute_prices()", where)
        self.assertCalls(
            SaleOrder._recompute_prices, "_get_update_prices_lines()", where
        )

    def test_the_discount_of_an_invoice_line_is_odoos_to_type(self):
        """Ours is computed; one that Odoo computed would be overridden by it."""
        where = "discount in documents/account_move_line.py"
        given = vars(AccountMoveLine)["discount"]._args__
        self.assertNotIn("compute", given, f"Odoo computes it now: see {where}")
        self.assertEqual(given.get("default"), 0.0, f"Other default: see {where}")

    def test_the_price_of_an_invoice_line(self):
        where = "_get_automatic_price in documents/account_move_line.py"
        self.assertParameters(AccountMoveLine._compute_price_unit, "", where)
        self.assertCalls(
            AccountMoveLine._compute_price_unit, "_get_tax_included_unit_price(", where
        )

    def test_rules_of_pricelists_are_asked_by_keyword(self):
        where = "get_rule_arguments in engine/price_book.py"
        names = {"product", "quantity", "uom", "date", "currency"}
        found = inspect.signature(ProductPricelistItem._compute_price).parameters
        self.assertLessEqual(names, found.keys(), where)
        found = inspect.signature(ProductPricelistItem._compute_base_price).parameters
        self.assertLessEqual(names, found.keys(), where)
        self.assertParameters(
            ProductPricelist._get_applicable_rules, "products date kwargs", where
        )

    def test_lines_are_shown_by_onchange(self):
        where = "_resolving_once in documents/priced_line.py"
        for name in ("sale.order", "sale.order.line", "account.move.line"):
            method = type(self.env[name]).onchange
            self.assertParameters(method, "values field_names fields_spec", where)

    def test_the_priced_lines_of_an_order(self):
        where = "_get_priced_lines in documents/priced_document.py"
        self.assertParameters(SaleOrder._get_priced_lines, "", where)
