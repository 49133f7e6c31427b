"""Installing, upgrading and removing the addon in the database of a living shop."""

import json
from pathlib import Path

import compare_databases as compare
import pytest
from psycopg2.extras import RealDictCursor

from devkit import install_log

ADDON = "xpyme_contacts"
CODE = Path(__file__).with_name("in_shell")
STAGES = ("install", "upgrade", "uninstall")
LIST_TO_REVIEW = """
import json
listed = env["res.partner"].with_context(active_test=False).search(
    [("code_needs_review", "=", True)]
)
print("REVIEW", json.dumps(listed.mapped("name")))
"""
# Rows that any installation of any addon changes, and one that tells about ours.
CHANGED_BY_ODOO = {
    ("ir_module_module", "write_date"),
    # the addon itself in the list of addons, and what a class is for in the technical
    # list of models, while the addon is there
    ("ir_module_module", "latest_version"),
    ("ir_module_module", "menus_by_module"),
    ("ir_module_module", "reports_by_module"),
    ("ir_module_module", "state"),
    ("ir_module_module", "url"),
    ("ir_module_module", "views_by_module"),
    ("ir_model", "info"),
}
# Odoo's description of fields that the addon has made tracked, or not copied.
CHANGED_WHILE_THERE = {("ir_model_fields", "copied"), ("ir_model_fields", "tracking")}
# Odoo's notes that it has loaded another registry.
ADDED_BY_ODOO = {"ir_cron_trigger", "orm_signaling_registry"}
# What people made with the addon is theirs and stays, as far as it can without it.
ADDED_BY_USE = {
    "fsm_location",
    "fsm_order",
    "ir_exports",
    "ir_exports_line",
    "mail_activity",
    "mail_followers",
    "mail_message",
    "mail_tracking_value",
    "res_partner",
}
CHANGED_BY_USE = {
    (table, "write_date") for table in ("res_company", "res_partner", "res_users")
}
# Tables that describe the addons, and where ours may have rows as long as it is there.
OF_ADDONS = ("ir_", "orm_", "report_paperformat", "res_groups")
ARGUMENTS = {
    "install": ("-i", ADDON, "--no-http", "--stop-after-init"),
    "upgrade": ("-u", ADDON, "--no-http", "--stop-after-init"),
}


class Life:
    """What was found after each stage of the addon's life in a database."""

    FILLED = """
        SELECT (SELECT count(*) FROM res_partner WHERE is_mirror_contact) AS mirrors,
               (SELECT count(*) FROM res_partner WHERE customer_flag) AS customers,
               (SELECT count(service_customer_id) FROM fsm_order) AS orders,
               (SELECT count(*) FROM res_partner
                 WHERE customer_code > 0 AND customer_code::text = ref) AS codes,
               (SELECT count(*) FROM res_partner
                 WHERE customer_code > 0 AND customer_code::text <> ref) AS younger
    """

    REVIEW = """
        SELECT name, customer_code FROM res_partner
         WHERE name = ANY(%s)
    """
    # What the database with a past has besides its many: see ``living_shop.py``.
    CODES = {
        "Mayor": 900_015,
        "Código A": 15_015,
        "Código B": 0,
        "Código C": 0,
        "Código D": 0,
        "Propio A": 15_016,
        "Propio B": 0,
        "General C": 0,
        "Letras": 0,
        "Ninguno": 0,
        "Archivado": 15_017,
        "Posterior": 0,
        "Suministros": 0,
    }

    def __init__(self, lab, folder, partners, used):
        self.lab = lab
        self.folder = folder
        self.partners = partners
        self.used = used
        self.filled = {}
        self.codes = {}
        self.to_review = set()
        self.warnings = {}
        self.changes = {}
        self.structures = {}

    def go_through(self, before, db):
        """Install, upgrade and uninstall, with a day's work in between if asked."""
        self._look(before, db, "before")
        for stage in STAGES:
            if stage == "uninstall" and self.used:
                code = (CODE / "work_with_contacts.py").read_text()
                self._log("use", self.lab.shell(db, code))
            self._log(stage, self._run(stage, db))
            self._look(before, db, stage)

    def _run(self, stage, db):
        if stage == "uninstall":
            return self.lab.odoo("module", "uninstall", "-d", db, ADDON)
        return self.lab.odoo("-d", db, *ARGUMENTS[stage])

    def _log(self, stage, output):
        log = self.folder / f"{stage}.log"
        log.write_text(output)
        self.warnings[stage] = install_log.warnings(log)

    def _look(self, before, db, stage):
        with self.lab.connect(before) as old, self.lab.connect(db) as new:
            self.structures[stage] = compare.structure(new)
            own = self._rows_of_addon(new)
            self.changes[stage] = [
                change
                for change in compare.changed_rows(old, new)
                if change.kind != "new" or (change.table, change.key) not in own
            ]
            if stage == "install":
                with new.cursor(cursor_factory=RealDictCursor) as cr:
                    cr.execute(self.FILLED)
                    self.filled = dict(cr.fetchone())
                    cr.execute(self.REVIEW, [list(self.CODES)])
                    self.codes = {
                        row["name"]: row["customer_code"] or 0 for row in cr.fetchall()
                    }
                told = self.lab.shell(db, LIST_TO_REVIEW)
                line = next(li for li in told.splitlines() if li.startswith("REVIEW "))
                self.to_review = set(json.loads(line.removeprefix("REVIEW ")))
        old.close()
        new.close()

    def _rows_of_addon(self, connection):
        """What the addon's own data files have brought."""
        with connection.cursor() as cr:
            cr.execute(
                "SELECT replace(model, '.', '_'), res_id FROM ir_model_data"
                " WHERE module = %s",
                [ADDON],
            )
            return set(cr.fetchall())


