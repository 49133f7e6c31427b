"""The same notes, invoiced by several salespeople at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.clients import Browser, Refused

SESSIONS = 2
PREPARED = """
company = env.ref("xpyme_contacts.company_onyar")
user = env["res.users"].search([("login", "=", "duena")])
user.company_id = company
user.password = "duena"
customer = env.ref("xpyme_contacts.customer_cala")
orders = env["sale.order"].search([("partner_id", "=", customer.id)])
order = orders.filtered(lambda order: len(order._get_delivered_notes()) == 2)
print("ORDER", order.id)
env.cr.commit()
"""
WIZARD = "sale.advance.payment.inv"


@pytest.mark.long
def test_sessions_that_invoice_the_same_notes_at_once_do_it_once(lab):
    with lab.database("notes", template="family_demo") as db:
        told = lab.shell(db, PREPARED)
        line = next(line for line in told.splitlines() if line.startswith("ORDER "))
        order_id = int(line.removeprefix("ORDER "))
        with lab.server(db, workers=SESSIONS) as server:
            user = {"login": "duena", "password": "duena"}
            clients = [Browser(server, user) for _ in range(SESSIONS)]
            vals = {"sale_order_ids": [(6, 0, [order_id])]}
            windows = [c.call(WIZARD, "create", vals_list=[vals]) for c in clients]
            start = Barrier(SESSIONS)

            def invoice(client, window):
                start.wait()
                try:
                    return client.call(WIZARD, "create_invoices", window)
                except Refused as refusal:
                    return refusal.text

            with ThreadPoolExecutor(SESSIONS) as pool:
                answers = list(pool.map(invoice, clients, windows))
            domain = [("invoice_line_ids.sale_line_ids.order_id", "=", order_id)]
            made = clients[0].call(
                "account.move",
                "search_read",
                domain=domain,
                fields=["picking_ids", "state"],
            )
    # an invoice for each of the two notes, whoever came first
    assert sorted(len(move["picking_ids"]) for move in made) == [1, 1], answers
    assert len({move["picking_ids"][0] for move in made}) == 2
    assert sum(isinstance(answer, dict) for answer in answers) == 1, answers
