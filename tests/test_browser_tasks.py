"""The everyday tasks of a shop, by its owner, its salesperson and its technician.

Each is done at the screen as a person does it, on a desk and on a telephone, from the
page where the user lands; what has come of it is then read in the database. What each
cost in presses and seconds is printed at the end: figures to compare, not to judge by.
"""

import io
import re

import pypdf
import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests import mail_sink
from tests.browser import DESKTOP, PHONE, PUBLIC, demo_browser, open_record
from tests.day_tasks import RECORD, Day, table

# Valid, and of nobody in the demo.
TAX_IDS = {
    ("cl", "desktop"): "76.543.210-3",
    ("cl", "phone"): "77.123.456-9",
    ("es", "desktop"): "B17123456",
    ("es", "phone"): "B17543216",
}
PHONES = {"cl": "+56 41 299 0998", "es": "+34 972 99 09 98"}
SHOPS = {"cl": "company_biobio", "es": "company_onyar"}
OVER_LIMIT = "Instal·lacions Güell Imaginari"
PRICED = "Fleca Can Prova"
ARTICLE = "LED-9"
PRICE = re.compile("[1-9]")
RECIPIENTS = [
    "Agrícola Santa Peña",
    "Clínica Dental Sonrisa",
    "Colegio Árbol de Ejemplo",
    "Comunidad Edificio Mirador",
    "Constructora Los Copihues",
    "Hostal El Peñón",
    "Inversiones Ñandú",
    "Panadería La Espiga",
    "Restaurante El Caldillo",
    "Ñandú Transportes",
]
RECODED = {"desktop": "Taller Mecánico Núñez", "phone": "Junta de Vecinos"}
PREPARED = """
partners = env["res.partner"].with_company(env.ref("xpyme_contacts.company_biobio"))
for size in ("desktop", "phone"):
    for card in "12":
        partners.create({
            "name": f"Doble {size} Limitada", "is_company": True, "customer_rank": 1,
            "country_id": env.ref("base.cl").id,
            "alternative_code_ids": [
                (0, 0, {"name": f"TARJETA-{size}-{card}-{number}"})
                for number in range(2)
            ],
        })
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create({
    "name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": %s,
    "smtp_encryption": "none",
})
env.cr.commit()
"""


@pytest.fixture(scope="module")
def browser(lab):
    """Of a server with the demo whose mails go nowhere."""
    options = ["--max-cron-threads=1"]
    with mail_sink.running() as sink:
        with demo_browser(lab, PUBLIC + PREPARED % sink.port, options) as browser:
            yield browser


@pytest.fixture(scope="module")
def day(browser, request):
    day = Day(browser)
    yield day
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("", *table(day.costs), sep="\n")


@pytest.fixture(scope="module")
def rows(lab, browser):
    """``rows(query, *parameters)`` answers a query on the shop's database."""
    connection = lab.connect(browser.db)
    connection.autocommit = True

    def fetch(query, *parameters):
        with connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall()

    yield fetch
    connection.close()


@pytest.fixture
def size(device):
    return "phone" if device is PHONE else "desktop"


def record_id(rows, name):
    """The id of a record of the demo."""
    query = "SELECT res_id FROM ir_model_data WHERE module = 'xpyme_contacts'"
    [(found,)] = rows(f"{query} AND name = %s", name)
    return found


def article(hand, code):
    """An article on a quotation's first line, until the quotation has its price."""
    inside = hand.add("order_line")
    field = "product_id" if hand.phone else "product_template_id"
    hand.choose(field, code, inside)
    hand.close_row("order_line")
    expect(hand.page.locator("div[name=order_line]").locator(RECORD)).to_have_count(1)
    expect(hand.page.locator("div[name=tax_totals]")).to_contain_text(PRICE)


