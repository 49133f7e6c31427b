"""What moving in costs: judging a large file, bringing it in, two lanes, wrong rows.

*Stock* is Odoo's own ``create`` of the same customers with a contact each, and Odoo's
own import of a file with wrong rows.
"""

import argparse
import time
from contextlib import ExitStack

from bench import _pairs
from devkit.lab import Lab

MODULE = "bench._movein_operations"
# Whoever brings files in; no rights are measured here.
LOGIN = "__system__"
ADDON = "xpyme_contacts_movein"
JUDGING_MS = 60_000
MEGABYTES = 400
PARTS = ("creating", "judging", "lanes")


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--rows", type=int, default=100_000, help="of the large file")
    parser.add_argument("--created", type=int, default=200, help="customers at once")
    parser.add_argument("--lane-rows", type=int, default=800, help="of a lane's file")
    parser.add_argument("--imported", type=int, default=3000, help="1 % of them wrong")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    parser.add_argument("--quick", action="store_true", help="few and small pairs")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.rows, options.created = 3, 5000, 100
        options.lane_rows, options.imported = 400, 300
    return options


def _ask(side, operation, **arguments):
    """What an operation answers; what it did is kept."""
    side.ask(operation, arguments, keep=True)
    return side.answer()["result"]


def measure_judging(database, options):
    """A large file, and a hundredth of it."""
    with _pairs.of_one_database(database, MODULE, LOGIN) as pairs:
        side = pairs.sides["ours"]
        few = _ask(side, "make_file", number=max(options.rows // 100, 10))
        many = _ask(side, "make_file", number=options.rows)
        pairs.measure(
            f"look at {options.rows:,} rows: at a hundredth of them",
            "judge",
            3,
            {"extra_ms": JUDGING_MS, "megabytes": MEGABYTES},
            job={"stock": few, "ours": many},
        )
        return pairs.figures


def measure_creating(lab, options):
    with ExitStack() as stack:
        sides = {}
        for name, addon in (("stock", None), ("ours", ADDON)):
            database = stack.enter_context(lab.database(f"movein_{name}", "deps"))
            if addon:
                lab.odoo("-d", database, "-i", addon, "--stop-after-init")
            sides[name] = _pairs.Side(database, MODULE, LOGIN)
            stack.callback(sides[name].close)
        pairs = _pairs.Pairs(sides)
        job = _ask(sides["ours"], "make_file", number=options.created)
        _ask(sides["ours"], "judge", job=job)
        pairs.measure(
            f"bring {options.created} customers with a contact in: create them",
            "bring_in",
            options.pairs,
            {"ratio": 1.2},
            number=options.created,
            job=job,
        )
        if not _pairs.AGAINST:
            _compare_imports(sides, options)
        return pairs.figures


def _compare_imports(sides, options):
    """Odoo's import and ours of one file, of whose rows one in a hundred is wrong."""
    wrong = max(options.imported // 97, 1)
    for name, operation in (("stock", "load"), ("ours", "move_in")):
        sides[name].ask(operation, {"number": options.imported, "wrong": wrong})
        answer = sides[name].answer()
        print(
            f"{options.imported} rows, {wrong} of them wrong, {name}: "
            f"{answer['result']} in {answer['seconds']:.1f} s",
            flush=True,
        )


def measure_lanes(database, options):
    """One process and two, each on files of their own that are alike."""
    repeated = max(3, options.pairs // 6)
    with _pairs.of_one_database(database, MODULE, LOGIN, processes=2) as pairs:
        sides = list(pairs.sides.values())
        measured = {name: [] for name in _pairs.SIDES}
        for one in range(2 * (repeated + 1)):
            name = _pairs.SIDES[one % 2]
            first = 1000 + one * options.lane_rows
            file = {"number": options.lane_rows, "first": first}
            job = _ask(sides[0], "make_file", **file)
            _ask(sides[0], "judge", job=job)
            found = _work_lanes(sides[: 1 + one % 2], job)
            if one > 1:
                measured[name].append(found)
        figure = {
            "title": f"a file of {options.lane_rows} rows in two lanes: in one",
            **_pairs.summarise(measured),
            "limits": {"ratio": 0.588},
        }
        figure["verdict"] = _pairs.judge(figure)
        print(_pairs.row(figure), flush=True)
        return [figure]


def _work_lanes(sides, job):
    """How long so many lanes take for a file, from the first to the last customer."""
    _ask(sides[0], "start", job=job)
    started = time.perf_counter()
    for lane, side in enumerate(sides):
        side.ask("work_lane", {"lane": lane}, keep=True)
    answers = [side.answer() for side in sides]
    return {
        "seconds": time.perf_counter() - started,
        "queries": sum(answer["queries"] for answer in answers),
        "megabytes": max(answer["megabytes"] for answer in answers),
    }


def main():
    options = _options()
    lab = Lab()
    parts = (options.only,) if options.only else PARTS
    print(_pairs.HEADER)
    pairs = _pairs.Pairs({})
    if "creating" in parts:
        pairs.figures += measure_creating(lab, options)
    for part, measure in (("judging", measure_judging), ("lanes", measure_lanes)):
        if part in parts and not _pairs.AGAINST:
            with lab.database(f"movein_{part}", "deps") as database:
                lab.odoo("-d", database, "-i", ADDON, "--stop-after-init")
                pairs.figures += measure(database, options)
    pairs.conclude()


if __name__ == "__main__":
    main()
