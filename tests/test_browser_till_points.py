"""Vouchers at the till: a session of Odoo's Point of Sale in Chromium."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.till import DIALOG, TABLET, Till, open_offline, open_shop

pytestmark = pytest.mark.long

VOUCHERS = """
from datetime import timedelta

owners = env["res.partner"].browse(made["customers"]["plain"])
for name in ("Dos Cajas 1", "Dos Cajas 2"):
    both = customer(name)
    price(both, "rodillo", pvp_1=15)
    made["customers"][name] = both.id
    owners |= both
made["lapsed"] = {"Vale Caducado": 30, "Mitad Caducado": 20}
for name in made["lapsed"]:
    lapsed = customer(name)
    made["customers"][name] = lapsed.id
    owners |= lapsed
quiet = customer("No Avisar", no_voucher_warning=True)
warned = customer("Vale y Moroso", is_defaulter=True)
made["customers"].update(quiet=quiet.id, warned=warned.id)
owners |= quiet | warned
parameters = env["ir.config_parameter"]
parameters.set_param("point_of_sale.limited_customer_count", "1000")
cards = env["loyalty.card"].sudo()._top_up_vouchers(dict.fromkeys(owners, 30), company)
codes = {owner.name: card.code for owner, card in cards.items()}
made["codes"] = codes
# What was given until yesterday, of which nothing has been used; no cron takes it off.
env.ref("xpyme_contacts_points.lapse_cron").active = False
yesterday = company._get_local_today() - timedelta(days=1)
for name in ("Vale Caducado", "Mitad Caducado"):
    card = cards[env["res.partner"].browse(made["customers"][name])]
    env["xpyme.points.settlement"].sudo().create(
        {"partner_id": card.partner_id.id, "company_id": company.id,
         "currency_id": company.currency_id.id,
         "date_from": "2025-01-01", "date_to": "2025-12-31", "mode": "percent",
         "amount": made["lapsed"][name], "remaining_amount": made["lapsed"][name],
         "card_id": card.id, "expiration_date": yesterday, "state": "done"}
    )
second = config.copy(
    {"name": "Trastienda",
     "payment_method_ids": [Command.set(method("Segunda caja", "cash").ids)]}
)
second.open_ui()
second.current_session_id.set_opening_control(0, None)
made["second"] = second.id
"""


@pytest.fixture(scope="module")
def shop(lab):
    """The shop of the other tests of the till, with a second till; some customers have
    30.00 in vouchers."""
    with open_shop(lab, VOUCHERS) as found:
        yield found


@pytest.fixture(scope="module")
def session(shop):
    with shop.browser.page("cajera", TABLET) as page:
        yield Till(page, shop).open()


@pytest.fixture
def till(session):
    session.page.keyboard.press("Escape")
    session.begin()
    return session


def answer(till, use):
    dialog = till.page.locator(DIALOG)
    expect(dialog).to_contain_text("30,00")
    buttons = dialog.locator("footer button")
    (buttons.first if use else buttons.nth(1)).click()
    expect(dialog).to_have_count(0)


def test_a_voucher_pays_what_it_can_and_goes_with_its_customer(till):
    """Cases 15 and 16: 30.00 on 62.92 leaves 32.92; another customer: it is off."""
    till.ring("clavos")
    till.choose("plain")
    answer(till, use=True)
    expect(till.page.locator(".order-summary .total")).to_contain_text("32,92")
    till.shop.browser.look(till.page, "till-voucher-tablet")
    till.choose("pvp")
    expect(till.page.locator(".order-summary .total")).to_contain_text("62,92")


def test_not_now_leaves_the_ticket_as_it_is(till):
    till.ring("clavos")
    till.choose("plain")
    answer(till, use=False)
    assert till.total == 62.92


def test_one_dialog_tells_of_vouchers_too_and_the_card_silences_it(till):
    """Cases 12 and 15."""
    till.ring("clavos")
    till.choose("warned")
    dialog = till.page.locator(DIALOG)
    expect(dialog).to_have_count(1)
    expect(dialog).to_contain_text("moroso")
    till.shop.browser.look(till.page, "till-voucher-notice-tablet")
    answer(till, use=False)
    till.choose("quiet")
    assert till.partner == till.customer("quiet")
    expect(dialog).to_have_count(0)


def test_the_dialog_on_a_phone(shop):
    with shop.browser.page("cajera", PHONE) as page:
        phone = Till(page, shop).open()
        phone.begin()
        phone.ring("clavos")
        phone.choose("warned")
        expect(page.locator(DIALOG)).to_contain_text("30,00")
        shop.browser.look(page, "till-voucher-notice-phone")
        answer(phone, use=True)
        shop.browser.look(page, "till-voucher-phone")


def test_anothers_voucher_is_refused(till):
    """Case 16."""
    till.ring("clavos")
    till.choose("pvp")
    said = till.do(
        "return await posmodel.activateCode(args[0])", till.shop.codes["Sin Nada"]
    )
    assert "otro cliente" in json.dumps(said, ensure_ascii=False)
    assert till.total == 62.92


def test_what_has_lapsed_is_neither_told_nor_used(till):
    """Case 15: 30.00 until yesterday, which are still on the card."""
    till.ring("clavos")
    till.choose("Vale Caducado")
    expect(till.page.locator(DIALOG)).to_have_count(0)
    till.do(
        "return await posmodel.activateCode(args[0])", till.shop.codes["Vale Caducado"]
    )
    assert till.total == 62.92
    till.pay()
    expect(till.page.locator(".receipt-screen")).to_be_visible()
    assert get_balance(till.shop, "Vale Caducado") == 30


def test_of_a_voucher_that_has_lapsed_in_part_the_rest_is_told_and_used(till):
    """Case 15: 10.00 of 30.00 can still be used."""
    till.ring("clavos")
    till.choose("Mitad Caducado")
    dialog = till.page.locator(DIALOG)
    expect(dialog).to_contain_text("10,00")
    dialog.locator("footer button").first.click()
    expect(till.page.locator(".order-summary .total")).to_contain_text("52,92")


@pytest.mark.parametrize("closed", [False, True], ids=["same tab", "tab closed"])
def test_used_at_two_tills_both_tickets_are_kept_and_it_is_told(till, closed):
    """Case 17: 30.00 here; meanwhile 15.00 at a till without connection: -15.00."""
    shop, name = till.shop, f"Dos Cajas {1 + closed}"
    with open_offline(shop, shop.second) as other:
        other.cash = "Segunda caja"
        other.ring("rodillo")
        other.choose(name)
        answer(other, use=True)
        expect(other.page.locator(".order-summary .total")).to_contain_text("0,00")
        second = other.uuid
        other.do("posmodel.pay()")
        expect(other.page.locator(".payment-screen")).to_be_visible()
        other.cut(True)
        other.pay_without_connection()
        till.ring("clavos")
        till.choose(name)
        answer(till, use=True)
        expect(till.page.locator(".order-summary .total")).to_contain_text("32,92")
        first = till.uuid
        till.pay()
        expect(till.page.locator(".receipt-screen")).to_be_visible()
        assert get_balance(shop, name) == 0
        other.reconnect(second, closed)
        assert [till.row(uuid, "state") for uuid in (first, second)] == [("done",)] * 2
    assert get_balance(shop, name) == -15
    assert till.count_told(till.customer(name), shop.codes[name])


def get_balance(shop, name):
    """What is on the customer's voucher, whose points are cents."""
    with shop.connection.cursor() as cursor:
        cursor.execute(
            "SELECT points FROM loyalty_card WHERE code = %s", [shop.codes[name]]
        )
        return cursor.fetchone()[0] / 100
