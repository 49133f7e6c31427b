"""A walk through all screens of a user: what is wrong there, one line a fault.

A screen is an action's view with each tab of its form, a window of ours (*wizard*) or
a print. What is looked for: errors, emptiness, English, numbers cut off, fields
without a label.
"""

import os
import re
from pathlib import Path

from playwright.sync_api import TimeoutError as Impatience

from devkit import node_env
from tests.names import CUT, EMPTY, UNLABELLED
from tests.words import get_english

AXE = node_env.home() / "node_modules" / "axe-core" / "axe.min.js"
LOOK = (Path(__file__).parent / "in_page" / "look.js").read_text()
# Whose windows are opened on the shop's best customer.
CARD = [["is_customer_card", "=", True]]
# What an action needs at most on a busy machine, in milliseconds.
PATIENCE = 30_000
# Stands in an action instead of waiting for ever.
ACT = """async ({action, options, view, call, patience}) => {
    const {action: actions, dialog} = odoo.__WOWL_DEBUG__.root.env.services;
    dialog.closeAll();
    const late = new Promise((resolve) => setTimeout(resolve, patience, "late"));
    const open = async () => {
        if (call) {
            const [model, method, args] = call;
            const path = `/web/dataset/call_button/${model}/${method}`;
            const {rpc} = odoo.loader.modules.get("@web/core/network/rpc");
            const {user} = odoo.loader.modules.get("@web/core/user");
            const kwargs = {context: user.context};
            action = await rpc(path, {model, method, args, kwargs});
        }
        await actions.doAction(action, options);
        if (view && actions.currentController?.view?.type !== view) {
            await actions.switchView(view);
        }
    };
    try {
        return await Promise.race([open(), late]);
    } catch (error) {
        const cause = error.cause || error;
        return `${cause.data?.message || cause.message || cause}`;
    }
}"""
SEARCH = """([model, domain]) =>
    odoo.__WOWL_DEBUG__.root.env.services.orm
        .search(model, domain, {limit: 80})
        .then((found) => found.slice(0, 1))"""
CALL = "(call) => odoo.__WOWL_DEBUG__.root.env.services.orm.call(...call)"
READ = """async (path) => {
    const answer = await fetch(path);
    const html = await answer.text();
    const body = new DOMParser().parseFromString(html, "text/html").body;
    for (const hidden of body.querySelectorAll("script, style")) {
        hidden.remove();
    }
    return [answer.status, body.innerHTML.replace(/<[^>]+>/g, "\\n")];
}"""


