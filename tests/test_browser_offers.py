"""Offers as a person meets them: lines, campaign, preview, approval, progress."""

import re
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect

from tests import mail_sink
from tests.browser import (
    ACTION,
    DESKTOP,
    PHONE,
    PUBLIC,
    demo_browser,
    open_record,
    press,
    save,
)

CAMPAIGN = "Herramientas de primavera"
SERVER = """
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create({
    "name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": %s,
    "smtp_encryption": "none",
})
env.cr.commit()
"""


@pytest.fixture(scope="module")
def sink():
    with mail_sink.running(keep=True) as sink:
        yield sink


@pytest.fixture(scope="module")
def browser(lab, sink):
    options = ["--max-cron-threads=1"]
    with demo_browser(lab, PUBLIC + SERVER % sink.port, options) as browser:
        yield browser


def open_campaign(browser, page):
    browser.open(page, f"{ACTION}xpyme_offer_campaign_action")
    open_record(page, CAMPAIGN)


def test_lines_in_the_customers_card(browser, device, request):
    name = request.node.callspec.id
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        page.get_by_role("tab", name="Fidelización").click()
        lines = page.locator("div[name=offer_line_ids]")
        expect(lines).to_contain_text("Para su próxima obra")
        expect(lines).to_contain_text("Esmalte sintético blanco")
        browser.look(page, f"offer-lines-{name}")
        page.locator("button[name=action_preview_offer]").click()
        dialog = page.locator(".modal")
        frame = dialog.frame_locator("div[name=body_html] iframe")
        expect(frame.locator("body")).to_contain_text("Para su próxima obra")
        browser.look(page, f"offer-lines-preview-{name}")


def test_new_line_is_typed_in_the_card(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        page.get_by_role("tab", name="Fidelización").click()
        lines = page.locator("div[name=offer_line_ids]")
        lines.locator(".o_field_x2many_list_row_add a").click()
        dialog = page.locator(".modal")
        dialog.get_by_label("Título").check()
        browser.look(page, "offer-line-dialog")
        dialog.locator("div[name=text] input").fill("Sólo esta semana")
        dialog.locator(".o_form_button_save").click()
        expect(dialog).to_have_count(0)
        save(page)
        expect(lines).to_contain_text("Sólo esta semana")


def test_campaign_from_draft_to_the_mail(browser, sink):
    with browser.page("duena", DESKTOP) as page:
        open_campaign(browser, page)
        # An article without a price of the campaign's is not offered for nothing.
        prices = page.locator("div[name=product_ids] td[name=price]")
        expect(prices.first).to_be_visible()
        assert not [price for price in prices.all_inner_texts() if "$ 0" in price]
        browser.look(page, "campaign-draft")
        press(page, "action_preview")
        dialog = page.locator(".modal")
        expect(dialog).to_contain_text("1 de")
        frame = dialog.frame_locator("div[name=body_html] iframe")
        expect(frame.locator("body")).to_contain_text("Estimados amigos de")
        browser.look(page, "campaign-preview")
        dialog.locator("button[name=action_next]").click()
        expect(dialog).to_contain_text("2 de")
        dialog.get_by_role("tab", name="Precios").click()
        expect(dialog).to_contain_text("Escrito en la campaña")
        browser.look(page, "campaign-preview-prices")
        dialog.locator("div[name=partner_id] input").fill("Copihues")
        page.locator(".o-autocomplete--dropdown-item", has_text="Copihues").click()
        dialog.get_by_role("tab", name="Correo").click()
        expect(frame.locator("body")).to_contain_text("Copihues")
        dialog.locator("footer button").click()

        press(page, "action_prepare")
        expect(page.locator("div[name=health]")).to_contain_text("Se enviará a")
        browser.look(page, "campaign-prepared")
        press(page, "action_ask_approval")
        expect(dialog).to_contain_text("Se enviará a")
        browser.look(page, "campaign-approval")
        dialog.locator("button[name=action_approve]").click()
        expect(page.locator(".o_statusbar_status")).to_contain_text("Enviando")
        # The page follows by itself.
        current = page.locator(".o_arrow_button_current")
        expect(current).to_contain_text("Terminada", timeout=90_000)
        expect(page.locator("div[name=health]")).to_contain_text("enviados")
        browser.look(page, "campaign-done")
    assert len(sink.accepted) > 5
    assert set(sink.accepted.values()) == {1}


def test_mail_as_its_reader_sees_it(browser, sink):
    content = sink.kept["contacto@copihues.example.com"]
    mail = message_from_bytes(content, policy=policy.default)
    html = mail.get_body(("html",)).get_content()
    assert "Constructora Los Copihues" in mail["Subject"]
    for name, device in (("desktop", DESKTOP), ("phone", PHONE)):
        context = browser.chromium.new_context(**device)
        page = context.new_page()
        page.set_content(html)
        expect(page.locator("body")).to_contain_text("Estimados amigos de")
        expect(page.locator("body")).to_contain_text("Para su próxima obra")
        expect(page.locator("body")).to_contain_text("No quiero recibir más ofertas")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"]
        browser.picture(page, f"offer-mail-{name}")
        context.close()


def test_unsubscribing_on_a_phone(browser, sink):
    content = sink.kept["contacto@copihues.example.com"]
    mail = message_from_bytes(content, policy=policy.default)
    path = re.search(r"/xpyme/offers/\d+/\w+", mail["List-Unsubscribe"])[0]
    context = browser.chromium.new_context(**PHONE)
    page = context.new_page()
    page.goto(browser.url + path)
    expect(page.locator("h1")).to_have_text("¿No quiere recibir más ofertas?")
    browser.picture(page, "unsubscribe-ask-phone")
    page.get_by_role("button").click()
    expect(page.locator("h1")).to_have_text("Hecho: no recibirá más ofertas.")
    browser.picture(page, "unsubscribe-done-phone")
    context.close()
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        page.get_by_role("tab", name="Fidelización").click()
        expect(page.locator(".alert", has_text="No quiere más ofertas")).to_be_visible()


@pytest.mark.long
def test_history_of_a_customer(browser, device, request):
    name = request.node.callspec.id
    with browser.page("duena", device) as page:
        for action in ("offer", "offer_detail", "offer_campaign", "offer_template"):
            browser.open(page, f"{ACTION}xpyme_{action}_action")
            browser.look(page, f"{action}-list-{name}")
        browser.open(page, f"{ACTION}xpyme_offer_action")
        open_record(page, "Constructora Los Copihues")
        browser.look(page, f"offer-sent-{name}")
        browser.open(page, f"{ACTION}xpyme_offer_consent_action")
        browser.look(page, f"offer-consents-{name}")
        open_campaign(browser, page)
        browser.look(page, f"campaign-{name}")


@pytest.mark.long
def test_technician_finds_nothing_of_offers(browser):
    with browser.page("tecnico", DESKTOP) as page:
        menu = page.locator("body")
        expect(menu).not_to_contain_text("Ofertas")
