"""Comparing two databases fairly: the same operation in turn, as many times as asked.

Each database has a process of its own. Whatever else the machine does meets both, for
the two halves of a pair follow each other, and every second pair goes the other way.
"""

import json
import os
import statistics
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import _statements
from devkit import odoo, place

SIDES = ("stock", "ours")
# The other checkout of ``./dev bench --against``: it takes the place of stock, and what
# may have become slower is all that is judged.
AGAINST = os.environ.get("XPYME_BENCH_AGAINST")
WORST_AGAINST = {"ratio": 1.03}


class Side:
    """The process that works in one of the two databases.

    :param root: the checkout whose code, operations included, it runs
    """

    def __init__(self, database, module, login, root=place.ROOT):
        self.login = login
        self._process = subprocess.Popen(
            [sys.executable, root / "bench" / "_worker.py", database, module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=odoo.environment(root),
        )

    def ask(self, operation, arguments, keep=False, login=None, record=False):
        request = {"operation": operation, "arguments": arguments, "keep": keep}
        request.update(login=login or self.login, record=record)
        print(json.dumps(request), file=self._process.stdin, flush=True)

    def answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("A process of the benchmark ended, see its message above.")
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        self._process.wait()


class Pairs:
    """Both sides, and what was measured with them."""

    def __init__(self, sides):
        self.sides = sides
        self.figures = []

    def prepare(self, operation, login=None, **arguments):
        """Make the same data in both databases; it is kept.

        :param arguments: of the operation; a dictionary by side where they differ
        """
        for name, side in self.sides.items():
            own = _own_arguments(arguments, name)
            side.ask(operation, own, keep=True, login=login)
        return {name: side.answer()["result"] for name, side in self.sides.items()}

    def measure(self, title, operation, repeated, limits, /, **arguments):
        """Measure pairs of an operation, print a line about them and keep it.

        :param limits: the highest ``ratio`` of the times; ``queries`` and milliseconds
            (``extra_ms``) more than stock; ``megabytes`` of memory that ours needs;
            ``added`` statements that stock does not make, whatever ours saves
        :param arguments: of the operation; a dictionary by side where they differ
        """
        limits = WORST_AGAINST if AGAINST else limits
        own = {name: _own_arguments(arguments, name) for name in self.sides}
        for name in SIDES:
            self._once(name, operation, own)
        measured = {name: [] for name in SIDES}
        for number in range(repeated):
            for name in SIDES if number % 2 else reversed(SIDES):
                measured[name].append(self._once(name, operation, own))
        figure = {"title": title, **summarise(measured), "limits": limits}
        if "added" in limits:
            figure["statements"] = self._compare_statements(operation, own)
        figure["verdict"] = judge(figure)
        self.figures.append(figure)
        print(row(figure), flush=True)
        for kind, counted in figure.get("statements", {}).items():
            tables = ", ".join(f"{number} {name}" for name, number in counted.items())
            print(f"    {sum(counted.values())} {kind}: {tables}", flush=True)

    def check_same(self, operation, **arguments):
        """:raise SystemExit: the sides do not do the same; their times mean nothing"""
        own = {name: _own_arguments(arguments, name) for name in self.sides}
        found = {name: self._once(name, operation, own)["result"] for name in SIDES}
        if found["stock"] != found["ours"]:
            raise SystemExit(f"The sides of {operation} differ: {found}.")

    def _compare_statements(self, operation, own):
        """Statements by table that ours adds to stock, and that it saves."""
        shapes = {}
        for name, side in self.sides.items():
            side.ask(operation, own[name], record=True)
            shapes[name] = side.answer()["shapes"]
        return _statements.compare(**shapes)

    def _once(self, name, operation, own):
        self.sides[name].ask(operation, own[name])
        return self.sides[name].answer()

    def conclude(self):
        """Print the verdict and leave the figures for ``./dev bench``."""
        over = [figure for figure in self.figures if figure["verdict"] == "over"]
        print(f"\n{len(over)} of {len(self.figures)} over their limits.")
        path = os.environ.get("XPYME_BENCH_JSON")
        if path:
            Path(path).write_text(json.dumps(self.figures))


def _own_arguments(arguments, name):
    return {
        key: value[name] if isinstance(value, dict) else value
        for key, value in arguments.items()
    }


def summarise(measured):
    """Ratios of the pairs: median, quartiles, extremes; the most queries and memory."""
    seconds = {name: [m["seconds"] for m in measured[name]] for name in SIDES}
    queries = {name: max(m["queries"] for m in measured[name]) for name in SIDES}
    megabytes = {
        name: round(max(m["megabytes"] for m in measured[name])) for name in SIDES
    }
    ratios = [b / a for a, b in zip(*seconds.values(), strict=True)]
    extra = [b - a for a, b in zip(*seconds.values(), strict=True)]
    low, _middle, high = statistics.quantiles(ratios, n=4) if ratios[1:] else ratios * 3
    return {
        "pairs": len(ratios),
        "seconds": {name: round(statistics.median(seconds[name]), 5) for name in SIDES},
        "ratio": round(statistics.median(ratios), 3),
        "extra_ms": round(1000 * statistics.median(extra), 2),
        "quartiles": [round(low, 3), round(high, 3)],
        "extremes": [round(min(ratios), 3), round(max(ratios), 3)],
        "megabytes": megabytes,
        "queries": queries,
        "extra_queries": queries["ours"] - queries["stock"],
    }


def judge(figure):
    """Whether a figure is within its limits.

    >>> found = {"ratio": 1.2, "extra_queries": 5, "megabytes": {"ours": 9}}
    >>> judge({**found, "limits": {"ratio": 1.2}})
    'ok'
    >>> judge({**found, "limits": {"queries": 4}})
    'over'
    >>> judge({**found, "limits": {"megabytes": 8}})
    'over'
    >>> judge({**found, "statements": {"added": {"a": 2}}, "limits": {"added": 1}})
    'over'
    """
    limits = figure["limits"]
    within = (
        figure["ratio"] <= limits.get("ratio", float("inf")),
        figure["extra_queries"] <= limits.get("queries", float("inf")),
        figure["megabytes"]["ours"] <= limits.get("megabytes", float("inf")),
        figure.get("extra_ms", 0) <= limits.get("extra_ms", float("inf")),
        sum(figure.get("statements", {}).get("added", {}).values())
        <= limits.get("added", float("inf")),
    )
    return "ok" if all(within) else "over"


HEADER = (
    f"{'':<54}{'pairs':>6}{'before' if AGAINST else 'stock':>12}{'ours':>12}"
    f"{'ratio':>8}  {'quartiles':<12}{'extremes':<14}{'limit':>6}"
    f"{'queries':>14}{'limit':>6}{'MB':>12}{'limit':>6}"
)


def row(figure):
    """One line of the table; times in milliseconds."""
    times = [f"{1000 * figure['seconds'][name]:.1f} ms" for name in SIDES]
    quartiles = "{:.2f}–{:.2f}".format(*figure["quartiles"])
    extremes = "{:.2f}–{:.2f}".format(*figure["extremes"])
    queries = "{stock} {extra:+}".format(
        stock=figure["queries"]["stock"], extra=figure["extra_queries"]
    )
    memory = "{stock} / {ours}".format(**figure["megabytes"])
    limits = figure["limits"]
    more_time = f" {figure['extra_ms']:+} ms" if "extra_ms" in limits else ""
    return (
        f"{figure['title']:<54}{figure['pairs']:>6}{times[0]:>12}{times[1]:>12}"
        f"{figure['ratio']:>8.2f}  {quartiles:<12}{extremes:<14}"
        f"{limits.get('ratio', '–'):>6}{queries:>14}{limits.get('queries', '–'):>6}"
        f"{memory:>12}{limits.get('megabytes', '–'):>6}"
        f"  {figure['verdict']}{more_time}"
    )


@contextmanager
def compared(lab, module, login, addon=None):
    """Two fresh databases, without and with the family, and a process in each.

    Against another checkout, both have what of the family is in both, each with its own
    code.

    :param addon: one of the family, with what it depends on, instead of all of it
    """
    roots = dict.fromkeys(SIDES, lab.root)
    if AGAINST:
        roots["stock"] = Path(AGAINST)
        odoo.write_conf(roots["stock"])
    with lab.database("stock", "deps") as stock, lab.database("ours", "deps") as ours:
        databases = dict(zip(SIDES, (stock, ours), strict=True))
        shared = [
            n for n in lab.addons if all((r / n).is_dir() for r in roots.values())
        ]
        wanted = addon or ",".join(shared)
        for name in SIDES if AGAINST else ("ours",):
            install = ("-d", databases[name], "-i", wanted, "--stop-after-init")
            lab.odoo(*install, env=odoo.environment(roots[name]))
        sides = {n: Side(db, module, login, roots[n]) for n, db in databases.items()}
        try:
            yield Pairs(sides)
        finally:
            for side in sides.values():
                side.close()


@contextmanager
def of_one_database(database, module, login, processes=1):
    """Pairs of two ways of doing the same thing in one database.

    :param processes: 2 for ways that work side by side
    """
    with ExitStack() as stack:
        sides = []
        for _number in range(processes):
            side = Side(database, module, login)
            stack.callback(side.close)
            sides.append(side)
        yield Pairs(dict(zip(SIDES, (sides[0], sides[-1]), strict=True)))
