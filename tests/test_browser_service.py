"""A technician's day on a telephone, and the program as an app that is installed."""

import pytest
from playwright.sync_api import expect

from tests.browser import ACTION, DESKTOP, PHONE

HOME = ".o_kanban_record:not(.o_kanban_ghost), .o_data_row"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def device(request):
    """Technicians have a telephone in their hand."""
    return request.param


def test_technician_comes_to_their_orders_and_works_from_there(
    browser, device, request
):
    with browser.page("tecnico", device) as page:
        page.goto(f"{browser.url}/odoo")
        mine = page.locator(HOME).filter(has_text="Reforzar el portón")
        expect(mine).to_be_visible()
        expect(page.locator("a[href*='maps']").first).to_be_visible()
        expect(page.locator("a[href^='tel:']").first).to_be_visible()
        expect(page.locator("button[name=action_open_contacts]").first).to_be_visible()
        browser.look(page, f"technician-home-{request.node.callspec.id}")
        mine.get_by_text("Colegio Árbol").first.click()
        contacts = page.locator("button[name=action_open_contacts]:visible").first
        expect(contacts).to_be_in_viewport()

        page.locator("button[name=action_note_done]:visible").first.click()
        dialog = page.locator(".modal")
        dialog.locator("div[name=feedback] textarea").fill("Portón reforzado")
        browser.look(page, f"done-today-{request.node.callspec.id}")
        dialog.locator("button[name=action_followup_done]").click()
        expect(dialog).to_have_count(0)
        page.get_by_role("tab", name="Gestiones").click()
        done = page.locator("div[name=followup_ids]")
        expect(done).to_contain_text("Portón reforzado")


def test_found_order_opens_at_once(browser, device):
    with browser.page("tecnico", device) as page:
        browser.open(page, f"{ACTION}xpyme_service_order_search_action")
        dialog = page.locator(".modal")
        dialog.locator("div[name=text] input").fill("horno")
        dialog.locator("div[name=text] input").press("Tab")
        found = dialog.locator(HOME)
        expect(found).to_have_count(1)
        cut = found.locator("td").evaluate_all(
            "cells => cells.filter(c => c.scrollWidth > c.clientWidth)"
            ".map(c => `${c.getAttribute('name')}: ${c.innerText}`)"
        )
        assert not cut
        found.first.get_by_text("Panadería La Espiga").click()
        expect(dialog).to_have_count(0)
        expect(page.locator(".o_form_view")).to_contain_text("resistencia del horno")


@pytest.mark.parametrize("login", ["tecnico", "vendedor"])
def test_app_is_installed_and_opens_its_page(browser, login):
    start = {"tecnico": "Mis órdenes de hoy", "vendedor": "Clientes"}[login]
    with browser.page(login, PHONE) as page:
        page.goto(f"{browser.url}/odoo")
        page.wait_for_selector(".o_web_client .o_action_manager > *")
        devtools = page.context.new_cdp_session(page)
        told = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert not [e for e in told if e["errorId"] != "in-incognito"], told
        manifest = devtools.send("Page.getAppManifest")
        assert not manifest["errors"], manifest["errors"]
        page.goto(manifest["manifest"]["startUrl"])
        expect(page.locator(".o_action_manager .o_view_controller")).to_be_visible()
        expect(page.locator("body")).to_contain_text(start)
        assert manifest["manifest"]["display"] == "kStandalone"
        for shortcut in manifest["manifest"]["shortcuts"][:2]:
            page.goto(shortcut["url"])
            expect(page.locator(".o_view_controller")).to_be_visible()
