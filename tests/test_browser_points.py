"""Points and vouchers as a sales administrator sees them: the card, a settlement, an
order that uses a voucher."""

import re

from playwright.sync_api import expect

from tests.browser import ACTION, DESKTOP, open_record, press

PREPARED = """
from datetime import timedelta
company = env.ref("xpyme_contacts.company_onyar")
user = env["res.users"].search([("login", "=", "duena")])
user.company_id = company
env = env(context={**env.context, "lang": "es_ES",
                   "allowed_company_ids": company.ids})
today = company._get_local_today()
env["res.partner"].browse(env.ref("xpyme_contacts.customer_installacions").id).write(
    {"points_period_start": today.replace(year=today.year - 1, day=1),
     "points_period_end": today - timedelta(days=1)}
)
customer = env.ref("xpyme_contacts.customer_jardins")
late = {"product_id": env.ref("xpyme_contacts.article_onyar_escalera").id,
        "price_unit": 100}
env["account.move"].with_company(company).create({
    "move_type": "out_invoice", "partner_id": customer.id,
    "invoice_date": today.replace(day=1) - timedelta(days=1),
    "invoice_line_ids": [(0, 0, late)],
}).action_post()
env["sale.order"].create({
    "partner_id": customer.id,
    "user_id": user.id, "company_id": company.id,
    "order_line": [(0, 0, {
        "product_id": env.ref("xpyme_contacts.article_onyar_escalera").id})],
})
"""
ADDON = "/odoo/action-xpyme_contacts_points."
CUSTOMER = "Jardins"


def test_the_card_tells_points_sales_and_vouchers(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, CUSTOMER)
        expect(page.locator("div[name=figures]")).to_contain_text("Vales")
        page.locator(".nav-link", has_text=re.compile("^Acumulados$")).click()
        points = page.locator("div[name=points_period_total]")
        expect(points).to_contain_text("240")
        points.scroll_into_view_if_needed()
        browser.look(page, f"points-{request.node.callspec.id}")
        press(page, "action_open_vouchers")
        expect(page.locator(".o_field_widget[name=history_ids]")).to_contain_text(
            "Liquidación de puntos"
        )
        expect(page.locator("div[name=points_display]")).to_contain_text("€")
        browser.look(page, f"voucher-{request.node.callspec.id}")


def test_the_lists_behind_the_period_come_to_its_figures(browser, device, request):
    """With what came late of a period that was settled."""
    with browser.page("duena", device) as page:
        for figure, name in (("points", "total"), ("sales", "sales")):
            browser.open(page, f"{ACTION}xpyme_customer_action")
            open_record(page, CUSTOMER)
            page.locator(".nav-link", has_text=re.compile("^Acumulados$")).click()
            told = page.locator(f"div[name=points_period_{name}]").inner_text().strip()
            press(page, f"action_open_period_{figure}")
            expect(page.locator(".o_list_view .o_data_row").first).to_be_visible()
            expect(page.locator(".o_list_view tfoot")).to_contain_text(told)
            browser.look(page, f"period-{figure}-{request.node.callspec.id}")


def test_a_settlement_tells_who_is_left_out_and_is_made(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ADDON}xpyme_points_settlement_run_action")
        preview = page.locator("div[name=preview]")
        expect(preview).to_contain_text("Quedan fuera")
        expect(preview).to_contain_text("No tiene periodo.")
        browser.look(page, f"settlement-{request.node.callspec.id}")
        if device == DESKTOP:
            expect(preview).to_contain_text("Güell")
            press(page, "action_settle")
            rows = page.locator(".o_list_view .o_data_row")
            expect(rows).to_have_count(1)
            browser.look(page, "settlements")
            rows.first.locator("td").nth(1).click()
            expect(
                page.locator("button[name=action_cancel_settlement]")
            ).to_be_visible()
            browser.look(page, "settlement-made")


def test_an_order_tells_of_the_voucher_and_uses_it(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, "/odoo/action-sale.action_quotations")
        open_record(page, CUSTOMER)
        expect(page.locator("div[name=customer_notice]")).to_contain_text("Vale de")
        browser.look(page, "voucher-told")
        press(page, "action_use_voucher")
        expect(page.locator("div[name=order_line]")).to_contain_text("Vale")
        expect(page.locator("button[name=action_use_voucher]")).to_have_count(0)
        browser.look(page, "voucher-used")
