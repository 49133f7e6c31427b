"""What billing as agreed costs: Odoo without the addon against Odoo with it.

Invoices that are due on pay days outside of leaves, orders of customers with all modes
of invoicing at once, a run over a hundred thousand orders, two lanes against one, and
paper with copies. *Stock* is Odoo; *the family* is the same without this addon.
"""

import argparse
import time
from contextlib import ExitStack, contextmanager

from bench import _pairs
from devkit.lab import Lab

MODULE = "bench._billing_operations"
# Whoever makes invoices of others; no rights are measured here.
LOGIN = "__system__"
ADDON = "xpyme_contacts_billing"
BASE = "xpyme_contacts"
INVOICES = 10
CUSTOMERS = 21
# More than Odoo's own list of the same orders takes.
PREPARING_MS = 1000
PARTS = ("documents", "preparing", "lanes", "paper")


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--orders", type=int, default=200, help="invoiced at once")
    parser.add_argument("--open", type=int, default=100_000, help="orders of a run")
    parser.add_argument("--lane-orders", type=int, default=320, help="of a lane's run")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    parser.add_argument("--explain", action="store_true", help="how a run is prepared")
    parser.add_argument("--quick", action="store_true", help="few and small pairs")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.orders = 3, 42
        options.open, options.lane_orders = 2000, 80
    return options


@contextmanager
def _one_database(database, processes=1):
    """Pairs of two ways of doing the same thing in one database."""
    with ExitStack() as stack:
        sides = []
        for _number in range(processes):
            side = _pairs.Side(database, MODULE, LOGIN)
            stack.callback(side.close)
            sides.append(side)
        names = zip(_pairs.SIDES, (sides[0], sides[-1]), strict=True)
        yield _pairs.Pairs(dict(names))


def _ask(side, operation, **arguments):
    """What an operation answers; what it did is kept."""
    side.ask(operation, arguments, keep=True)
    return side.answer()["result"]


# === ONE DOCUMENT ===#


@contextmanager
def _compared(lab, base):
    """Databases without and with the addon; the first with Odoo or with the family."""
    if base is None or _pairs.AGAINST:
        with _pairs.compared(lab, MODULE, LOGIN, ADDON) as pairs:
            yield pairs
        return
    with ExitStack() as stack:
        sides = {}
        for name, addon in zip(_pairs.SIDES, (base, ADDON), strict=True):
            database = stack.enter_context(lab.database(f"billing_{name}", "deps"))
            lab.odoo("-d", database, "-i", addon, "--stop-after-init")
            sides[name] = _pairs.Side(database, MODULE, LOGIN)
            stack.callback(sides[name].close)
        yield _pairs.Pairs(sides)


def _spread(data):
    """Answers by side as arguments by side."""
    return {
        key: {side: found[key] for side, found in data.items()} for key in data["ours"]
    }


def _check_same(pairs, operation, arguments):
    """:raise SystemExit: the sides do not do the same, so their times mean nothing"""
    found = {}
    for name, side in pairs.sides.items():
        own = {key: value[name] for key, value in arguments.items()}
        side.ask(operation, own)
        found[name] = side.answer()["result"]
    if found["stock"] != found["ours"]:
        raise SystemExit(f"{operation} makes different invoices: {found}.")


def measure_documents(lab, options):
    figures = []
    for base, title in ((None, "stock"), (BASE, "the family")):
        with _compared(lab, base) as pairs:
            data = _spread(
                pairs.prepare("fill_shop", customers=CUSTOMERS, orders=options.orders)
            )
            pairs.measure(
                f"post {INVOICES} invoices: {title}",
                "post_invoices",
                options.pairs,
                {"ratio": 1.02},
                count=INVOICES,
                **data,
            )
            _check_same(pairs, "create_invoices", data)
            pairs.measure(
                f"invoice {options.orders} orders of all modes: {title}",
                "create_invoices",
                options.pairs,
                {"ratio": 1.05},
                **data,
            )
            figures += pairs.figures
        if _pairs.AGAINST:
            break
    return figures


# === RUNS ===#


