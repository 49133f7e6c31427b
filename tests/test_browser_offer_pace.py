"""What the owner sees of pace and of what came back; the mail on a telephone."""

import importlib.util
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import ACTION, DESKTOP, PUBLIC, demo_browser, open_record

TOOLS = Path(__file__).parents[1] / "xpyme_contacts" / "tools"
PREPARED = """
from datetime import timedelta
from odoo import fields
customer = env["res.partner"].search([("is_customer_card", "=", True),
    ("name", "ilike", "Copihues")], limit=1)
customer.email = "obras@loscopihues.example.com"
company = customer.company_id or env.company
template = env["xpyme.offer.template"].create({"name": "Carta ancha", "body_html": '''
<html><head><style>.w {width: 600px}
@media (max-width: 480px) {.w {width: 100% !important}}
.boton {background: #b91c1c; color: #fff; padding: 12px 24px}</style></head><body>
<table class="w" align="center"><tr><td><h1>Hola $1</h1><p>Su casa merece
una mano de pintura.</p><a class="boton" href="https://www.example.com">Ver más</a>
</td></tr></table>$2</body></html>'''})
def make(name, **vals):
    campaign = env["xpyme.offer.campaign"].with_company(company).create({
        "name": name, "subject": "Promoción para $1", "partner_id": customer.id,
        "preheader": "Sólo hasta el sábado", "company_id": company.id,
        "email_from": "Tienda <ofertas@example.com>", **vals})
    if not customer.offer_line_ids:
        campaign.product_ids = [(0, 0, {"product_id": env["product.product"].search(
            [("list_price", ">", 0)], limit=1).id})]
    campaign.action_prepare()
    return campaign
stopped = make("Otoño detenido", template_id=template.id)
stopped.action_approve()
stopped._stop("El servidor de correo no acepta correos de Tienda <ofertas@example.com>:"
    " 530 5.7.0 Must issue a STARTTLS command first")
waiting = make("Otoño con calma")
waiting.action_approve()
waiting._wait(fields.Datetime.now() + timedelta(hours=2), "limit")
offer = stopped.offer_ids[:1]
offer.write({"bounced_at": fields.Datetime.now(), "bounce_kind": "hard",
    "error": "550 5.1.1 User unknown"})
env["xpyme.offer.suppression"]._note(
    customer.email, "hard", "550 5.1.1 User unknown", offer)
env["ir.mail_server"].create({"name": "Correo de la tienda", "smtp_host": "smtp.x.cl",
    "offers_per_hour": 500, "offers_per_day": 4000, "offers_per_hour_domain": 100})
env.cr.commit()
"""


@pytest.fixture(scope="module")
def browser(lab):
    # Nothing is to go out of these campaigns meanwhile.
    with demo_browser(lab, PUBLIC + PREPARED, ["--max-cron-threads=0"]) as browser:
        yield browser


def open_campaign(browser, page, name):
    browser.open(page, f"{ACTION}xpyme_offer_campaign_action")
    open_record(page, name)


def test_a_campaign_that_stopped_or_waits_says_why(browser, device, request):
    name = request.node.callspec.id
    with browser.page("admin", device) as page:
        open_campaign(browser, page, "Otoño detenido")
        alert = page.locator(".o_form_view .alert-danger")
        expect(alert).to_contain_text("se ha detenido sola")
        expect(alert).to_contain_text("STARTTLS")
        returned = page.get_by_role("button", name="Devueltos")
        if device == DESKTOP:
            expect(returned).to_contain_text("1")
        browser.look(page, f"offer-stopped-{name}")
        open_campaign(browser, page, "Otoño con calma")
        expect(page.locator(".o_form_view")).to_contain_text("Sigue por sí sola")
        browser.look(page, f"offer-waiting-{name}")


@pytest.mark.long
def test_mailboxes_out_of_service(browser, device, request):
    name = request.node.callspec.id
    with browser.page("admin", device) as page:
        browser.open(page, f"{ACTION}xpyme_offer_suppression_action")
        expect(page.locator(".o_view_controller")).to_contain_text("loscopihues")
        browser.look(page, f"offer-mailboxes-{name}")
        browser.open(page, f"{ACTION}xpyme_customer_action")
        open_record(page, "Constructora Los Copihues")
        page.get_by_role("tab", name="Fidelización").click()
        expect(page.locator(".o_form_view")).to_contain_text("Vuelven los correos de")
        browser.look(page, f"offer-dead-mailbox-{name}")


@pytest.mark.long
def test_limits_of_a_mail_server(browser, device, request):
    with browser.page("admin", device) as page:
        browser.open(page, "/odoo/action-base.action_ir_mail_server_list")
        open_record(page, "Correo de la tienda")
        expect(page.locator("div[name=offers_per_hour]")).to_be_visible()
        browser.picture(page, f"offer-server-{request.node.callspec.id}")


@pytest.fixture(scope="module")
def articles():
    spec = importlib.util.spec_from_file_location("a", TOOLS / "offer_articles.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.long
@pytest.mark.parametrize("campaign", ["Otoño detenido", "Otoño con calma"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_mail_needs_no_sideways_scrolling(browser, lab, articles, campaign, scheme):
    connection = lab.connect(browser.db)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT offer.body_html, offer.subject FROM xpyme_offer offer"
            " JOIN xpyme_offer_campaign c ON c.id = offer.campaign_id"
            " WHERE c.name = %s",
            [campaign],
        )
        body, subject = cursor.fetchone()
    connection.close()
    for width in (360, 1366):
        size = {"width": width, "height": 740}
        context = browser.chromium.new_context(viewport=size, color_scheme=scheme)
        page = context.new_page()
        page.set_content(articles.document(body, "es", subject))
        wide = page.evaluate("document.documentElement.scrollWidth")
        browser.picture(page, f"offer-mail-{len(campaign)}-{scheme}-{width}")
        context.close()
        assert wide <= width
