"""From a caller to a posted invoice, in both countries, with what the demo has."""

import pytest
from playwright.sync_api import expect

from tests.browser import ACTION, DESKTOP, demo_browser

SHOPS = {
    "cl": ("duena", None, "76.086.428-5", "+56 41 299 0998"),
    "es": ("admin", "Onyar", "B58378431", "+34 972 99 09 98"),
}


@pytest.fixture(scope="module")
def browser(lab):
    with demo_browser(lab) as browser:
        yield browser


def fill(page, field, text):
    box = page.locator(f"div[name={field}] :is(input, textarea):visible").first
    box.fill(text)
    box.press("Tab")


def press(page, name):
    page.locator(f"button[name={name}]:visible").first.click()


def choose_company(page, name):
    """The company called ``name``, as the user chooses it at the top."""
    page.locator(".o_switch_company_menu button").first.click()
    row = page.locator(".o_switch_company_item", has_text=name)
    row.locator(".log_into").click()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("country", SHOPS)
def test_four_fields_become_a_posted_invoice(browser, country):
    login, shop, tax_id, phone = SHOPS[country]
    with browser.page(login, DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        if shop:
            choose_company(page, shop)
            browser.open(page, f"{ACTION}xpyme_customer_action")
        page.locator(".o_list_button_add").first.click()
        fill(page, "vat", tax_id)
        fill(page, "name", "Llamó esta mañana")
        fill(page, "phone", phone)
        fill(page, "email", "manana@example.com")
        page.locator(".o_form_button_save").click()
        expect(page.locator(".o_form_button_save:visible")).to_have_count(0)
        press(page, "action_new_quotation")
        expect(page.locator("div[name=order_line]")).to_be_visible()
        page.locator(".o_field_x2many_list_row_add a", has_text="producto").click()
        page.locator("div[name=product_template_id] input").fill("a")
        page.locator(".o-autocomplete--dropdown-item").first.click()
        expect(page.locator("div[name=order_line] .o_data_row")).to_have_count(1)
        press(page, "action_confirm")
        expect(page.locator("button[name=action_confirm]:visible")).to_have_count(0)
        page.get_by_role("button", name="Crear factura").first.click()
        page.locator(".modal button[name=create_invoices]").click()
        press(page, "action_post")
        expect(page.locator("button[name=action_post]:visible")).to_have_count(0)
        browser.look(page, f"invoice-{country}")
