"""Offers against a real mail server, while the processes that send them are killed.

Nobody gets an offer twice, and nobody is missing without a reason.
"""

import os
import random

import pytest

from tests import kills as killing
from tests import mail_sink

LONG = bool(os.environ.get("XPYME_LONG"))
CUSTOMERS = 2000 if LONG else 400
KILLS = 30 if LONG else 10
PATIENCE = 400
PAUSES = (0.2, 0.9)


class Shop(killing.Shop):
    """A campaign, and the mail server that takes its offers."""

    lanes = "Customers: send offers"

    def press(self, method):
        self.call("xpyme.offer.campaign", self.told["campaign"], method)

    def count(self, *states):
        return self.value(
            "SELECT count(*) FROM xpyme_offer"
            " WHERE campaign_id = %s AND state = ANY(%s)",
            self.told["campaign"],
            list(states),
        )

    def is_done(self):
        self.rows("UPDATE xpyme_offer SET retry_at = NULL WHERE retry_at IS NOT NULL")
        self.wake()
        return self.value(
            "SELECT state = 'done' FROM xpyme_offer_campaign WHERE id = %s",
            self.told["campaign"],
        )


@pytest.fixture
def sink():
    with mail_sink.running() as sink:
        yield sink


@pytest.fixture
def shop(lab, sink):
    numbers = {"XPYME_CUSTOMERS": CUSTOMERS, "XPYME_SMTP_PORT": sink.port}
    with Shop.open(lab, "furnish_offers.py", **numbers) as shop:
        yield shop


@pytest.mark.parametrize("number", range(10 if LONG else 1))
def test_no_offer_twice_and_none_missing_while_workers_are_killed(shop, sink, number):
    chance = random.Random(number)

    def work(until, kills):
        shop.work(chance, until, kills, PATIENCE, PAUSES)

    shop.press("action_prepare")
    work(lambda: not shop.count("pending"), KILLS // 5)
    shop.press("action_approve")
    sink.refusing = 0.05
    work(lambda: shop.count("ready") < CUSTOMERS // 3, KILLS)
    sink.refusing = 0.0
    work(shop.is_done, max(KILLS, shop.kills))
    check(shop, sink)


def check(shop, sink):
    rows = shop.rows(
        "SELECT partner_id, email, message_id, state, skip_reason, error"
        " FROM xpyme_offer WHERE campaign_id = %s",
        shop.told["campaign"],
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