def measure_preparing(database, options):
    """All open orders, and a hundredth of them with as many statements."""
    with _one_database(database) as pairs:
        side = pairs.sides["ours"]
        count = max(options.open // 20, 3)
        cards = _ask(side, "fill_orders", customers=count, orders=options.open)
        if options.explain:
            print("\n".join(_ask(side, "explain_preparation")))
        pairs.measure(
            f"prepare {options.open:,} orders: Odoo's list of them",
            "prepare_run",
            max(3, options.pairs // 3),
            {"extra_ms": PREPARING_MS},
            way={"stock": "list", "ours": "run"},
        )
        few = cards[: max(count // 100, 3)]
        pairs.measure(
            f"prepare {options.open:,} orders: a hundredth of them",
            "prepare_run",
            3,
            {"queries": 0},
            way="run",
            cards={"stock": few, "ours": cards},
        )
        return pairs.figures


def measure_lanes(database, options):
    """One process and two, each on runs of their own that are alike."""
    repeated = max(3, options.pairs // 6)
    number = 2 * (repeated + 1)
    with _one_database(database, processes=2) as pairs:
        sides = list(pairs.sides.values())
        cards = _ask(
            sides[0],
            "fill_orders",
            customers=15 * number,
            orders=options.lane_orders * number,
        )
        runs = _ask(sides[0], "make_runs", cards=cards, number=number)
        measured = {name: [] for name in _pairs.SIDES}
        for one, run in enumerate(runs):
            name = _pairs.SIDES[one % 2]
            found = _work_lanes(sides[: 1 + one % 2], run)
            if one > 1:
                measured[name].append(found)
        figure = {
            "title": f"a run of {options.lane_orders} orders in two lanes: in one",
            **_pairs.summarise(measured),
            "limits": {"ratio": 0.588},
        }
        figure["verdict"] = _pairs.judge(figure)
        print(_pairs.row(figure), flush=True)
        _print_statements(sides[0], options.lane_orders)
        return [*pairs.figures, figure]


def _print_statements(side, orders):
    """How many an invoice takes, in a run and in one four times as large."""
    each = []
    for many in (orders // 4, orders):
        cards = _ask(side, "fill_orders", customers=many // 2, orders=many)
        (run,) = _ask(side, "make_runs", cards=cards, number=1)
        side.ask("work_inline", {"run": run})
        answer = side.answer()
        each.append(f"{answer['queries'] / answer['result']:.1f} of {many} orders")
    print(f"Statements for each invoice of a run: {', '.join(each)}.")


def _work_lanes(sides, run):
    """How long so many lanes take for a run, from the first to the last invoice."""
    _ask(sides[0], "start_run", run=run)
    started = time.perf_counter()
    for lane, side in enumerate(sides):
        side.ask("work_lane", {"lane": lane}, keep=True)
    answers = [side.answer() for side in sides]
    return {
        "seconds": time.perf_counter() - started,
        "queries": sum(answer["queries"] for answer in answers),
        "megabytes": max(answer["megabytes"] for answer in answers),
    }


def measure_paper(database, options):
    with _one_database(database) as pairs:
        side = pairs.sides["ours"]
        data = _ask(side, "fill_shop", customers=1, orders=1)
        moves = _ask(side, "make_paper", **data)
        pairs.measure(
            "print an invoice three times: once",
            "print_invoices",
            options.pairs,
            {"ratio": 1.1},
            way={"stock": "originals", "ours": "copies"},
            moves=moves[:1],
        )
        return pairs.figures


def measure_runs(lab, options, parts):
    figures = []
    for part, measure in (
        ("preparing", measure_preparing),
        ("lanes", measure_lanes),
        ("paper", measure_paper),
    ):
        if part in parts:
            with lab.database(f"billing_{part}", "deps") as database:
                lab.odoo("-d", database, "-i", ADDON, "--stop-after-init")
                figures += measure(database, options)
    return figures


def main():
    options = _options()
    lab = Lab()
    parts = (options.only,) if options.only else PARTS
    print(_pairs.HEADER)
    pairs = _pairs.Pairs({})
    if "documents" in parts:
        pairs.figures += measure_documents(lab, options)
    if not _pairs.AGAINST:
        pairs.figures += measure_runs(lab, options, parts)
    pairs.conclude()


if __name__ == "__main__":
    main()
