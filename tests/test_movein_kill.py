"""Two files move in while the processes that bring them in are killed."""

import random

import pytest

from tests import kills as killing

PATIENCE = 3600


class Shop(killing.Shop):
    """Two files that have been looked at."""

    lanes = "Customers: move in"

    def is_done(self):
        self.wake()
        query = "SELECT DISTINCT state FROM xpyme_movein WHERE id = ANY(%s)"
        return self.rows(query, self.told["jobs"]) == [("done",)]

    def count_made(self):
        return self.value("SELECT count(*) FROM xpyme_movein_row WHERE state = 'done'")


@pytest.fixture(
    params=[(300, 3), pytest.param((5_000, 5), marks=pytest.mark.long)],
    ids=["reduced", "long"],
)
def shop(request, lab):
    number, kills = request.param
    with Shop.open(lab, "furnish_movein.py", XPYME_ROWS=number) as shop:
        yield shop, number, kills


def test_each_row_comes_in_once_while_workers_are_killed(shop):
    shop, number, kills = shop
    chance = random.Random(number)
    shop.call("xpyme.movein", shop.told["jobs"], "action_run")
    shop.work(chance, shop.is_done, kills, PATIENCE, (0.3, 1.2), shop.count_made)
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
    contacts = shop.value(
        "SELECT count(*) FROM res_partner WHERE is_mirror_contact"
        "   AND name LIKE 'Cliente %'"
    )
    assert contacts == counts["done"]
    if shop.kills < kills:
        print(f"only {shop.kills} kills: the files were faster")
    assert shop.kills
    print(f"kills: {shop.kills}, customers: {counts['done']}")
