"""The same receipts, taken to the bank by several bookkeepers at once."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.clients import Browser, Refused

SESSIONS = 4
PREPARED = """
user = env["res.users"].search([("login", "=", "duena")])
user.company_id = env.ref("xpyme_contacts.company_onyar")
user.password = "duena"
env.cr.commit()
"""
WIZARD = "xpyme.remittance.create"
OPEN = [
    ("payment_type", "=", "inbound"),
    ("state", "in", ("draft", "open", "generated")),
]


@pytest.mark.long
def test_sessions_that_make_one_remittance_at_once_take_each_receipt_once(lab):
    with lab.database("remittances", template="family_demo") as db:
        lab.shell(db, PREPARED)
        with lab.server(db, workers=SESSIONS) as server:
            user = {"login": "duena", "password": "duena"}
            clients = [Browser(server, user) for _ in range(SESSIONS)]
            before = clients[0].call(
                "account.payment.line", "search_count", domain=OPEN
            )
            windows = [c.call(WIZARD, "create", vals_list=[{}]) for c in clients]
            start = Barrier(SESSIONS)

            def make(client, window):
                start.wait()
                try:
                    return client.call(WIZARD, "action_create_remittance", window)
                except Refused as refusal:
                    return refusal.text

            with ThreadPoolExecutor(SESSIONS) as pool:
                answers = list(pool.map(make, clients, windows))
            lines = clients[0].call(
                "account.payment.line",
                "search_read",
                domain=OPEN,
                fields=["move_line_id"],
            )
    made = [answer for answer in answers if isinstance(answer, dict)]
    assert len(made) == 1, answers
    receipts = Counter(line["move_line_id"][0] for line in lines)
    assert len(lines) > before and set(receipts.values()) == {1}
    # who comes a moment later is told that nothing is left to enter
    told = re.compile("ya está en otra remesa|no entra ningún recibo")
    refused = [answer for answer in answers if answer not in made]
    assert all(map(told.search, refused)), refused
