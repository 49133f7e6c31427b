"""Billing runs, while the processes that make the invoices are killed.

Two runs over the same orders at once: every order is invoiced once, or listed with the
reason, and the numbers of the invoices have no gap.
"""

import random

import pytest

from tests import kills as killing

PATIENCE = 3600


class Shop(killing.Shop):
    """Two billing runs over the same orders."""

    lanes = "Customers: make invoices"

    def wake(self):
        self.rows(
            "UPDATE xpyme_billing_run_item SET retry_at = NULL"
            " WHERE state = 'pending' AND retry_at IS NOT NULL AND id IN (SELECT id"
            " FROM xpyme_billing_run_item FOR NO KEY UPDATE SKIP LOCKED)"
        )
        super().wake()

    def is_done(self):
        self.wake()
        query = "SELECT DISTINCT state FROM xpyme_billing_run WHERE id = ANY(%s)"
        return self.rows(query, self.told["runs"]) == [("done",)]

    def count_made(self):
        return self.value(
            "SELECT count(*) FROM account_move WHERE billing_run_item_id IS NOT NULL"
        )


@pytest.fixture(
    params=[(240, 4), pytest.param((10_000, 10), marks=pytest.mark.long)],
    ids=["reduced", "long"],
)
def shop(request, lab):
    orders, kills = request.param
    with Shop.open(lab, "furnish_billing.py", XPYME_ORDERS=orders) as shop:
        yield shop, orders, kills


def test_every_order_is_invoiced_once_while_workers_are_killed(shop):
    shop, orders, kills = shop
    chance = random.Random(orders)
    shop.call("xpyme.billing.run", shop.told["runs"], "action_run")
    shop.work(chance, shop.is_done, kills, PATIENCE, (0.3, 1.2), shop.count_made)
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
