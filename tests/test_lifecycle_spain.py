"""What Spain asks for comes to a living shop by itself, and goes again."""

from pathlib import Path

import pytest
from lives import STAGES, Life, LifeTests, is_installed_beside

CODE = Path(__file__).with_name("in_shell")

pytestmark = pytest.mark.long

# What people made with the addon and Odoo can keep without it.
ADDED_BY_USE = {
    "account_account_tag_account_move_line_rel",
    "account_account_account_tax_rel",
    "account_fiscal_position",
    "account_fiscal_position_account_tax_rel",
    "account_move",
    "account_move_line",
    "account_move_line_account_tax_rel",
    "account_partial_reconcile",
    "account_tax",
    "account_tax_alternatives",
    "account_tax_repartition_line",
    "account_account_tag_account_tax_repartition_line_rel",
    "mail_followers",
    "mail_message",
    "mail_notification",
    "mail_tracking_value",
    "res_bank",
    "res_partner",
    "res_partner_bank",
}
# The customer who got IRPF in the day's work.
CHANGED_BY_USE = {("res_partner", "write_date")}
POSITIONS = """
SELECT p.name, p.property_account_position_id FROM res_partner p
 WHERE p.property_account_position_id IS NOT NULL
"""
KEPT = """
SELECT name ->> 'en_US', active FROM account_fiscal_position
 WHERE id IN (SELECT fiscal_position_id FROM account_move) ORDER BY id
"""


class LifeOfSpain(Life):
    addon = "xpyme_contacts_es"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.positions, self.kept = {}, {}

    def look_closer(self, stage, db, connection):
        for found, query in ((self.positions, POSITIONS), (self.kept, KEPT)):
            with connection.cursor() as cr:
                cr.execute(query)
                found[stage] = cr.fetchall()


@pytest.fixture(scope="module")
def life(lab, tmp_path_factory):
    work = (CODE / "work_with_spain.py").read_text()
    found = LifeOfSpain(lab, tmp_path_factory.mktemp("spain"), work)
    with lab.database("life_spain", template="deps_demo") as db:
        lab.shell(db, (CODE / "living_spain.py").read_text())
        with lab.copy(db, "before_spain") as before:
            found.go_through(before, db)
    return found


def test_odoo_installs_it_by_itself_beside_billing(lab):
    trigger, addon = "xpyme_contacts_billing", LifeOfSpain.addon
    assert is_installed_beside(lab, "deps_demo", trigger, addon)


class TestLifeOfSpain(LifeTests):
    added_by_use = ADDED_BY_USE
    changed_by_use = CHANGED_BY_USE

    def test_customers_keep_the_fiscal_positions_chosen_by_hand(self, life):
        """That of one who had IRPF on top of it in between too."""
        assert life.positions["before"]
        for stage in STAGES:
            assert life.positions[stage] == life.positions["before"]

    def test_positions_that_nobody_used_go_along(self, life):
        """Those of posted invoices stay, for nobody to choose."""
        before = len(life.kept["before"])
        used = life.kept["uninstall"][before:]
        assert len(used) == 2
        assert not any(active for _name, active in used)
