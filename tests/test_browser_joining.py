"""The pages that customers see without a login, on a telephone: joining and leaving."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import ACTION, PHONE, demo_browser, open_record

PREPARED = """
import re
company = env.ref("xpyme_contacts.company_biobio")
company.write({
    "offer_join_page": True,
    "offer_legal_text": "Sus datos: https://biobio.example.com/privacidad.",
})
vals = company._prepare_invitation_vals("nueva@example.com")
company_path = company._get_join_path()
confirm = re.search(company_path + '/[^"]+', str(vals["body_html"]))[0]
offer = env["xpyme.offer"].search(
    [("company_id", "=", company.id), ("state", "=", "sent")], limit=1)
offer.partner_id.document_email = "facturas@copihues.example.com"
path = offer._get_unsubscribe_path(offer._get_token(offer.email))
print("PATHS", company_path, confirm, path)
env.cr.commit()
"""


@pytest.fixture(scope="module")
def browser(lab):
    with demo_browser(lab, PREPARED) as browser:
        yield browser


@pytest.fixture
def phone(browser):
    context = browser.chromium.new_context(locale="es-CL", **PHONE)
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture(scope="module")
def paths(browser):
    line = next(x for x in browser.told.splitlines() if x.startswith("PATHS"))
    return dict(zip(("join", "confirm", "leave"), line.split()[1:], strict=True))


def test_joining_with_the_code_of_the_counter(browser, phone, paths):
    phone.goto(browser.url + paths["join"])
    title = phone.locator("h1")
    expect(title).to_have_text("Nuestras ofertas en su correo")
    expect(phone).to_have_title(re.compile("^Ofertas de"))
    browser.look(phone, "join-ask-phone")
    phone.fill("input[name=email]", "nueva@example.com")
    phone.check("input[name=agreed]")
    phone.get_by_role("button").click()
    expect(title).to_have_text("Mire en su correo.")
    browser.look(phone, "join-look-phone")
    phone.goto(browser.url + paths["confirm"])
    expect(title).to_have_text("¿Quiere nuestras ofertas?")
    browser.look(phone, "join-confirm-phone")
    phone.get_by_role("button").click()
    expect(title).to_have_text("Hecho: recibirá nuestras ofertas.")
    browser.look(phone, "join-done-phone")
    phone.goto(browser.url + paths["confirm"][:-3])
    expect(title).to_have_text("Este enlace no está completo, o es demasiado antiguo.")
    browser.look(phone, "join-old-phone")


def test_leaving_asks_about_the_other_address_and_lets_come_back(browser, phone, paths):
    phone.goto(browser.url + paths["leave"])
    title = phone.locator("h1")
    expect(title).to_have_text("¿No quiere recibir más ofertas?")
    expect(phone).to_have_title(re.compile("^Ofertas de"))
    expect(phone.locator("label.tick")).to_contain_text("f•••@copihues.example.com")
    browser.look(phone, "leave-ask-phone")
    phone.get_by_role("button").click()
    expect(title).to_have_text("Hecho: no recibirá más ofertas.")
    browser.look(phone, "leave-done-phone")
    phone.get_by_role("button", name="Tampoco quiero ofertas allí").click()
    expect(phone.locator("body")).not_to_contain_text("Tampoco quiero ofertas allí")
    phone.get_by_role("button", name="Volver a recibir ofertas").click()
    expect(title).to_have_text("Hecho: vuelve a recibir nuestras ofertas.")
    browser.look(phone, "leave-again-phone")


@pytest.mark.long
def test_sheet_for_the_counter(browser, paths):
    with browser.page("duena", PHONE) as page:
        page.goto(browser.url + paths["join"] + "/poster")
        expect(page.locator("h1")).to_have_text("Nuestras ofertas en su correo")
        expect(page).to_have_title("Nuestras ofertas en su correo")
        picture = page.locator("img")
        assert picture.evaluate("image => image.naturalWidth") > 100
        browser.look(page, "join-poster-phone")


def test_card_tells_why_the_customer_may_be_written_to(browser, device, request):
    name = request.node.callspec.id
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        page.get_by_role("tab", name="Fidelización").click()
        expect(page.locator("div[name=offer_basis]")).to_have_text("Acepta ofertas")
        browser.look(page, f"offer-basis-{name}")
        page.locator("button[name=action_open_offer_consents]").click()
        open_record(page, "contacto@copihues.example.com")
        expect(page.locator("div[name=holds] input")).to_be_checked()
        browser.look(page, f"consent-form-{name}")


def test_forgetting_a_customer_asks_first(browser, device, request):
    if request.node.callspec.id != "desktop":
        pytest.skip("once is enough: nobody is forgotten twice")
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Ñandú Maderas")
        page.get_by_role("tab", name="Fidelización").click()
        page.locator("button[name=action_forget]").click()
        dialog = page.locator(".modal")
        expect(dialog).to_contain_text("¿Olvidar al cliente?")
        browser.look(page, "forget-ask")
        dialog.locator("footer .btn-primary").click()
        expect(page.locator(".ribbon")).to_contain_text("Archivado")
        browser.look(page, "forget-done")
