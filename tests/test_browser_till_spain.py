"""Odoo's till charges what a Spanish customer agreed, and so does the ticket's invoice.

A session of the Point of Sale in Chromium, which reckons taxes itself."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser import DESKTOP, Browser, catalogues

pytestmark = pytest.mark.long

PREPARED = """
import json
from odoo import Command

env = env(user=env.ref("base.user_admin"))
charts = env["account.chart.template"]
vat = charts.ref("account_tax_template_s_iva21b")
article = env["product.product"].create(
    {"name": "Clavos", "type": "consu", "list_price": 100, "available_in_pos": True,
     "taxes_id": [Command.set(vat.ids)]}
)
spain = {"is_company": True, "customer_rank": 1, "vat": "ESA58818501",
         "country_id": env.ref("base.es").id, "zip": "17001", "city": "Girona"}
agreements = {
    "nothing": {},
    "recargo": {"equivalence_surcharge": True},
    "irpf on base": {"irpf_percent": 15},
    "irpf on total": {"irpf_percent": 15, "irpf_base": "total"},
    "both": {"equivalence_surcharge": True, "irpf_percent": 15},
    "always 10": {"forced_tax_id": charts.ref("account_tax_template_s_iva10b").id},
}
customers = {
    name: env["res.partner"].create({**spain, "name": name, **agreed}).id
    for name, agreed in agreements.items()
}
journal = env["account.journal"].create({"name": "Caja", "type": "cash", "code": "CJ"})
cash = env["pos.payment.method"].create({"name": "Caja", "journal_id": journal.id})
config = env["pos.config"].create(
    {"name": "Mostrador", "payment_method_ids": [Command.set(cash.ids)]}
)
config.open_ui()
config.current_session_id.set_opening_control(0, None)
told = {"config": config.id, "article": article.id, "customers": customers}
print("TILL " + json.dumps(told))
env.cr.commit()
"""
# What 100.00 at 21 % comes to.
EXPECTED = {
    "nothing": 121.00,
    "recargo": 126.20,
    "irpf on base": 106.00,
    "irpf on total": 102.85,
    "both": 111.20,
    "always 10": 110.00,
}
SELL = """async ([customer, article]) => {
    const pos = window.posmodel;
    const order = pos.addNewOrder();
    const product = pos.models["product.product"].get(article);
    const line = {product_tmpl_id: product.product_tmpl_id};
    await pos.addLineToCurrentOrder(line, {}, false);
    await pos.setPartnerToCurrentOrder(pos.models["res.partner"].get(customer));
    order.setToInvoice(true);
    order.addPaymentline(pos.models["pos.payment.method"].getFirst());
    pos.addPendingOrder([order.id]);
    order.state = "paid";
    const total = order.priceIncl;
    const [synced] = await pos.syncAllOrders({throw: true});
    return [total, synced.id];
}"""


@pytest.fixture(scope="module")
def till(lab):
    """A page in an open session, what was made for it, and its database."""
    with lab.database("till", template="family_es") as db:
        install = ("-i", "point_of_sale", "--stop-after-init", "--no-http")
        lab.odoo("-d", db, *install)
        told = lab.shell(db, PREPARED).splitlines()
        line = next(line for line in told if line.startswith("TILL "))
        told = json.loads(line.removeprefix("TILL "))
        with lab.server(db) as server:
            browser = Browser(lab.chromium, server.url, catalogues(lab))
            with browser.page("admin", DESKTOP) as page:
                page.goto(f"{server.url}/pos/ui/{told['config']}")
                opening = page.get_by_role("button", name="Abrir caja registradora")
                opening.click(timeout=120_000)
                expect(page.locator(".product-screen")).to_be_visible()
                yield page, told, db
            browser.close()


@pytest.mark.parametrize("agreement", EXPECTED)
def test_ticket_and_invoice_come_to_what_was_agreed(lab, till, agreement):
    page, told, db = till
    customer = told["customers"][agreement]
    total, order = page.evaluate(SELL, [customer, told["article"]])
    assert round(total, 2) == EXPECTED[agreement]
    connection = lab.connect(db)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            """SELECT ticket.amount_total, move.amount_total, move.payment_state
                 FROM pos_order ticket JOIN account_move move
                   ON move.id = ticket.account_move
                WHERE ticket.id = %s""",
            (order,),
        )
        [(ticket, invoice, state)] = cursor.fetchall()
    connection.close()
    assert float(ticket) == float(invoice) == EXPECTED[agreement]
    assert state in ("paid", "in_payment")
