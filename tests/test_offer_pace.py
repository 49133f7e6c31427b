"""Offers against a real mail server with a quota, and one that refuses the sender.

The hours that a campaign waits pass at once, for the database and for the server.
"""

import json
import os
import time
from bisect import bisect_left
from pathlib import Path

import pytest

from tests import mail_sink

IN_SHELL = Path(__file__).parent / "in_shell"
LONG = bool(os.environ.get("XPYME_LONG"))
CUSTOMERS, QUOTA = (5000, 1000) if LONG else (300, 60)
# Three of fifty customers of the shop get none.
MAILS = CUSTOMERS * 47 // 50
HOUR = 3600


class Provider(mail_sink.MailSink):
    """A provider of mail: so many within an hour, by the clock in a file."""

    def __init__(self, clock):
        super().__init__()
        self.clock, self.quota, self.is_open = clock, QUOTA, True
        self.breaks_off = False
        self.times, self.over = [], 0

    def now(self):
        """Seconds: those that pass by themselves, and those passed at once."""
        return time.time() + float(self.clock.read_text() or 0)

    async def handle_MAIL(self, _server, _session, envelope, address, options):
        if not self.is_open:
            return "530 5.7.0 Must issue a STARTTLS command first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        now = self.now()
        within = len(self.times) - bisect_left(self.times, now - HOUR)
        if within >= self.quota:
            self.over += 1
            return "451 4.7.28 The hourly quota of this account is used up"
        self.times.append(now)
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):
        if self.breaks_off:
            server.transport.close()
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def provider(tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("0")
    with mail_sink.serving(Provider(clock)) as provider:
        yield provider


@pytest.fixture
def send(lab, provider):
    """``send(limit)`` runs a campaign to its end and tells what became of it."""
    env = {"XPYME_CUSTOMERS": str(CUSTOMERS), "XPYME_SMTP_PORT": str(provider.port)}
    with lab.database("pace") as db:
        lab.shell(db, (IN_SHELL / "furnish_offers.py").read_text(), env=env)

        def send(limit):
            clock = {"XPYME_CLOCK": str(provider.clock), "XPYME_LIMIT": str(limit)}
            text = (IN_SHELL / "pace_offers.py").read_text()
            told = lab.shell(db, text, env={**env, **clock})
            line = next(ln for ln in told.splitlines() if ln.startswith("PACE "))
            found = json.loads(line.removeprefix("PACE "))
            print(found)
            return found

        yield send


def check_all_arrived(found, provider):
    assert found["state"] == "done"
    assert found["states"].get("sent") == MAILS and "failed" not in found["states"]
    assert "unknown" not in found["states"]
    assert len(provider.accepted) == MAILS and set(provider.accepted.values()) == {1}


@pytest.mark.long
def test_all_arrive_at_the_pace_of_the_server(send, provider):
    found = send(QUOTA)
    check_all_arrived(found, provider)
    # The provider had no reason to say anything.
    assert provider.over == 0 and found["told"] == ["limit"]
    assert (MAILS / QUOTA - 1) <= found["hours"] <= 1.5 * MAILS / QUOTA


@pytest.mark.long
def test_all_arrive_where_nobody_knew_of_the_quota(send, provider):
    found = send(0)
    check_all_arrived(found, provider)
    assert "slow" in found["told"]
    # Each time the pace is found again by a few mails, not by all of them.
    assert 0 < provider.over < MAILS / 5


def test_a_server_that_refuses_the_sender_stops_the_campaign(send, provider):
    provider.is_open = False
    found = send(0)
    assert found["state"] == "paused" and found["states"].get("ready") == MAILS
    assert found["attempts"] == 0 and not provider.accepted
    assert "STARTTLS" in found["reason"] and found["activities"] == 1


def test_a_server_that_breaks_off_after_each_mail_stops_the_campaign(send, provider):
    """Else all of it would be doubtful, and a person would have to decide on each."""
    provider.breaks_off = True
    found = send(0)
    assert found["state"] == "paused" and found["activities"] == 1
    assert found["states"].pop("unknown") == 3
    assert found["states"].pop("ready") == MAILS - 3
    assert found["states"].keys() == {"skipped"}
