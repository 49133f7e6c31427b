"""A limit as a salesperson and her boss meet it: told, asked, blocked, released."""

import json
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser import ACTION, DESKTOP, demo_browser, press, save

FURNISH = (Path(__file__).parent / "in_shell" / "furnish_risk.py").read_text()
SET_ACTION = """
env["res.company"].search([]).risk_order_action = {action!r}
env.cr.commit()
"""


@pytest.fixture(scope="module")
def browser(lab):
    with demo_browser(lab, FURNISH) as browser:
        told = browser.told.splitlines()
        line = next(line for line in told if line.startswith("ORDERS "))
        browser.orders = json.loads(line.removeprefix("ORDERS "))
        browser.shell = lambda script: lab.shell(browser.db, script)
        yield browser


@pytest.fixture
def name(request):
    return request.node.callspec.id


def banner(page):
    return page.locator(".alert:has(div[name=customer_notice]):visible")


def open_order(browser, page, reference):
    """The quotation with this customer's reference."""
    browser.open(page, f"/odoo/action-sale.action_orders/{browser.orders[reference]}")
    expect(page.locator(".o_form_view div[name=partner_id]").first).to_be_visible()


def choose(page, field, text):
    """A customer, by typing; a phone shows them all in a window."""
    box = page.locator(f"div[name={field}] input").first
    expect(box).to_be_visible()
    box.click()
    if box.is_editable():
        box.fill(text)
    found = ".o-autocomplete--dropdown-item, .modal .o_kanban_record"
    page.locator(found, has_text=text).first.click()


def test_entering_a_customer_tells_what_is_wrong(browser, device, name):
    with browser.page("duena", device) as page:
        browser.open(page, "/odoo/action-sale.action_quotations_with_onboarding")
        page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
        choose(page, "partner_id", "Ferretería del Riesgo")
        expect(banner(page)).to_contain_text("moros")
        expect(banner(page)).to_contain_text("312")
        browser.look(page, f"notice-{name}")
        banner(page).locator("button[name=action_open_customer_risk]").click()
        report = page.locator(".o_form_view").last
        expect(report).to_contain_text("312")
        browser.look(page, f"notice-report-{name}")


@pytest.mark.long
def test_service_order_tells_of_a_defaulter(browser, device, name):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_service_order_action")
        page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
        choose(page, "service_customer_id", "Ferretería del Riesgo")
        expect(banner(page)).to_contain_text("moros")
        browser.look(page, f"notice-service-{name}")


def test_the_question_explains_and_cancel_is_the_default(browser, device, name):
    browser.shell(SET_ACTION.format(action="ask"))
    with browser.page("duena", device) as page:
        open_order(browser, page, f"PREGUNTA-{name}")
        browser.look(page, f"order-over-{name}")
        press(page, "action_confirm")
        dialog = page.locator(".modal")
        expect(dialog).to_contain_text("312")
        browser.look(page, f"question-{name}")
        buttons = dialog.locator("footer button:visible")
        expect(buttons.first).to_have_text("Cancelar")
        buttons.first.click()
        expect(dialog).to_have_count(0)
        press(page, "action_confirm")
        page.locator(".modal button[name=action_accept]").click()
        expect(page.locator(".modal")).to_have_count(0)
        expect(page.locator(".o-mail-Chatter")).to_contain_text("por encima del límite")
        browser.look(page, f"answered-{name}")


def test_a_block_is_released_with_a_reason(browser, device, name):
    browser.shell(SET_ACTION.format(action="block"))
    with browser.page("vendedora", device) as page:
        open_order(browser, page, f"BLOQUEO-{name}")
        press(page, "action_confirm")
        expect(page.locator(".modal")).to_contain_text("Se ha avisado a")
        browser.look(page, f"blocked-{name}")
    with browser.page("duena", device) as page:
        open_order(browser, page, f"BLOQUEO-{name}")
        expect(page.locator(".o-mail-Activity").first).to_contain_text("312")
        banner(page).locator("button[name=action_release_risk]").click()
        dialog = page.locator(".modal")
        dialog.locator("div[name=reason] input").fill("Paga el viernes")
        browser.look(page, f"release-{name}")
        dialog.locator("button[name=action_release]").click()
        expect(banner(page)).to_contain_text("Paga el viernes")
        browser.look(page, f"released-{name}")
        press(page, "action_confirm")
        expect(page.locator("button[name=action_confirm]:visible")).to_have_count(0)
        browser.open(page, f"{ACTION}xpyme_risk_release_action")
        browser.look(page, f"releases-{name}")


