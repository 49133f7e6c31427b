"""Remittances come to a living shop beside OCA's batch payments, and go again."""

from pathlib import Path

import pytest
from lives import Life, LifeTests

CODE = Path(__file__).with_name("in_shell")

pytestmark = pytest.mark.long


class LifeOfRemittances(Life):
    addon = "xpyme_contacts_remittance"


@pytest.fixture(scope="module")
def life(lab, tmp_path_factory):
    work = (CODE / "work_with_remittances.py").read_text()
    found = LifeOfRemittances(lab, tmp_path_factory.mktemp("remittance"), work)
    with lab.database("life_remittance", template="deps") as db:
        lab.shell(db, (CODE / "living_prices.py").read_text())
        lab.shell(db, (CODE / "living_remittances.py").read_text())
        with lab.copy(db, "before_remittance") as before:
            found.go_through(before, db)
    return found


class TestLifeOfRemittances(LifeTests):
    added_by_use = {
        "mail_followers",
        "mail_message",
        "mail_tracking_value",
        "res_partner",
    }
