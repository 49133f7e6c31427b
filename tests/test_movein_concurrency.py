"""The same file, brought in by several people at once."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.clients import Browser, Refused

SESSIONS = 3
ROWS = 60
PREPARED = """
user = env["res.users"].search([("login", "=", "duena")])
user.company_id = env.ref("xpyme_contacts.company_onyar")
user.password = "duena"
env.cr.commit()
"""
LINES = ["Código;Nombre", *(f"{5000 + n};Cliente de carrera {n}" for n in range(ROWS))]
FILE = {
    "name": "Clientes",
    "source": "carrera",
    "file_name": "clientes.csv",
    "file": base64.b64encode("\n".join(LINES).encode()).decode(),
}
NAMED = [("name", "like", "Cliente de carrera"), ("is_customer_card", "=", True)]
TOLD = re.compile("Look at it again|look at this one again")


def test_people_who_bring_one_file_in_at_once_bring_each_customer_in_once(lab):
    with lab.database("movein_race", template="family_demo") as db:
        lab.shell(db, PREPARED)
        with lab.server(db, workers=SESSIONS) as server:
            user = {"login": "duena", "password": "duena"}
            clients = [Browser(server, user) for _ in range(SESSIONS)]
            jobs = [c.call("xpyme.movein", "create", vals_list=[FILE]) for c in clients]
            for client, job in zip(clients, jobs, strict=True):
                client.call("xpyme.movein", "action_judge", job)
            start = Barrier(SESSIONS)

            def run(client, job):
                start.wait()
                try:
                    return client.call("xpyme.movein", "action_run", job)
                except Refused as refusal:
                    return refusal.text

            with ThreadPoolExecutor(SESSIONS) as pool:
                answers = list(pool.map(run, clients, jobs))
            count = clients[0].call("res.partner", "search_count", domain=NAMED)
            late = jobs[next(n for n, told in enumerate(answers) if told is not True)]
            clients[0].call("xpyme.movein", "action_judge", late)
            (seen,) = clients[0].call(
                "xpyme.movein", "read", late, fields=["same_count", "pending_count"]
            )
    assert answers.count(True) == 1, answers
    assert all(TOLD.search(told) for told in answers if told is not True), answers
    assert count == ROWS
    assert (seen["same_count"], seen["pending_count"]) == (ROWS, 0)