@pytest.fixture(
    scope="module",
    params=[(300, True), pytest.param((5000, False), marks=pytest.mark.long)],
    ids=["reduced", "long"],
)
def life(request, lab, tmp_path_factory):
    partners, used = request.param
    found = Life(lab, tmp_path_factory.mktemp("life"), partners, used)
    with lab.database("living", template="deps") as db:
        code = (CODE / "living_shop.py").read_text()
        lab.shell(db, code, env={"XPYME_PARTNERS": str(partners)})
        with lab.copy(db, "before") as before:
            found.go_through(before, db)
    return found


@pytest.mark.parametrize("stage", [*STAGES, "use"])
def test_nothing_is_complained_about(life, stage):
    assert life.warnings.get(stage, []) == []


@pytest.mark.parametrize("stage", STAGES)
def test_no_row_of_the_shop_is_changed(life, stage):
    allowed = set(CHANGED_BY_ODOO)
    if stage != "uninstall":
        allowed |= CHANGED_WHILE_THERE
    elif life.used:
        allowed |= CHANGED_BY_USE
    found = [
        str(change)
        for change in life.changes[stage]
        if change.kind != "new"
        and not {(change.table, column) for column in change.columns or {""}} <= allowed
    ]
    assert found == []


@pytest.mark.parametrize("stage", ["install", "upgrade"])
def test_no_row_is_added_to_the_shop(life, stage):
    """No contact, message or activity appears by itself."""
    found = [
        str(change)
        for change in life.changes[stage]
        if change.kind == "new" and not change.table.startswith(OF_ADDONS)
    ]
    assert found == []


def test_no_row_is_left_over(life):
    allowed = ADDED_BY_ODOO | (ADDED_BY_USE if life.used else set())
    found = [
        str(change)
        for change in life.changes["uninstall"]
        if change.kind == "new" and change.table not in allowed
    ]
    assert found == []


def test_no_table_column_index_or_constraint_is_left_over(life):
    assert life.structures["install"] > life.structures["before"]
    assert life.structures["uninstall"] ^ life.structures["before"] == set()


def test_no_table_of_the_shop_is_altered(life):
    """What stock Odoo has keeps its definition while the addon is there."""
    assert life.structures["before"] - life.structures["upgrade"] == set()


def test_namesakes_are_found_and_customers_marked(life):
    """What is filled in at installation is what the addon itself would compute."""
    customers = life.partners // 5
    assert life.filled == {
        "mirrors": customers,
        "customers": customers + len(life.CODES) - 1,
        "orders": 20,
        # of two with the same code the older one has it
        "codes": len(range(4, customers, 4)) + 2,
        "younger": 2,
    }


def test_oldest_of_a_code_keeps_it_and_the_others_are_listed(life):
    """Whether archived, and with a company or without; nobody's reference changes."""
    assert life.codes == life.CODES
    others = {name for name, code in life.CODES.items() if not code}
    listed = life.to_review & set(life.CODES)
    # Without a reference there is nothing to review, nor with a supplier's.
    assert listed == others - {"Ninguno", "Suministros"}
