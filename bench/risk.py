"""What judging customers' risk costs: ours against OCA, core, the least SQL and itself.

OCA's sale_financial_risk is installed beside ours, so each pair works in one database.
A limit is the highest ratio of ours to the other: 0.067 is fifteen times faster. All
measurements start from an empty record cache, *prefetched* ones with the customers'
stored fields in it.
"""

import argparse
from contextlib import contextmanager

from bench import _pairs
from devkit.lab import Lab

MODULE = "bench._risk_operations"
LOGIN = "bench"
FEW, MANY = 4000, 32_000
LINES = 100


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument(
        "--oca-pairs", type=int, default=30, help="pairs with OCA, which takes longest"
    )
    parser.add_argument("--only", choices=("figures", "confirm"), help="one part of it")
    parser.add_argument("--quick", action="store_true", help="few and small pairs")
    options = parser.parse_args()
    options.few, options.many = FEW, MANY
    if options.quick:
        options.pairs, options.oca_pairs = 3, 1
        options.few, options.many = 200, 1600
    return options


@contextmanager
def one_database(database, login=LOGIN):
    """Pairs of two ways of doing the same thing in one database."""
    side = _pairs.Side(database, MODULE, login)
    try:
        yield _pairs.Pairs(dict.fromkeys(_pairs.SIDES, side))
    finally:
        side.close()


@contextmanager
def two_databases(databases, login=LOGIN):
    """Pairs of the same thing in two databases."""
    pairs = zip(_pairs.SIDES, databases, strict=True)
    sides = {name: _pairs.Side(db, MODULE, login) for name, db in pairs}
    try:
        yield _pairs.Pairs(sides)
    finally:
        for side in sides.values():
            side.close()


def against(other):
    return {"stock": other, "ours": "ours"}


def prepare(pairs, customers):
    """A salesperson and customers, in the first database only."""
    side = pairs.sides["stock"]
    asked = {}
    for operation, arguments in (
        ("make_user", {"user_login": LOGIN}),
        ("fill", {"customers": customers}),
    ):
        side.ask(operation, arguments, keep=True, login="admin")
        asked[operation] = side.answer()["result"]
    return asked["fill"]


def check_figures(pairs, ids):
    """:raise SystemExit: the ways do not agree, so their times mean nothing"""
    side = pairs.sides["ours"]
    found = {}
    for way in ("ours", "oca", "floor"):
        side.ask("get_sum", {"way": way, "ids": ids[:50]})
        found[way] = side.answer()["result"]
    if len(set(found.values())) > 1:
        raise SystemExit(f"The debts differ: {found}.")


def measure_figures(pairs, ids, options):
    count = f"{len(ids):,} customers"
    for title, other, repeated, ratio, warm in (
        ("OCA", "oca", options.oca_pairs, 0.067, True),
        ("core's credit, prefetched", "core", options.pairs, 0.2, True),
        ("core's credit, cold", "core", options.pairs, 0.1, False),
        ("the least SQL", "floor", options.pairs, 2, True),
    ):
        pairs.measure(
            f"{count}: {title}",
            "get_figures",
            repeated,
            {"ratio": ratio},
            way=against(other),
            ids=ids,
            warm=warm,
        )
    pairs.measure(
        "over the limit, all customers: OCA",
        "find_over_limit",
        options.oca_pairs,
        {"ratio": 0.033},
        way=against("oca"),
    )
    pairs.measure(
        "a customer's form: without his risk",
        "open_customer",
        options.pairs,
        {"queries": 2, "extra_ms": 10},
        way=against("without"),
        ids=ids,
    )


def measure_growth(pairs, ids, options):
    """The same operation for few customers and for eight times as many."""
    pairs.measure(
        f"{len(ids['ours']):,} customers: {len(ids['stock']):,}",
        "get_figures",
        options.pairs,
        {"ratio": 9},
        way="ours",
        ids=ids,
    )


def measure_confirmation(pairs, options):
    pairs.measure(
        f"confirm an order of {LINES} lines: stock",
        "confirm_order",
        options.pairs,
        {"ratio": 1.1},
        lines=LINES,
    )


def measure_against(pairs, options):
    """Ours in both databases: what the figures cost with each checkout's code."""
    ids = pairs.prepare("fill", login="admin", customers=options.few)
    for title, operation, more in (
        (f"{options.few:,} customers", "get_figures", {"ids": ids, "warm": True}),
        ("over the limit, all customers", "find_over_limit", {}),
        ("a customer's form", "open_customer", {"ids": ids}),
    ):
        pairs.measure(title, operation, options.pairs, {}, way="ours", **more)


@contextmanager
def _filled(lab, name, customers):
    """A database with the family, OCA's risk and customers; with their ids."""
    with lab.database(f"risk_{name}") as database:
        lab.odoo("-d", database, "-i", "sale_financial_risk", "--stop-after-init")
        with one_database(database) as pairs:
            ids = prepare(pairs, customers)
        yield database, ids


def _measure_both(lab, options):
    """The figures of few customers, and their growth to many."""
    figures = []
    with (
        _filled(lab, "few", options.few) as (few, few_ids),
        _filled(lab, "many", options.many) as (many, many_ids),
    ):
        with one_database(few) as pairs:
            check_figures(pairs, few_ids)
            measure_figures(pairs, few_ids, options)
            figures += pairs.figures
        with two_databases((few, many)) as pairs:
            measure_growth(pairs, {"stock": few_ids, "ours": many_ids}, options)
            figures += pairs.figures
    return figures


def main():
    options = _options()
    lab = Lab()
    print(_pairs.HEADER)
    alone = options.only == "confirm" or _pairs.AGAINST
    figures = [] if alone else _measure_both(lab, options)
    with _pairs.compared(lab, MODULE, LOGIN) as pairs:
        pairs.figures += figures
        if options.only != "figures":
            pairs.prepare("make_user", login="admin", user_login=LOGIN)
            # Once: to write a company empties caches that are then filled anew.
            pairs.prepare("block_orders", login="admin")
            measure_confirmation(pairs, options)
        if _pairs.AGAINST and options.only != "confirm":
            measure_against(pairs, options)
        pairs.conclude()


if __name__ == "__main__":
    main()
