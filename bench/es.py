"""What the taxes that a Spanish customer agreed cost: an order of a hundred lines under
the position that is made of the flags, against one under a position of Odoo's chart.

Both have the same taxes and come to the same total.
"""

import argparse

from bench import _pairs
from devkit.lab import Lab

MODULE = "bench._spanish_operations"
LOGIN = "__system__"


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--quick", action="store_true", help="few pairs")
    options = parser.parse_args()
    if options.quick:
        options.pairs = 3
    return options


def main():
    options, lab = _options(), Lab()
    with (
        lab.database("spanish", "family_es") as database,
        _pairs.of_one_database(database, MODULE, LOGIN) as pairs,
    ):
        made = pairs.prepare("make_customers")["ours"]
        way = {
            "customer": {"stock": made["shipped"], "ours": made["agreed"]},
            "article": made["article"],
        }
        pairs.check_same("make_order", **way)
        print(_pairs.HEADER)
        pairs.measure(
            "an order of 100 lines, position of the chart: of the flags",
            "make_order",
            options.pairs,
            {"ratio": 1.05, "queries": 10},
            **way,
        )
        pairs.conclude()


if __name__ == "__main__":
    main()
