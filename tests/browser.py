"""A person's view of the product: Chromium on the demo database, in Spanish.

With ``XPYME_SCREENSHOTS`` set to a folder, the pictures of the documentation are
written there.
"""

import atexit
import os
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import polib
from playwright.sync_api import TimeoutError as Impatience
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
# Odoo's sheet of folded buttons slides in, and on a busy machine out again, under the
# pointer: here it stands still.
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",
}
# Where the demo's users are: their browsers have the clock of there.
ZONES = {"vendedor": "Europe/Madrid"}
ZONE = "America/Santiago"
ACTION = "/odoo/action-xpyme_contacts."
# The page where the user lands is drawn: before, there may be an empty control panel.
LANDED = ".o_action_manager > :not(.o_control_panel)"
# The chat that greets a new user covers the page on a phone; those of the demo know it.
NO_GREETING = """
env["res.users"].search([]).odoobot_state = "disabled"
env.cr.commit()
"""
# Nobody approves offers whose link to leave is on this machine, where a browser that
# signs in would say so.
SHOP = "https://tienda.example.com"
PUBLIC = f"""
parameters = env["ir.config_parameter"]
parameters.set_param("web.base.url", "{SHOP}")
parameters.set_param("web.base.url.freeze", "True")
"""


# A busy machine draws a form in more than the five seconds of Playwright.
expect.set_options(timeout=30_000)


class Browser:
    """Opens pages for users; every error of the page's own fails the test."""

    def __init__(self, chromium, url, catalogue):
        self.url = url
        self.english = _english_terms(catalogue)
        self.told = ""
        self._contexts = {}
        self.chromium = _get_playwright().chromium.launch(
            executable_path=chromium, args=list(ARGS)
        )

    def close(self):
        self.chromium.close()

    @contextmanager
    def page(self, login, device):
        """A page where ``login`` (its own password) has signed in.

        Once for each kind of device: what the browser has loaded stays loaded.
        """
        width = device["viewport"]["width"]
        if (login, width) not in self._contexts:
            self._contexts[login, width] = self._sign_in(login, device)
        errors = []
        page = self._contexts[login, width].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            yield page
        except BaseException:
            self.picture(page, "failed")
            raise
        finally:
            page.close()
        assert not errors, errors

    def _sign_in(self, login, device):
        context = self.chromium.new_context(
            locale="es-ES",
            timezone_id=ZONES.get(login, ZONE),
            accept_downloads=True,
            **device,
        )
        context.route(f"{SHOP}/**", self._answer_as_shop)
        # the first page of a fresh server waits for its bundles and views to be made
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.goto(f"{self.url}/web/login")
        page.fill("#login", login)
        page.fill("#password", login)
        page.click("button[type=submit]")
        page.wait_for_selector(LANDED)
        page.close()
        context.set_default_timeout(45_000)
        return context

    def _answer_as_shop(self, route):
        """The public address leads here."""
        path = route.request.url.removeprefix(SHOP)
        route.fulfill(response=route.fetch(url=self.url + path))

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


@cache
def _get_playwright():
    """One for all browsers: a program cannot have two."""
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright


@contextmanager
def demo_browser(lab, prepared="", options=()):
    """Chromium on a server with the demo data.

    :param prepared: code run in the shell of the database before; what it prints is
        the browser's ``told``
    :param options: of the server's command line
    """
    with lab.database("browser", template="family_demo") as db:
        told = lab.shell(db, prepared + NO_GREETING) if prepared else ""
        with lab.server(db, options=options) as server:
            browser = Browser(lab.chromium, server.url, catalogues(lab))
            browser.told = told
            browser.db = db
            yield browser
            browser.close()


def catalogues(lab):
    """What of the family is translated: none of it is to be read in English."""
    return sorted(lab.root.glob("xpyme_*/i18n*/es.po"))


def open_record(page, text):
    """Open the list's or the kanban's record that shows ``text``.

    A busy machine draws what was found anew under the pointer: then it is pressed once
    more, as a person would. What the browser remembers of the record is shown until the
    server has answered: nobody would type into it so fast.
    """
    card = page.locator(".o_kanban_record:not(.o_kanban_ghost)", has_text=text)
    row = page.locator(".o_data_row", has_text=text)
    form = page.locator(".o_form_view")
    expect(card.or_(row).first).to_be_visible()
    for patience in (10_000, 20_000, 30_000):
        try:
            with page.expect_response("**/web_read", timeout=patience):
                if row.count():
                    row.first.locator("td.o_data_cell").nth(1).click(timeout=patience)
                elif card.count():
                    card.first.click(position={"x": 5, "y": 5}, timeout=patience)
            return form.first.wait_for(timeout=patience)
        except Impatience:
            continue
    raise AssertionError(f"{text} cannot be opened")


def press(page, name, head=".o_statusbar_buttons"):
    """A button of the form's head; a phone folds it away.

    The folded buttons close again when a busy machine draws the form a second time
    under them: then they are opened once more, as a person would. Once a button can be
    pressed it has time: what it does may be done before a busy browser says so.
    """
    button = page.locator(f"button[name={name}]:visible")
    folded = ".dropdown-toggle:visible, .o_button_more:visible"
    more = page.locator(head).locator(folded)
    for patience in (1_000, 2_000, 4_000, 15_000):
        expect(button.or_(more).first).to_be_visible()
        try:
            if not button.count():
                more.first.click(timeout=patience)
            button.first.click(timeout=patience, trial=True)
            return button.first.click()
        except Impatience:
            page.keyboard.press("Escape")
    raise AssertionError(f"{name} cannot be pressed")


def save(page):
    """The form, until the server has it: a busy browser folds the button before."""
    with page.expect_response("**/web_save"):
        page.locator(".o_form_button_save").click()
    expect(page.locator(".o_form_button_save:visible")).to_have_count(0)


def _english_terms(catalogue):
    """Texts that would be seen only where a translation is missing."""
    return {
        entry.msgid.strip()
        for path in catalogue
        for entry in polib.pofile(str(path))
        if entry.msgstr != entry.msgid and len(entry.msgid) > 3
    } - {"Total", "Color"}
