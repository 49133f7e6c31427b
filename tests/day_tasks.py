"""Everyday tasks at the screen, as a person does them, and what they cost.

A ``Hand`` presses and types; the page itself counts what it is given, so that whatever
the test calls to give it costs what it would cost a person.
"""

import time
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import expect

from tests import browser as screen

COUNT = """
const told = (what) => window.xpymeCount?.(what);
let typedIn = null;
addEventListener("pointerdown", () => told("clicks"), true);
addEventListener("input", ({target}) => {
    if (target !== typedIn && target.type !== "checkbox" && target.type !== "radio") {
        typedIn = target;
        told("fields");
    }
}, true);
addEventListener("keydown", ({key, altKey, ctrlKey}) => {
    const modifier = ["Alt", "Control", "Shift"].includes(key);
    if (!modifier && (key.length > 1 || altKey || ctrlKey)) {
        told("keys");
    }
}, true);
"""
FOCUSED = "(selector) => document.activeElement.matches(selector)"
SELECTED = ".o_data_row_selected, .o_kanban_record.o_record_selected"
RECORD = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


@dataclass
class Cost:
    """What a task took: presses, fields typed into, other keys, seconds."""

    task: str
    login: str
    width: int
    clicks: int = 0
    fields: int = 0
    keys: int = 0
    seconds: float = 0.0


def table(costs):
    """The costs as lines to print."""
    wide = max([4, *(len(cost.task) for cost in costs)])
    head = f"{'task':<{wide}}  {'who':<8}{'px':>5}{'clicks':>8}{'fields':>8}"
    lines = [f"{head}{'keys':>6}{'seconds':>9}"]
    for cost in costs:
        lines.append(
            f"{cost.task:<{wide}}  {cost.login:<8}{cost.width:>5}{cost.clicks:>8}"
            f"{cost.fields:>8}{cost.keys:>6}{cost.seconds:>9.1f}"
        )
    return lines


class Day:
    """The tasks done so far, in one browser."""

    def __init__(self, browser):
        self.browser = browser
        self.costs = []

    @contextmanager
    def task(self, name, login, device, company=None):
        """A hand at the page where the user lands; what it does is counted.

        :param company: id of the company the user works in, their own one if not given
        """
        cost = Cost(name, login, device["viewport"]["width"])

        def count(_source, what):
            setattr(cost, what, getattr(cost, what) + 1)

        with self.browser.page(login, device) as page:
            page.expose_binding("xpymeCount", count)
            page.add_init_script(COUNT)
            _work_in(page, self.browser.url, company)
            page.goto(f"{self.browser.url}/odoo")
            expect(page.locator(RECORD).first).to_be_visible()
            started = time.monotonic()
            yield Hand(page, device is screen.PHONE)
            cost.seconds = time.monotonic() - started
            self.browser.look(page, f"task-{name}-{cost.width}".replace(" ", "-"))
        self.costs.append(cost)


def _work_in(page, url, company):
    """The company chosen at the top of the screen; the browser remembers it."""
    if company:
        page.context.add_cookies([{"name": "cids", "value": str(company), "url": url}])
    else:
        page.context.clear_cookies(name="cids")


