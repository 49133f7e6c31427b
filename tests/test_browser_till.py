"""The till knows its customers: a session of Odoo's Point of Sale in Chromium.

The cashier has no other right; prices, notices and refusals are those of an order.
"""

import json
import random
import re

import pytest
from playwright.sync_api import expect

from tests.till import DIALOG, TABLET, Till, open_shop

long = pytest.mark.long
SERVER_ROUNDS = """
import json

from odoo.addons.xpyme_contacts.tools.unit_price import rounded

print("ROUNDED " + json.dumps([rounded(one, 2) for one in {prices}]))
"""
TILL_ROUNDS = """
const {roundedPrice} = odoo.loader.modules.get(
    "@xpyme_contacts_pos/app/customer_terms"
);
return args.map((price) => roundedPrice(price, 2));
"""


@pytest.fixture(scope="module")
def shop(lab):
    with open_shop(lab) as found:
        yield found


@pytest.fixture(scope="module")
def session(shop):
    with shop.browser.page("cajera", TABLET) as page:
        yield Till(page, shop).open()


@pytest.fixture
def till(session):
    """The cashier's page, with a ticket of its own."""
    session.page.keyboard.press("Escape")
    session.begin()
    return session


# === PRICES ===#


def test_a_ticket_comes_to_what_a_quotation_does(till):
    """Case 1: special prices, special and family discounts; chosen after the lines."""
    till.ring(*["esmalte"] * 12, "rodillo", "pintura", "pintura")
    till.choose("ter_blau")
    assert till.prices == [(9.2, 0), (5.785124, 3), (30, 5)]
    assert till.total == pytest.approx(till.shop.quotation, abs=0.001)


@long
def test_a_price_with_tax_stays_what_was_agreed(till):
    """Cases 2 and 3: 7.00 is 7.00, three scans are one line of 21.00."""
    till.choose("pvp")
    till.scan("8400000000024")
    assert till.total == 7.00
    till.scan("8400000000024")
    till.scan("8400000000024")
    [line] = till.lines
    assert (line["quantity"], till.total) == (3, 21.00)


@long
def test_the_invoice_is_the_tickets(till):
    """Cases 2 and 20: to the cent, and paid."""
    till.ring("rodillo", "rodillo", "rodillo")
    till.choose("pvp")
    uuid = till.uuid
    till.do("till.order.setToInvoice(true)")
    till.pay()
    expect(till.page.locator(".receipt-screen")).to_be_visible(timeout=90_000)
    total, invoice = till.row(uuid, "amount_total", "account_move")
    with till.shop.connection.cursor() as cursor:
        cursor.execute(
            "SELECT amount_total, payment_state FROM account_move WHERE id = %s",
            [invoice],
        )
        amount, state = cursor.fetchone()
    assert float(total) == float(amount) == 21.00
    assert state in ("paid", "in_payment")


@long
def test_prices_follow_the_customer_and_a_typed_one_stays(till):
    """Case 4."""
    till.ring("esmalte", "clavos")
    till.do("till.setPrice(1, 40)")
    till.choose("ter_blau")
    assert till.prices == [(9.2, 0), (40, 0)]
    till.ring("pintura")
    assert till.prices[2] == (30, 5)
    till.do("posmodel.setPartnerToCurrentOrder(false)")
    assert till.prices == [(14.9, 0), (40, 0), (30, 0)]


@long
def test_each_tariff_has_its_special_prices(till):
    """Case 5."""
    till.choose("ter_blau")
    till.ring("esmalte")
    till.do("await till.pricelist(args[0])", till.shop.tariffs["2"])
    assert till.prices == [(8.1, 0)]
    till.do("await till.pricelist(args[0])", till.shop.tariffs["1"])
    assert till.prices == [(9.2, 0)]


@long
def test_what_is_typed_under_the_minimum_is_raised_and_told(till):
    """Case 6, for who may not insist."""
    till.choose("ter_blau")
    till.ring("esmalte")
    till.do("till.setPrice(0, 5)")
    till.do("posmodel.pay()")
    till.dialog("Esmalte blanco", "8,00")
    assert till.prices == [(8, 0)]
    till.do("posmodel.navigate('ProductScreen', {orderUuid: till.order.uuid})")
    till.do("posmodel.setDiscountFromUI(till.order.lines[0], 90)")
    till.dialog("Esmalte blanco")
    assert till.prices == [(8, 0)]


