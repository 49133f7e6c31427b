"""Sessions that edit one customer and his contacts at the same time."""

import os

import pytest

from tests.clients import Refused
from tests.race_cards import RACES, Card
from tests.races import Request, meet

LONG = bool(os.environ.get("XPYME_LONG"))


@pytest.fixture
def no_deadlock(rows):
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    before = rows(query)
    yield
    assert rows(query) == before


@pytest.mark.parametrize("turned", [False, True], ids=["", "turned"])
@pytest.mark.parametrize("name", RACES)
@pytest.mark.usefixtures("no_deadlock")
def test_two_sessions_lose_nothing_and_leave_no_stale_mirror(
    shop, rows, connection, name, turned
):
    first, second, holds = RACES[name]
    for _round in range(10 if LONG else 1):
        card = Card(shop, rows)
        functions = [first(card), second(card)][:: -1 if turned else 1]
        errors = meet(connection, rows, [card.id], functions)
        assert errors == [None, None]
        assert card.stale() == []
        assert holds(card)


def insist(work):
    """Do it again where Odoo, after its own five attempts, says so: a person would."""
    for _attempt in range(10):
        try:
            return work()
        except Refused as refusal:
            if "concurrent update" not in refusal.text:
                raise
    raise AssertionError("ten requests in a row met another session")


@pytest.mark.parametrize(
    "times", [6, pytest.param(60, marks=pytest.mark.long)], ids=["30", "300"]
)
@pytest.mark.usefixtures("no_deadlock")
def test_five_sessions_at_once_lose_nothing_and_leave_no_stale_mirror(
    shop, rows, times
):
    card = Card(shop, rows)
    sessions = [
        Request(lambda work=work: [insist(work(n)) for n in range(times)])
        for work in (
            lambda n: card.write(card.id, email=f"e{n}@example.com"),
            lambda n: card.write(card.id, street=f"Calle {n}"),
            lambda n: card.write(card.mirror, phone=str(n)),
            lambda n: card.write(card.contact, name=[card.name, "Juan"][n % 2]),
            lambda n: card.add(name=card.name),
        )
    ]
    for session in sessions:
        session.start()
    assert [session.finish(60 * times) for session in sessions] == [None] * 5
    last = times - 1
    assert card.read(card.id, "email", "street") == (
        f"e{last}@example.com",
        f"Calle {last}",
    )
    assert card.read(card.mirror, "phone") == (str(last),)
    assert len(card.find(card.name)) == times + 1 + times % 2
    assert card.stale() == []
