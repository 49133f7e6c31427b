"""What Chile asks for comes to a living shop by itself, and goes again."""

from pathlib import Path

import pytest
from lives import Life, LifeTests, is_installed_beside

CODE = Path(__file__).with_name("in_shell")

pytestmark = pytest.mark.long


class LifeOfChile(Life):
    addon = "xpyme_contacts_cl"


@pytest.fixture(scope="module")
def life(lab, tmp_path_factory):
    work = (CODE / "work_with_chile.py").read_text()
    found = LifeOfChile(lab, tmp_path_factory.mktemp("chile"), work)
    with lab.database("life_chile", template="deps_cl") as db:
        lab.shell(db, (CODE / "living_chile.py").read_text())
        with lab.copy(db, "before_chile") as before:
            found.go_through(before, db)
    return found


def test_odoo_installs_it_by_itself_beside_billing(lab):
    trigger = "xpyme_contacts_billing"
    assert is_installed_beside(lab, "deps_cl", trigger, LifeOfChile.addon)


class TestLifeOfChile(LifeTests):
    added_by_use = {
        "account_move",
        "account_move_line",
        "account_move_line_account_tax_rel",
        "account_account_tag_account_move_line_rel",
        "mail_followers",
        "mail_message",
        "mail_tracking_value",
        "res_partner",
        "res_partner_bank",
    }
