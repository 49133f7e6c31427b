"""Who hears the screen, or sees it badly, works with it too: axe-core looks at it."""

import pytest

from devkit import node_env
from tests.browser import ACTION, DESKTOP, open_record

AXE = node_env.home() / "node_modules" / "axe-core" / "axe.min.js"
# Odoo's own parts, the same on all of its screens.
OF_ODOO = [
    ".o-mail-ChatterContainer",
    ".o-mail-Form-chatter",
    ".o-mail-Chatter",
    ".o_notebook_headers",
    ".o_list_record_selector",
    ".o_list_controller thead",
    ".o_optional_columns_dropdown",
    ".o_field_many2one_avatar_user",
    ".o_field_many2one .o-autocomplete",
    ".o_handle_cell",
    ".o_field_x2many",
    ".o_kanban_renderer .o_avatar",
    ".o_kanban_header",
    ".o_column_quick_create",
    ".o-kanban-button-new",
    ".o_statusbar_status",
    ".o_select_menu",
    ".o_field_selection",
    ".o_field_tags",
    ".o_field_many2many_tags",
]
SERIOUS = """async (others) => {
    const found = await axe.run(
        {include: [".o_content"], exclude: others.map((one) => [one])},
        {resultTypes: ["violations"]}
    );
    return found.violations
        .filter(({impact}) => ["serious", "critical"].includes(impact))
        .flatMap(({id, nodes}) =>
            nodes.map(({html}) => `${id}: ${html.slice(0, 200)}`));
}"""
SCREENS = [
    ("duena", "xpyme_customer_action"),
    ("tecnico", "xpyme_service_order_action"),
    *(
        pytest.param("duena", f"xpyme_{name}_action", marks=pytest.mark.long)
        for name in (
            "contact",
            "customer_over_limit",
            "offer_campaign",
            "service_order",
        )
    ),
]


# What fades in is pale until it is there.
STILL = """() => document.getAnimations().every((one) =>
    one.playState !== "running" || one.effect.getTiming().iterations === Infinity)
    && !document.querySelector(".tab-pane.active:not(.show)")"""


def get_serious(page):
    page.wait_for_timeout(500)
    page.wait_for_function(STILL)
    page.evaluate(AXE.read_text())
    present = [one for one in OF_ODOO if page.locator(one).count()]
    return page.evaluate(SERIOUS, present)


@pytest.mark.parametrize("login, action", SCREENS)
def test_no_serious_finding_on_a_screen(browser, device, login, action):
    with browser.page(login, device) as page:
        browser.open(page, f"{ACTION}{action}")
        assert not get_serious(page)


def test_no_serious_finding_on_the_card_and_its_tabs(browser, device):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        found = {}
        for tab in page.locator(".o_notebook_headers .nav-link").all():
            tab.click()
            found[tab.inner_text()] = get_serious(page)
        faults = [fault for faults in found.values() for fault in faults]
        assert not faults, "\n".join(faults)


def test_no_serious_finding_in_the_risk_report(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        page.keyboard.press("Alt+g")
        page.wait_for_selector("div[name=component_ids]")
        assert not get_serious(page)
