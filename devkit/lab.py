"""What end-to-end tests and benchmarks use: databases, servers, Odoo's command line.

    from devkit.lab import Lab

    lab = Lab()
    with lab.database("shop", template="family_demo") as db:
        with lab.server(db, workers=2) as server:
            requests.get(f"{server.url}/web/login")

It is meant for ``./dev test`` and ``./dev bench``, which run it in the virtual
environment after everything has been prepared.
"""

import itertools
import os
from contextlib import contextmanager

from . import addons, database, odoo, place, postgres, python_env, say, server, system


class Lab:
    """Databases, servers and programs for one test session or benchmark."""

    def __init__(self):
        postgres.ensure()
        odoo.write_conf()
        self.root = place.ROOT
        self.addons = addons.everywhere()
        self.filestore = odoo.filestore
        self._numbers = itertools.count(1)

    @property
    def long(self):
        """Whether the long tests were asked for."""
        return bool(os.environ.get("XPYME_LONG"))

    @property
    def chromium(self):
        """Path of the browser."""
        return _needed("chromium")

    @property
    def wkhtmltopdf(self):
        """Paths of both builds: Debian's and the one on a patched Qt."""
        return {
            "debian": _needed("wkhtmltopdf"),
            "patched": str(python_env.patched_wkhtmltopdf()),
        }

    @contextmanager
    def database(self, name, template="family", keep=False):
        """Make a database from a template (see ``devkit/database.py``) and drop it.

        The name is only a hint: what is yielded is the real one.
        """
        full = f"xpyme_{place.checkout_id()}_lab_{name}_{os.getpid()}"
        database.clone(template, full)
        try:
            yield full
        finally:
            if not keep:
                database.drop(full)

    @contextmanager
    def copy(self, origin, name):
        """Make a database from another one that nobody is using, and drop it."""
        full = f"xpyme_{place.checkout_id()}_lab_{name}_{os.getpid()}"
        database.drop(full)
        database.copy(origin, full)
        try:
            yield full
        finally:
            database.drop(full)

    def server(self, db, workers=0, options=(), env=None, port=None):
        """A server on a database, as a context manager.

        It has ``url``, ``port``, ``gevent_port``, ``process``, ``log`` and ``kill()``.
        """
        logs = place.private_dir(place.state_dir() / "logs")
        log = logs / f"server_{os.getpid()}_{next(self._numbers)}.log"
        log.unlink(missing_ok=True)
        return server.Server(db, log, port, workers, options, env)

    def odoo(self, *args, check=True, env=None):
        """Run Odoo's command line to its end and return what it printed."""
        return odoo.run(*args, purpose="Odoo", check=check, env=env)

    def shell(self, db, code, check=True, env=None):
        """Run Python code in ``odoo shell`` and return what it printed.

        The code sees ``env`` and commits by itself: ``env.cr.commit()``.
        """
        arguments = ("shell", "-d", db, "--no-http", "--log-level=warn")
        options = {"code": code, "check": check, "env": env}
        return odoo.run(*arguments, purpose="odoo shell", **options)

    def connect(self, db):
        """A psycopg2 connection."""
        import psycopg2

        settings = postgres.environment()
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user"}
        names["PGPASSWORD"] = "password"
        return psycopg2.connect(
            dbname=db,
            **{names[key]: settings[key] for key in names.keys() & settings.keys()},
        )


def _needed(program):
    found = system.find(program)
    if not found:
        raise say.Stop(system.advice())
    return found
