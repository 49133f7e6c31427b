"""Billing as agreed comes to a living shop with the customer file, and goes again."""

from pathlib import Path

import pytest
from lives import Life, LifeTests

CODE = Path(__file__).with_name("in_shell")
INVOICED = """
SELECT state, amount_total, EXTRACT(day FROM invoice_date_due)
  FROM account_move WHERE amount_total = 300 AND move_type = 'out_invoice'
"""

pytestmark = pytest.mark.long


class LifeOfBilling(Life):
    addon = "xpyme_contacts_billing"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.invoiced = {}

    def look_closer(self, stage, db, connection):
        with connection.cursor() as cr:
            cr.execute(INVOICED)
            self.invoiced[stage] = cr.fetchall()


@pytest.fixture(scope="module")
def life(lab, tmp_path_factory):
    work = (CODE / "work_with_billing.py").read_text()
    found = LifeOfBilling(lab, tmp_path_factory.mktemp("billing"), work)
    with lab.database("life_billing", template="deps") as db:
        lab.shell(db, (CODE / "living_prices.py").read_text())
        lab.odoo("-d", db, "-i", "xpyme_contacts", "--no-http", "--stop-after-init")
        with lab.copy(db, "before_billing") as before:
            found.go_through(before, db)
    return found


class TestLifeOfBilling(LifeTests):
    added_by_use = {
        "account_move",
        "account_move_line",
        "mail_followers",
        "mail_followers_mail_message_subtype_rel",
        "mail_message",
        "mail_tracking_value",
        "product_product",
        "product_supplier_taxes_rel",
        "product_template",
        "res_partner",
        "sale_order",
        "sale_order_line",
        "sale_order_line_invoice_rel",
    }

    def test_what_was_invoiced_stays_due_on_a_pay_day(self, life):
        [(state, amount, day)] = life.invoiced["uninstall"]
        assert (state, amount) == ("posted", 300)
        assert day in (5, 20)
