"""Delivery notes come to a living shop of two companies, and go again."""

from pathlib import Path

import pytest
from lives import Life, LifeTests

CODE = Path(__file__).with_name("in_shell")
LEFT = """
SELECT picking.state, count(link.*)
  FROM stock_picking picking
  JOIN res_partner partner ON partner.id = picking.partner_id
  JOIN account_move_stock_picking_rel link ON link.stock_picking_id = picking.id
 WHERE partner.name = 'Obras Luna' GROUP BY picking.state
"""

pytestmark = pytest.mark.long


class LifeOfNotes(Life):
    addon = "xpyme_contacts_stock"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.left = {}

    def look_closer(self, stage, db, connection):
        with connection.cursor() as cr:
            cr.execute(LEFT)
            self.left[stage] = cr.fetchall()


@pytest.fixture(scope="module")
def shop(lab):
    """A shop of two companies, the second without a warehouse, before any stock."""
    with lab.database("life_stock", template="deps") as db:
        for name in ("living_prices", "living_stock"):
            lab.shell(db, (CODE / f"{name}.py").read_text())
        yield db


@pytest.fixture(scope="module")
def refused(lab, shop):
    """What Odoo says when its stock comes to sales all at once."""
    with lab.copy(shop, "refused_stock") as db:
        options = ("-i", "sale_stock", "--no-http", "--stop-after-init")
        return lab.odoo("-d", db, *options, check=False)


@pytest.fixture(scope="module")
def life(lab, shop, refused, tmp_path_factory):
    work = (CODE / "work_with_notes.py").read_text()
    found = LifeOfNotes(lab, tmp_path_factory.mktemp("notes"), work)
    lab.odoo("-d", shop, "-i", "xpyme_contacts", "--no-http", "--stop-after-init")
    lab.shell(shop, (CODE / "living_warehouses.py").read_text())
    with lab.copy(shop, "before_stock") as before:
        found.go_through(before, shop)
    return found


def test_odoo_wants_a_warehouse_for_each_company_first(refused):
    assert "create a warehouse for company Sucursal" in refused


class TestLifeOfNotes(LifeTests):
    added_by_use = {
        "account_move",
        "account_move_line",
        "account_move_stock_picking_rel",
        "mail_followers",
        "mail_followers_mail_message_subtype_rel",
        "mail_message",
        "mail_tracking_value",
        "product_product",
        "product_supplier_taxes_rel",
        "product_template",
        "product_value",
        "res_partner",
        "sale_order",
        "sale_order_line",
        "sale_order_line_invoice_rel",
        "stock_move",
        "stock_move_invoice_line_rel",
        "stock_move_line",
        "stock_picking",
        "stock_quant",
        "stock_reference",
        "stock_reference_move_rel",
        "stock_reference_sale_rel",
        "xpyme_customer_price",
        "xpyme_customer_price_change",
        "xpyme_customer_route",
    }

    def test_the_note_and_its_invoice_stay(self, life):
        assert life.left["uninstall"] == [("done", 1)]
