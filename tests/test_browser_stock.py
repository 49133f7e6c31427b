"""A delivery note as a salesperson makes it, from the card to the printed paper; how
goods are delivered, on the card; the notes of a route, on the warehouse's screen."""

import re

from playwright.sync_api import expect

from tests.browser import (
    ACTION,
    DESKTOP,
    open_record,
    press,
)

PREPARED = """
user = env["res.users"].search([("login", "=", "duena")])
user.company_id = env.ref("xpyme_contacts.company_onyar")
env.ref("xpyme_contacts.customer_can_prova").is_defaulter = True
seller = env["res.users"].search([("login", "=", "vendedor")])
seller.group_ids -= env.ref("stock.group_stock_user")
env = env(context={"allowed_company_ids": user.company_id.ids})
own = [("company_id", "=", user.company_id.id)]
warehouse = env["stock.warehouse"].search(own, limit=1)
goods = [{"name": name, "is_storable": True} for name in ("Hay", "Falta")]
there, missing = env["product.product"].create(goods)
env["stock.quant"]._update_available_quantity(there, warehouse.lot_stock_id, 9)
env["sale.order"].create(
    {
        "partner_id": env["res.partner"].create({"name": "Media Entrega"}).id,
        "user_id": seller.id,
        "order_line": [
            (0, 0, {"product_id": article.id}) for article in (there, missing)
        ],
    }
)
"""
NOTES = "/odoo/action-xpyme_contacts_stock.xpyme_delivery_note_action"
BUYER = "Ter Blau"
WAITING = "Fleca Can Prova"
PARTLY = "Media Entrega"


def test_how_goods_are_delivered_stands_on_the_card(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, BUYER)
        page.locator(".nav-link", has_text=re.compile("^Factura$")).click()
        carrier = page.locator("div[name=property_delivery_carrier_id]")
        expect(carrier.locator("input")).to_have_value("Transportes Ter")
        carrier.scroll_into_view_if_needed()
        browser.look(page, f"note-card-{request.node.callspec.id}")


def test_a_note_from_the_card_to_the_paper(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, BUYER)
        page.keyboard.press("Alt+h")
        line = page.locator("div[name=order_line] .o_data_row").first
        expect(line).to_be_visible()
        browser.look(page, "note-order-desktop")
        with page.expect_download() as download:
            press(page, "action_deliver_note")
        assert download.value.suggested_filename.endswith(".pdf")
        page.reload()
        expect(page.locator("button[name=action_view_delivery]")).to_contain_text("1")


def test_who_sells_is_asked_about_what_is_missing_and_gets_the_paper(browser):
    """Without any right on Inventory."""
    with browser.page("vendedor", DESKTOP) as page:
        browser.open(page, "/odoo/action-sale.action_quotations")
        open_record(page, PARTLY)
        press(page, "action_deliver_note")
        with page.expect_download() as download:
            page.locator(".modal button[name=process]").click()
        assert download.value.suggested_filename.endswith(".pdf")
        expect(page.locator(".modal")).to_have_count(0)
        browser.look(page, "note-asked-desktop")


def test_the_notes_of_a_route_and_a_defaulter(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, NOTES)
        browser.look(page, f"note-list-{request.node.callspec.id}")
        open_record(page, WAITING)
        expect(page.locator(".alert-danger")).to_contain_text(WAITING)
        browser.look(page, f"note-form-{request.node.callspec.id}")