@long
def test_a_sales_administrator_insists(shop):
    """Case 6, for who may."""
    with shop.browser.page("admin", TABLET) as page:
        till = Till(page, shop).open()
        till.begin()
        till.choose("ter_blau")
        till.ring("esmalte")
        till.do("till.setPrice(0, 5)")
        till.do("posmodel.pay()")
        till.dialog("Esmalte blanco", "8,00")
        assert till.prices == [(5, 0)]
        assert till.do("return till.order.lines[0].insisted_minimum") is True


@long
def test_discounts_of_the_whole_ticket_leave_the_minimums(till):
    """Case 6: 9.20 may become 8.00, also by a line of its own."""
    till.choose("ter_blau")
    till.ring("esmalte", "descuento")
    till.do("till.setPrice(1, -1.30)")
    till.do("posmodel.pay()")
    till.dialog("0,10")
    expect(till.page.locator(".payment-screen")).to_have_count(0)
    till.do("till.setPrice(1, -1.20)")
    till.do("posmodel.pay()")
    expect(till.page.locator(".payment-screen")).to_be_visible()


@long
def test_what_comes_under_the_minimum_is_kept_marked_and_told(till):
    """Case 6: a till whose scripts let it pass."""
    buyer = till.customer("ter_blau")
    till.choose("ter_blau")
    till.ring("esmalte")
    uuid = till.uuid
    till.do("posmodel.pay()")
    expect(till.page.locator(".payment-screen")).to_be_visible()
    till.do("till.setPrice(0, 5); till.order.lines[0].getMissedMinimum = () => 0;")
    till.page.locator(".paymentmethod", has_text="Caja").first.click()
    till.page.locator(".payment-screen .validation-button:visible").first.click()
    expect(till.page.locator(".receipt-screen")).to_be_visible()
    assert till.row(uuid, "sold_under_minimum") == (True,)
    assert till.count_told(buyer, "precio mínimo")


@long
def test_what_is_given_back_has_no_minimum(till):
    """Case 6."""
    till.choose("ter_blau")
    till.ring("esmalte")
    till.do("till.order.lines[0].setQuantity(-1); till.setPrice(0, 5)")
    assert till.do("return till.order.lines[0].getMissedMinimum()") == 0
    till.do("posmodel.pay()")
    expect(till.page.locator(".payment-screen")).to_be_visible()


@long
def test_one_discount_is_silent_and_of_several_one_is_chosen(till):
    """Case 7: 10 % of the line and 5 % of the ticket are 14.5 %."""
    till.ring("esmalte", "clavos")
    till.choose("single")
    assert till.prices == [(14.9, 14.5), (52, 5)]
    till.choose("several")
    dialog = till.page.locator(DIALOG)
    expect(dialog).to_contain_text("Pronto pago (2 %)")
    dialog.get_by_text("Pronto pago (2 %)").click()
    assert till.prices == [(14.9, 2), (52, 2)]
    till.choose("plain")
    assert till.prices == [(14.9, 0), (52, 0)]


# === WHO MAY BUY ===#


def test_a_blocked_customer_is_not_chosen(till):
    """Case 8: neither from the list nor by a scan."""
    till.ring("clavos")
    till.choose("blocked")
    till.dialog("De Baja", "ningún documento")
    till.scan("7772")
    till.dialog("De Baja")
    assert not till.partner


@long
def test_the_quotation_of_a_blocked_customer_is_not_paid(shop):
    """Case 8: settling it chooses its customer past the dialog."""
    with shop.browser.page("admin", TABLET) as page:
        till = Till(page, shop).open()
        buyer = till.customer("later_blocked")
        till.write("UPDATE res_partner SET is_blocked = TRUE WHERE id = %s", buyer)
        till.begin()
        till.settle(shop.quotations["later_blocked"])
        assert till.partner == buyer
        till.do("posmodel.pay()")
        till.dialog("Baja Pronto")
        expect(page.locator(".payment-screen")).to_have_count(0)
        till.write("UPDATE res_partner SET is_blocked = FALSE WHERE id = %s", buyer)


