"""Finding and choosing a customer as a person does, on a desk and in the hand."""

import pytest
from playwright.sync_api import expect

from tests.browser import ACTION, DESKTOP, PHONE

CUSTOMER = "Constructora Los Copihues SpA"
PERSON = "Lorena Bahamondes Ruiz"


def search(page, text):
    if page.locator(".o_searchview_input:visible").count() == 0:
        page.locator(".o_control_panel button:has(.fa-search):visible").first.click()
    page.locator(".o_searchview_input:visible").fill(text)
    expect(page.locator(".o_searchview_autocomplete")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".o_facet_value")).to_contain_text(text)


def test_customer_stands_once_in_the_box_of_a_quotation(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, "/odoo/action-sale.action_quotations/new")
        box = page.locator("div[name=partner_id] input")
        options = page.locator(
            ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)"
        )
        box.press_sequentially("copihues", delay=30)
        expect(options).to_have_count(1)
        expect(options).to_contain_text("99.900.011-8")
        expect(options).to_contain_text("Concepción")
        browser.look(page, "choose-customer")
        box.fill("")
        box.press_sequentially("99 01 05", delay=30)
        expect(options.filter(has_text=PERSON)).to_have_count(1)
        browser.look(page, "choose-person")
        page.locator(".o_m2o_dropdown_option_search_more").click()
        rows = page.locator(".modal .o_data_row")
        expect(rows.first).to_contain_text("Copihues")
        browser.look(page, "choose-more")
        page.keyboard.press("Escape")


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_customer_is_found_by_who_calls(browser, device, request):
    name = request.node.callspec.id
    found = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"
    with browser.page("vendedor" if device is PHONE else "duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        search(page, "99 01" if device is PHONE else PERSON)
        expect(page.locator(found).first).to_be_visible()
        browser.look(page, f"find-customer-{name}")
        browser.open(page, f"{ACTION}xpyme_contact_action")
        search(page, "9 01")
        expect(page.locator(found).first).to_be_visible()
        browser.look(page, f"find-contact-{name}")


def test_rut_is_read_with_its_dots(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        row = page.locator(".o_data_row", has_text=CUSTOMER)
        expect(row.locator("td[name=vat]")).to_have_text("99.900.011-8")
    with browser.page("duena", PHONE) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        card = page.locator(".o_kanban_record", has_text=CUSTOMER)
        expect(card.locator("[name=vat]")).to_have_text("99.900.011-8")


def test_code_sorts_as_a_number(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        codes = page.locator("td[name=ref]").all_inner_texts()
        numbers = [int(code) for code in codes if code.strip()]
        assert numbers == sorted(numbers) and len(numbers) > 9
        browser.look(page, "customers-by-code")
        browser.open(page, "/odoo/action-sale.action_orders")
        browser.picture(page, "orders")
