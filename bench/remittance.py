"""What a remittance of five thousand receipts costs: OCA's batch payments by themselves
against the window of the family, which judges each receipt and tells who is left out.
"""

import argparse

from bench import _pairs
from devkit.lab import Lab

MODULE = "bench._remittance_operations"
LOGIN = "__system__"
ADDON = "xpyme_contacts_remittance"


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--receipts", type=int, default=5000)
    parser.add_argument("--quick", action="store_true", help="few and small pairs")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.receipts = 3, 100
    return options


def main():
    options, lab = _options(), Lab()
    with _pairs.compared(lab, MODULE, LOGIN, ADDON) as pairs:
        made = pairs.prepare("fill_receipts", count=options.receipts)
        way = {"method": {side: found["method"] for side, found in made.items()}}
        pairs.check_same("make_remittance", **way)
        print(_pairs.HEADER)
        pairs.measure(
            f"a remittance of {options.receipts:,} receipts",
            "make_remittance",
            options.pairs,
            {"ratio": 1.1, "queries": 50},
            **way,
        )
        pairs.conclude()


if __name__ == "__main__":
    main()
