"""Calls of a customer and what Chile asks for, as a person meets them: a call noted
from the card, its list, its alert; a customer's document and a bank account."""

import re

from playwright.sync_api import expect

from tests.browser import (
    ACTION,
    DESKTOP,
    open_record,
    save,
)

PREPARED = """
own = [("parent_id", "=", False), ("name", "=like", "Hotel Cala%")]
customer = env["res.partner"].search(own)
seller = env["res.users"].search([("login", "=", "vendedor")])
env["crm.phonecall"].with_user(seller).create(
    {"name": "Presupuesto", "partner_id": customer.id}
)
"""


def open_tab(page, browser, customer, tab):
    browser.open(page, f"{ACTION}xpyme_customer_action")
    open_record(page, customer)
    page.locator(".nav-link", has_text=tab).click()


def choose(page, box, text):
    """Choose in a box, which a telephone shows as a page of its own."""
    box.locator("input").click()
    own = ".o-autocomplete--dropdown-item, .modal .o_kanban_record"
    page.locator(own, has_text=text).first.click()


def test_call_is_noted_from_the_card(browser, device, request):
    kind = request.node.callspec.id
    with browser.page("vendedor", device) as page:
        open_tab(page, browser, "Hotel Cala", "Seguimiento")
        page.get_by_text("Nueva llamada").click()
        dialog = page.locator(".modal", has_text="Nueva llamada")
        dialog.locator("div[name=name] input").fill(f"Avería {kind}")
        dialog.locator("div[name=description] textarea").fill("Va Pepe mañana")
        choose(page, dialog.locator("div[name=contact_id]"), "Ignasi")
        shown = dialog.locator("div[name=partner_phone] input")
        expect(shown).to_have_value("+34 600 99 01 08")
        browser.look(page, f"call-note-{kind}")
        dialog.get_by_text("Llamada realizada").click()
        told = page.locator("div[name=followup_ids]")
        expect(told).to_contain_text(f"Avería {kind}")
        expect(told).to_contain_text("Va Pepe mañana")
        told.scroll_into_view_if_needed()
        browser.look(page, f"calls-followup-{kind}")
        page.locator("button[name=action_open_phonecalls]").click()
        expect(page.locator(".o_data_row, .o_kanban_record").first).to_be_visible()
        browser.look(page, f"calls-{kind}")
        open_record(page, f"Avería {kind}")
        expect(page.locator("div[name=partner_id]").first).to_be_visible()
        browser.look(page, f"call-{kind}")


def test_due_call_alerts_its_user(browser, device, request):
    kind = request.node.callspec.id
    with browser.page("vendedor", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        page.locator(".o_menu_systray .fa-clock-o").click()
        page.locator(".o-mail-ActivityGroup", has_text="Llamada").click()
        calls = page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
        expect(calls).to_have_text([re.compile("Presupuesto")])
        browser.look(page, f"calls-due-{kind}")


def test_logged_calls_have_customer_and_contact(browser):
    with browser.page("vendedor", DESKTOP) as page:
        browser.open(page, "/odoo/action-crm_phonecall.crm_case_categ_phone_incoming0")
        titles = page.locator("th")
        for title in ("Cliente", "Contacto", "Resultado"):
            expect(titles.get_by_text(title, exact=True)).to_have_count(1)
        browser.look(page, "calls-logged-desktop")


def test_document_and_account_of_a_customer_in_chile(browser, device, request):
    kind = request.node.callspec.id
    with browser.page("duena", device) as page:
        open_tab(page, browser, "Agrícola Santa Peña", "Factura")
        document = page.locator("div[name=default_document_type_id]")
        document.scroll_into_view_if_needed()
        expect(page.locator("div[name=invoice_journal_id]")).to_have_count(0)
        choose(page, document, "Boleta Electrónica")
        browser.look(page, f"chile-document-{kind}")
        page.locator(".nav-link", has_text="Banco").click()
        accounts = page.locator("div[name=bank_ids]")
        if kind == "desktop":
            accounts.locator(".o_field_x2many_list_row_add a").click()
            box = accounts.locator(".o_selected_row")
        else:
            accounts.get_by_text("Añadir una cuenta").click()
            box = page.locator(".modal")
        box.locator("div[name=acc_number] input").fill(f"1234567{len(kind)}")
        box.locator("div[name=account_kind] input").click()
        page.get_by_text("Cuenta RUT").last.click()
        box.locator("div[name=holder_vat] input").fill("12345678-5")
        browser.look(page, f"chile-bank-typing-{kind}")
        if kind == "phone":
            page.locator(".modal .o_form_button_save").first.click()
        save(page)
        for text in (f"1234567{len(kind)}", "Cuenta RUT", "12.345.678-5"):
            expect(accounts).to_contain_text(text)
        accounts.scroll_into_view_if_needed()
        browser.look(page, f"chile-bank-{kind}")
