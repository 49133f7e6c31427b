"""The life of an addon in the database of a living shop, stage by stage."""

import compare_databases as compare
import pytest

from devkit import install_log

STAGES = ("install", "upgrade", "uninstall")
# Rows that any installation of any addon changes, and one that tells about ours.
CHANGED_BY_ODOO = {
    # Extending ``base`` has Odoo note the fields of all models anew: a related field
    # gets the help that its source has got from an addon installed later.
    ("ir_model_fields", "help"),
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
# Odoo's description of fields that the addon has made tracked, not copied or computed.
CHANGED_WHILE_THERE = {
    ("ir_model_fields", name) for name in ("copied", "related", "tracking")
}
# Odoo's notes that it has loaded another registry.
ADDED_BY_ODOO = {"ir_cron_trigger", "orm_signaling_registry"}
# Tables that describe the addons, and where ours may have rows as long as it is there.
OF_ADDONS = ("ir_", "orm_", "report_paperformat", "res_groups", "rule_group_rel")


class Life:
    """What was found after each stage of an addon's life in a database.

    :param work: code for ``odoo shell``: what people do with the addon before it is
        removed
    """

    addon = ""

    def __init__(self, lab, folder, work=""):
        self.lab = lab
        self.folder = folder
        self.work = work
        self.warnings = {}
        self.changes = {}
        self.structures = {}

    def go_through(self, before, db):
        """Install, upgrade and uninstall, with a day's work in between if there is."""
        self._look(before, db, "before")
        for stage in STAGES:
            if stage == "uninstall" and self.work:
                self._log("use", self.lab.shell(db, self.work))
            self._log(stage, self._run(stage, db))
            self._look(before, db, stage)

    def _run(self, stage, db):
        if stage == "uninstall":
            return self.lab.odoo("module", "uninstall", "-d", db, self.addon)
        option = "-i" if stage == "install" else "-u"
        return self.lab.odoo(
            "-d", db, option, self.addon, "--no-http", "--stop-after-init"
        )

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
            self.look_closer(stage, db, new)
        old.close()
        new.close()

    def look_closer(self, stage, db, connection):
        """What only this addon's tests look at."""

    def _rows_of_addon(self, connection):
        """What the addon's own data files have brought."""
        with connection.cursor() as cr:
            cr.execute(
                "SELECT replace(model, '.', '_'), res_id FROM ir_model_data"
                " WHERE module = %s",
                [self.addon],
            )
            return set(cr.fetchall())

    # --- what the tests ask

    def changed(self, stage, allowed=()):
        """Rows of the shop that are not as they were; ``allowed``: (table, column)."""
        allowed = CHANGED_BY_ODOO | set(allowed)
        if stage != "uninstall":
            allowed |= CHANGED_WHILE_THERE
        return [
            str(change)
            for change in self.changes[stage]
            if change.kind != "new"
            and not {(change.table, name) for name in change.columns or {""}} <= allowed
        ]

    def added(self, stage, allowed=()):
        """Rows that the shop did not have, besides those that describe addons."""
        return [
            str(change)
            for change in self.changes[stage]
            if change.kind == "new"
            and not change.table.startswith(OF_ADDONS)
            and change.table not in allowed
        ]

    def left_over(self, allowed=()):
        """Rows that are there after the addon was removed, described or not."""
        return [
            str(change)
            for change in self.changes["uninstall"]
            if change.kind == "new" and change.table not in ADDED_BY_ODOO | set(allowed)
        ]


class LifeTests:
    """What is asked of the life of each addon; its file has the fixture ``life``.

    ``added_by_use``, ``changed_by_use``: what people made with the addon, and Odoo can
    keep without it. ``changed_while_there``: what is as before once it is gone.
    """

    added_by_use = frozenset()
    changed_by_use = frozenset()
    changed_while_there = frozenset()

    @pytest.mark.parametrize("stage", [*STAGES, "use"])
    def test_nothing_is_complained_about(self, life, stage):
        assert life.warnings.get(stage, []) == []

    @pytest.mark.parametrize("stage", STAGES)
    def test_no_row_of_the_shop_is_changed(self, life, stage):
        is_gone = stage == "uninstall"
        allowed = self.changed_by_use if is_gone else self.changed_while_there
        assert life.changed(stage, allowed) == []

    @pytest.mark.parametrize("stage", ["install", "upgrade"])
    def test_nothing_is_added_to_the_shop(self, life, stage):
        assert life.added(stage) == []

    def test_no_row_is_left_over(self, life):
        assert life.left_over(self.added_by_use) == []

    def test_no_table_column_index_or_constraint_is_left_over(self, life):
        assert life.structures["install"] > life.structures["before"]
        assert life.structures["uninstall"] ^ life.structures["before"] == set()


def is_installed_beside(lab, template, trigger, addon):
    """Whether Odoo installs an addon by itself when the last of its triggers comes."""
    with lab.database("trigger", template=template) as db:
        lab.odoo("-d", db, "-i", trigger, "--no-http", "--stop-after-init")
        with lab.connect(db) as connection, connection.cursor() as cr:
            cr.execute("SELECT state FROM ir_module_module WHERE name = %s", [addon])
            found = cr.fetchall()
        connection.close()
    return found == [("installed",)]
