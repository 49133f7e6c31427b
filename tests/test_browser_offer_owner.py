"""A shop's owner before and after an offer: its light, what came of it, its series."""

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

DRAFT = "Herramientas de primavera"
ANSWERED = "Semana del constructor"
MONTHLY = "Lo suyo de cada mes"
PREPARED = """
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create({
    "name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": %s,
    "smtp_encryption": "none",
})
sent = env["xpyme.offer"].search([
    ("campaign_id.name", "=", "Semana del constructor"), ("state", "=", "sent"),
], order="id")
offer, lost = sent[0], sent[1]
lost.write({"state": "unknown", "error": "[Errno 104] Connection reset by peer"})
mail = (
    f"From: Compras <{offer.email}>\\n"
    "To: ofertas@biobio.example.com\\n"
    "Subject: Re: oferta\\n"
    "Message-Id: <respuesta@copihues.example.com>\\n"
    f"In-Reply-To: {offer.message_id}\\n"
    "Content-Type: text/plain; charset=utf-8\\n\\n"
    "Quiero 20 sacos de cemento para el lunes.\\n"
)
env["mail.thread"].message_process(False, mail)
env["xpyme.offer.campaign"].create({
    "name": "Para el lunes", "subject": "Ofertas para $1",
    "user_id": env.ref("xpyme_contacts.user_duena").id,
    "company_id": env.ref("xpyme_contacts.company_biobio").id,
    "scheduled_at": "2099-11-30 12:00:00", "repeat_every": "month",
}).with_company(env.ref("xpyme_contacts.company_biobio")).action_prepare()
env["xpyme.offer.campaign"].search([("name", "=", "Para el lunes")]).action_approve()
print(f"CUSTOMER={offer.partner_id.name}")
env.cr.commit()
"""
# Counts what a person presses with the mouse; what they type is no click.
COUNTED = """() => {
    window.pressed = [];
    document.addEventListener("click", (event) => {
        if (event.isTrusted) {
            window.pressed.push(event.target.innerText || event.target.id);
        }
    }, true);
}"""


@pytest.fixture(scope="module")
def sink():
    with mail_sink.running(keep=True) as sink:
        yield sink


@pytest.fixture(scope="module")
def browser(lab, sink):
    options = ["--max-cron-threads=1"]
    with demo_browser(lab, PUBLIC + PREPARED % sink.port, options) as browser:
        yield browser


@pytest.fixture(scope="module")
def customer(browser):
    """Who answered."""
    lines = browser.told.splitlines()
    return next(li for li in lines if "CUSTOMER=" in li).partition("CUSTOMER=")[2]


def open_campaign(browser, page, name):
    browser.open(page, f"{ACTION}xpyme_offer_campaign_action")
    open_record(page, name)


def test_light_and_mail_stand_beside_the_form(browser, device, request, sink):
    name = request.node.callspec.id
    with browser.page("duena", device) as page:
        open_campaign(browser, page, DRAFT)
        light = page.locator("div[name=light_html]")
        expect(light).to_contain_text("https://tienda.example.com")
        head = page.locator("div[name=preview_head]")
        expect(head).to_contain_text("ofertas@biobio.example.com")
        frame = page.frame_locator("div[name=preview_html] iframe")
        expect(frame.locator("body")).to_contain_text("Estimados amigos de")
        browser.look(page, f"campaign-light-{name}")
        head.scroll_into_view_if_needed()
        browser.look(page, f"campaign-beside-{name}")
        panes = page.locator(".o_notebook", has=page.locator("div[name=preview_html]"))
        panes.last.get_by_role("tab", name="Texto").click()
        text = page.locator("div[name=preview_text]")
        expect(text).to_contain_text("Estimados amigos de")
        browser.look(page, f"campaign-text-{name}")
        press(page, "action_send_test")
        expect(page.locator(".o_notification")).to_contain_text("de camino")
    kept = [address for address in sink.kept if address.startswith("duena")]
    assert kept, sink.kept.keys()