def test_a_raised_order_asks_on_saving(browser):
    browser.shell(SET_ACTION.format(action="ask"))
    with browser.page("duena", DESKTOP) as page:
        open_order(browser, page, "SUBIDA")
        press(page, "action_confirm")
        expect(page.locator("button[name=action_confirm]:visible")).to_have_count(0)
        row = page.locator("div[name=order_line] .o_data_row").first
        row.locator("td[name=price_unit]").click()
        row.locator("td[name=price_unit] input").fill("999999")
        page.keyboard.press("Tab")
        page.locator(".o_form_button_save").click()
        dialog = page.locator(".modal")
        expect(dialog).to_contain_text("riesgo concedido")
        browser.look(page, "raised-desktop")
        dialog.get_by_role("button", name="Responder").click()
        page.locator(".modal button[name=action_accept]").click()
        expect(page.locator(".modal")).to_have_count(0)
        save(page)


@pytest.mark.long
def test_settings_are_tidy(browser, device, name):
    with browser.page("admin", device) as page:
        browser.open(page, f"{ACTION}xpyme_settings_action")
        page.locator("#risk_order_action").scroll_into_view_if_needed()
        browser.look(page, f"risk-settings-{name}")


def open_report(browser, page):
    browser.open(page, f"{ACTION}xpyme_customer_action/{browser.orders['CLIENTE']}")
    expect(page.locator(".o_form_view div[name=name]").first).to_be_visible()
    review = page.locator("button[name=action_open_risk_report]:visible")
    expect(review.first).to_be_visible()
    if page.viewport_size["width"] > DESKTOP["viewport"]["width"] / 2:
        page.keyboard.press("Alt+g")
    else:
        review.first.click()
    report = page.locator(".o_form_view:has(div[name=component_ids])")
    expect(report).to_contain_text("312")
    return report


def test_in_debt_by_age_red_is_what_is_overdue(browser):
    """And no line joins the bars: their sum says nothing from one age to the next."""
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_risk_exposure_action")
        canvas = page.locator(".o_graph_renderer canvas")
        expect(canvas).to_be_visible()
        drawn = canvas.evaluate(
            "(node) => Chart.getChart(node).data.datasets.map("
            "({label, type, backgroundColor}) => [label, type, backgroundColor])"
        )
        browser.look(page, "exposure")
    colours = {label: colour for label, _type, colour in drawn}
    assert "line" not in {kind for _label, kind, _colour in drawn}
    assert colours.pop("Facturas vencidas", None) == "#b02a37", drawn
    assert "#b02a37" not in colours.values()


def test_an_amount_of_the_report_opens_its_documents(browser, device, name):
    with browser.page("duena", device) as page:
        report = open_report(browser, page)
        rows = report.locator("div[name=component_ids] .o_data_row")
        orders = rows.filter(has_text="Pedidos por facturar")
        expect(orders).to_be_visible()
        cell = orders.locator("td[name=name]")
        browser.look(page, f"report-{name}")
        cut = "cell => cell.scrollWidth > cell.clientWidth"
        assert not cell.evaluate(cut), "the component's name is cut"
        orders.locator("button[name=action_open_documents]").click()
        found = page.locator(
            ".o_list_view .o_data_row, .o_kanban_record:not([class*=ghost])"
        )
        expect(found.filter(has_text="Ferretería del Riesgo")).to_have_count(1)
        browser.look(page, f"report-documents-{name}")


@pytest.mark.long
def test_the_report_is_printed(browser):
    with browser.page("duena", DESKTOP) as page:
        report = open_report(browser, page)
        with page.expect_download(timeout=60_000) as download:
            report.locator("button[name=action_print]").click()
        pages = pypdf.PdfReader(download.value.path()).pages
        text = " ".join(" ".join(sheet.extract_text().split()) for sheet in pages)
    for said in ("Ferretería del Riesgo", "1.312", "312", "Pedidos por facturar"):
        assert said in text


def test_the_customer_s_tab_tells_his_limits(browser, device, name):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action/{browser.orders['CLIENTE']}")
        page.locator(".nav-link[name=risk]").click()
        expect(page.locator(".tab-pane.active")).to_contain_text("1.312")
        item = page.locator(".tab-pane.active tr", has_text="Pedidos por facturar")
        item.scroll_into_view_if_needed()
        browser.look(page, f"risk-tab-{name}")


@pytest.mark.long
def test_a_dead_order_is_left_out_with_a_reason(browser):
    with browser.page("duena", DESKTOP) as page:
        open_order(browser, page, "MUERTO")
        page.locator(".nav-link[name=other_information]").click()
        page.locator("button[name=action_leave_out_of_risk]").click()
        dialog = page.locator(".modal")
        dialog.locator("div[name=reason] input").fill("La obra se canceló")
        browser.look(page, "leave-out-desktop")
        dialog.locator("button[name=action_leave_out]").click()
        expect(page.locator(".o-mail-Chatter")).to_contain_text("La obra se canceló")
        page.locator(".nav-link[name=other_information]").click()
        expect(page.locator("button[name=action_count_in_risk]")).to_be_visible()
        browser.look(page, "left-out-desktop")
