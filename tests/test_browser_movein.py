"""A shopkeeper brings in FactuSOL's customers, looks first, and takes them back."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import DESKTOP, PHONE, press, save

# Of two companies the one in Spain.
PREPARED = """
user = env["res.users"].search([("login", "=", "duena")])
user.company_id = env.ref("xpyme_contacts.company_onyar")
"""
FILES = "/odoo/action-xpyme_contacts_movein.xpyme_movein_action"
HEADINGS = (
    "CODCLI;NIFCLI;NOFCLI;NOCCLI;DOMCLI;POBCLI;CPOCLI;PROCLI;TELCLI;PCOCLI;EMACLI"
    ";FPACLI;AGECLI"
)
ROWS = (
    "801;B58378431;Ferretería Peña, S.L.;La Peña;Calle Mayor 3;Alcorcón;28921;Madrid",
    "802;A58818501;Bar Sol, S.A.;;Plaza 1;Getafe;28901;Madrid",
    "803;B58378432;Número mal escrito, S.L.;;Plaza 2;Getafe;28901;Madrid",
    "804;B-58378431;Ferretería Peña, almacén;;Nave 7;Alcorcón;28922;Madrid",
)
REST = "912345678;Ana Soto;ana@example.com;001;3"
FILE = {
    "name": "F_CLI.csv",
    "mimeType": "text/csv",
    "buffer": "\n".join((HEADINGS, *(f"{row};{REST}" for row in ROWS))).encode(
        "cp1252"
    ),
}


def bring(page, browser):
    """A new file, chosen and saved."""
    browser.open(page, FILES)
    page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
    page.locator("div[name=file] input[type=file]").set_input_files(FILE)
    save(page)
    expect(page.locator("div[name=layout_id]")).to_contain_text("FactuSOL")


def say_what_it_means(page, word, text):
    """Choose what a word of the program stands for."""
    row = page.locator("div[name=word_ids] tr.o_data_row", has_text=word)
    row.locator("td[name=res_id]").click()
    row.locator("td[name=res_id] input").fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def expect_state(page, text):
    expect(page.locator(".o_arrow_button_current")).to_contain_text(text)


def test_a_file_of_factusol_from_the_file_to_undo(browser):
    with browser.page("duena", DESKTOP) as page:
        bring(page, browser)
        expect(page.locator("div[name=column_ids]")).to_contain_text("CODCLI")
        browser.look(page, "movein-file-desktop")
        press(page, "action_judge")
        health = page.locator("div[name=health]")
        expect(health).to_contain_text("Nuevos: 2")
        expect(health).to_contain_text("rechazados: 1")
        rows = page.locator("div[name=row_ids]")
        expect(rows).to_contain_text("El CIF B58378432 no es válido en España")
        expect(rows).to_contain_text("La línea 2 tiene el mismo CIF")
        browser.look(page, "movein-judged-desktop")
        empty = page.locator("div[name=left_empty]")
        expect(empty).to_contain_text("Forma de pago: 001")
        say_what_it_means(page, "001", "30 días")
        press(page, "action_judge")
        expect(empty).not_to_contain_text("001")
        expect(empty).to_contain_text("Representante: 3")
        press(page, "action_run")
        expect_state(page, "Traspasado")
        browser.look(page, "movein-done-desktop")
        with page.expect_download() as download:
            press(page, "action_download_errors")
        text = Path(download.value.path()).read_text("utf-8-sig")
        assert "El CIF B58378432 no es válido" in text
        assert len(text.splitlines()) == 3
        press(page, "action_judge")
        expect_state(page, "Revisado")
        expect(health).to_contain_text("Ya traspasados: 2")
        browser.look(page, "movein-again-desktop")
        page.locator(".o_statusbar_buttons button[name=action_undo]").click()
        page.locator(".modal .btn-primary").click()
        expect_state(page, "Deshecho")
        browser.look(page, "movein-undone-desktop")


@pytest.mark.long
def test_a_file_on_a_phone(browser):
    with browser.page("duena", PHONE) as page:
        bring(page, browser)
        browser.look(page, "movein-file-phone")
        press(page, "action_judge")
        expect(page.locator("div[name=health]")).to_contain_text("Nuevos: 2")
        browser.look(page, "movein-judged-phone")
        press(page, "action_run")
        expect_state(page, "Traspasado")
        browser.look(page, "movein-done-phone")
