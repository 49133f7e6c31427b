"""``./dev test``: lint, the addons' tests in each country, end-to-end tests.

Everything is cut into jobs (``plan``), which two lanes or more share.
"""

import ast
import json
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from . import addons, database, lint, odoo, place, python_env, say
from .lanes import Job, Lanes

TESTS = place.ROOT / "tests"
DEVKIT = place.ROOT / "devkit"
NOTHING_COLLECTED = 5
KEEP_DB = "--keep-db"
# Options of pytest whose value is the next argument.
WITH_VALUE = {"-k", "-m", "-p", "-o", "-W", "-c", "-n", "-r"}
COUNTRIES = {"family": "generic", "family_cl": "Chile", "family_es": "Spain"}
# Rooms whose rules know the country. The others of these addons the Chilean run leaves
# to the generic one, but with --long.
KNOWS_COUNTRY = {
    "xpyme_contacts": (
        *("customer_bank", "customer_card", "customer_choosing", "customer_file"),
        *("customer_identity", "customer_labels", "customer_merge", "customer_new"),
        *("customer_normal", "customer_paper", "customer_sales", "customer_same"),
        *("customer_search", "customer_tax_id", "risk_amounts", "risk_invoice"),
        *("risk_oracle", "risk_report", "screens"),
    ),
    "xpyme_contacts_billing": ("documents", "run_work"),
    "xpyme_contacts_movein": ("customers", "judgement"),
    "xpyme_contacts_phonecall": (),
    "xpyme_contacts_pricing": (
        *("customer_price", "documents_everywhere", "documents_invoice"),
        *("documents_order", "documents_paper", "documents_tax", "documents_whole"),
        "engine_price",
    ),
    "xpyme_contacts_remittance": (),
}
# Seconds of the jobs that take longer than the one minute that is supposed: the longest
# begin first, so that no lane works on alone at the end. Lint takes one too; it begins
# with the first of the others because it needs no database while that makes them.
SECONDS = {
    "lint": 400,
    "generic xpyme_contacts": 770,
    "generic xpyme_contacts_pricing": 220,
    "browsers cards": 290,
    "browsers work": 250,
    "shop": 215,
    "Chile xpyme_contacts": 210,
    "Chile xpyme_contacts_pricing": 140,
    "Spain xpyme_contacts_stock": 135,
    "Spain xpyme_contacts_pos": 135,
    "generic xpyme_contacts_remittance": 120,
    "Spain xpyme_contacts_points": 120,
    "browser_walk": 115,
    "Spain xpyme_contacts_es": 115,
    "lifecycle": 110,
    "strangers_http": 90,
    "browser_risk": 85,
    "generic xpyme_contacts_billing": 85,
    "browser_tasks": 75,
    "offer_delivery": 75,
    "generic xpyme_contacts_movein": 75,
    "browser_offer_owner": 65,
}

# Tests of screens that share a demo and its server: to begin one takes longer than a
# test. What one file changes, the others of its job do not look at.
TOGETHER = {
    "browsers cards": (
        *("browser_accessibility", "browser_calls", "browser_contacts"),
        *("browser_customer_file", "browser_finding", "browser_service"),
        "browser_spain",
    ),
    "browsers work": (
        *("browser_billing", "browser_movein", "browser_points", "browser_pricing"),
        *("browser_remittance", "browser_stock"),
    ),
}

# They measure seconds, so they want the machine to themselves: run by name, or by
# --long.
ALONE = {"hosts", "hosts_long"}


@dataclass
class Selection:
    """What the arguments ask for: paths choose suites, the rest goes to pytest."""

    addon_paths: list = field(default_factory=list)
    test_paths: list = field(default_factory=list)
    options: list = field(default_factory=list)
    keep_db: bool = False

    @property
    def everything(self):
        return not self.addon_paths and not self.test_paths


def select(arguments):
    """Sort the arguments of ``./dev test``.

    >>> chosen = select(["tests/test_house.py::test_x", "-k", "tests", "--keep-db"])
    >>> chosen.test_paths, chosen.options, chosen.keep_db
    (['tests/test_house.py::test_x'], ['-k', 'tests'], True)
    >>> [Path(path).name for path in select(["house"]).test_paths]
    ['test_house.py']
    >>> select(["-x"]).everything
    True
    """
    selection = Selection()
    value_follows = False
    for argument in arguments:
        path = _resolved(argument)
        if argument == KEEP_DB:
            selection.keep_db = True
        elif value_follows or argument.startswith("-"):
            selection.options.append(argument)
        elif path.exists():
            _add_path(selection, argument, path)
        else:
            for path in _called(argument):
                _add_path(selection, str(path), path)
        value_follows = argument in WITH_VALUE
    return selection


