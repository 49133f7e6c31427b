"""Seed 004 as a person meets it: a new card, codes, address files, labels."""

import io
import re

import pytest
from lxml import etree
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser import ACTION, DESKTOP, PHONE, open_record, save

SCHOOL = "Colegio Árbol de Ejemplo"
CARD_NUMBER = "TARJETA-7788"
# Of the card, in the seed's words and order.
TABS = [
    "Contactos y direcciones",
    "Fiscales",
    "Factura",
    "Riesgo",
    "Precios y dtos.",
    "Fidelización",
    "Banco",
    "Seguimiento",
    "Acumulados",
    "Otros",
    "Observaciones",
]
REFUSING = "Clínica Dental Sonrisa Ficticia SpA"
PREPARED = f"""
partners = env["res.partner"]
school = partners.search([("name", "=", "{SCHOOL}")], limit=1)
school.alternative_code_ids = [(0, 0, {{"name": "{CARD_NUMBER}"}})]
school.marked_for_labels = True
refusing = partners.search([("name", "=", "{REFUSING}")], limit=1)
refusing.write({{"email": "refuses@example.com", "no_mailing": True}})
env.cr.commit()
"""

KEYS = ["ref", "vat", "name", "phone", "email", "zip"]


def type_in(form, field, text):
    """Fill a field in and leave it, as the tabulator does."""
    box = form.locator(f"div[name={field}] :is(input, textarea):visible").first
    box.fill(text)
    box.press("Tab")


def value_of(form, field):
    return form.locator(f"div[name={field}] :is(input, textarea):visible").first


def open_tab(page, name):
    page.get_by_role("tab", name=name, exact=True).click()


def test_new_customer_from_the_postal_code_on(browser, device, request):
    name = f"Cristales {request.node.callspec.id}"
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
        form = page.locator(".o_form_view")
        type_in(form, "name", name)
        type_in(form, "phone", "+56 41 299 0999")
        type_in(form, "email", "cristales@example.com")
        type_in(form, "zip", "4260000")
        expect(value_of(form, "city")).to_have_value("Talcahuano")
        expect(value_of(form, "state_id")).to_have_value("del BíoBio (CL)")
        type_in(form, "vat", "76.086.428-5")
        save(page)
        expect(value_of(form, "vat")).to_have_value("76086428-5")
        expect(form.locator("div[name=contact_ids]")).to_contain_text(name)
        assert value_of(form, "ref").input_value().isdecimal()
        browser.look(page, f"new-file-{request.node.callspec.id}")


