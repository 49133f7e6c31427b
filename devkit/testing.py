"""``./dev test``: lint, the addons' tests in two countries, end-to-end tests."""

import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from . import addons, database, lint, odoo, place, python_env, say

TESTS = place.ROOT / "tests"
NOTHING_COLLECTED = 5
KEEP_DB = "--keep-db"
# Options of pytest whose value is the next argument.
WITH_VALUE = {"-k", "-m", "-p", "-o", "-W", "-c", "-n", "-r"}


@dataclass
class Result:
    """Counts of one suite."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    duration: float = 0.0
    remarks: list = field(default_factory=list)

    def __str__(self):
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"  {self.name:<12}{counts:<40}{say.seconds(self.duration)}"


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
    """Sort the arguments of ``./dev test``."""
    selection = Selection()
    value_follows = False
    for argument in arguments:
        path = Path(argument.split("::")[0])
        if argument == KEEP_DB:
            selection.keep_db = True
        elif value_follows or argument.startswith("-") or not path.exists():
            selection.options.append(argument)
        else:
            _add_path(selection, argument, path.resolve())
        value_follows = argument in WITH_VALUE
    return selection


def _add_path(selection, argument, path):
    if TESTS in (path, *path.parents):
        selection.test_paths.append(argument)
        return
    for addon in addons.family():
        if place.ROOT / addon in (path, *path.parents):
            selection.addon_paths.append(argument)
            return
    raise say.Stop(f"{argument} is neither in an addon nor in tests/.")


def run(arguments, long=False):
    """Run the suites and return the exit status."""
    selection = select(arguments)
    results = []
    if not arguments:
        results.append(timed("lint", lint.suite))
    if selection.everything or selection.addon_paths:
        results += _in_two_countries(selection, long)
    if selection.everything or selection.test_paths:
        if TESTS.is_dir():
            results.append(timed("end to end", _end_to_end, selection, long))
    return summary(results)


def _in_two_countries(selection, long):
    """The addons' suites at once, a processor each: what Chile's prints comes after."""
    for kind in ("family", "family_cl"):
        database.template(kind)
    with ThreadPoolExecutor(1) as beside, tempfile.TemporaryFile("w+") as kept:
        rest = (selection, long)
        chile = beside.submit(timed, "Chile", _addon_suite, "family_cl", *rest, kept)
        yield timed("generic", _addon_suite, "family", *rest, sys.stdout)
        yield chile.result()
        kept.seek(0)
        print("\nChile:", kept.read(), sep="\n", flush=True)


def summary(results):
    """Print one line a suite and the totals; the exit status follows from them."""
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
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed else 0


def timed(name, suite, *arguments):
    """Run a suite; what stops it counts as a failure."""
    say.line(f"\n=== {name} ===")
    started = time.monotonic()
    result = Result(name)
    try:
        suite(result, *arguments)
    except say.Stop as stop:
        result.failed += 1
        result.remarks.append(str(stop))
    result.duration = time.monotonic() - started
    return result


def _addon_suite(result, kind, selection, long, output):
    """The addons' Odoo tests and doctests in a fresh database."""
    paths = selection.addon_paths or _addon_paths(with_doctests=kind == "family")
    if not paths:
        result.remarks.append("there are no addons yet")
        return
    name = f"xpyme_{place.checkout_id()}_test_{kind}"
    database.clone(kind, name)
    _charge_warnings(result, kind)
    options = ["--odoo-database", name, "--odoo-config", odoo.conf_file()]
    options += ["--odoo-http", "--odoo-log-level", "warn", "--doctest-modules"]
    country = "CL" if kind == "family_cl" else None
    try:
        arguments = [*options, *_choice(selection, long), *paths]
        _pytest(result, arguments, long, country, output)
    finally:
        if selection.keep_db:
            result.remarks.append(f"kept database {name}")
        else:
            database.drop(name)


def _addon_paths(with_doctests):
    found = []
    for addon in addons.family():
        folder = place.ROOT / addon
        found += [folder / "tests"] if (folder / "tests").is_dir() else []
        if with_doctests:
            found += sorted((folder / "tools").glob("[!_]*.py"))
    return found


def _charge_warnings(result, kind):
    """Installing the family must not log a warning."""
    found = database.warnings(kind)
    if found:
        result.failed += 1
        result.remarks += ["the installation logged:", *found]
    else:
        result.passed += 1


def _end_to_end(result, selection, long):
    for kind in ("family", "family_demo"):
        database.template(kind)
    if selection.everything:
        _charge_warnings(result, "family_demo")
    paths = selection.test_paths or [TESTS]
    _pytest(result, ["-p", "no:odoo", *_choice(selection, long), *paths], long)


def _choice(selection, long):
    return [*([] if long else ["-m", "not long"]), *selection.options]


def _pytest(result, arguments, long, country=None, output=None):
    """Run pytest and add its counts; the plugin leaves them in a file."""
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.json"
        environment = {**odoo.environment(), "XPYME_COUNTS": str(counts)}
        environment |= {"XPYME_TEST_COUNTRY": country} if country else {}
        environment |= {"XPYME_LONG": "1"} if long else {}
        rootdir = ["--rootdir", place.ROOT, "-c", place.ROOT / "pytest.ini"]
        command = [python_env.python(), "-m", "pytest", "-p", "devkit.pytest_plugin"]
        command = [str(part) for part in (*command, *rootdir, *arguments)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, env=environment
        )
        found = json.loads(counts.read_text()) if counts.is_file() else {}
    for name, count in found.items():
        setattr(result, name, getattr(result, name) + count)
    clean = done.returncode in (0, NOTHING_COLLECTED)
    if not clean and not found.get("failed"):
        result.failed += 1
        result.remarks.append(f"pytest ended with status {done.returncode}")
