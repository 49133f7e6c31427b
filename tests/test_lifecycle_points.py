"""Points come to a living shop with loyalty cards, and go again."""

from pathlib import Path

import pytest
from lives import Life, LifeTests, is_installed_beside

CODE = Path(__file__).with_name("in_shell")

pytestmark = pytest.mark.long


class LifeOfPoints(Life):
    addon = "xpyme_contacts_points"


@pytest.fixture(scope="module")
def life(lab, tmp_path_factory):
    work = (CODE / "work_with_points.py").read_text()
    found = LifeOfPoints(lab, tmp_path_factory.mktemp("points"), work)
    with lab.database("life_points", template="deps") as db:
        lab.shell(db, (CODE / "living_prices.py").read_text())
        lab.shell(db, (CODE / "living_points.py").read_text())
        with lab.copy(db, "before_points") as before:
            found.go_through(before, db)
    return found


class TestLifeOfPoints(LifeTests):
    # A voucher can still be spent, as Odoo's coupon.
    added_by_use = {
        "loyalty_card",
        "loyalty_history",
        "loyalty_program",
        "loyalty_reward",
        "mail_followers",
        "mail_message",
        "mail_message_res_partner_rel",
        "mail_tracking_value",
        "product_product",
        "product_template",
        "product_taxes_rel",
    }
    changed_by_use = {
        ("res_partner", "write_date"),
        ("xpyme_customer_type", "write_date"),
    }


def test_it_is_installed_beside_sales_loyalty(lab):
    found = is_installed_beside(lab, "family", "sale_loyalty", "xpyme_contacts_points")
    assert found
