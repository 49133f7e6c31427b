"""A remittance as a bookkeeper makes it, from filter to file; on the card, where a
customer's receipts are."""

import re

from playwright.sync_api import expect

from tests.browser import (
    ACTION,
    DESKTOP,
    open_record,
    press,
)

PREPARED = """
company = env.ref("xpyme_contacts.company_onyar")
user = env["res.users"].search([("login", "=", "duena")])
user.company_id = company
"""
ADDON = "/odoo/action-xpyme_contacts_remittance."


def test_what_enters_and_who_is_left_out(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ADDON}xpyme_remittance_create_action")
        preview = page.locator("div[name=preview]")
        expect(preview).to_contain_text("Se carga el")
        expect(preview).to_contain_text("Quedan fuera")
        expect(preview).to_contain_text("El cliente no tiene IBAN ni mandato.")
        browser.look(page, f"remittance-new-{request.node.callspec.id}")


def test_a_remittance_from_the_filter_to_the_file(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ADDON}xpyme_remittance_create_action")
        page.locator("button[name=action_create_remittance]").click()
        expect(page.locator(".o_arrow_button_current")).to_have_text("Borrador")
        press(page, "draft2open")
        with page.expect_popup() as popup:
            press(page, "open2generated")
        popup.value.close()
        expect(page.locator("div[name=payment_file_datas]")).to_contain_text(".xml")
        browser.look(page, "remittance-file")
        press(page, "generated2uploaded")
        expect(page.locator("button[name=action_return_receipts]")).to_be_visible()


def test_the_card_tells_where_the_receipts_are(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Fleca Can Prova")
        page.locator(".nav-link", has_text=re.compile("^Banco$")).click()
        receipts = page.locator("div[name=receipts]")
        expect(receipts).to_contain_text("Mandato en vigor")
        expect(receipts).to_contain_text("Devuelto")
        receipts.scroll_into_view_if_needed()
        browser.look(page, f"remittance-card-{request.node.callspec.id}")
