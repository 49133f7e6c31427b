"""Seed 000 as a person meets it: contacts, service orders and technicians."""

import pytest
from playwright.sync_api import expect

from tests.browser import ACTION, DESKTOP, PHONE, open_record, press, save

CARD = "Viene de la ficha del cliente"
REFUSAL = "El cliente de esta orden no tiene RUT"


# They have a telephone in their hand.
TECHNICIANS = pytest.mark.parametrize(
    "device", [DESKTOP, PHONE], ids=["desktop", "phone"]
)


def printed(page):
    """What the window's button *Imprimir* downloads; a phone folds it away."""
    button = page.locator("button[name=action_print_contacts]:visible")
    more = page.locator("button.o-control-panel-adaptive-dropdown:visible")
    expect(button.or_(more).first).to_be_visible()
    if not button.count():
        more.click()
    with page.expect_download() as download:
        button.first.click()
    return download.value.path().read_bytes()


def test_new_customer_finds_his_mirror_contact(browser, device, request):
    name = f"Vidriería {request.node.callspec.id}"
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        browser.look(page, f"customers-{request.node.callspec.id}")
        page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
        form = page.locator(".o_form_view")
        form.locator("div[name=name] :is(input, textarea):visible").first.fill(name)
        form.locator("div[name=email] input").first.fill("vidrios@example.com")
        form.locator("div[name=contact_function] input").fill("Maestro vidriero")
        save(page)
        contacts = form.locator("div[name=contact_ids]")
        expect(contacts).to_contain_text(name)
        expect(contacts).to_contain_text("Maestro vidriero")
        expect(contacts).to_contain_text(CARD)
        browser.look(page, f"new-customer-{request.node.callspec.id}")

        form.locator("div[name=email] input").first.fill("nuevo@example.com")
        save(page)
        expect(contacts).to_contain_text("nuevo@example.com")


def test_mirrored_email_is_locked_in_the_grid(browser):
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Colegio Árbol de Ejemplo")
        row = page.locator("div[name=contact_ids] .o_data_row", has_text=CARD)
        row.locator("td[name=function]").click()
        expect(row.locator("td[name=function] input")).to_be_editable()
        expect(row.locator("td[name=email] input")).to_have_count(0)


def test_person_typed_in_the_grid_stays_there_behind_the_first(browser):
    """Typed from *Clientes*, whose screens make companies and customers."""
    with browser.page("duena", DESKTOP) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        form = page.locator(".o_form_view")
        first = form.locator("div[name=contact_name] input")
        expect(first).not_to_have_value("")
        name = first.input_value()
        contacts = form.locator("div[name=contact_ids]")
        people = contacts.locator(".o_data_row")
        number = people.count()
        contacts.locator(".o_field_x2many_list_row_add a").click()
        row = contacts.locator(".o_selected_row")
        row.locator("td[name=name] :is(input, textarea)").fill("Luz Díaz Grilla")
        row.locator("td[name=phone] input").fill("+56 9 8765 4321")
        save(page)
        page.reload()
        expect(people).to_have_count(number + 1)
        expect(people.last).to_contain_text("Luz Díaz Grilla")
        expect(first).to_have_value(name)
        browser.look(page, "contact-typed-in-the-grid")

        browser.open(page, f"{ACTION}xpyme_customer_action")
        listed = page.locator(".o_data_row", has_text="Luz Díaz Grilla")
        expect(listed).to_have_count(0)


def test_contacts_window_prints(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        browser.look(page, f"customer-{request.node.callspec.id}")
        press(page, "action_open_contacts", ".o-form-buttonbox")
        title = page.locator(".o_breadcrumb, .o_control_panel")
        expect(title.first).to_contain_text("Contactos de Constructora")
        browser.look(page, f"contacts-{request.node.callspec.id}")
        assert printed(page).startswith(b"%PDF")


def test_order_shows_its_customers_contacts(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_service_order_action")
        browser.look(page, f"orders-{request.node.callspec.id}")
        open_record(page, "Constructora Los Copihues")
        page.get_by_role("tab", name="Gestiones").click()
        browser.look(page, f"order-{request.node.callspec.id}")
        page.locator("button[name=action_open_contacts]:visible").first.click()
        window = page.locator(".o_view_controller").last
        expect(window).to_contain_text("Ignacio Saavedra Pino")


def test_order_without_rut_gives_the_notice_and_no_window(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_service_order_action")
        open_record(page, "Sebastián Riquelme")
        page.get_by_role("tab", name="Gestiones").click()
        page.locator("button[name=action_open_contacts]:visible").first.click()
        notice = page.locator(".modal")
        expect(notice).to_contain_text(REFUSAL)
        browser.look(page, f"no-rut-{request.node.callspec.id}")
        notice.get_by_role("button", name="Abrir la ficha").click()
        expect(page.locator(".o_form_view div[name=vat]").first).to_be_visible()


def test_search_dialog_opens_the_order_found(browser, device, request):
    with browser.page("duena", device) as page:
        browser.open(page, f"{ACTION}xpyme_service_order_action")
        browser.open(page, f"{ACTION}xpyme_service_order_search_action")
        dialog = page.locator(".modal")
        expect(dialog).to_contain_text("FO001")
        browser.look(page, f"search-{request.node.callspec.id}")
        dialog.locator("div[name=text] input").fill("taladro")
        dialog.locator("button[name=action_search]").click()
        expect(page.locator(".o_form_view div[name=name]").first).to_be_visible()


@TECHNICIANS
def test_technician_reads_and_prints_and_is_offered_nothing_else(
    browser, device, request
):
    with browser.page("tecnico", device) as page:
        browser.open(page, f"{ACTION}xpyme_service_order_action")
        open_record(page, "Constructora Los Copihues")
        page.get_by_role("tab", name="Gestiones").click()
        page.locator("button[name=action_open_contacts]:visible").first.click()
        expect(page.locator(".o_view_controller").last).to_contain_text(
            "Ignacio Saavedra Pino"
        )
        browser.look(page, f"technician-contacts-{request.node.callspec.id}")
        for offer in (
            ".o_list_button_add",
            ".o-kanban-button-new",
            ".o_field_x2many_list_row_add",
        ):
            expect(page.locator(f"{offer}:visible")).to_have_count(0)
        assert printed(page).startswith(b"%PDF")
        open_record(page, "Ignacio Saavedra Pino")
        expect(page.locator(".o_form_view input:visible")).to_have_count(0)
        browser.look(page, f"technician-contact-{request.node.callspec.id}")


def test_technician_without_rut_gets_the_notice_without_a_way_to_the_card(browser):
    with browser.page("tecnico", PHONE) as page:
        browser.open(page, f"{ACTION}xpyme_service_order_action")
        open_record(page, "Sebastián Riquelme")
        page.get_by_role("tab", name="Gestiones").click()
        page.locator("button[name=action_open_contacts]:visible").first.click()
        notice = page.locator(".modal")
        expect(notice).to_contain_text(REFUSAL)
        expect(notice.get_by_role("button", name="Abrir la ficha")).to_have_count(0)
        browser.look(page, "technician-no-rut-phone")
