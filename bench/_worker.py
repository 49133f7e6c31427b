"""One side of a comparison: an Odoo process that measures operations on request.

Started by ``_pairs.py`` as ``_worker.py DATABASE MODULE``; MODULE holds the operations.
An operation is a function ``name(env, **arguments)`` that prepares what it needs and
returns the work to be measured. Requests and answers are lines of JSON.
"""

import ctypes
import gc
import importlib
import json
import logging
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from odoo import api
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor
from odoo.tools import config

from bench import _statements


@contextmanager
def _environment(registry, login):
    """An environment of a user in a transaction of its own, always undone."""
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        user = env["res.users"].search([("login", "=", login)])
        context = {"lang": "en_US", "tz": "America/Santiago"}
        try:
            yield api.Environment(cr, user.id or api.SUPERUSER_ID, context)
        finally:
            cr.rollback()


class _Memory:
    """How much more memory than before the process has needed at most."""

    def __init__(self):
        # What was freed goes back to the system, or it would be used unseen.
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
        self._before = self._read("VmRSS")

    def _read(self, name):
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name))

    def megabytes(self):
        return max(0, self._read("VmHWM") - self._before) / 1024


def _measure(env, operation, arguments, keep):
    """Time, SQL statements and memory of an operation, from an empty record cache."""
    work = operation(env, **arguments)
    env.flush_all()
    env.invalidate_all()
    # what the operation wants in the cache before it is measured
    getattr(work, "warm", bool)()
    gc.collect()
    memory = _Memory()
    queries_before = env.cr.sql_log_count
    started = time.perf_counter()
    result = work()
    env.flush_all()
    seconds = time.perf_counter() - started
    queries = env.cr.sql_log_count - queries_before
    if keep:
        env.cr.commit()
    return {
        "seconds": seconds,
        "queries": queries,
        "megabytes": memory.megabytes(),
        "result": result,
    }


def _record(env, operation, arguments):
    """The shapes of an operation's SQL statements; it is not timed meanwhile."""
    work = operation(env, **arguments)
    env.flush_all()
    env.invalidate_all()
    getattr(work, "warm", bool)()
    with _statements.recorded(Cursor) as shapes:
        work()
        env.flush_all()
    return {"shapes": shapes}


def main(database, module):
    config.parse_config([], setup_logging=True)
    logging.getLogger().setLevel(logging.ERROR)
    # nothing but answers may go to whoever reads them
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    registry = Registry(database)
    operations = importlib.import_module(module)
    for line in sys.stdin:
        request = json.loads(line)
        with _environment(registry, request["login"]) as env:
            operation = getattr(operations, request["operation"])
            if request["record"]:
                answer = _record(env, operation, request["arguments"])
            else:
                arguments = request["arguments"]
                answer = _measure(env, operation, arguments, request["keep"])
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