def _resolved(argument):
    """The path before a test that is named with it: ``tests/test_house.py::test_x``."""
    return Path(str(argument).split("::")[0]).resolve()


def _called(word):
    """The test files that a word chooses: ``peers`` those called test_peers*.py."""
    folders = [TESTS, *(place.ROOT / addon / "tests" for addon in addons.family())]
    name = f"test_{word}*.py"
    found = sorted(path for folder in folders for path in folder.rglob(name))
    if not found:
        raise say.Stop(
            f"There is neither a path {word!r} nor a test file {name}; "
            "the value of an option is written --option=value."
        )
    return found


def _add_path(selection, argument, path):
    if {TESTS, DEVKIT} & {path, *path.parents}:
        selection.test_paths.append(argument)
        return
    for addon in addons.family():
        if place.ROOT / addon in (path, *path.parents):
            selection.addon_paths.append(argument)
            return
    raise say.Stop(f"{argument} is neither in an addon nor in tests/ or devkit/.")


def run(arguments, long=False):
    """Run the suites and return the exit status."""
    selection = select(arguments)
    lanes = Lanes(live=not selection.everything)
    jobs = [lint_job()] if not arguments else []
    return _summary(lanes, [*jobs, *Plan(lanes, selection, long).jobs()])


def check(fix=False):
    """``./dev lint``: the checks alone."""
    return _summary(Lanes(live=True), [lint_job(fix)])


def lint_job(fix=False):
    return Job("lint", "all checks", partial(lint.suite, fix=fix), _seconds("lint"))


def _seconds(name):
    return SECONDS.get(name, 60)


def _summary(lanes, jobs):
    """Print one line a suite and the totals; the exit status follows from them."""
    started = time.monotonic()
    results = lanes.run(jobs).values()
    print("\nSuites", flush=True)
    for result in results:
        print(result)
        for remark in result.remarks:
            print(f"    {remark}")
    passed, failed, skipped = (
        sum(getattr(result, name) for result in results)
        for name in ("passed", "failed", "skipped")
    )
    if not passed and not failed:
        say.line("dev: no test was run.")
    took = say.seconds(time.monotonic() - started)
    counts = f"{passed} passed, {failed} failed, {skipped} skipped"
    print(f"\n{counts} in {took}", flush=True)
    return 1 if failed or not passed else 0


