"""The tests' own rules, loaded by ``./dev test`` into every pytest session.

* Odoo's ``@tagged("long")`` becomes pytest's marker ``long``.
* A warning that the family logs fails the test that provoked it; a test that provokes
  one on purpose expects it with ``assertLogs`` or ``mute_logger``.
* The counts are left in a file for the summary of all suites.
"""

import json
import logging
import os

import pytest

OURS = "odoo.addons.xpyme"
# Odoo's test runner passes the browser's console on; it judges that by itself.
CONSOLE = ".browser"


class _Collector(logging.Handler):
    """Keeps the family's warnings until a test is charged with them."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.texts = []

    def emit(self, record):
        if record.name.startswith(OURS) and not record.name.endswith(CONSOLE):
            text = record.getMessage()
            self.texts.append(f"{record.levelname} {record.name}: {text}")

    def take(self):
        texts, self.texts = self.texts, []
        return texts


_collector = _Collector()


def pytest_configure():
    logging.getLogger().addHandler(_collector)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        tags = getattr(getattr(item, "cls", None), "test_tags", None) or set()
        own = getattr(getattr(item, "function", None), "test_tags", None) or set()
        if "long" in tags | own:
            item.add_marker("long")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    outcome = yield
    report = outcome.get_result()
    texts = _collector.take()
    if texts and report.passed:
        report.outcome = "failed"
        report.longrepr = "The test logged a warning:\n" + "\n".join(texts)


def pytest_terminal_summary(terminalreporter):
    path = os.environ.get("XPYME_COUNTS")
    if not path:
        return
    stats = terminalreporter.stats
    counts = {
        "passed": len(stats.get("passed", [])) + len(stats.get("xpassed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])),
        "skipped": len(stats.get("skipped", [])) + len(stats.get("xfailed", [])),
    }
    with open(path, "w") as output:
        json.dump(counts, output)


@pytest.fixture(scope="session")
def lab():
    """Databases, servers and programs: see ``devkit/lab.py``."""
    from devkit.lab import Lab

    return Lab()
