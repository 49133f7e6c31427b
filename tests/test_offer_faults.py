"""Offers against a real mail server on this machine that does twelve things wrong.

What each mail met is what its offer tells; whoever could get it got it, and once.
"""

import asyncio
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests import mail_sink

IN_SHELL = Path(__file__).parent / "in_shell"
CUSTOMERS = 50
SUBJECT = "Promoción válida sólo hasta el sábado próximo: 😀 pinturas para $1"
# What the server does with the mails to an address, one after the other, and then no
# more: an answer to the address or, after ``content:``, to what was sent to it.
DROP, TAKE_AND_DROP = "content: drop", "content: take and drop"
GONE = "550 5.1.1 User unknown"
FAULTS = {
    "c3": ["slow"],
    "c4": 9 * [GONE],
    "c5": 9 * ["550 5.1.2 Domain not found"],
    "c6": 9 * ["452 4.2.2 Mailbox full"],
    "c7": ["451 4.7.1 Greylisted, try again later"],
    "c8": ["450 try again"],
    "c9": ["421 4.3.2 Closing down"],
    "c10": ["drop"],
    "c11": 9 * ["content: 554 5.7.1 Message held for spam"],
    "c12": ["content: 451 4.3.0 Try again"],
    "c13": [TAKE_AND_DROP],
    "c14": [DROP],
}
# State, cause and tries of those that did not simply arrive.
TOLD = {
    "c4": ("failed", "dead", 1),
    "c5": ("failed", "no_domain", 1),
    "c6": ("failed", "full", 3),
    "c11": ("failed", "unwanted", 1),
    "c13": ("unknown", "broken", 1),
    "c14": ("unknown", "broken", 1),
}


class Faulty(mail_sink.MailSink):
    """``met``: how often each address met what it was to meet."""

    def __init__(self):
        super().__init__(keep=True)
        self.faults = {
            f"{name}@example.com": [*list_] for name, list_ in FAULTS.items()
        }
        self.met = Counter()

    def next_fault(self, address, is_content):
        waiting = self.faults.get(address)
        if not waiting or waiting[0].startswith("content: ") != is_content:
            return ""
        self.met[address] += 1
        return waiting.pop(0).removeprefix("content: ")

    async def handle_RCPT(self, server, session, envelope, address, options):
        fault = self.next_fault(address, is_content=False)
        if fault == "slow":
            await asyncio.sleep(2)
        elif fault == "drop":
            server.transport.close()
        elif fault:
            return fault
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):
        [address] = envelope.rcpt_tos
        fault = self.next_fault(address, is_content=True)
        if fault and "drop" not in fault:
            return fault
        if fault != "drop":
            await super().handle_DATA(server, session, envelope)
        if fault:
            server.transport.close()
        return "250 OK"


@pytest.fixture(scope="module")
def sink():
    with mail_sink.serving(Faulty()) as sink:
        yield sink


@pytest.fixture(scope="module")
def offers(lab, sink, tmp_path_factory):
    """``{name of the address: row}`` once the campaign is done."""
    clock = tmp_path_factory.mktemp("faults") / "clock"
    clock.write_text("0")
    env = {"XPYME_CUSTOMERS": str(CUSTOMERS), "XPYME_SMTP_PORT": str(sink.port)}
    env |= {"XPYME_CLOCK": str(clock), "XPYME_LIMIT": "0"}
    prepared = (IN_SHELL / "furnish_offers.py").read_text()
    prepared += f"\ncampaign.subject = {SUBJECT!r}\ncr.commit()\n"
    with lab.database("faults") as db:
        lab.shell(db, prepared, env=env)
        lab.shell(db, (IN_SHELL / "pace_offers.py").read_text(), env=env)
        connection = lab.connect(db)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT offer.*, campaign.state AS campaign_state, dead.reason AS dead"
                " FROM xpyme_offer offer JOIN xpyme_offer_campaign campaign"
                " ON campaign.id = offer.campaign_id"
                " LEFT JOIN xpyme_offer_suppression dead ON dead.email = offer.email"
            )
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        connection.close()
    yield {row["email"].partition("@")[0]: row for row in rows}


def test_all_twelve_were_met(offers, sink):
    assert len(FAULTS) == 12
    assert {f"{name}@example.com" for name in FAULTS} == sink.met.keys()


def test_each_fault_is_told_as_what_it_is(offers):
    told = {
        name: (row["state"], row["error_cause"], row["attempts"])
        for name, row in offers.items()
        if row["state"] not in ("sent", "skipped")
    }
    assert told == TOLD
    assert {row["campaign_state"] for row in offers.values()} == {"done"}


def test_whoever_could_get_it_got_it_once(offers, sink):
    sent = {row["email"] for row in offers.values() if row["state"] == "sent"}
    assert len(sent) == CUSTOMERS - 3 - len(TOLD)
    assert set(sink.accepted.values()) == {1}
    got = {address for _message_id, address in sink.accepted}
    # The doubtful one had arrived, which nobody here can know.
    assert got == sent | {"c13@example.com"}


def test_dead_mailboxes_are_not_written_to_again(offers):
    dead = {name: row["dead"] for name, row in offers.items() if row["dead"]}
    assert dead == {"c4": "hard", "c5": "hard"}


def test_what_arrives_is_what_was_approved(offers, sink):
    for address, content in sink.kept.items():
        mail = message_from_bytes(content, policy=policy.default)
        offer = offers[address.partition("@")[0]]
        assert mail["Subject"] == offer["subject"], address
        assert offer["subject"].startswith(SUBJECT.partition("$1")[0])
        assert mail["Message-Id"].strip() == offer["message_id"]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Id"] and "Return-Path" not in mail
