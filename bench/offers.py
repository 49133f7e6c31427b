"""What offers cost: preparing them against Odoo's template, queueing, sending.

``prepare``: personal offers of ten articles against ``mail.template.send_mail_batch``
with an equal body. ``queue``: recipients in one statement. ``send``: one lane against
two, with a mail server that answers at once.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import time
from contextlib import contextmanager
from pathlib import Path

from bench import _pairs
from bench._pairs import Side
from devkit.lab import Lab
from devkit.server import free_port

MODULE = "bench._offer_operations"
LOGIN = "__system__"
ARTICLES = 10
LIMITS = {"prepare": 5.0, "queue statements": 1, "memory": 40.0, "lanes": 1.7}


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--many", type=int, default=5000)
    parser.add_argument("--many-pairs", type=int, default=3)
    parser.add_argument("--queue", type=int, default=50_000)
    parser.add_argument("--send", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--quick", action="store_true", help="few and small")
    options = parser.parse_args()
    if options.quick:
        options.pairs, options.batch, options.many, options.many_pairs = 3, 50, 300, 1
        options.queue, options.send, options.rounds = 5000, 200, 1
    return options


class FastServer(asyncio.Protocol):
    """Just enough of a mail server: it says yes to everything, at once."""

    _ANSWERS = {b"data": b"354 go on\r\n", b"quit": b"221 bye\r\n"}

    def connection_made(self, transport):
        self._transport, self._rest, self._in_mail = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data):
        self._rest += data
        while True:
            end = b"\r\n.\r\n" if self._in_mail else b"\r\n"
            line, found, rest = self._rest.partition(end)
            if not found:
                return
            self._rest = rest
            word = line[:4].lower()
            self._in_mail = not self._in_mail and word == b"data"
            self._transport.write(self._ANSWERS.get(word, b"250 ok\r\n"))


def _serve(port):
    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(FastServer, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(serve())


@contextmanager
def _sink():
    port = free_port()
    process = multiprocessing.Process(target=_serve, args=(port,), daemon=True)
    process.start()
    try:
        yield port
    finally:
        process.terminate()


def _ask(side, operation, keep=False, **arguments):
    side.ask(operation, arguments, keep=keep)
    return side.answer()


def _summarise(title, ratios, limit, **more):
    low, _middle, high = statistics.quantiles(ratios, n=4) if ratios[1:] else ratios * 3
    ratio = statistics.median(ratios)
    figure = {
        "title": title,
        "pairs": len(ratios),
        "ratio": round(ratio, 2),
        "quartiles": [round(low, 2), round(high, 2)],
        "extremes": [round(min(ratios), 2), round(max(ratios), 2)],
        "limit": limit,
        "verdict": "ok" if ratio >= limit else "under",
        **more,
    }
    print(
        f"{title:<52}{len(ratios):>4} pairs  {ratio:>6.2f}×  (quartiles {low:.2f}–"
        f"{high:.2f}, extremes {min(ratios):.2f}–{max(ratios):.2f}, at least {limit})"
        f"  {figure['verdict']}  {more}",
        flush=True,
    )
    return figure


def _prepare(side, ids, batch, repeated):
    """Odoo's template against ours: how many times faster ours is."""
    ratios, seconds = [], {"core": [], "ours": []}
    for number in range(repeated + 1):
        chosen = ids[:batch]
        names = [("core", "prepare_core"), ("ours", "prepare")]
        answers = {}
        for name, operation in names if number % 2 else reversed(names):
            answers[name] = _ask(side, operation, ids=chosen)
            if number:
                seconds[name].append(answers[name]["seconds"])
        if number:
            ratios.append(answers["core"]["seconds"] / answers["ours"]["seconds"])
    medians = {name: round(statistics.median(v), 3) for name, v in seconds.items()}
    title = f"prepare {batch} offers of {ARTICLES} articles"
    return _summarise(title, ratios, LIMITS["prepare"], seconds=medians)


def _measure_memory(side, ids):
    """Memory after the first batches against the end."""
    memory = _ask(side, "prepare", ids=ids)["result"]
    growth = memory[-1] - memory[min(2, len(memory) - 1)]
    figure = {
        "title": f"memory while preparing {len(ids)} offers",
        "first_mb": round(memory[0], 1),
        "last_mb": round(memory[-1], 1),
        "growth_mb": round(growth, 1),
        "limit": LIMITS["memory"],
        "verdict": "ok" if growth <= LIMITS["memory"] else "over",
    }
    print(figure, flush=True)
    return figure


def _queue(side, count):
    answer = _ask(side, "enqueue", count=count)
    figure = {
        "title": f"queue {answer['result']} recipients",
        "seconds": round(answer["seconds"], 2),
        "statements": answer["queries"],
        "verdict": "ok" if answer["result"] == count else "wrong number",
    }
    print(figure, flush=True)
    return figure


def _send(sides, ids, rounds, port):
    """One lane against two: how many more mails two deliver in the same time."""
    campaign = _ask(sides[0], "make_ready", keep=True, ids=ids, port=port)["result"]
    ratios, speeds = [], {1: [], 2: []}
    for number in range(rounds + 1):
        seconds = {}
        for lanes in (1, 2) if number % 2 else (2, 1):
            _ask(sides[0], "make_unsent", keep=True, campaign=campaign)
            started = time.perf_counter()
            for lane, side in enumerate(sides[:lanes]):
                side.ask("send", {"lane": lane})
            for side in sides[:lanes]:
                side.answer()
            seconds[lanes] = time.perf_counter() - started
            sent = _ask(sides[0], "count_sent", campaign=campaign)["result"]
            assert sent == len(ids), (sent, len(ids))
        if number:
            ratios.append(seconds[1] / seconds[2])
            for lanes, taken in seconds.items():
                speeds[lanes].append(len(ids) / taken)
    medians = {str(k): round(statistics.median(v)) for k, v in speeds.items()}
    title = f"two lanes against one, {len(ids)} mails"
    return _summarise(title, ratios, LIMITS["lanes"], per_second=medians)


def _compare_checkouts(lab, options):
    """What preparing and queueing cost with each checkout's code."""
    with _pairs.compared(lab, MODULE, LOGIN) as pairs:
        made = {"count": options.batch, "articles": ARTICLES}
        ids = pairs.prepare("make_customers", **made)
        print(_pairs.HEADER)
        title = f"prepare {options.batch} offers of {ARTICLES} articles"
        pairs.measure(title, "prepare", options.pairs, {}, ids=ids)
        title = f"queue {options.queue:,} recipients"
        pairs.measure(title, "enqueue", options.many_pairs, {}, count=options.queue)
        pairs.conclude()


def main():
    options = _options()
    lab = Lab()
    if _pairs.AGAINST:
        return _compare_checkouts(lab, options)
    with lab.database("offers", "family") as db, _sink() as port:
        sides = [Side(db, MODULE, LOGIN) for _n in range(2)]
        try:
            count = max(options.many, options.batch, options.send)
            made = {"count": count, "articles": ARTICLES}
            ids = _ask(sides[0], "make_customers", keep=True, **made)["result"]
            figures = [_prepare(sides[0], ids, options.batch, options.pairs)]
            figures.append(_prepare(sides[0], ids, options.many, options.many_pairs))
            figures.append(_measure_memory(sides[0], ids))
            figures.append(_queue(sides[0], options.queue))
            figures.append(_send(sides, ids[: options.send], options.rounds, port))
        finally:
            for side in sides:
                side.close()
    path = os.environ.get("XPYME_BENCH_JSON")
    if path:
        Path(path).write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
