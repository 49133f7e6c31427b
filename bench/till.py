"""What the till pays for knowing its customers: choosing one with thousands of special
prices, loading thousands of articles and customers, keeping a ticket.

*Stock* is the whole family without this addon, in a database of its own.
"""

import argparse
from contextlib import ExitStack

from bench import _pairs
from devkit.lab import Lab

MODULE = "bench._till_operations"
LOGIN = "__system__"
# What the server may take for a customer who is chosen.
CHOOSING_MS = 80
REMOVED = """
env["ir.module.module"].search(
    [("name", "=", "xpyme_contacts_pos")]
).button_immediate_uninstall()
"""


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--quick", action="store_true", help="few and small pairs")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.customers, options.articles = 3, 300, 100
    return options


def measure(pairs, options):
    size = {"customers": options.customers, "articles": options.articles}
    made = pairs.prepare("fill", **size)
    shared = {key: {side: made[side][key] for side in made} for key in made["ours"]}
    pairs.measure(
        "a ticket of 20 lines is kept",
        "keep_ticket",
        options.pairs,
        {"ratio": 1.05, "queries": 1},
        config=shared["config"],
        customer=shared["customer"],
    )
    pairs.measure(
        f"load {options.articles:,} articles, {options.customers:,} customers",
        "load_till",
        max(3, options.pairs // 3),
        {"ratio": 1.05},
        config=shared["config"],
    )
    pairs.measure(
        f"choose a customer with {options.articles:,} special prices",
        "choose_customer",
        options.pairs,
        {"extra_ms": CHOOSING_MS},
        config=shared["config"],
        customer=shared["customer"],
    )


def main():
    options, lab = _options(), Lab()
    with ExitStack() as stack:
        sides = {}
        for name in _pairs.SIDES:
            database = stack.enter_context(lab.database(name, "family_es"))
            if name == "stock":
                lab.shell(database, REMOVED)
            sides[name] = _pairs.Side(database, MODULE, LOGIN)
            stack.callback(sides[name].close)
        print(_pairs.HEADER)
        pairs = _pairs.Pairs(sides)
        measure(pairs, options)
        pairs.conclude()


if __name__ == "__main__":
    main()