class Plan:
    """The jobs that a selection asks for."""

    def __init__(self, lanes, selection, long):
        self.lanes = lanes
        self.selection = selection
        self.long = long
        self.choice = [*([] if long else ["-m", "not long"]), *selection.options]

    def jobs(self):
        selection, jobs = self.selection, []
        if selection.everything:
            for kind in COUNTRIES:
                for addon in _addons_of(kind):
                    paths = _addon_paths(addon, kind, self.long)
                    jobs.append(self._addon_job(kind, addon, paths))
            jobs += self._end_to_end()
        if selection.addon_paths:
            for kind in COUNTRIES:
                chosen = _paths_of(kind, selection.addon_paths)
                jobs.append(self._addon_job(kind, "chosen", chosen))
        if selection.test_paths:
            jobs.append(self._server_job("chosen", selection.test_paths))
        if selection.everything or selection.addon_paths:
            jobs.append(Job("installation", "warnings", self._installation, 1))
        return [job for job in jobs if job]

    def _addon_job(self, kind, name, paths):
        """The Odoo tests and doctests of an addon in a fresh database."""
        if not paths:
            return None
        country = COUNTRIES[kind]
        work = partial(self._addon_tests, kind, name, paths)
        return Job(country, name, work, _seconds(f"{country} {name}"))

    def _addon_tests(self, kind, name, paths, result, output):
        db = f"xpyme_{place.checkout_id()}_test_{kind}_{name}"
        database.clone(kind, db)
        options = ["--odoo-database", db, "--odoo-config", odoo.conf_file()]
        options += ["--odoo-http", "--odoo-log-level", "warn", "--doctest-modules"]
        # Two addons' scripts have one name, and no doctest.
        options += ["--ignore-glob=*/migrations/*"]
        more = {"XPYME_TEST_COUNTRY": "CL"} if kind == "family_cl" else {}
        try:
            self._pytest(result, output, [*options, *self.choice, *paths], more)
        finally:
            if self.selection.keep_db:
                result.remarks.append(f"kept database {db}")
            else:
                database.drop(db)

    def _end_to_end(self):
        """Each file a job of its own, but those that share a shop or a demo."""
        files = sorted(TESTS.glob("test_*.py"))
        alone = set() if self.long else {TESTS / f"test_{name}.py" for name in ALONE}
        files = [path for path in files if path not in alone]
        if not self.long:
            files = [path for path in files if not _is_all_long(path)]
        groups = {}
        for path in files:
            groups.setdefault(_get_job(path), []).append(path)
        jobs = [self._server_job(name, paths) for name, paths in groups.items()]
        doctests = [DEVKIT, place.ROOT / "bench" / "_pairs.py"]
        return [*jobs, self._server_job("devkit", doctests)]

    def _server_job(self, name, paths):
        work = partial(self._server_tests, paths)
        return Job("end to end", name, work, _seconds(name))

    def _server_tests(self, paths, result, output):
        options = ["-p", "no:odoo", *self.choice]
        if any(DEVKIT in (path, *path.parents) for path in map(_resolved, paths)):
            # odoo shell alone can read what stands in that folder
            options += ["--doctest-modules", f"--ignore={DEVKIT / 'in_shell'}"]
        self._pytest(result, output, [*options, *paths])

    def _tests_in(self, kind):
        chosen = self.selection
        return chosen.everything or _paths_of(kind, chosen.addon_paths)

    def _installation(self, result, _output):
        """Installing the family must not log a warning."""
        kinds = [kind for kind in COUNTRIES if self._tests_in(kind)]
        demo = ["family_demo"] if self.selection.everything else []
        for kind in [*kinds, *demo]:
            database.template(kind)
            found = database.warnings(kind)
            result.passed += not found
            result.failed += bool(found)
            if found:
                result.remarks += [f"installing {kind} logged:", *found]

    def _pytest(self, result, output, arguments, more=None):
        """Run pytest and add its counts; the plugin leaves them in a file."""
        with tempfile.TemporaryDirectory() as folder:
            counts = Path(folder) / "counts.json"
            environment = {**odoo.environment(), **(more or {})}
            environment["XPYME_COUNTS"] = str(counts)
            environment |= {"XPYME_LONG": "1"} if self.long else {}
            rootdir = ["--rootdir", place.ROOT, "-c", place.ROOT / "pytest.ini"]
            plugin = ["-m", "pytest", "-p", "devkit.pytest_plugin"]
            command = [python_env.python(), *plugin, *rootdir, *arguments]
            command = [str(part) for part in command]
            status = self.lanes.child(command, output, environment)
            found = json.loads(counts.read_text()) if counts.is_file() else {}
        for name, count in found.items():
            setattr(result, name, getattr(result, name) + count)
        if status not in (0, NOTHING_COLLECTED) and not found.get("failed"):
            result.failed += 1
            result.remarks.append(f"pytest ended with status {status}")


def _addons_of(kind):
    """The addons that are tested in a database.

    In that of Spain only its own, and those beside apps, which only it has.
    """
    found = []
    for addon in addons.family():
        country = addons.country(addon)
        beside_app = addons.is_beside_app(addon)
        only = f"family_{country}" if country else "family_es" if beside_app else None
        suits = kind == only if only else kind != "family_es"
        found += [addon] if suits else []
    return found


def _paths_of(kind, paths):
    """Those of the chosen paths whose addon is tested in a database."""
    folders = {place.ROOT / addon for addon in _addons_of(kind)}
    return [p for p in paths if folders & {_resolved(p), *_resolved(p).parents}]


def _addon_paths(addon, kind, long):
    """An addon's tests, and its tools with doctests where they belong."""
    found = sorted((place.ROOT / addon / "tests").rglob("test_*.py"))
    if kind == "family_cl" and addon in KNOWS_COUNTRY and not long:
        rooms = tuple(f"test_{room}" for room in KNOWS_COUNTRY[addon])
        found = [path for path in found if path.name.startswith(rooms)]
    if kind == "family" or addons.country(addon) or addons.is_beside_app(addon):
        found += sorted((place.ROOT / addon / "tools").glob("[!_]*.py"))
    return found


def _is_all_long(path):
    """Whether each test of a file takes minutes: nothing is begun for it."""
    return "\npytestmark = pytest.mark.long\n" in path.read_text()


def _get_job(path):
    """The name of the job that runs a file."""
    name = path.stem.removeprefix("test_")
    if _uses_shop(path):
        return "shop"
    return next((job for job, names in TOGETHER.items() if name in names), name)


def _uses_shop(path):
    """Whether the tests of a file work in the shop of ``tests/conftest.py``."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    asked = {arg.arg for function in functions for arg in function.args.args}
    return bool({"shop", "shop_db"} & asked - {function.name for function in functions})
