"""Two files move in while the processes that bring them in are killed."""

import json
import os
import random
import re
import signal
import time
from pathlib import Path

import pytest

FURNISH = Path(__file__).parent / "in_shell" / "furnish_movein.py"
CRON = re.compile(r"Worker WorkerCron \((\d+)\) alive")
PATIENCE = 3600
START = """
for job in env["xpyme.movein"].browse({jobs}):
    job.action_run()
env.cr.commit()
"""


class Shop:
    """A server with two processes for scheduled actions, and two files."""

    def __init__(self, lab, db, server, jobs):
        self.lab, self.db, self.server, self.jobs = lab, db, server, jobs
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
        self.lab.shell(self.db, START.format(jobs=self.jobs))

    def wake(self):
        """What ``_wake_lanes`` does, without starting Odoo for it."""
        self.rows(
            "INSERT INTO ir_cron_trigger (cron_id, call_at)"
            " SELECT id, now() AT TIME ZONE 'UTC' FROM ir_cron"
            " WHERE cron_name LIKE 'Customers: move in%%'"
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
        query = "SELECT DISTINCT state FROM xpyme_movein WHERE id = ANY(%s)"
        return self.rows(query, self.jobs) == [("done",)]

    def count_made(self):
        query = "SELECT count(*) FROM xpyme_movein_row WHERE state = 'done'"
        return self.rows(query)[0][0]

    def close(self):
        self._connection.close()
        self._bell.close()


@pytest.fixture(
    params=[(300, 3), pytest.param((5_000, 5), marks=pytest.mark.long)],
    ids=["reduced", "long"],
)
def shop(request, lab):
    number, kills = request.param
    with lab.database("movein") as db:
        env = {"XPYME_ROWS": str(number)}
        told = lab.shell(db, FURNISH.read_text(), env=env)
        line = next(li for li in told.splitlines() if li.startswith("FILES "))
        jobs = json.loads(line.removeprefix("FILES "))["jobs"]
        options = ["--max-cron-threads=2", "--log-level=info"]
        with lab.server(db, workers=1, options=options) as server:
            shop = Shop(lab, db, server, jobs)
            yield shop, number, kills
            shop.close()


def test_each_row_comes_in_once_while_workers_are_killed(shop):
    shop, number, kills = shop
    chance = random.Random(number)
    shop.start()
    deadline = time.monotonic() + PATIENCE
    while not shop.is_done():
        assert time.monotonic() < deadline, "the files are stuck"
        time.sleep(chance.uniform(0.3, 1.2))
        if shop.kills < kills and shop.count_made():
            shop.kill_one(chance)
        shop.wake()
    check(shop, number, kills)


def check(shop, number, kills):
    wrong = 2 * number // 100
    states = shop.rows(
        "SELECT state, count(*) FROM xpyme_movein_row GROUP BY state ORDER BY state"
    )
    counts = dict(states)
    # Those among the rows that were tried before have been rejected then.
    refused = counts.get("failed", 0) + counts.get("left", 0)
    assert refused == wrong, states
    assert counts["done"] == 2 * number - wrong
    customers = shop.rows(
        "SELECT count(*), count(DISTINCT customer_code), count(DISTINCT name)"
        "  FROM res_partner WHERE is_customer_card AND name LIKE 'Cliente %'"
    )[0]
    assert customers == (counts["done"],) * 3
    known = shop.rows(
        "SELECT count(*), count(DISTINCT res_id) FROM ir_model_data"
        " WHERE module = 'xpyme_movein'"
    )[0]
    assert known == (counts["done"],) * 2
    contacts = shop.rows(
        "SELECT count(*) FROM res_partner WHERE is_mirror_contact"
        "   AND name LIKE 'Cliente %'"
    )[0][0]
    assert contacts == counts["done"]
    if shop.kills < kills:
        print(f"only {shop.kills} kills: the files were faster")
    assert shop.kills
    print(f"kills: {shop.kills}, customers: {counts['done']}")
