"""Calls of a living shop come into the follow-up, and stay told when the addon goes."""

from pathlib import Path

import pytest
from lives import STAGES, Life, LifeTests, is_installed_beside

CODE = Path(__file__).with_name("in_shell")

pytestmark = pytest.mark.long

ADDED_BY_USE = {
    "bus_bus",
    "crm_phonecall",
    "mail_activity",
    "mail_followers",
    "mail_followers_mail_message_subtype_rel",
    "mail_message",
    "mail_tracking_value",
    "res_partner",
}
TOLD = """
SELECT a.res_model, a.res_name, a.summary, a.feedback, a.active, a.contact_id > 0
  FROM mail_activity a WHERE a.summary IN ('Presupuesto', 'Caldera', 'Anulada', 'Nadie')
 ORDER BY a.summary DESC
"""


class LifeOfCalls(Life):
    addon = "xpyme_contacts_phonecall"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.told = {}

    def look_closer(self, stage, db, connection):
        with connection.cursor() as cr:
            cr.execute(TOLD)
            self.told[stage] = cr.fetchall()


@pytest.fixture(scope="module")
def life(lab, tmp_path_factory):
    work = (CODE / "work_with_calls.py").read_text()
    found = LifeOfCalls(lab, tmp_path_factory.mktemp("calls"), work)
    with lab.database("life_calls", template="deps") as db:
        lab.shell(db, (CODE / "living_calls.py").read_text())
        with lab.copy(db, "before_calls") as before:
            found.go_through(before, db)
    return found


def test_odoo_installs_it_by_itself_beside_the_calls_of_the_crm(lab):
    assert is_installed_beside(lab, "deps", "xpyme_contacts", LifeOfCalls.addon)


def test_calls_of_the_crm_alone_bring_nothing_along(lab):
    """An addon that is installed by itself installs what it depends on, too."""
    assert not is_installed_beside(lab, "deps", "crm_phonecall", "xpyme_contacts")


class TestLifeOfCalls(LifeTests):
    added_by_use = ADDED_BY_USE
    # calls have activities and are looked for by customer
    changed_while_there = {
        ("ir_model", "is_mail_activity"),
        ("ir_model_fields", "index"),
    }

    def test_nothing_is_added_to_the_shop(self, life):
        """But for the entries of the calls that there were."""
        for stage in ("install", "upgrade"):
            added = life.added(stage)
            assert len(added) == 2 and all("mail_activity" in row for row in added)

    def test_calls_that_there_were_are_told(self, life):
        model, rows = "crm.phonecall", life.told["install"]
        assert life.told["before"] == []
        assert rows == [
            (model, "Presupuesto", "Presupuesto", "Lo quiere", False, None),
            (model, "Caldera", "Caldera", None, True, True),
        ]
        assert life.told["upgrade"] == rows

    def test_what_was_told_stays_with_the_customer(self, life):
        assert life.told["uninstall"] == [
            ("res.partner", "Kiosco Sol", *row[2:]) for row in life.told[STAGES[0]]
        ]
