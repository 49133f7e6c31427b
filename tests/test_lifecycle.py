"""Installing, upgrading and removing the addon in the database of a living shop."""

import json
from pathlib import Path

import pytest
from lives import STAGES, Life
from psycopg2.extras import RealDictCursor

CODE = Path(__file__).with_name("in_shell")
LIST_TO_REVIEW = """
import json
listed = env["res.partner"].with_context(active_test=False).search(
    [("code_needs_review", "=", True)]
)
print("REVIEW", json.dumps(listed.mapped("name")))
"""
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
# Odoo installs the addon for calls along: they have activities and are looked for.
CHANGED_WHILE_THERE = {("ir_model", "is_mail_activity"), ("ir_model_fields", "index")}


class LifeOfContacts(Life):
    addon = "xpyme_contacts"

    FILLED = """
        SELECT (SELECT count(*) FROM res_partner WHERE is_mirror_contact) AS mirrors,
               (SELECT count(*) FROM res_partner WHERE customer_flag) AS customers,
               (SELECT count(service_customer_id) FROM fsm_order) AS orders,
               (SELECT count(*) FROM res_partner
                 WHERE customer_code > 0 AND customer_code::text = ref) AS codes,
               (SELECT count(*) FROM res_partner
                 WHERE customer_code > 0 AND customer_code::text <> ref) AS younger,
               (SELECT count(*) FROM sale_order
                 WHERE state = 'sale' AND risk_to_invoice = amount_total) AS pending
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
        work = (CODE / "work_with_contacts.py").read_text() if used else ""
        super().__init__(lab, folder, work)
        self.partners = partners
        self.filled = {}
        self.codes = {}
        self.to_review = set()

    def look_closer(self, stage, db, connection):
        if stage != "install":
            return
        with connection.cursor(cursor_factory=RealDictCursor) as cr:
            cr.execute(self.FILLED)
            self.filled = dict(cr.fetchone())
            cr.execute(self.REVIEW, [list(self.CODES)])
            self.codes = {
                row["name"]: row["customer_code"] or 0 for row in cr.fetchall()
            }
        told = self.lab.shell(db, LIST_TO_REVIEW)
        line = next(li for li in told.splitlines() if li.startswith("REVIEW "))
        self.to_review = set(json.loads(line.removeprefix("REVIEW ")))


@pytest.fixture(
    scope="module",
    params=[(300, True), pytest.param((5000, False), marks=pytest.mark.long)],
    ids=["reduced", "long"],
)
def life(request, lab, tmp_path_factory):
    partners, used = request.param
    found = LifeOfContacts(lab, tmp_path_factory.mktemp("life"), partners, used)
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
    allowed = CHANGED_WHILE_THERE
    if stage == "uninstall":
        allowed = CHANGED_BY_USE if life.work else ()
    assert life.changed(stage, allowed) == []


@pytest.mark.parametrize("stage", ["install", "upgrade"])
def test_no_row_is_added_to_the_shop(life, stage):
    """No contact, message or activity appears by itself."""
    assert life.added(stage) == []


def test_no_row_is_left_over(life):
    assert life.left_over(ADDED_BY_USE if life.work else ()) == []


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
        "pending": 10,
    }


def test_oldest_of_a_code_keeps_it_and_the_others_are_listed(life):
    """Whether archived, and with a company or without; nobody's reference changes."""
    assert life.codes == life.CODES
    others = {name for name, code in life.CODES.items() if not code}
    listed = life.to_review & set(life.CODES)
    # Without a reference there is nothing to review, nor with a supplier's.
    assert listed == others - {"Ninguno", "Suministros"}