@pytest.mark.parametrize("country", SHOPS)
def test_new_customer_in_four_fields_gets_an_invoice(day, rows, device, size, country):
    company = record_id(rows, SHOPS[country])
    tax_id = TAX_IDS[country, size]
    name = f"Llamó esta mañana, {country} {size}"
    with day.task(f"1 new customer {country}", "duena", device, company) as hand:
        hand.new()
        hand.type("vat", tax_id)
        hand.type("name", name)
        hand.type("phone", PHONES[country])
        hand.type("email", f"{country}.{size}@example.com")
        hand.save()
    assert rows("SELECT 1 FROM res_partner WHERE name = %s AND customer_code > 0", name)

    with day.task(f"1b to the invoice {country}", "duena", device, company) as hand:
        hand.find(name)
        hand.button("action_new_quotation").click()
        article(hand, ARTICLE)
        hand.press("action_confirm")
        expect(hand.page.locator(".o_arrow_button_current")).to_contain_text("venta")
        invoice = hand.page.get_by_role("button", name="Crear factura")
        invoice.locator("visible=true").first.click()
        hand.button("create_invoices", ".modal").click()
        hand.press("action_post")
        stage = hand.page.locator(".o_arrow_button_current")
        expect(stage).to_contain_text(re.compile("Publicado|Registrado"))
    [(state, amount)] = rows(
        """SELECT move.state, move.amount_total
           FROM account_move AS move JOIN res_partner ON res_partner.id = partner_id
           WHERE res_partner.name = %s AND move.company_id = %s""",
        *(name, company),
    )
    assert state == "posted" and amount > 0


@pytest.mark.long
def test_caller_is_found_by_the_number_as_it_is_written(day, rows, device):
    with day.task("2 who calls", "vendedor", device) as hand:
        hand.search("99 01 01")
        call = hand.page.locator("a[href^='tel:']:visible").first
        expect(hand.page.locator(RECORD)).to_have_count(1)
        expect(call).to_contain_text("972 99 01 01")
        called = call.get_attribute("href").removeprefix("tel:")
        call.click()
    customer = record_id(rows, "customer_ter_blau")
    [(number,)] = rows("SELECT phone FROM res_partner WHERE id = %s", customer)
    assert called.replace(" ", "") == number.replace(" ", "")


def texts(path):
    pages = pypdf.PdfReader(path).pages
    return "\n".join(page.extract_text() for page in pages)


def print_contacts(hand):
    """*Imprimir* of the contacts' window; a telephone folds it away."""
    button = hand.page.locator("button[name=action_print_contacts]:visible")
    more = hand.page.locator("button.o-control-panel-adaptive-dropdown:visible")
    expect(button.or_(more).first).to_be_visible()
    if not button.count():
        more.click()
    return hand.download(button.first)


@pytest.mark.long
def test_contacts_of_a_customer_are_printed(day, rows, device):
    with day.task("3 print contacts", "duena", device) as hand:
        open_record(hand.page, "Constructora Los Copihues")
        hand.press("action_open_contacts", ".o-form-buttonbox")
        expect(hand.page.locator(RECORD).first).to_contain_text("Carolina")
        printed = texts(print_contacts(hand))
    customer = record_id(rows, "customer_copihues")
    people = rows(
        "SELECT name FROM res_partner"
        " WHERE parent_id = %s AND type = 'contact' AND active",
        customer,
    )
    assert len(people) > 2
    assert not [name for (name,) in people if name.split()[0] not in printed]


@pytest.mark.long
def test_technician_prints_the_contacts_of_todays_order(day, device):
    with day.task("4 order to contacts", "tecnico", device) as hand:
        mine = hand.page.locator(RECORD).first
        expect(mine).to_contain_text("Colegio Árbol")
        mine.get_by_text("Colegio Árbol").first.click()
        hand.button("action_open_contacts").click()
        expect(hand.page.locator(".o_view_controller").last).to_contain_text("Moisés")
        printed = texts(print_contacts(hand))
    assert "Moisés" in printed and "Úrsula" in printed


@pytest.mark.long
def test_why_over_the_limit_and_whom_to_call(day, rows, device):
    with day.task("5 why over limit", "vendedor", device) as hand:
        hand.menu("xpyme_risk_menu", "xpyme_risk_over_limit_menu")
        row = hand.page.locator(RECORD, has_text=OVER_LIMIT)
        row.locator("[name=action_open_risk_report]").first.click()
        report = hand.page.locator(".o_form_view")
        expect(report.locator(".alert")).to_contain_text("300,00")
        call = report.locator("div[name=call_phone] a").first
        expect(call).to_be_visible()
        expect(report.locator("div[name=call_name]")).to_contain_text("Àngel Güell")
        called = call.get_attribute("href").removeprefix("tel:")
        call.click()
    customer = record_id(rows, "customer_installacions")
    numbers = rows(
        "SELECT phone, mobile FROM res_partner WHERE id = %s OR parent_id = %s",
        *(customer, customer),
    )
    plain = {(number or "").replace(" ", "") for row in numbers for number in row}
    assert called.replace(" ", "") in plain


