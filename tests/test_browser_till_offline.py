"""A till whose connection is cut: what was paid is kept, and told."""

import pytest
from playwright.sync_api import expect

from tests.till import open_offline, open_shop

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def shop(lab):
    with open_shop(lab) as found:
        yield found


@pytest.fixture
def offline(shop):
    with open_offline(shop) as till:
        yield till


@pytest.mark.parametrize("closed", [False, True], ids=["same tab", "tab closed"])
@pytest.mark.parametrize("invoiced", [False, True], ids=["ticket", "invoice"])
def test_sold_offline_to_one_who_was_blocked_is_kept_and_told(
    offline, closed, invoiced
):
    """Case 10: with and without an invoice, and after closing the tab."""
    till = offline
    buyer = till.customer("later_blocked")
    till.ring("clavos")
    till.choose("later_blocked")
    uuid = till.uuid
    till.do("till.order.setToInvoice(args[0])", invoiced)
    till.do("posmodel.pay()")
    expect(till.page.locator(".payment-screen")).to_be_visible()
    till.cut(True)
    till.pay_without_connection()
    till.write("UPDATE res_partner SET is_blocked = TRUE WHERE id = %s", buyer)
    till.page.wait_for_timeout(1500)
    till.reconnect(uuid, closed)
    row = till.row(uuid, "state", "sold_to_blocked", "account_move IS NOT NULL")
    assert row in ((("done" if invoiced else "paid"), True, invoiced),)
    assert till.count_told(buyer, "Baja")
    till.write("UPDATE res_partner SET is_blocked = FALSE WHERE id = %s", buyer)


def test_offline_the_last_known_prices_hold_else_the_tariff(offline):
    """Case 11."""
    till = offline
    till.choose("ter_blau")
    till.do("till.begin()")
    till.cut(True)
    till.ring("esmalte")
    till.choose("ter_blau")
    assert till.prices == [(9.2, 0)]
    assert not till.do("return till.order.priced_offline")
    till.begin()
    till.ring("rodillo")
    till.choose("pvp")
    assert till.prices == [(6.75, 0)]
    assert till.do("return till.order.priced_offline") is True
    expect(till.page.locator(".o_xpyme_priced_offline")).to_be_visible()
    till.do("till.choose(args[0])", till.customer("blocked"))
    till.dialog("De Baja")
    assert till.partner == till.customer("pvp")
