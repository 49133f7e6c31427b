"""A run as a bookkeeper makes it, from the filter to the invoices; how a customer is
billed, on the card."""

import re

from playwright.sync_api import expect

from tests.browser import (
    ACTION,
    DESKTOP,
    PHONE,
    open_record,
    press,
)

PREPARED = """
# In the first days of a month it would invoice what the run is to leave out.
env.ref("xpyme_contacts_billing.month_end_cron").active = False
company = env.ref("xpyme_contacts.company_onyar")
user = env["res.users"].search([("login", "=", "duena")])
user.company_id = company
env = env(context={**env.context, "lang": "es_ES"})
env = env(context={**env.context, "allowed_company_ids": company.ids})
group = env["xpyme.invoicing.group"].create({"code": "JUL", "name": "Obras de julio"})
term = env["account.payment.term"].create(
    {"name": "A 30 días", "line_ids": [
        (0, 0, {"value": "percent", "value_amount": 100, "nb_days": 30})]}
)
series = env["account.journal"].create(
    {"name": "Serie B", "code": "SB", "type": "sale", "company_id": company.id}
)
article = env["product.product"].create(
    {"name": "Cemento 25 kg", "type": "service", "invoice_policy": "delivery",
     "list_price": 4.8, "taxes_id": [(5, 0, 0)]}
)

def customer(name, **vals):
    return env["res.partner"].create(
        {"name": name, "is_company": True, "customer_flag": True, "lang": "es_ES",
         "street": "Carrer Nou 12", "zip": "17001", "city": "Girona",
         "country_id": env.ref("base.es").id, "company_id": False,
         "invoicing_group_id": group.id, "property_payment_term_id": term.id, **vals}
    )

def sell(payer, day, quantity, delivered=None):
    order = env["sale.order"].create(
        {"partner_id": payer.id, "company_id": company.id, "order_line": [
            (0, 0, {"product_id": article.id, "product_uom_qty": quantity})]}
    )
    order.action_confirm()
    order.order_line.qty_delivered = quantity if delivered is None else delivered
    order.date_order = day + " 10:00:00"

works = customer(
    "Reformas Empordà, S.L.", invoice_grouping_mode="group", invoice_copies=2,
    payment_days="5, 20", minimum_consumption=600, user_id=user.id,
    invoice_journal_id=series.id,
    leave_ids=[
        (0, 0, {"date_from": "2026-08-01", "date_to": "2026-08-31",
                "name": "Vacaciones de agosto"}),
        (0, 0, {"date_from": "2026-12-24", "date_to": "2027-01-06",
                "name": "Navidad"})],
    leave_ignore_year=True,
    customer_route_id=env["xpyme.customer.route"].create({"name": "Costa"}).id,
)
hotel = customer("Hotel Marina, S.A.", invoice_grouping_mode="per_delivery")
bar = customer("Bar la Plaça", invoice_month_end=True)
garage = customer("Taller Pont Major")
for day, quantity in (("2026-07-02", 40), ("2026-07-09", 12)):
    sell(works, day, quantity)
    sell(hotel, day, quantity)
sell(bar, "2026-07-08", 3)
sell(garage, "2026-07-08", 3, delivered=0)

def draft(**vals):
    line = {"product_id": article.id, "price_unit": 121, "tax_ids": [(5, 0, 0)]}
    return env["account.move"].create(
        {"move_type": "out_invoice", "partner_id": works.id,
         "invoice_date": "2026-07-10", "invoice_line_ids": [(0, 0, line)], **vals}
    )

typed = draft(invoice_payment_term_id=False, invoice_date_due="2026-07-20")
print("DRAFTS", draft().id, typed.id)
env["xpyme.billing.run"].create(
    {"name": "Albaranes de julio", "company_id": company.id, "user_id": user.id,
     "invoice_date": "2026-07-15", "date_to": "2026-07-15",
     "invoicing_group_ids": [(6, 0, group.ids)]}
).action_prepare()
"""
RUNS = "/odoo/action-xpyme_contacts_billing.xpyme_billing_run_action"
INVOICES = "/odoo/action-account.action_move_out_invoice_type/"
GROUPED = "Reformas Empordà"


