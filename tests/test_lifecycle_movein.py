"""Moving in comes to a living shop, brings customers, and goes; the customers stay."""

from pathlib import Path

import pytest
from lives import Life, LifeTests

CODE = Path(__file__).with_name("in_shell")
# Their mirror contact has the name, too.
MOVED_IN = """
SELECT name, customer_code FROM res_partner
 WHERE name = 'Ferretería Peña' AND parent_id IS NULL
"""

pytestmark = pytest.mark.long


class LifeOfMovein(Life):
    addon = "xpyme_contacts_movein"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.moved_in = {}

    def look_closer(self, stage, db, connection):
        with connection.cursor() as cr:
            cr.execute(MOVED_IN)
            self.moved_in[stage] = cr.fetchall()


@pytest.fixture(scope="module")
def life(lab, tmp_path_factory):
    work = (CODE / "work_with_movein.py").read_text()
    found = LifeOfMovein(lab, tmp_path_factory.mktemp("movein"), work)
    with lab.database("life_movein", template="deps") as db:
        lab.shell(db, (CODE / "living_prices.py").read_text())
        lab.odoo("-d", db, "-i", "xpyme_contacts", "--no-http", "--stop-after-init")
        with lab.copy(db, "before_movein") as before:
            found.go_through(before, db)
    return found


class TestLifeOfMovein(LifeTests):
    # Odoo's history of a customer tells of their account.
    added_by_use = {"res_partner", "res_partner_bank", "mail_message"}

    def test_customers_who_moved_in_stay(self, life):
        assert life.moved_in["uninstall"] == [("Ferretería Peña", 801)]
