"""The till's addon comes to a living shop with a till, and goes again."""

from pathlib import Path

import pytest
from lives import Life, LifeTests, is_installed_beside

CODE = Path(__file__).with_name("in_shell")

pytestmark = pytest.mark.long


class LifeOfTill(Life):
    addon = "xpyme_contacts_pos"


@pytest.fixture(scope="module")
def life(lab, tmp_path_factory):
    work = (CODE / "work_with_till.py").read_text()
    found = LifeOfTill(lab, tmp_path_factory.mktemp("till"), work)
    with lab.database("life_till", template="deps") as db:
        lab.shell(db, (CODE / "living_prices.py").read_text())
        lab.shell(db, (CODE / "living_till.py").read_text())
        with lab.copy(db, "before_till") as before:
            found.go_through(before, db)
    return found


class TestLifeOfTill(LifeTests):
    # Tickets stay Odoo's own, with the goods that left and what managers were told.
    added_by_use = {
        "bus_bus",
        "mail_activity",
        "mail_followers",
        "mail_followers_mail_message_subtype_rel",
        "mail_mail",
        "mail_mail_res_partner_rel",
        "mail_message",
        "mail_message_res_partner_rel",
        "mail_notification",
        "mail_tracking_value",
        "pos_order",
        "pos_order_line",
        "pos_payment",
        "stock_move",
        "stock_move_line",
        "stock_picking",
    }
    changed_by_use = {
        ("ir_sequence", "number_next"),
        ("res_partner", "is_blocked"),
        ("res_partner", "write_date"),
    }


def test_it_is_installed_beside_the_point_of_sale(lab):
    assert is_installed_beside(lab, "family", "point_of_sale", "xpyme_contacts_pos")