@long
def test_blocked_between_choosing_and_paying_nothing_is_lost(till):
    """Case 9: the ticket and its payment stay; without the customer it is paid."""
    buyer = till.customer("later_blocked")
    till.ring("clavos")
    till.choose("later_blocked")
    uuid = till.uuid
    till.do("posmodel.pay()")
    expect(till.page.locator(".payment-screen")).to_be_visible()
    till.write("UPDATE res_partner SET is_blocked = TRUE WHERE id = %s", buyer)
    till.page.locator(".paymentmethod", has_text="Caja").first.click()
    till.page.locator(".payment-screen .validation-button:visible").first.click()
    till.dialog("Baja Pronto")
    assert till.do("return till.state(args[0])", uuid) == {
        "state": "draft",
        "payments": 1,
    }
    till.do("till.order.setPartner(false); till.order.setToInvoice(false);")
    till.page.locator(".payment-screen .validation-button:visible").first.click()
    expect(till.page.locator(".receipt-screen")).to_be_visible()
    assert till.row(uuid, "state") == ("paid",)
    till.write("UPDATE res_partner SET is_blocked = FALSE WHERE id = %s", buyer)


@long
def test_one_dialog_tells_it_all(till):
    """Case 12: of a contact too, with Odoo's own message."""
    till.choose("person")
    till.dialog("moroso", "31/01/2020")
    assert till.partner == till.customer("person")
    till.begin()
    till.choose("told")
    till.dialog("moroso", "31/01/2020", "Cobra los viernes")


# === CODES ===#


def test_any_code_finds_the_customer(till):
    """Case 13: cards that look like a discount or an article; one not loaded."""
    for code, name in (
        ("TARJ-0001", "ter_blau"),
        ("2299887766", "ter_blau"),
        ("tarj-0001", "ter_blau"),
        ("7771", "ter_blau"),
        ("7773", "far"),
        ("0429876543210", "plain"),
    ):
        till.begin()
        till.ring("clavos")
        till.scan(code)
        assert till.partner == till.customer(name), code
        assert till.prices[0][1] == 0, code
    till.begin()
    till.scan("OTRA-1")
    assert not till.partner
    till.scan("8400000000017")
    assert [one["article"] for one in till.lines] == [till.shop.articles["esmalte"]]
    assert not till.partner


@long
def test_articles_are_scanned_without_asking_anybody(till):
    """Case 14: 40 scans, with and without a customer whose terms are known."""
    till.choose("ter_blau")
    asked = []
    till.page.on("request", lambda request: asked.append(request.url))
    codes = [f"84000000000{number}" for number in (17, 24, 31, 48)]
    for _time in range(10):
        for code in codes:
            till.do("await till.scan(args[0])", code)
    assert [one["quantity"] for one in till.lines] == [10] * 4
    till.begin()
    for code in codes:
        till.do("await till.scan(args[0])", code)
    till.ring("esmalte", "pintura")
    # Odoo tells a second screen of each line.
    calls = [url for url in asked if "call_kw" in url and "customer_display" not in url]
    assert not calls
    till.choose("ter_blau")
    till.scan("NOEXISTE")
    expect(till.page.locator(".o_notification")).to_contain_text("NOEXISTE")
    assert till.partner == till.customer("ter_blau")


@long
def test_the_list_has_customers_alone_and_finds_them_by_code(till):
    """Case 20: no mailboxes, users, companies, nobody brought along by a country."""
    known = till.do("return posmodel.models['res.partner'].map((p) => p.name)")
    assert "Cajera" in known
    till.do("posmodel.selectPartner()")
    rows = till.page.locator(".modal .partner-info")
    expect(rows.filter(has_text="Ter Blau")).to_have_count(1)
    listed = rows.all_inner_texts()
    till.shop.browser.look(till.page, "till-customers-tablet")
    for nobody in till.shop.nobodies:
        assert not [row for row in listed if nobody in row], nobody
    assert len([row for row in listed if "Con Buzón" in row]) == 1
    box = till.page.locator(".modal input[type=text], .modal input").first
    for nobody in till.shop.nobodies:
        box.fill(nobody)
        box.press("Enter")
        till.do("await till.settled()")
        expect(rows).to_have_count(0)
    box.fill("tarj-0001")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Ter Blau")
    till.page.keyboard.press("Escape")


@long
def test_whoever_is_no_customer_is_not_scanned(till):
    """Case 20: neither by the barcode of a card nor by that of the till's rule."""
    till.ring("clavos")
    till.scan(till.shop.worker_barcode)
    expect(till.page.locator(".o_notification").last).to_be_visible()
    assert not till.partner


