"""What Spain asks for as a person meets it: the flags of a card, the banner of an open
quotation, and an account typed by its digits."""

from playwright.sync_api import expect

from tests.browser import (
    ACTION,
    DESKTOP,
    PHONE,
    open_record,
    press,
    save,
)

CUSTOMER, ISLANDER = "Hotel Cala", "Ferretería El Drago"
PREPARED = """
user = env["res.users"].search([("login", "=", "vendedor")])
onyar = env.ref("xpyme_contacts.company_onyar")
user.company_id = onyar
user.group_ids |= env.ref("account.group_account_invoice")
env = env(context={**env.context, "allowed_company_ids": onyar.ids})
own = [("parent_id", "=", False), ("name", "=like", "Hotel Cala%")]
customer = env["res.partner"].search(own)
vat = env["account.chart.template"].ref("account_tax_template_s_iva21b")
article = env["product.product"].create(
    {"name": "Bombilla", "list_price": 100, "taxes_id": [(6, 0, vat.ids)]}
)
env["res.partner"].create(
    {"name": "Ferretería El Drago", "customer_flag": True, "is_company": True,
     "country_id": env.ref("base.es").id, "state_id": env.ref("base.state_es_gc").id,
     "vat": "B76543214"})
for number in range(2):
    env["sale.order"].create(
        {"partner_id": customer.id, "client_order_ref": f"Bombillas {number}",
         "order_line": [(0, 0, {"product_id": article.id})]}
    )
"""


def open_tab(page, browser, tab):
    browser.open(page, f"{ACTION}xpyme_customer_action")
    open_record(page, CUSTOMER)
    page.locator(".nav-link", has_text=tab).click()


def test_the_flags_and_the_open_quotation(browser, device, request):
    kind = request.node.callspec.id
    with browser.page("vendedor", device) as page:
        open_tab(page, browser, "Factura")
        surcharge = page.locator("div[name=equivalence_surcharge] input")
        surcharge.scroll_into_view_if_needed()
        surcharge.set_checked(kind == "desktop")
        percent = page.locator("div[name=irpf_percent] input")
        percent.fill("15" if kind == "desktop" else "7")
        page.locator("div[name=forced_tax_id]").scroll_into_view_if_needed()
        browser.look(page, f"spain-flags-{kind}")
        save(page)
        browser.open(page, "/odoo/action-sale.action_quotations_with_onboarding")
        open_record(page, CUSTOMER)
        banner = page.locator(".alert", has_text="Han cambiado los impuestos")
        expect(banner).to_be_visible()
        browser.look(page, f"spain-banner-{kind}")
        press(page, "action_update_customer_taxes")
        expect(banner).to_be_hidden()
        totals = page.locator("div[name=tax_totals]")
        expect(totals).to_contain_text("111,20" if kind == "desktop" else "114,00")
        totals.scroll_into_view_if_needed()
        browser.look(page, f"spain-totals-{kind}")
        open_tab(page, browser, "Factura")
        percent.fill("0")
        save(page)
        browser.open(page, "/odoo/action-sale.action_quotations_with_onboarding")
        open_record(page, CUSTOMER)
        expect(banner).to_contain_text("Al actualizar se quita")
        browser.look(page, f"spain-taken-off-{kind}")


def test_a_rate_that_there_is_not_is_told(browser):
    with browser.page("vendedor", DESKTOP) as page:
        open_tab(page, browser, "Factura")
        page.locator("div[name=irpf_percent] input").fill("16")
        page.locator(".o_form_button_save").click()
        dialog = page.locator(".modal")
        expect(dialog).to_contain_text(
            "No hay un IRPF del 16%: elija uno de 1; 2; 7; 9; 15; 18; 19; 19,5"
        )
        browser.look(page, "spain-rate-desktop")


def test_a_surcharge_where_there_is_no_vat_is_told(browser, device, request):
    with browser.page("vendedor", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, ISLANDER)
        page.locator(".nav-link", has_text="Factura").click()
        page.locator("div[name=equivalence_surcharge] input").check()
        page.locator(".o_form_button_save").click()
        expect(page.locator(".modal")).to_contain_text("de la Península y Baleares")
        browser.look(page, f"spain-islands-{request.node.callspec.id}")


def test_the_twenty_digits_become_the_iban(browser):
    with browser.page("vendedor", DESKTOP) as page:
        open_tab(page, browser, "Banco")
        accounts = page.locator("div[name=bank_ids]")
        accounts.locator(".o_field_x2many_list_row_add a").click()
        row = accounts.locator(".o_selected_row")
        row.locator("div[name=acc_number] input").fill("2100-0418-45-0200051332")
        page.keyboard.press("Tab")
        shown = row.locator("div[name=bank_account_digits] input")
        expect(shown).to_have_value("0200051332")
        browser.look(page, "spain-bank-typing-desktop")
        save(page)
        expect(accounts).to_contain_text("ES91 2100 0418 4502 0005 1332")
        expect(accounts).to_contain_text("CAIXESBB")
        browser.look(page, "spain-bank-desktop")


def test_the_parts_on_a_phone(browser):
    with browser.page("vendedor", PHONE) as page:
        open_tab(page, browser, "Banco")
        accounts = page.locator("div[name=bank_ids]")
        accounts.get_by_text("Añadir una cuenta").click()
        dialog = page.locator(".modal")
        for name, digits in (
            ("bank_entity_code", "2038"),
            ("bank_branch_code", "5778"),
            ("bank_account_digits", "3000760236"),
        ):
            dialog.locator(f"div[name={name}] input").fill(digits)
        page.keyboard.press("Tab")
        number = dialog.locator("div[name=acc_number] input")
        expect(number).to_have_value("ES98 2038 5778 9830 0076 0236")
        browser.look(page, "spain-bank-phone")
