"""What delivery notes as agreed cost, in one database: an invoice for each note against
Odoo's invoice for each order, paper in two formats against one at a time, and a note of
the customer's special prices against an order of as many lines by list price.
"""

import argparse

from bench import _pairs
from devkit.lab import Lab

MODULE = "bench._stock_operations"
LOGIN = "__system__"


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--orders", type=int, default=20, help="of two notes each")
    parser.add_argument("--slips", type=int, default=50, help="printed at once")
    parser.add_argument("--prices", type=int, default=200, help="of a customer")
    parser.add_argument("--quick", action="store_true", help="few and small pairs")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.orders, options.slips = 3, 5, 6
    return options


def main():
    options, lab = _options(), Lab()
    with (
        lab.database("notes", "family_es") as database,
        _pairs.of_one_database(database, MODULE, LOGIN) as pairs,
    ):
        print(_pairs.HEADER)
        made = pairs.prepare("deliver", orders=options.orders)["ours"]
        pairs.check_same("invoice", **made)
        pairs.measure(
            f"invoice {options.orders} × 2 notes: {2 * options.orders} orders of Odoo",
            "invoice",
            options.pairs,
            {"ratio": 1.3},
            **made,
        )
        half = {key: value[: len(value) // 2] for key, value in made["orders"].items()}
        pairs.measure(
            "statements of that: of half as many",
            "invoice",
            3,
            {},
            orders={"stock": half["ours"], "ours": made["orders"]["ours"]},
            grouped=False,
        )
        slips = pairs.prepare("deliver_slips", slips=options.slips)["ours"]
        pairs.measure(
            f"print {options.slips} notes of two formats: each format apart",
            "print_slips",
            max(3, options.pairs // 6),
            {"ratio": 1.15},
            way={"stock": "apart", "ours": "together"},
            **slips,
        )
        cards = pairs.prepare("agree_prices", prices=options.prices)["ours"]
        pairs.measure(
            f"a note of {options.prices} special prices: of list prices",
            "begin_note",
            options.pairs,
            {"ratio": 1.1},
            way={"stock": "order", "ours": "note"},
            **cards,
        )
        pairs.conclude()


if __name__ == "__main__":
    main()
