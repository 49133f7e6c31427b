"""What the contacts cost: stock Odoo with the same dependencies against the family.

A limit holds for the median of the pairs' ratios, or for the SQL statements that are
made more than in stock; every measurement starts from an empty record cache.
"""

import argparse

from bench import _pairs
from devkit.lab import Lab

LOGIN = "bench"
SIZES = (50, 1000, 5000)
MIRRORS = (1, 50)
MANY = 2000


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument(
        "--many-pairs", type=int, default=3, help=f"pairs of {MANY} customers"
    )
    parser.add_argument("--quick", action="store_true", help="few and small pairs")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.batch, options.many_pairs = 3, 20, 0
    return options


def _prepare(pairs, quick):
    """The data that is measured: the same in both databases."""
    pairs.prepare("make_user", login="admin", user_login=LOGIN)
    data = {"filled": pairs.prepare("fill_customer", number=900_001)}
    data["plain"] = pairs.prepare("create_customers", first=800_001, count=20)
    sizes = SIZES[:2] if quick else SIZES
    data["sizes"] = {
        (size, mirrors): pairs.prepare(
            "create_customer_with_contacts",
            number=700_001 + size * 100 + mirrors,
            contacts=size,
            mirrors=mirrors,
        )
        for size in sizes
        for mirrors in MIRRORS
    }
    return data


def _measure(pairs, data, options):
    for count, repeated in (
        (options.batch, options.pairs),
        (MANY, options.many_pairs),
    ):
        if repeated:
            title = f"create {count} customers and their contacts"
            limits = {"ratio": 1.2}
            pairs.measure(title, "create_customers", repeated, limits, count=count)
    pairs.measure(
        "write the phone of 20 customers, one by one",
        "write_phone",
        options.pairs,
        {"ratio": 1.1},
        customer_ids=data["plain"],
    )
    pairs.measure(
        "open a fully filled customer",
        "open_customer",
        options.pairs,
        {"queries": 25},
        customer_id=data["filled"],
    )
    for (size, mirrors), customer_id in data["sizes"].items():
        pairs.measure(
            f"change the e-mail: {size} contacts, {mirrors} of them mirrors",
            "write_email",
            options.pairs,
            {"queries": 4},
            customer_id=customer_id,
        )


def main():
    options = _options()
    with _pairs.compared(Lab(), "bench._contact_operations", LOGIN) as pairs:
        data = _prepare(pairs, options.quick)
        print(_pairs.HEADER)
        _measure(pairs, data, options)
        pairs.conclude()


if __name__ == "__main__":
    main()