@long
def test_a_quotation_brings_whomever_it_is_of(shop):
    """Case 20: also who works here; they can be taken off in the list."""
    with shop.browser.page("admin", TABLET) as page:
        till = Till(page, shop).open()
        till.begin()
        till.settle(shop.quotations["worker"])
        assert till.partner == shop.worker
        assert [one["quantity"] for one in till.lines] == [2]
        till.do("posmodel.selectPartner()")
        row = page.locator(".modal .partner-info", has_text="Cajera")
        expect(row).to_have_count(1)


@long
def test_the_list_goes_on_where_it_ends(till):
    """Whoever is beyond what is loaded comes by scrolling, nobody is left out."""
    said = till.do(
        """const asked = posmodel.screenState.partnerList.offsetBySearch[""];
           const more = await posmodel.data.callRelated(
               "res.partner", "get_new_partner", [posmodel.config.id, [], asked]);
           return more["res.partner"].map((partner) => partner.name);"""
    )
    assert said == ["Zzz Lejano"]


# === MADE AT THE TILL ===#


def begin_customer(till):
    """Press the button of the till's window that makes a customer."""
    till.do("posmodel.selectPartner()")
    till.page.locator(".modal-header .btn-primary").first.click()


@long
def test_a_customer_made_at_the_till_is_one_as_on_a_card(shop):
    """Case 19: with a code and a contact, on the ticket, for all companies."""
    with shop.browser.page("encargada", TABLET) as page:
        till = Till(page, shop).open()
        till.begin()
        till.ring("clavos")
        begin_customer(till)
        form = page.locator(".modal .o_form_view")
        name = form.locator("[name=name] input, [name=name] textarea").first
        name.fill("Nueva de Mostrador")
        page.locator(".modal .o_form_button_save").click()
        page.wait_for_function("till.order.partner_id")
        made = till.partner
        with shop.connection.cursor() as cursor:
            cursor.execute(
                """SELECT card.is_customer_card, card.ref, card.company_id,
                          (SELECT count(*) FROM res_partner contact
                            WHERE contact.parent_id = card.id
                              AND contact.name = card.name)
                     FROM res_partner card WHERE id = %s""",
                [made],
            )
            is_customer, code, company, contacts = cursor.fetchone()
        assert (is_customer, company, contacts) == (True, None, 1)
        assert code
        till.do("till.begin()")
        till.scan(code)
        assert till.partner == made


@long
def test_a_cashier_without_the_right_to_make_customers_is_told(till):
    """Case 19: as soon as they press the button."""
    begin_customer(till)
    refusal = till.page.locator(DIALOG).last
    expect(refusal).to_contain_text(re.compile("No puede crear|permiso"))
    till.shop.browser.picture(till.page, "till-no-right-tablet")
    till.open()


# === ON ACCOUNT ===#


@long
def test_on_account_is_judged_before_payment(till):
    """Case 18: cash passes, the account does not; the cashier reads no figure."""
    till.choose("limited")
    till.ring("clavos", "clavos")
    uuid = till.uuid
    till.pay("A cuenta")
    till.dialog("Con Límite")
    expect(till.page.locator(".payment-screen")).to_be_visible()
    assert till.row(uuid, "state") in (None, ("draft",))
    till.do("till.order.removePaymentline(till.order.payment_ids[0])")
    till.page.locator(".paymentmethod", has_text="Caja").first.click()
    till.page.locator(".payment-screen .validation-button:visible").first.click()
    expect(till.page.locator(".receipt-screen")).to_be_visible()
    assert till.row(uuid, "state") == ("done",)


# === THE RULE THAT THE SERVER HAS TOO ===#


@long
def test_the_till_rounds_a_price_as_the_server_does(lab, till):
    """10,000 prices of all sizes: a difference would be a cent on a ticket."""
    draw = random.Random(19)
    prices = [
        round(draw.uniform(1, 10) * 10 ** draw.randint(-6, 5), draw.randint(2, 9))
        for _number in range(10_000)
    ]
    told = lab.shell(till.shop.db, SERVER_ROUNDS.format(prices=prices))
    line = next(one for one in told.splitlines() if one.startswith("ROUNDED "))
    here = json.loads(line.removeprefix("ROUNDED "))
    there = till.do(TILL_ROUNDS, *prices)
    wrong = [
        trio
        for trio in zip(prices, here, there, strict=True)
        if abs(trio[1] - trio[2]) > 1e-12
    ]
    assert not wrong, wrong[:20]
