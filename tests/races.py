"""Requests that meet in the database on purpose.

A gate is a lock of the test's own on some customers' rows. Requests sent while it is
shut have all begun, and read the rows as they are, before any of them can change one;
when it opens they go on at the same time.
"""

import json
import threading
import time
from contextlib import closing, contextmanager
from typing import NamedTuple

from tests.clients import Browser, Refused

PATIENCE = 60
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Race(NamedTuple):
    """A shop in which two people meet."""

    people: list  # a browser for each
    connection: object  # of the gate
    rows: object  # answers queries, on a connection of its own
    shop: dict  # what the script said that there is


@contextmanager
def race(lab, name, prepared):
    """Two browsers of the administrator on a shop of its own, and what a gate needs.

    :param prepared: script that makes the shop and prints ``SHOP`` and a JSON of it
    """
    with lab.database(name, template="family_es") as db:
        told = lab.shell(db, prepared)
        line = next(line for line in told.splitlines() if line.startswith("SHOP "))
        shop = json.loads(line.removeprefix("SHOP "))
        with closing(lab.connect(db)) as own, closing(lab.connect(db)) as other:
            own.autocommit = other.autocommit = True

            def rows(query, *parameters):
                with own.cursor() as cursor:
                    cursor.execute(query, parameters or None)
                    return cursor.fetchall()

            with lab.server(db, workers=3) as server:
                user = {"login": "admin", "password": "adminadmin"}
                people = [Browser(server, user) for _number in range(2)]
                yield Race(people, other, rows, shop)


class Request(threading.Thread):
    """One call in a thread of its own; ``error`` is what refused it, if anything."""

    def __init__(self, function):
        super().__init__(daemon=True)
        self._function = function
        self.result = self.error = None

    def run(self):
        try:
            self.result = self._function()
        except Refused as refusal:
            self.error = refusal.text
        except Exception as failure:
            self.error = f"unexpected: {failure!r}"

    def finish(self, patience=PATIENCE):
        """Wait for the answer, no longer than a session may take that is not stuck."""
        self.join(patience)
        assert not self.is_alive(), "the request hangs"
        return self.error


@contextmanager
def gate(connection, ids, table="res_partner"):
    """Hold the rows as a session does that is about to change them.

    :param ids: None: nobody adds a row meanwhile
    """
    held = f"SELECT id FROM {table} WHERE id = ANY(%s) FOR NO KEY UPDATE"
    if ids is None:
        held = f"LOCK TABLE {table} IN SHARE MODE"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(held, [ids])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def meet(connection, rows, ids, functions, table="res_partner"):
    """Send the requests one after the other before a shut gate, then open it.

    :param connection: of the gate
    :param rows: answers queries, on a connection of its own
    :return: the errors of the requests, None for those that went well
    """
    requests = [Request(function) for function in functions]
    with gate(connection, ids, table):
        for number, request in enumerate(requests, 1):
            request.start()
            wait_until_stopped(rows, requests[:number])
    return [request.finish() for request in requests]


def wait_until_stopped(rows, requests):
    """Until each request has either come to its end or stands before a lock."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        running = sum(request.is_alive() for request in requests)
        if rows(WAITING)[0][0] >= running:
            return
        time.sleep(0.01)
    raise AssertionError("the requests neither end nor wait")