def test_every_month_to_each_customer_his_articles_in_eight_clicks(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_offer_campaign_action")
        page.evaluate(COUNTED)
        page.locator(".o_list_button_add").click()
        page.wait_for_selector(".o_form_view")
        expect(page.locator("div[name=name] input")).to_be_focused()
        page.keyboard.type(MONTHLY)
        page.locator("div[name=repeat_every] :is(input, select)").first.click()
        page.locator(".o_select_menu_item", has_text="Cada mes").click()
        page.locator("div[name=series_approved] input").click()
        press(page, "action_prepare")
        expect(page.locator("div[name=health]")).to_contain_text("Se enviará a")
        browser.look(page, "campaign-monthly")
        press(page, "action_ask_approval")
        dialog = page.locator(".modal")
        expect(dialog).to_contain_text("Se enviará a")
        browser.look(page, "campaign-monthly-approval")
        dialog.locator("button[name=action_approve]").click()
        current = page.locator(".o_arrow_button_current")
        expect(current).to_contain_text("Terminada", timeout=90_000)
        pressed = page.evaluate("window.pressed")
        print(f"clicks: {pressed}")
        assert len(pressed) <= 8, pressed
        repeated = page.locator("div[name=repeat_every] input")
        expect(repeated).to_have_value("Cada mes")
        browser.look(page, "campaign-monthly-sent")


def test_answer_is_a_quotation_in_one_click(browser, device, request, customer):
    name = request.node.callspec.id
    with browser.page("duena", device) as page:
        open_campaign(browser, page, ANSWERED)
        browser.look(page, f"campaign-results-{name}")
        press(page, "action_open_answers", ".o-form-buttonbox")
        open_record(page, customer)
        page.get_by_role("tab", name="Su respuesta").click()
        frame = page.frame_locator("div[name=answer_html] iframe")
        expect(frame.locator("body")).to_contain_text("Quiero 20 sacos")
        browser.look(page, f"offer-answer-{name}")
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, customer)
        activity = page.locator(".o-mail-Activity", has_text="Quiero 20 sacos")
        if device is DESKTOP:
            activity.scroll_into_view_if_needed()
            browser.look(page, "customer-answer-desktop")
            return
        activity.locator("button[name=action_make_quotation]").click()
        expect(page.locator("div[name=order_line]")).to_contain_text("emento")
        browser.look(page, "answer-quotation-phone")


def test_doubtful_mails_are_grouped_by_cause_and_settled(browser):
    with browser.page("duena", DESKTOP) as page:
        open_campaign(browser, page, ANSWERED)
        page.locator("button[name=action_open_offers]", has_text="udoso").click()
        group = page.locator(".o_group_header", has_text="Se cortó la conexión")
        expect(group).to_be_visible()
        browser.look(page, "offers-by-cause")
        group.click()
        page.locator(".o_data_row td[name=email]").first.click()
        expect(page.locator(".alert-warning")).to_contain_text("Se cortó la conexión")
        browser.look(page, "offer-doubtful")
        press(page, "action_settle_sent")
        expect(page.locator(".o_arrow_button_current")).to_contain_text("Enviado")


def test_series_changes_from_its_next_date_on(browser):
    with browser.page("duena", DESKTOP) as page:
        open_campaign(browser, page, "Para el lunes")
        health = page.locator("div[name=health]")
        expect(health).to_contain_text("Sale el lunes 30-11-2099 a las 9:00")
        browser.look(page, "campaign-for-monday")
        press(page, "action_change_date")
        expect(page.locator(".modal div[name=date]")).to_be_visible()
        browser.look(page, "campaign-date")
        page.locator(".modal footer button").last.click()
        press(page, "action_change_series")
        expect(page.locator(".alert")).to_contain_text("a partir de la próxima")
        page.locator("div[name=subject] input").fill("Otro asunto para $1")
        save(page)
        browser.look(page, "campaign-plan-desktop")
    with browser.page("duena", PHONE) as page:
        # The plan is the newest of that name.
        open_campaign(browser, page, "Para el lunes")
        expect(page.locator(".alert")).to_contain_text("a partir de la próxima")
        browser.look(page, "campaign-plan-phone")
