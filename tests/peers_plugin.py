"""Loaded into the pytest that runs other people's suites: see ``test_peers.py``.

* What each test came to is left in the file that ``PEERS_RESULTS`` names.
* Tests that Odoo itself does not run by default are left out, and those that start a
  browser are skipped, as Odoo does where there is none: both databases alike.
* Where our rules ask for a right that stock Odoo does not know, the test's user has it.
"""

import json
import os
from pathlib import Path
from unittest import SkipTest

import pytest

# Limits are changed by risk managers only (seed 004, and the contract of names), and
# core's tests of the limit set one as somebody who may manage invoices.
RISK_MANAGERS = {"TestSaleOrderCreditLimit"}

_ids = {}
_results = {}


def pytest_collection_modifyitems(config, items):
    """Keep what Odoo would run; the hook of rights goes on the classes themselves."""
    from odoo.tests import common

    common.ChromeBrowser.__init__ = _no_browser
    kept, left_out = [], []
    for item in items:
        tags = getattr(item.function, "test_tags", None) or _get_tags(item)
        (kept if "standard" in tags else left_out).append(item)
        if item.cls:
            _ids[item.nodeid] = _name(item)
    for cls in {item.cls for item in items if item.cls}:
        if cls.__name__ in RISK_MANAGERS:
            _make_risk_manager(cls)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def _get_tags(item):
    """A function that pytest takes for a test, as it is called, is none of Odoo's."""
    return item.cls.test_tags if item.cls else ()


def _no_browser(*_arguments, **_options):
    raise SkipTest("no browser: the screens have tests of their own")


def _name(item):
    """``sale/test_sale_prices.py::TestSalePrices::test_x``, wherever Odoo is."""
    addon, path = str(Path(item.path)).split("/addons/")[-1].split("/tests/", 1)
    return f"{addon}/{path}::{item.cls.__name__}::{item.name}"


def _make_risk_manager(cls):
    groups_of_core = cls.get_default_groups

    def get_default_groups(cls):
        nothing = cls.env["res.groups"]
        ours = cls.env.ref("xpyme_contacts.group_risk_manager", False) or nothing
        return groups_of_core() | ours

    cls.get_default_groups = classmethod(get_default_groups)


def pytest_runtest_logreport(report):
    """A test has failed if a phase or a subtest of it has."""
    name = _ids[report.nodeid]
    known = _results.get(name, {"outcome": "passed"})
    if report.failed:
        reason = report.longreprtext.strip().splitlines()
        errors = [line[1:].strip() for line in reason if line.startswith("E ")]
        known = {"outcome": "failed", "reason": " / ".join(errors[:3])}
    elif report.skipped and known["outcome"] == "passed":
        known = {"outcome": "skipped"}
    _results[name] = known


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish():
    Path(os.environ["PEERS_RESULTS"]).write_text(json.dumps(_results))