class Hand:
    """A person's hand at a page, on a desk or on a telephone."""

    def __init__(self, page, phone):
        self.page = page
        self.phone = phone

    def button(self, name, inside=""):
        return self.page.locator(f"{inside} button[name='{name}']:visible").first

    def press(self, name, head=".o_statusbar_buttons"):
        """A button of a form, also where the telephone folds it away."""
        screen.press(self.page, name, head)

    def type(self, field, text, inside=""):
        """Fill a field in and leave it, as the tabulator does."""
        where = f"{inside} div[name={field}] :is(input, textarea):visible"
        box = self.page.locator(where).first
        box.fill(text)
        box.press("Tab")

    def choose(self, field, text, inside=""):
        """Type into a many2one and take what is found; a telephone shows a list."""
        box = self.page.locator(f"{inside} div[name={field}] input:visible").first
        if box.get_attribute("readonly") is not None:
            box.click()
            dialog = self.page.locator(".modal").last
            self.search(text, ".modal ")
            dialog.locator(".o_kanban_record", has_text=text).first.click()
        else:
            box.fill(text)
            found = ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)"
            self.page.locator(found, has_text=text).first.click()

    def search(self, text, inside=""):
        """Type into the search box, which a telephone hides behind its glass."""
        page = self.page
        box = page.locator(f"{inside}.o_searchview_input:visible")
        glass = page.locator(f"{inside}.o_control_panel button:has(.fa-search):visible")
        expect(box.or_(glass).first).to_be_visible()
        if not box.count():
            glass.first.click()
        box.first.fill(text)
        expect(page.locator(".o_searchview_autocomplete")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator(f"{inside}.o_facet_value").last).to_contain_text(text)

    def find(self, text):
        """Search for a record and open it."""
        self.search(text)
        screen.open_record(self.page, text)

    def new(self):
        self.page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
        expect(self.page.locator(".o_form_view")).to_be_visible()

    def save(self):
        screen.save(self.page)

    def tab(self, name):
        self.page.get_by_role("tab", name=name, exact=True).click()

    def add(self, field):
        """A new row of a list within the form; a telephone opens it in a window."""
        row = ".o_field_x2many_list_row_add a, .o-kanban-button-new"
        row += ", .o_x2m_control_panel button"
        self.page.locator(f"div[name={field}]").locator(row).first.click()
        return ".modal" if self.phone else f"div[name={field}] .o_selected_row"

    def close_row(self, field):
        """A row typed on the desk is kept when the form is; a window has its button."""
        if self.phone:
            self.page.locator(".modal .o_form_button_save").click()
            expect(self.page.locator(".modal")).to_have_count(0)

    def menu(self, *names):
        """From the menu at the top, by the external ids of its entries."""
        page = self.page
        if self.phone:
            page.locator(".o_menu_toggle").click()
            entries = names[-1:]
        else:
            entries = names
        for name in entries:
            entry = page.locator(f"[data-menu-xmlid='xpyme_contacts.{name}']:visible")
            more = page.locator(".o_menu_sections_more button:visible")
            expect(entry.or_(more).first).to_be_visible()
            if not entry.count():
                more.click()
            entry.first.click()

    def tick(self, records):
        """Mark records of the list: with their box, or the first with a long touch."""
        chosen = self.page.locator(SELECTED)
        for number, record in enumerate(records, 1):
            if not self.phone:
                record.locator("input[type=checkbox]").click()
            elif number > 1:
                record.click(position={"x": 5, "y": 5})
            else:
                self._touch_long(record, chosen)
            expect(chosen).to_have_count(number)

    def _touch_long(self, record, chosen):
        """As events: the records move when the first is marked, and the tap which the
        browser makes of a finger's going up would meet the next one.
        """
        record.dispatch_event("pointerdown")
        record.dispatch_event("touchstart")
        expect(chosen).to_have_count(1)
        record.dispatch_event("touchend")

    def act(self, name):
        """What is done with the marked records."""
        self.page.locator(".o_cp_action_menus button:has(.fa-cog):visible").click()
        self.page.get_by_role("menuitem", name=name, exact=True).click()

    def download(self, locator):
        """What a press downloads, as a path."""
        with self.page.expect_download() as download:
            locator.click()
        return download.value.path()

    # === WITH THE KEYS ALONE ===#

    def tab_to(self, field, key="Tab", limit=40):
        """Go on until a field has the focus, and tell how many keys it took."""
        return self._go_to(f"div[name={field}] :is(input, textarea)", key, limit)

    def _go_to(self, selector, key="Tab", limit=120):
        for pressed in range(limit):
            if self.page.evaluate(FOCUSED, selector):
                return pressed
            self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not lead to {selector}")

    def tab_by_key(self, name):
        self._go_to(f"a[role=tab][name={name}]")
        self.page.keyboard.press("Enter")

    def add_by_key(self, field):
        """Begin a row in a list within the form; its first box has the focus then."""
        self._go_to(f"div[name={field}] .o_field_x2many_list_row_add a")
        self.page.keyboard.press("Enter")
        row = self.page.locator(f"div[name={field}] .o_selected_row")
        expect(row.locator("input, textarea").first).to_be_focused()

    def save_by_key(self):
        self.page.keyboard.press("Alt+s")
        button = self.page.locator(".o_form_button_save:visible")
        expect(button).to_have_count(0)
