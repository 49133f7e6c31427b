"""What a cashier sees of customers on a tablet and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.till import DIALOG, TABLET, Till, open_shop

pytestmark = pytest.mark.long
UPRIGHT = {"viewport": {"width": 768, "height": 1024}}


@pytest.fixture(scope="module")
def shop(lab):
    with open_shop(lab) as found:
        yield found


@pytest.mark.parametrize(
    "device", [TABLET, UPRIGHT, PHONE], ids=["tablet", "upright", "phone"]
)
def test_what_a_cashier_sees(shop, device, request):
    """The dialogs, the ticket and the list on a tablet and on a phone."""
    size = request.node.callspec.id
    with shop.browser.page("cajera", device) as page:
        till = Till(page, shop).open()
        till.begin()

        def look(name, *words):
            for word in words:
                expect(page.locator(DIALOG)).to_contain_text(word)
            shop.browser.look(page, f"till-{name}-{size}")

        till.ring("esmalte", "rodillo", "pintura")
        till.choose("told")
        look("notice", "Cobra los viernes")
        till.dialog()
        till.choose("blocked")
        look("blocked", "ningún documento")
        till.dialog()
        till.choose("several")
        look("discount", "Pronto pago", "Sin descuento")
        page.locator(DIALOG).get_by_text("Sin descuento").click()
        till.choose("ter_blau")
        till.do("till.setPrice(0, 5); posmodel.pay()")
        look("minimum", "8,00", "9,68")
        till.dialog()
        till.do("till.show()")
        till.ring("descuento")
        till.do("till.setPrice(3, -40); posmodel.pay()")
        look("discounts", "precios mínimos")
        till.dialog()
        till.do("till.order.removeOrderline(till.order.lines[3]); till.show()")
        expect(page.locator(".order-container, .product-screen").first).to_be_visible()
        look("ticket")
        till.do("posmodel.selectPartner()")
        expect(page.locator(".modal .partner-info").first).to_be_visible()
        look("customers", "7772", "Baja")
        page.locator(".modal-footer .btn-secondary").click()
        till.begin()
        till.ring("clavos", "clavos")
        till.choose("limited")
        till.pay("A cuenta")
        look("account", "límite")
        till.dialog()
