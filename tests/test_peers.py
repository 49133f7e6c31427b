"""Where nothing of ours acts, Odoo's own and OCA's test suites pass as without us.

Each suite runs in a database that holds what the family depends on, and in one that
holds the family too; those of apps that a shop may do without in databases of a shop in
Spain, which have them. Only the difference counts: run in a database with all addons,
some of core's tests fail by themselves. ``peers_plugin.py`` says which are left out.
"""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from devkit import odoo, place, python_env

# Of the addons with long suites, the files that touch what ours extends.
FILES = {
    "account": [
        "account_move_out_invoice",
        "account_move_out_refund",
        "account_partner",
        "account_payment",
        "account_payment_register",
        "duplicate_res_partner_bank",
        "early_payment_discount",
        "fiscal_position",
        "payment_term",
        "portal_invoice",
        "res_partner_merge",
    ],
    "base": [
        "avatar_mixin",
        "format_address_mixin",
        "res_partner",
        "res_partner_bank",
        "res_partner_merge",
        "res_users",
    ],
    "mail": [
        "mail_activity",
        "mail_composer",
        "mail_mail",
        "mail_message",
        "mail_render",
        "mail_template",
        "res_partner",
        "res_users",
    ],
}
WHOLE = [
    "account_payment",
    "base_location",
    "base_vat",
    "fieldservice",
    "partner_contact_birthdate",
    "partner_contact_gender",
    "partner_identification",
    "partner_phone_secondary",
    "payment",
    "portal",
    "privacy_lookup",
    "product",
    "sale",
    "sale_management",
    "sales_team",
]
BESIDE_APPS = [
    "loyalty",
    "point_of_sale",
    "pos_loyalty",
    "pos_sale",
    "sale_loyalty",
    "sale_stock",
    "stock",
]

# Core skips it in Community. OCA's batch payments alone make it run: they say of every
# invoice what is so in Enterprise, ours of those that an order of payments has paid.
SKIPPED = {
    "account/test_account_payment.py::TestAccountPayment"
    "::test_invoice_paid_hook_called_in_various_scenarios"
}

pytestmark = pytest.mark.long


def _folder(addon):
    """Where the tests of an addon of Odoo or OCA are."""
    core = odoo.source()[0]
    roots = (core / "odoo" / "addons", core / "addons", python_env.oca_addons())
    found = [root / addon / "tests" for root in roots]
    return next(folder for folder in found if folder.is_dir())


def _paths():
    for addon, names in FILES.items():
        yield from (_folder(addon) / f"test_{name}.py" for name in names)
    yield from map(_folder, WHOLE)


def _run(lab, template, folder, paths):
    """``{test: {"outcome": …, "reason": …}}`` of all suites in a new database."""
    results = folder / f"{template}.json"
    with lab.database(f"peers_{template}", template=template) as db:
        command = [python_env.python(), "-m", "pytest", "-p", "tests.peers_plugin"]
        command += ["--rootdir", place.ROOT, "-c", place.ROOT / "pytest.ini", "-q"]
        command += ["--odoo-database", db, "--odoo-config", odoo.conf_file()]
        command += ["--odoo-http", "--odoo-log-level", "critical", *paths]
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**odoo.environment(), "PEERS_RESULTS": str(results)},
        )
    # 1: some test failed
    assert done.returncode in (0, 1), done.stdout[-3000:]
    return json.loads(results.read_text())


def _compare(lab, folder, kinds, paths):
    """What suites come to in databases of two templates."""
    paths = list(paths)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(_run, lab, kind, folder, paths) for kind in kinds]
        return [run.result() for run in runs]


@pytest.fixture(scope="module")
def outcomes(lab, tmp_path_factory):
    """What the suites come to without our addons, and with them."""
    folder = tmp_path_factory.mktemp("peers")
    return _compare(lab, folder, ("deps", "family"), _paths())


@pytest.fixture(scope="module")
def outcomes_beside_apps(lab, tmp_path_factory):
    """The same of the apps that a shop may do without."""
    folder = tmp_path_factory.mktemp("apps")
    paths = map(_folder, BESIDE_APPS)
    return _compare(lab, folder, ("deps_demo", "family_es"), paths)


@pytest.mark.parametrize("addon", [*FILES, *WHOLE])
def test_nothing_fails_newly(outcomes, addon):
    _check(outcomes, addon)


@pytest.mark.parametrize("addon", BESIDE_APPS)
def test_nothing_fails_newly_beside_an_app(outcomes_beside_apps, addon):
    _check(outcomes_beside_apps, addon)


def _check(outcomes, addon):
    without, ours = (
        {test: found for test, found in run.items() if test.startswith(f"{addon}/")}
        for run in outcomes
    )
    passed = {test for test, found in without.items() if found["outcome"] == "passed"}
    assert passed
    newly = {
        f"{test} {found['outcome']}: {found.get('reason', '')}"
        for test, found in ours.items()
        if test in passed
        and found["outcome"] != "passed"
        and not (found["outcome"] == "skipped" and test in SKIPPED)
    }
    assert not newly, "\n".join(sorted(newly))
    assert passed <= ours.keys()