def test_special_price_is_typed_and_quoted_from_the_card(day, rows, device, size):
    customer = record_id(rows, "customer_can_prova")
    code, price = {"desktop": (ARTICLE, 2.35), "phone": ("CAB-25", 4.15)}[size]
    with day.task("6 special price", "vendedor", device) as hand:
        open_record(hand.page, PRICED)
        hand.tab("Precios y dtos.")
        row = hand.add("customer_price_ids")
        hand.choose("product_id", code, row)
        hand.type("price_1", str(price).replace(".", ","), row)
        hand.close_row("customer_price_ids")
        hand.save()
    [(typed,)] = rows(
        """SELECT price_1 FROM xpyme_customer_price AS special
           JOIN product_product AS article ON article.id = product_id
           WHERE partner_id = %s AND article.default_code = %s""",
        *(customer, code),
    )
    assert float(typed) == price

    with day.task("6b quotation with it", "vendedor", device) as hand:
        open_record(hand.page, PRICED)
        hand.button("action_new_quotation").click()
        article(hand, code)
        hand.save()
    [(quoted,)] = rows(
        """SELECT price_unit FROM sale_order_line AS line
           JOIN product_product AS article ON article.id = product_id
           WHERE order_partner_id = %s AND article.default_code = %s
           AND line.state = 'draft'""",
        *(customer, code),
    )
    assert float(quoted) == price


@pytest.mark.long
def test_offer_to_ten_chosen_customers(day, rows, device, size):
    subject = f"Esta semana, {size}"
    with day.task("7 offer to ten", "duena", device) as hand:
        records = hand.page.locator(RECORD)
        hand.tick([records.filter(has_text=name).first for name in RECIPIENTS])
        hand.act("Enviar una oferta")
        hand.type("subject", subject)
        row = hand.add("product_ids")
        hand.choose("product_id", ARTICLE, row)
        hand.close_row("product_ids")
        hand.press("action_prepare")
        told = hand.page.locator("div[name=health]")
        expect(told).to_contain_text("Se enviará a")
        hand.press("action_ask_approval")
        hand.button("action_approve", ".modal").click()
        current = hand.page.locator(".o_arrow_button_current")
        expect(current).to_contain_text("Terminada", timeout=90_000)
    found = rows(
        """SELECT res_partner.name, offer.state, offer.skip_reason
           FROM xpyme_offer AS offer
           JOIN xpyme_offer_campaign AS campaign ON campaign.id = campaign_id
           JOIN res_partner ON res_partner.id = offer.partner_id
           WHERE campaign.subject = %s""",
        subject,
    )
    asked = {name for name in RECIPIENTS for told, *_ in found if name in told}
    assert asked == set(RECIPIENTS), found
    left_out = {reason for _name, state, reason in found if state != "sent"}
    assert left_out == {"no_basis", "no_mailing", "opted_out"}, found
    assert sum(state == "sent" for _name, state, _reason in found) == 7


@pytest.mark.long
def test_addresses_become_a_workbook(day, rows, device, size):
    with day.task("8 e-mails to Excel", "duena", device) as hand:
        hand.menu("xpyme_file_menu", "xpyme_email_export_menu")
        dialog = hand.page.locator(".modal")
        dialog.locator("input[type=radio][data-value=xlsx]").check()
        path = hand.download(hand.button("action_export", ".modal"))
        expect(dialog.locator("div[name=exported_count]")).to_be_visible()
    sheet = load_workbook(io.BytesIO(path.read_bytes())).active
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "contacto@copihues.example.com" in cells
    refused = rows("SELECT email FROM mail_blacklist WHERE active")
    assert refused and not {email for (email,) in refused} & set(cells)


