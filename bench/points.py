"""What points and vouchers cost: figures of periods, settlements, the customer's card.

A thousand customers with long histories among many invoices. *Stock* is the least that
the same answer takes: plain sums in SQL, Odoo's own window for coupons, the card
without what this addon adds.
"""

import argparse

from bench import _pairs
from devkit.lab import Lab

MODULE = "bench._points_operations"
LOGIN = "__system__"
ADDON = "xpyme_contacts_points"
# All figures of a thousand customers, whatever the machine's sums take.
FIGURES_MS = 2000


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--earning", type=int, default=1000, help="with a history")
    parser.add_argument("--lines", type=int, default=200, help="of each history")
    parser.add_argument("--settled", type=int, default=1000, help="at once")
    parser.add_argument("--quick", action="store_true", help="few and small pairs")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.customers, options.earning = 3, 300, 100
        options.lines, options.settled = 20, 100
    return options


def measure(pairs, options):
    side = pairs.sides["ours"]
    size = {name: getattr(options, name) for name in ("customers", "earning", "lines")}
    side.ask("fill", size, keep=True)
    data = side.answer()["result"]
    ids, earning = data["ids"], data["ids"][: options.earning]
    ways = {"stock": "floor", "ours": "figures"}
    pairs.check_same("read_figures", way=ways, ids=earning)
    pairs.measure(
        f"figures of {len(earning):,} customers: plain sums",
        "read_figures",
        options.pairs,
        {"ratio": 3, "extra_ms": FIGURES_MS},
        way=ways,
        ids=earning,
    )
    pairs.measure(
        f"figures of {len(earning):,} customers: of one",
        "read_figures",
        min(options.pairs, 5),
        {"queries": 0},
        way="figures",
        ids={"stock": earning[:1], "ours": earning},
    )
    pairs.measure(
        "open the card: without points",
        "open_customer",
        options.pairs,
        {"queries": 2},
        way={"stock": "without", "ours": "with"},
        ids=earning[:1],
    )
    pairs.measure(
        f"vouchers for {options.settled:,} customers: Odoo's window",
        "settle",
        min(options.pairs, 3),
        {"ratio": 0.1},
        way={"stock": "window", "ours": "ours"},
        ids=ids[: options.settled],
        coupons=data["coupons"],
    )


def main():
    options = _options()
    lab = Lab()
    print(_pairs.HEADER)
    with lab.database("points", "deps") as database:
        lab.odoo("-d", database, "-i", ADDON, "--stop-after-init")
        with _pairs.of_one_database(database, MODULE, LOGIN) as pairs:
            measure(pairs, options)
            pairs.conclude()


if __name__ == "__main__":
    main()