def type_date(page, field, text):
    """A date in Spanish: a button becomes the box to type into."""
    box = page.locator(f"div[name={field}]")
    box.locator("button, input").first.click()
    box.locator("input").first.fill(text)
    page.keyboard.press("Tab")


def choose_tag(page, field, text):
    """A tag of a filter; a phone shows a list."""
    box = page.locator(f"div[name={field}] input").first
    if box.get_attribute("readonly") is not None:
        box.click()
        page.locator(".modal .o_kanban_record", has_text=text).first.click()
        return
    box.fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def test_how_a_customer_is_billed_on_the_card(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, GROUPED)
        page.locator(".nav-link", has_text=re.compile("^Factura$")).click()
        expect(page.locator("div[name=payment_days] input")).to_have_value("5, 20")
        leaves = page.locator("div[name=leave_ids]")
        expect(leaves).to_contain_text("Vacaciones de agosto")
        browser.look(page, f"billing-{request.node.callspec.id}")
        leaves.scroll_into_view_if_needed()
        browser.look(page, f"leaves-{request.node.callspec.id}")


def test_a_draft_tells_live_when_it_is_due_and_why(browser, device, request):
    name = f"due-date-{request.node.callspec.id}"
    of_term, typed = re.search(r"DRAFTS (\d+) (\d+)", browser.told).groups()
    why = "cliente de vacaciones hasta el 31 de agosto, paga los días 5 y 20."
    with browser.page("duena", device) as page:
        note = page.locator("div[name=due_date_note]")
        browser.open(page, INVOICES + of_term)
        expect(note).to_have_text(f"Vence el 5 de septiembre, no el 9 de agosto: {why}")
        note.scroll_into_view_if_needed()
        browser.look(page, f"{name}-term")

        browser.open(page, INVOICES + typed)
        expect(page.locator("div[name=due_date]")).to_be_visible()
        expect(note).to_have_count(0)
        type_date(page, "invoice_date_due", "10/08/2026")
        expect(note).to_have_text(
            f"Al confirmarla vencerá el 5 de septiembre, no el 10 de agosto: {why}"
        )
        note.scroll_into_view_if_needed()
        browser.look(page, f"{name}-typed")
        # or closing the page would save it
        page.locator(".o_form_button_cancel:visible").click()
        expect(note).to_have_count(0)


def test_a_run_from_the_filter_to_the_invoices(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, RUNS)
        page.locator(".o_list_button_add").first.click()
        choose_tag(page, "invoicing_group_ids", "Obras de julio")
        type_date(page, "date_to", "15/07/2026")
        type_date(page, "invoice_date", "15/07/2026")
        browser.look(page, "run-filter")
        press(page, "action_prepare")
        health = page.locator("div[name=health]")
        expect(health).to_contain_text("Facturas por hacer: 3")
        expect(page.locator("div[name=item_ids]")).to_contain_text(GROUPED)
        browser.look(page, "run-preview")

        page.locator(".oe_stat_button", has_text="fuera").first.click()
        groups = page.locator(".o_group_header")
        expect(groups).to_have_count(2)
        for group in groups.all():
            group.click()
        left_out = page.locator(".o_list_view")
        expect(left_out).to_contain_text("Bar la Plaça")
        expect(left_out).to_contain_text("Taller Pont Major")
        browser.look(page, "run-left-out")
        page.locator(".breadcrumb a, .o_back_button").last.click()

        press(page, "action_run")
        expect(page.locator(".o_arrow_button_current")).to_contain_text("Terminada")
        browser.look(page, "run-done")
        press(page, "action_open_invoices")
        rows = page.locator(".o_list_view .o_data_row")
        expect(rows).to_have_count(3)
        expect(rows.filter(has_text=GROUPED)).to_have_count(1)
        browser.look(page, "run-invoices")


def test_the_run_is_read_on_a_phone(browser):
    with browser.page("duena", PHONE) as page:
        browser.open(page, RUNS)
        browser.look(page, "runs-phone")
        open_record(page, "Albaranes de julio")
        expect(page.locator("div[name=health]")).to_be_visible()
        browser.look(page, "run-phone")