def test_code_of_a_customer_is_changed(day, rows, device, size):
    name, code = RECODED[size], {"desktop": "7070", "phone": "7080"}[size]
    [(before,)] = rows(
        "SELECT ref FROM res_partner WHERE name LIKE %s AND is_customer_card",
        f"{name}%",
    )
    with day.task("9 change code", "duena", device) as hand:
        open_record(hand.page, name)
        hand.page.get_by_role("button", name="Cambiar código").first.click()
        hand.type("new_code", code, ".modal")
        hand.page.locator(".modal div[name=keep_as_alternative] input").check()
        hand.button("action_apply", ".modal").click()
        expect(hand.page.locator(".modal")).to_have_count(0)
        shown = hand.page.locator("div[name=ref] input").first
        expect(shown).to_have_value(code)
    found = rows(
        """SELECT ref, alternative.name FROM res_partner
           JOIN xpyme_alternative_code AS alternative
             ON alternative.partner_id = res_partner.id
           WHERE res_partner.name LIKE %s AND is_customer_card""",
        f"{name}%",
    )
    assert (code, before) in found


def test_two_cards_of_one_customer_are_merged(day, rows, device, size):
    name = f"Doble {size} Limitada"
    query = "SELECT id, ref FROM res_partner WHERE name = %s AND is_customer_card"
    before = rows(query, name)
    assert len(before) == 2
    with day.task("10 merge", "duena", device) as hand:
        hand.search(name)
        expect(hand.page.locator(RECORD)).to_have_count(2)
        doubles = hand.page.locator(RECORD)
        hand.tick([doubles.nth(0), doubles.nth(1)])
        hand.act("Fusionar")
        hand.button("action_merge", ".modal").click()
        expect(hand.page.locator(".modal")).to_have_count(0)
        title = hand.page.locator(".o_form_view div[name=name] :is(input, textarea)")
        expect(title.first).to_have_value(name)
    [(survivor, _ref)] = rows(query, name)
    kept = rows(
        "SELECT name FROM xpyme_alternative_code WHERE partner_id = %s", survivor
    )
    codes = {code for (code,) in kept}
    assert {f"TARJETA-{size}-{card}-{n}" for card in "12" for n in "01"} <= codes


def test_contact_account_and_special_price_are_entered_without_a_mouse(day, rows):
    name, person = "Sin Ratón Limitada", "Tecla Prueba"
    account = "ES9121000418450200051332"
    task = day.task("keys only", "duena", DESKTOP)
    with task as hand:
        keys = hand.page.keyboard
        keys.press("Alt+c")
        hand.tab_to("vat")
        keys.type("78.222.111-6")
        assert hand.tab_to("name") <= 3
        assert hand.tab_to("vat", "Shift+Tab") <= 3
        hand.tab_to("name")
        keys.type(name)
        hand.tab_to("phone")
        keys.type(PHONES["cl"])
        hand.save_by_key()

        hand.add_by_key("contact_ids")
        keys.type(person)
        keys.press("Tab")
        keys.type("Compras")
        hand.save_by_key()

        hand.tab_by_key("bank")
        hand.add_by_key("bank_ids")
        keys.type(account)
        hand.save_by_key()

        hand.tab_by_key("prices")
        hand.add_by_key("customer_price_ids")
        keys.type(ARTICLE)
        found = ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)"
        expect(hand.page.locator(found)).to_have_count(1)
        keys.press("Enter")
        hand.tab_to("price_1")
        keys.type("1990")
        hand.save_by_key()
    assert day.costs[-1].clicks == 0
    found = rows(
        """SELECT card.vat, person.function, bank.acc_number, special.price_1
           FROM res_partner AS card
           JOIN res_partner AS person ON person.parent_id = card.id
           JOIN res_partner_bank AS bank ON bank.partner_id = card.id
           JOIN xpyme_customer_price AS special ON special.partner_id = card.id
           WHERE card.name = %s AND person.name = %s AND card.is_customer_card""",
        *(name, person),
    )
    [(vat, position, number, price)] = found
    assert (vat, position, float(price)) == ("78222111-6", "Compras", 1990)
    assert number.replace(" ", "") == account
