"""The unit tests of the till's scripts, in Odoo's own runner."""

import re
from pathlib import Path

import pytest

from tests.browser import Browser, catalogues

pytestmark = pytest.mark.long
DESK = {"viewport": {"width": 1366, "height": 768}}
ADDON = "xpyme_contacts_pos"
SCRIPTS = Path(__file__).parents[1] / ADDON / "static" / "tests" / "unit"


@pytest.fixture(scope="module")
def shop(lab):
    with lab.database("units", template="family_es") as db, lab.server(db) as server:
        browser = Browser(lab.chromium, server.url, catalogues(lab))
        browser.db = db
        yield browser
        browser.close()


def _get_id(suite):
    """The number by which Odoo's runner knows a suite."""
    number = 0
    for letter in suite:
        number = ((number << 5) - number + ord(letter)) & 0xFFFFFFFF
    return f"{number:08x}"


def test_the_scripts_pass_their_unit_tests(shop):
    told = []
    with shop.page("admin", DESK) as page:
        page.on("console", lambda message: told.append(message.text))
        chosen = f"preset=desktop&id={_get_id(f'@{ADDON}')}"
        page.goto(f"{shop.url}/web/tests?headless&loglevel=2&{chosen}")
        for _second in range(120):
            if any("[HOOT] Test suite" in text for text in told):
                break
            page.wait_for_timeout(1000)
    assert any("Test suite succeeded" in text for text in told), told
    written = sum(path.read_text().count("    test(") for path in SCRIPTS.iterdir())
    leaves = rf'{ADDON}/unit/\w+/[^/]+" ended.*\(passed: (\d+)'
    passed = sum(map(int, re.findall(leaves, "\n".join(told))))
    assert passed == written, told
