"""Who is at work on a shop of several hosts: people, a campaign, a mail server."""

import asyncio
import random
import threading
import time
from collections import Counter

import requests

from tests import mail_sink
from tests.clients import Refused

# Customers, how often each is there, and how many contacts are named like them.
COUNTS = """
    SELECT card.name, count(*), count(DISTINCT contact.id)
      FROM res_partner card
      LEFT JOIN res_partner contact
             ON contact.parent_id = card.id AND contact.name = card.name
     WHERE card.name LIKE %s AND card.parent_id IS NULL
     GROUP BY card.name
"""
DOUBLED_CODES = """
    SELECT customer_code FROM res_partner WHERE customer_code > 0
     GROUP BY customer_code HAVING count(*) > 1
"""


class Person(threading.Thread):
    """Somebody who looks customers up and writes new ones, until they are told to stop.

    ``answers``: when each request was answered well; ``made`` and ``refused``: names of
    customers whose creation was answered well, and badly.

    :param crowd: what the names of their customers begin with, theirs alone
    """

    def __init__(self, session, crowd, number, over):
        super().__init__(daemon=True)
        self.session, self.over = session, over
        self.crowd, self.number = crowd, number
        self.answers, self.made, self.refused = [], [], []
        self.errors = []

    def run(self):
        chance = random.Random(self.number)
        count = 0
        while not self.over.is_set():
            self.over.wait(chance.uniform(0.1, 0.3))
            if chance.random() < 0.3:
                count += 1
                self.create(f"{self.crowd} {self.number} {count}")
            else:
                self.ask(self.look_up, f"Cliente {chance.randrange(1, 100)}")

    def ask(self, function, *arguments):
        """Whether a request was answered well."""
        try:
            function(*arguments)
        except (Refused, requests.RequestException, ValueError) as error:
            self.errors.append((time.monotonic(), repr(error)))
            return False
        self.answers.append(time.monotonic())
        return True

    def look_up(self, name):
        found = self.session.call("res.partner", "name_search", name=name)
        fields = {"name": {}, "email": {}, "customer_code": {}}
        self.session.call(
            "res.partner", "web_read", [found[0][0]], specification=fields
        )

    def create(self, name):
        is_made = self.ask(self.save, name)
        (self.made if is_made else self.refused).append(name)

    def save(self, name):
        vals = {"name": name, "customer_flag": True, "email": "gente@example.com"}
        self.session.call(
            "res.partner", "web_save", [], vals=vals, specification={"name": {}}
        )


def send_home(people):
    """Let people end what they are at."""
    people[0].over.set()
    for person in people:
        person.join(60)


def check_told(cluster, people):
    """Who was told that a customer was made finds them once; the others, at most."""
    crowd = people[0].crowd
    stored = {name: rest for name, *rest in cluster.rows(COUNTS, f"{crowd} %")}
    made = [name for person in people for name in person.made]
    refused = [name for person in people for name in person.refused]
    print(f"{len(made)} made, {len(refused)} refused, {len(stored)} stored")
    once = dict.fromkeys(made, [1, 1])
    assert made and {name: stored.get(name) for name in made} == once
    assert all(stored.get(name, [1, 1]) == [1, 1] for name in refused)
    assert cluster.rows(DOUBLED_CODES) == []


class Campaign:
    """Offers of the shop, prepared.

    :param admin: a session of who may approve
    """

    def __init__(self, cluster, admin):
        self.cluster, self.admin = cluster, admin
        copied = self._call("copy", cluster.campaign)
        self.id = copied[0] if isinstance(copied, list) else copied
        self._call("action_prepare", self.id)
        self.wait_until(lambda states: states and "pending" not in states, 120)

    def _call(self, method, campaign):
        return self.admin.call("xpyme.offer.campaign", method, [campaign])

    def approve(self):
        self._call("action_approve", self.id)

    def resume(self):
        self._call("action_resume", self.id)

    def read(self, column):
        query = f"SELECT {column} FROM xpyme_offer_campaign WHERE id = %s"
        return self.cluster.rows(query, self.id)[0][0]

    def count(self):
        """``{state: count}`` of the offers."""
        query = "SELECT state, count(*) FROM xpyme_offer WHERE campaign_id = %s"
        return dict(self.cluster.rows(f"{query} GROUP BY state", self.id))

    def wait_until(self, condition, limit):
        """Wait until the counts are such, and return them."""
        deadline = time.monotonic() + limit
        while not condition(states := self.count()):
            assert time.monotonic() < deadline, states
            time.sleep(0.5)
        return states

    def wait_until_paused(self):
        """A lost database is noticed in 25 seconds; a host that starts looks once a
        minute what there is to do."""
        began = time.monotonic()
        while self.read("state") != "paused":
            assert time.monotonic() - began < 180, self.count()
            time.sleep(0.5)
        print(f"paused after {time.monotonic() - began:.1f} s: {self.count()}")

    def wait_until_sent(self):
        return self.wait_until(
            lambda states: not {"ready", "sending"} & states.keys(), 180
        )

    def _get_arrivals(self, sink):
        """How often each mail arrived that the database knows of, by its state."""
        rows = self.cluster.rows(
            "SELECT state, message_id, email FROM xpyme_offer WHERE campaign_id = %s",
            self.id,
        )
        return [
            (state, sink.accepted[key]) for state, *rest in rows for key in [(*rest,)]
        ]

    def check(self, sink):
        """Each mail arrived once, or may have, and no other one did."""
        expected = {"sent": (1,), "skipped": (0,), "unknown": (0, 1)}
        arrivals = self._get_arrivals(sink)
        wrong = [(s, count) for s, count in arrivals if count not in expected[s]]
        assert not wrong
        assert sum(count for _state, count in arrivals) == sink.accepted.total()

    def count_forgotten(self, sink, *states):
        """How many mails arrived that have one of these states, or any but sent."""
        return sum(
            count
            for state, count in self._get_arrivals(sink)
            if (state in states if states else state != "sent")
        )


class SlowSink(mail_sink.MailSink):
    """A mail server far away: between a mail's last byte and its word passes time."""

    def __init__(self):
        super().__init__()
        self._arrivals = threading.Condition()
        self._senders = Counter()

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        with self._arrivals:
            self._senders[session.peer[0]] += 1
            self._arrivals.notify_all()
        await asyncio.sleep(0.3)
        return answer

    def wait_for(self, address, count):
        """Wait until a host has sent so many more; the last one's word is still due."""
        with self._arrivals:
            before = self._senders[address]
            return self._arrivals.wait_for(
                lambda: self._senders[address] >= before + count, 90
            )