def test_each_tab_is_in_spanish_and_as_wide_as_the_page(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        headers = page.locator(".o_notebook_headers [role=tab]")
        assert headers.all_inner_texts() == TABS
        for tab in TABS:
            open_tab(page, tab)
            browser.look(page, f"{tab.lower()}-{request.node.callspec.id}")


def test_the_tabs_begin_within_the_first_screen(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        tabs = page.locator(".o_notebook_headers").bounding_box()
        assert tabs["y"] < 440, tabs


@pytest.mark.parametrize("width", [1366, pytest.param(1920, marks=pytest.mark.long)])
def test_letters_of_the_old_program_work_at_every_width(browser, width):
    """O and G are on the card, whatever is folded away; H is the delivery note's."""
    with browser.page("duena", {"viewport": {"width": width, "height": 768}}) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        head = page.locator(".o_form_statusbar")
        for letter in "OG":
            expect(head.locator("kbd", has_text=letter)).to_be_visible()
        page.keyboard.press("Alt+o")
        own = page.locator(".modal")
        expect(own.locator("div[name=properties]")).to_be_attached()
        own.locator("button", has_text="Cancelar").click()
        expect(own).to_have_count(0)
        page.keyboard.press("Alt+g")
        expect(page.locator("div[name=component_ids]")).to_be_visible()
        page.locator(".breadcrumb a, .o_back_button").last.click()
        expect(head.locator("kbd", has_text="G")).to_be_visible()
        page.keyboard.press("Alt+h")
        expect(page.locator("div[name=order_line]")).to_be_visible()
        expect(page.locator(".o-dropdown--menu")).to_have_count(0)


def test_own_fields_are_added_where_they_are_filled_in(browser):
    """By an administrator; to others nothing is offered that would refuse."""
    for login, offered in (("vendedor", 0), ("duena", 1)):
        with browser.page(login, DESKTOP) as page:
            browser.open(page, f"{ACTION}xpyme_customer_action")
            page.locator(".o_data_row td[name=name]").first.click()
            page.locator("button[name=action_open_other_data]").click()
            own = page.locator(".modal")
            expect(own.locator("div[name=properties]")).to_be_attached()
            add = own.get_by_role("button", name="Añadir o cambiar campos")
            expect(add).to_have_count(offered)
            browser.look(page, f"own-fields-{login}")
            if offered:
                add.click()
                expect(page.locator(".o_property_field_popover")).to_be_visible()
                expect(own.locator(".o_property_field")).to_have_count(1)


@pytest.mark.long
def test_numbers_that_nobody_typed_are_blank(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        page.get_by_role("button", name="Nuevo").first.click()
        # Companies have no age.
        page.locator(".nav-link", has_text=re.compile("^Fiscales$")).click()
        page.get_by_role("radio", name="Persona", exact=True).check()
        page.locator(".nav-link", has_text=re.compile("^Otros$")).click()
        for field in ("stated_age", "service_price"):
            box = page.locator(f"div[name={field}] input")
            expect(box).to_have_value("")
        age = page.locator("div[name=stated_age] input")
        age.fill("41")
        age.press("Tab")
        expect(age).to_have_value("41")


def test_a_customer_in_the_hand_is_called_found_and_quoted_with_one_touch(browser):
    with browser.page("duena", PHONE) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        card = page.locator(".o_kanban_record", has_text="Constructora Los Copihues")
        # Street and town are two words.
        expect(card.first).to_contain_text(re.compile(r"\d, Concepción"))
        open_record(page, "Constructora Los Copihues")
        hand = page.locator("div[name=at_hand]")
        for name in ("action_call", "action_open_map", "action_new_quotation"):
            button = hand.locator(f"button[name={name}]").bounding_box()
            assert button["y"] + button["height"] < 400, (name, button)
            assert button["height"] >= 30, (name, button)


def test_keys_go_from_the_code_to_the_postal_code(browser):
    """In the order in which a new customer is typed; three keys at most to the name."""
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        page.locator(".o_list_button_add").first.click()
        page.locator("div[name=ref] input").first.focus()
        met = ["ref"]
        for _key in range(12):
            page.keyboard.press("Tab")
            met.append(
                page.evaluate(
                    "document.activeElement.closest('[name]')?.getAttribute('name')"
                )
            )
        order = [name for name in met if name in KEYS]
        assert order == KEYS, met
        assert met.index("name") - met.index("vat") <= 3, met


def test_incident_is_noted_from_the_tab(browser, device, request):
    subject = f"Vidrio rayado {request.node.callspec.id}"
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        open_tab(page, "Seguimiento")
        tab = page.locator(".o_notebook_content .tab-pane.active")
        tab.get_by_role("button", name="Nueva incidencia").click()
        dialog = page.locator(".modal")
        type_in(dialog, "summary", subject)
        dialog.locator("button[name=action_close_dialog]:visible").click()
        expect(dialog).to_have_count(0)
        noted = tab.locator("div[name=followup_ids]")
        expect(noted).to_contain_text(subject)
        cut = noted.locator(".o_data_row td").evaluate_all(
            "cells => cells.filter(c => c.scrollWidth > c.clientWidth + 1)"
            ".map(c => c.innerText)"
        )
        assert not cut
        browser.look(page, f"followup-{request.node.callspec.id}")


@pytest.mark.long
def test_alternative_code_finds_the_customer_of_a_quotation(browser, device):
    with browser.page("duena", device) as page:
        browser.open(page, "/odoo/action-sale.action_quotations/new")
        box = page.locator("div[name=partner_id] input").first
        box.click()
        if device is PHONE:
            dialog = page.locator(".modal")
            dialog.locator("button:has(.fa-search)").click()
            dialog.locator(".o_searchview_input").fill(CARD_NUMBER.lower())
            expect(page.locator(".o_searchview_autocomplete")).to_be_visible()
            page.keyboard.press("Enter")
            cards = dialog.locator(".o_kanban_record:not(.o_kanban_ghost)")
            expect(cards).to_have_count(1)
            found = cards.filter(has_text=SCHOOL)
        else:
            box.press_sequentially(CARD_NUMBER.lower(), delay=20)
            found = page.locator(".o-autocomplete--dropdown-item", has_text=SCHOOL)
        found.first.click()
        expect(page.locator("div[name=partner_id] input").first).to_have_value(SCHOOL)


@pytest.mark.parametrize(
    "file_format",
    [*(pytest.param(kind, marks=pytest.mark.long) for kind in ("txt", "xml")), "xlsx"],
)
def test_address_file_is_downloaded(browser, device, request, file_format):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        browser.open(page, f"{ACTION}xpyme_email_export_action")
        dialog = page.locator(".modal")
        dialog.locator(f"input[type=radio][data-value={file_format}]").check()
        type_in(dialog, "file_name", "correos")
        if file_format == "txt":
            browser.look(page, f"emails-{request.node.callspec.id}")
        with page.expect_download() as download:
            dialog.locator("button[name=action_export]").click()
        assert download.value.suggested_filename == f"correos.{file_format}"
        content = download.value.path().read_bytes()
    addresses = READERS[file_format](content)
    assert "contacto@copihues.example.com" in addresses
    assert "refuses@example.com" not in addresses
    assert len(addresses) == len(set(addresses))


def read_text(content):
    return content.decode("utf-8-sig").split()


def read_xml(content):
    return [node.text for node in etree.fromstring(content).iter("email")]


def read_workbook(content):
    sheet = load_workbook(io.BytesIO(content)).active
    heading, *rows = sheet.iter_rows(values_only=True)
    cells = [cell for row in rows for cell in row if cell and "@" in str(cell)]
    assert len(heading) > 1
    return cells


READERS = {"txt": read_text, "xml": read_xml, "xlsx": read_workbook}


def test_marked_labels_are_printed(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        page.goto(f"{browser.url}{ACTION}xpyme_print_marked_labels_action")
        with page.expect_download() as download:
            page.locator(".modal button[name=action_print]").click()
        assert download.value.path().read_bytes().startswith(b"%PDF")


@pytest.mark.long
def test_customers_in_the_list_are_marked_for_labels(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        row = page.locator(".o_data_row", has_text="Hostal El Peñón")
        row.locator("input[type=checkbox]").first.check()
        page.get_by_role("button", name="Acciones").click()
        page.get_by_role("menuitem", name="Marcar para etiquetas").click()
        expect(page.locator(".o_loading_indicator, .o-dropdown--menu")).to_have_count(0)
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Hostal El Peñón")
        open_tab(page, "Otros")
        mark = page.locator("div[name=marked_for_labels] input")
        expect(mark).to_be_checked()
