"""Billing runs, while the processes that make the invoices are killed.

Two runs over the same orders at once: every order is invoiced once, or listed with the
reason, and the numbers of the invoices have no gap.
"""

import json
import os
import random
import re
import signal
import time
from pathlib import Path

import pytest

FURNISH = Path(__file__).parent / "in_shell" / "furnish_billing.py"
CRON = re.compile(r"Worker WorkerCron \((\d+)\) alive")
PATIENCE = 3600
START = """
env["xpyme.billing.run"].browse({runs}).action_run()
env.cr.commit()
"""


class Shop:
    """A server with two processes for scheduled actions, and what it invoices."""

    def __init__(self, lab, db, server, runs):
        self.lab, self.db, self.server, self.runs = lab, db, server, runs
        self.kills = 0
        self._connection = lab.connect(db)
        self._connection.autocommit = True
        self._bell = lab.connect("postgres")
        self._bell.autocommit = True

    def rows(self, query, *parameters):
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else None

    def start(self):
        self.lab.shell(self.db, START.format(runs=self.runs))

    def wake(self):
        """What ``_wake_lanes`` does, without starting Odoo for it."""
        self.rows(
            "UPDATE xpyme_billing_run_item SET retry_at = NULL"
            " WHERE state = 'pending' AND retry_at IS NOT NULL AND id IN (SELECT id"
            " FROM xpyme_billing_run_item FOR NO KEY UPDATE SKIP LOCKED)"
        )
        self.rows(
            "INSERT INTO ir_cron_trigger (cron_id, call_at)"
            " SELECT id, now() AT TIME ZONE 'UTC' FROM ir_cron"
            " WHERE cron_name LIKE 'Customers: make invoices%%'"
        )
        with self._bell.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.db])

    def kill_one(self, chance):
        text = Path(self.server.log).read_text(errors="replace")
        pids = [int(pid) for pid in CRON.findall(text)]
        workers = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            self.kills += 1

    def is_done(self):
        query = "SELECT DISTINCT state FROM xpyme_billing_run WHERE id = ANY(%s)"
        return self.rows(query, self.runs) == [("done",)]

    def count_made(self):
        query = (
            "SELECT count(*) FROM account_move WHERE billing_run_item_id IS NOT NULL"
        )
        return self.rows(query)[0][0]

    def close(self):
        self._connection.close()
        self._bell.close()


@pytest.fixture(
    params=[(240, 4), pytest.param((10_000, 10), marks=pytest.mark.long)],
    ids=["reduced", "long"],
)
def shop(request, lab):
    orders, kills = request.param
    env = {"XPYME_ORDERS": str(orders)}
    with lab.database("billing") as db:
        told = lab.shell(db, FURNISH.read_text(), env=env)
        line = next(li for li in told.splitlines() if li.startswith("RUNS "))
        runs = json.loads(line.removeprefix("RUNS "))["runs"]
        options = ["--max-cron-threads=2", "--log-level=info"]
        with lab.server(db, workers=1, options=options) as server:
            shop = Shop(lab, db, server, runs)
            yield shop, orders, kills
            shop.close()


def test_every_order_is_invoiced_once_while_workers_are_killed(shop):
    shop, orders, kills = shop
    chance = random.Random(orders)
    shop.start()
    deadline = time.monotonic() + PATIENCE
    while not shop.is_done():
        assert time.monotonic() < deadline, "the runs are stuck"
        time.sleep(chance.uniform(0.3, 1.2))
        if shop.kills < kills and shop.count_made():
            shop.kill_one(chance)
        shop.wake()
    check(shop, orders, kills)


def check(shop, orders, kills):
    invoiced = shop.rows(
        """
        SELECT sale.name, count(DISTINCT move.id), min(item.state)
          FROM sale_order sale
          JOIN sale_order_line line ON line.order_id = sale.id
          LEFT JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
          LEFT JOIN account_move_line entry ON entry.id = link.invoice_line_id
          LEFT JOIN account_move move ON move.id = entry.move_id
          LEFT JOIN xpyme_billing_run_item item ON item.id = move.billing_run_item_id
         GROUP BY sale.id
        """
    )
    assert len(invoiced) == orders
    left = [name for name, count, _state in invoiced if count != 1]
    reasons = shop.rows(
        "SELECT sale.name, item.state, item.reason FROM sale_order sale"
        " JOIN xpyme_billing_run_item item ON item.order_list @> to_jsonb(sale.id)"
        " WHERE sale.name = ANY(%s)",
        left,
    )
    assert len(left) == 1, left
    assert {row[1:] for row in reasons} == {("skipped", "needs_person")}
    assert {state for _name, count, state in invoiced if count} == {"done"}
    states = shop.rows(
        "SELECT state, count(*) FROM account_move"
        " WHERE billing_run_item_id IS NOT NULL GROUP BY state"
    )
    assert [state for state, _count in states] == ["posted"]
    numbers = shop.rows(
        "SELECT count(*), count(DISTINCT sequence_number), min(sequence_number),"
        " max(sequence_number) FROM account_move WHERE billing_run_item_id IS NOT NULL"
    )
    count, different, first, last = numbers[0]
    assert count == different == last - first + 1
    if shop.kills < kills:
        print(f"only {shop.kills} kills: the runs were faster")
    assert shop.kills
    print(f"kills: {shop.kills}, invoices: {count}")