class Walk:
    """One user's walk in one page, at one width."""

    def __init__(self, browser, page, who, customer):
        self.browser = browser
        self.page = page
        self.who = who
        self.customer = customer
        self.faults = {}
        self._pending = set()
        self._forms = set()
        self._english = get_english()
        self._listen()
        self._enter()

    def _listen(self):
        page = self.page
        self._told = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._told.append(f"error {error}"))
        page.on("response", self._on_response)
        page.on("request", self._on_request)
        for end in ("requestfinished", "requestfailed"):
            page.on(end, lambda request: self._pending.discard(request))

    def _on_console(self, message):
        if message.type == "error":
            self._told.append(f"console {message.text[:200]}")

    def _on_response(self, response):
        if response.status >= 400:
            self._told.append(f"{response.status} {response.url[-80:]}")

    def _on_request(self, request):
        if request.resource_type in ("xhr", "fetch", "script", "stylesheet"):
            self._pending.add(request)

    def _enter(self):
        """The web client without a screen of its own to wait for."""
        self.page.goto(f"{self.browser.url}/odoo")
        self.page.wait_for_selector(".o_action_manager > *", timeout=120_000)
        self._pending.clear()
        self.settle()
        self.page.evaluate(AXE.read_text())
        self._told.clear()

    def settle(self):
        """Until nothing is asked of the server any more."""
        quiet = 0
        for _patience in range(PATIENCE // 40):
            self.page.wait_for_timeout(40)
            quiet = 0 if self._pending else quiet + 1
            if quiet >= 3:
                return
        self._told.append("the page never comes to rest")
        self._pending.clear()

    def blame(self, screen, what):
        """A fault, once for each screen."""
        key = (screen.partition(" > ")[0], what)
        self.faults.setdefault(key, f"{self.who}: {screen}: {what}")

    # === OPENING ===#

    def act(self, screen, record_expected=True, **step):
        """Open an action and look at it; False if that failed."""
        answer = self.page.evaluate(ACT, {"patience": PATIENCE, **step})
        if answer:
            self.blame(screen, f"does not open: {answer}")
        self.settle()
        self.look(screen, record_expected)
        if answer or self.page.locator(".o_error_dialog").count():
            self._enter()
            return False
        return True

    def open_screen(self, told):
        """Each view of an action, the form with a record and its tabs."""
        for view_id, kind in told["views"]:
            screen = f"{told['name']} [{kind}]"
            options = {"viewType": kind, "clearBreadcrumbs": True}
            if kind == "form":
                form = (told["model"], view_id, told["record"])
                if form in self._forms:
                    continue
                self._forms.add(form)
                if told["record"]:
                    options["props"] = {"resId": told["record"]}
                elif not told["transient"]:
                    if screen not in EMPTY:
                        self.blame(screen, "nothing to open")
                    continue
            view = None if kind == "form" else kind
            active = {"active_id": self.customer, "active_ids": [self.customer]}
            options["additionalContext"] = {**active, "active_model": "res.partner"}
            step = {"action": told["id"], "options": options, "view": view}
            # The core's calendars show a month, in which there may be nothing.
            core = kind == "calendar" and "." in told["name"]
            filled = (told["filled"] and not core) or kind == "form"
            if self.act(screen, filled, **step):
                self.open_tabs(screen)
                if kind == "list":
                    self.open_menus(screen, told["filled"])

    def open_tabs(self, screen):
        tabs = self.page.locator(".o_notebook_headers .nav-link:not(.disabled)")
        for number in range(tabs.count()):
            tab = tabs.nth(number)
            name = (tab.text_content() or tab.get_attribute("name") or "").strip()
            try:
                tab.dispatch_event("click", timeout=5_000)
            except Impatience:
                self.blame(screen, f"tab {name} cannot be opened")
                continue
            self.settle()
            self.look(f"{screen} > {name}")

    def open_menus(self, screen, filled):
        """The filters and groups of the search, the gear and what is under it."""
        for opener in (".o_searchview_dropdown_toggler", ".o_cp_action_menus button"):
            button = self.page.locator(f"{opener}:visible").first
            if button.count():
                button.dispatch_event("click")
                self.settle()
                self.look(f"{screen} > {opener}", filled)
                self.page.keyboard.press("Escape")
                self.page.wait_for_timeout(40)

    def open_window(self, name, recipe):
        """A window of ours as its button or menu opens it."""
        step = dict(recipe)
        model, domain = step.pop("model", None), step.pop("domain", [])
        if model:
            found = [self.customer] if domain == CARD else self.find(model, domain)
            if not found:
                return self.blame(name, f"no {model} to open it on")
            if "method" in step:
                step["call"] = [model, step.pop("method"), [found]]
            else:
                active = {"active_id": found[0], "active_ids": found}
                context = {**active, "active_model": model}
                step["options"] = {"additionalContext": context}
        if self.act(name, True, **step):
            self.open_tabs(name)

    def open_print(self, name, ids, as_pdf):
        """A print's text; and that its PDF is made."""
        told = ",".join(map(str, ids))
        status, text = self.page.evaluate(READ, f"/report/html/{name}/{told}")
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if status != 200 or not lines:
            self.blame(name, f"prints nothing ({status})")
        self.blame_english(name, lines)
        if as_pdf:
            answer = self.page.request.get(
                f"{self.browser.url}/report/pdf/{name}/{told}"
            )
            if not answer.body().startswith(b"%PDF"):
                self.blame(name, f"gives no PDF ({answer.status})")

    def find(self, model, domain):
        """The first record, as a list of its id."""
        return self.page.evaluate(SEARCH, [model, domain])

    def call(self, *call):
        return self.page.evaluate(CALL, list(call))

    # === LOOKING ===#

    def look(self, screen, record_expected=True):
        """Blame the screen for what is wrong with it."""
        for told in self._told:
            self.blame(screen, told)
        self._told.clear()
        seen = self._see(record_expected and screen not in EMPTY)
        for dialog in seen["errors"]:
            self.blame(screen, f"error: {dialog[:200]}")
        if seen["empty"] and record_expected and screen not in EMPTY:
            self.blame(screen, f"empty: {seen['empty']}")
        known = screen.partition(" > ")[0]
        for place, numbers in seen["cut"].items():
            if not {known, *place.split()} & CUT.keys():
                self.blame(screen, f"cut off: {place} {numbers[0]}")
        for field, html in seen["unlabelled"]:
            if field not in UNLABELLED:
                self.blame(screen, f"without label: {field} {html}")
        if seen["wide"]:
            self.blame(screen, f"wider than the page: {seen['wide']} px")
        self.blame_english(screen, seen["lines"])
        self.picture(screen)

    def _see(self, record_expected):
        """What is on the page; on a busy machine rows come late."""
        for _patience in range(30):
            seen = self.page.evaluate(LOOK)
            if not (seen["empty"] and record_expected):
                break
            self.page.wait_for_timeout(300)
        return seen

    def blame_english(self, screen, lines):
        for line in lines:
            for part in line.split("\t"):
                words = self._english.find(part)
                if words:
                    self.blame(screen, f"English {words}: {part[:100]!r}")

    def picture(self, screen):
        if os.environ.get("XPYME_SCREENSHOTS"):
            name = re.sub(r"\W+", "-", f"walk {self.who} {screen}")
            self.browser.picture(self.page, name.strip("-").lower()[:120])
