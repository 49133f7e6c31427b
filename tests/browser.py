"""A person's view of the product: Chromium on the demo database, in Spanish.

With ``XPYME_SCREENSHOTS`` set to a folder, the pictures of the documentation are
written there.
"""

import os
from contextlib import contextmanager
from pathlib import Path

import polib
from playwright.sync_api import expect, sync_playwright

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}
ACTION = "/odoo/action-xpyme_contacts."


class Browser:
    """Opens pages for users; every error of the page's own fails the test."""

    def __init__(self, chromium, url, catalogue):
        self.url = url
        self.english = _english_terms(catalogue)
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path=chromium, args=list(ARGS)
        )

    def close(self):
        self.chromium.close()
        self.playwright.stop()

    @contextmanager
    def page(self, login, device):
        """A page where ``login`` (its own password) has signed in."""
        context = self.chromium.new_context(
            locale="es-ES", accept_downloads=True, **device
        )
        errors = []
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{self.url}/web/login")
        page.fill("#login", login)
        page.fill("#password", login)
        page.click("button[type=submit]")
        page.wait_for_selector(".o_web_client")
        try:
            yield page
        except BaseException:
            self.picture(page, "failed")
            raise
        finally:
            context.close()
        assert not errors, errors

    def open(self, page, path):
        """Go to an action and wait until it is drawn."""
        page.goto(self.url + path)
        page.wait_for_selector(".o_view_controller, .modal .o_form_view")

    def look(self, page, name):
        """What a person would check: no English of ours, nothing wider than the page.

        And the picture, if wanted.
        """
        page.wait_for_timeout(400)
        expect(page.locator(".o_loading_indicator")).to_have_count(0)
        seen = set(page.locator("body").inner_text().split("\n"))
        english = {line.strip() for line in seen} & self.english
        assert not english, f"{name}: {english}"
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], f"{name}: {width} px wide"
        self.picture(page, name)

    def picture(self, page, name):
        folder = os.environ.get("XPYME_SCREENSHOTS")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")


def _english_terms(catalogue):
    """Texts that would be seen only where a translation is missing."""
    return {
        entry.msgid.strip()
        for path in catalogue
        for entry in polib.pofile(str(path))
        if entry.msgstr != entry.msgid and len(entry.msgid) > 3
    } - {"Total", "Color"}
