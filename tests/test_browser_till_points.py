"""Vouchers at the till: a session of Odoo's Point of Sale in Chromium."""

import json

import pytest
from playwright.sync_api import expect

from tests.till import DIALOG, TABLET, Till, open_shop

pytestmark = pytest.mark.long

VOUCHERS = """
owners = env["res.partner"].browse(made["customers"]["plain"])
cards = env["loyalty.card"].sudo()._top_up_vouchers(dict.fromkeys(owners, 30), company)
codes = {owner.name: card.code for owner, card in cards.items()}
made["codes"] = codes
"""


@pytest.fixture(scope="module")
def shop(lab):
    """The shop of the other tests of the till; one customer has 30.00 in vouchers."""
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


def test_anothers_voucher_is_refused(till):
    """Case 16."""
    till.ring("clavos")
    till.choose("pvp")
    said = till.do(
        "return await posmodel.activateCode(args[0])", till.shop.codes["Sin Nada"]
    )
    assert "otro cliente" in json.dumps(said, ensure_ascii=False)
    assert till.total == 62.92
