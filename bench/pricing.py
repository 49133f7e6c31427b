"""What prices cost: stock Odoo with an ordinary pricelist against the family.

The customer has the same pricelist in both, and in the family special prices of all the
articles besides. A limit holds for the median of the pairs' ratios, or for the SQL
statements that are added to stock's: as many for 10 lines as for 200. What is saved is
shown apart, for it grows: stock searches the rule of each line, and reads its family.
"""

import argparse

from bench import _pairs
from devkit.lab import Lab

LOGIN = "bench"
FAMILIES = 50
LINES = (10, 50, 100, 200)
# Statements that an order makes besides stock's, of whatever size it is.
ADDED = 6


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument(
        "--customers", type=int, default=200, help="others with as many special prices"
    )
    parser.add_argument("--quick", action="store_true", help="few and small pairs")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.articles, options.customers = 3, 300, 3
    return options


def _measure_orders(pairs, data, options, title):
    for count in LINES:
        pairs.measure(
            f"{title} of {count} lines",
            "create_order",
            options.pairs if count == LINES[-1] else max(3, options.pairs // 6),
            {"ratio": 1.15, "added": ADDED},
            customer_id={side: found["customer"] for side, found in data.items()},
            product_ids={
                side: found["products"][:count] for side, found in data.items()
            },
        )


def _check_constant(figures):
    """The statements added must be the same for every size of order."""
    added = {
        figure["title"]: figure["statements"]["added"]
        for figure in figures
        if "statements" in figure
    }
    constant = all(found == next(iter(added.values())) for found in added.values())
    answer = "the same" if constant else f"NOT the same: {added}"
    print(f"Statements added to stock's are {answer} for every size of order.")


def _print_plan(plan):
    """The index that was read, and how many rows came of it."""
    nodes = [plan]
    for node in nodes:
        nodes += node.get("Plans", [])
    for node in nodes:
        name, index = node["Node Type"], node.get("Index Name", "")
        rows, time = node["Actual Rows"], node["Actual Total Time"]
        print(f"  {name} {index}: {rows} rows in {time:.2f} ms")


def main():
    options = _options()
    with _pairs.compared(Lab(), "bench._price_operations", LOGIN) as pairs:
        pairs.prepare("make_user", login="admin", user_login=LOGIN)
        data = pairs.prepare(
            "fill_shop",
            login="admin",
            articles=options.articles,
            families=min(FAMILIES, options.articles),
        )
        own = {
            "customer_id": {side: found["customer"] for side, found in data.items()},
            "product_ids": {side: found["products"] for side, found in data.items()},
        }
        print(_pairs.HEADER)
        _measure_orders(pairs, data, options, "an order")
        pairs.measure(
            f"recalculate {options.articles} special prices",
            "recalculate",
            max(3, options.pairs // 6),
            {"ratio": 0.1},
            **own,
        )
        made = pairs.prepare(
            "multiply_prices",
            login="admin",
            customers=options.customers,
            product_ids=own["product_ids"],
        )
        print(f"{made['ours']} special prices of other customers added")
        _measure_orders(pairs, data, options, "with those, an order")
        few = {side: found["products"][:200] for side, found in data.items()}
        plans = pairs.prepare(
            "explain_prices",
            login="admin",
            customer_id=own["customer_id"],
            product_ids=few,
        )
        _print_plan(plans["ours"])
        _check_constant(pairs.figures)
        pairs.conclude()


if __name__ == "__main__":
    main()
