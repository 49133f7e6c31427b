"""Offers against a real mail server, while the processes that send them are killed.

Nobody gets an offer twice, and nobody is missing without a reason.
"""

import json
import os
import random
import re
import signal
import time
from pathlib import Path

import pytest

from tests import mail_sink

FURNISH = Path(__file__).parent / "in_shell" / "furnish_offers.py"
LONG = bool(os.environ.get("XPYME_LONG"))
CUSTOMERS = 2000 if LONG else 600
KILLS = 30 if LONG else 10
PATIENCE = 400
CRON = re.compile(r"Worker WorkerCron \((\d+)\) alive")
CALL = """
campaign = env["xpyme.offer.campaign"].browse({campaign})
campaign.{method}()
env.cr.commit()
"""


class Shop:
    """A server with two processes for scheduled actions, and what it sends."""

    def __init__(self, lab, db, server, campaign):
        self.lab, self.db, self.server, self.campaign = lab, db, server, campaign
        self.kills = 0
        self._connection = lab.connect(db)
        self._connection.autocommit = True
        self._bell = lab.connect("postgres")
        self._bell.autocommit = True

    def rows(self, query, *parameters):
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else None

    def call(self, method):
        self.lab.shell(self.db, CALL.format(campaign=self.campaign, method=method))

    def wake(self):
        """What ``_wake_lanes`` does, without starting Odoo for it."""
        self.rows(
            "INSERT INTO ir_cron_trigger (cron_id, call_at)"
            " SELECT id, now() AT TIME ZONE 'UTC' FROM ir_cron"
            " WHERE cron_name LIKE 'Customers: send offers%%'"
        )
        with self._bell.cursor() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.db])

    def workers(self):
        """The processes that run scheduled actions, as the server tells them."""
        text = Path(self.server.log).read_text(errors="replace")
        pids = [int(pid) for pid in CRON.findall(text)]
        return [pid for pid in pids if Path(f"/proc/{pid}").exists()]

    def kill_one(self, chance):
        workers = self.workers()
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            self.kills += 1

    def count(self, *states):
        return self.rows(
            "SELECT count(*) FROM xpyme_offer"
            " WHERE campaign_id = %s AND state = ANY(%s)",
            self.campaign,
            list(states),
        )[0][0]

    def close(self):
        self._connection.close()
        self._bell.close()


@pytest.fixture
def sink():
    with mail_sink.running() as sink:
        yield sink


@pytest.fixture
def shop(lab, sink):
    env = {"XPYME_CUSTOMERS": str(CUSTOMERS), "XPYME_SMTP_PORT": str(sink.port)}
    with lab.database("offers") as db:
        told = lab.shell(db, FURNISH.read_text(), env=env)
        line = next(li for li in told.splitlines() if li.startswith("OFFERS "))
        campaign = json.loads(line.removeprefix("OFFERS "))["campaign"]
        options = ["--max-cron-threads=2", "--log-level=info"]
        with lab.server(db, workers=1, options=options) as server:
            shop = Shop(lab, db, server, campaign)
            yield shop
            shop.close()


def work(shop, chance, until, kills):
    """Let the lanes work and kill them now and then, until a state is reached."""
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, "the campaign is stuck"
        time.sleep(chance.uniform(0.2, 0.9))
        if shop.kills < kills:
            shop.kill_one(chance)


@pytest.mark.parametrize("number", range(10 if LONG else 1))
def test_no_offer_twice_and_none_missing_while_workers_are_killed(shop, sink, number):
    chance = random.Random(number)
    shop.call("action_prepare")
    work(shop, chance, lambda: not shop.count("pending"), KILLS // 5)
    shop.call("action_approve")
    sink.refusing = 0.05
    work(shop, chance, lambda: shop.count("ready") < CUSTOMERS // 3, KILLS)
    sink.refusing = 0.0
    killed_late = shop.kills

    def is_done():
        shop.rows("UPDATE xpyme_offer SET retry_at = NULL WHERE retry_at IS NOT NULL")
        shop.wake()
        return shop.rows(
            "SELECT state FROM xpyme_offer_campaign WHERE id = %s", shop.campaign
        ) == [("done",)]

    work(shop, chance, is_done, max(KILLS, killed_late))
    check(shop, sink)


def check(shop, sink):
    rows = shop.rows(
        "SELECT partner_id, email, message_id, state, skip_reason, error"
        " FROM xpyme_offer WHERE campaign_id = %s",
        shop.campaign,
    )
    assert len(rows) == len({row[:2] for row in rows}) == CUSTOMERS
    states = {}
    for _partner, email, message_id, state, reason, error in rows:
        states[state] = states.get(state, 0) + 1
        got = sink.accepted.pop((message_id, email), 0)
        expected = {"sent": (1,), "skipped": (0,), "failed": (0,), "unknown": (0, 1)}
        assert got in expected[state], (email, state, got)
        assert state == "sent" or reason or error
    assert not sink.accepted, "mails that nobody knows of"
    assert states["skipped"] == 3 * CUSTOMERS // 50
    assert states.get("unknown", 0) <= shop.kills
    assert states.get("failed", 0) <= sink.refused[550] + sink.refused[451] // 3
    assert shop.kills >= KILLS
    print(f"kills: {shop.kills}, refused: {dict(sink.refused)}, states: {states}")
