"""One shop on a server with two processes, for all tests that talk to Odoo by HTTP; a
browser on the demo."""

import json
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from devkit.testing import TOGETHER
from tests.browser import DESKTOP, PHONE, demo_browser
from tests.clients import CLIENTS

# The tests that several files share tell what they found, as those in a file do.
pytest.register_assert_rewrite("lives")
FURNISH = Path(__file__).parent / "in_shell" / "furnish.py"


@pytest.fixture(scope="session")
def shop_db(lab):
    """A database with customers, users and orders, and what is in it by name."""
    with lab.database("shop") as db:
        told = lab.shell(db, FURNISH.read_text())
        line = next(line for line in told.splitlines() if line.startswith("SHOP "))
        yield SimpleNamespace(db=db, **json.loads(line.removeprefix("SHOP ")))


@pytest.fixture(scope="session")
def shop(lab, shop_db):
    """The shop with its server running; ``client(kind, login)`` talks to it."""
    options = ["--max-cron-threads=0", "--log-handler=odoo.addons.rpc:ERROR"]
    with lab.server(shop_db.db, workers=2, options=options) as server:
        clients = {}

        def client(kind, login):
            if (kind, login) not in clients:
                user = shop_db.users[login]
                clients[kind, login] = CLIENTS[kind](server, user)
            return clients[kind, login]

        yield SimpleNamespace(**vars(shop_db), server=server, client=client)


@pytest.fixture
def connection(lab, shop):
    """A session of its own on the shop's database, for what holds others up."""
    opened = lab.connect(shop.db)
    opened.autocommit = True
    yield opened
    opened.close()


@pytest.fixture
def rows(lab, shop_db):
    """``rows(query, *parameters)`` answers a query on the shop's database."""
    connection = lab.connect(shop_db.db)
    connection.autocommit = True

    def fetch(query, *parameters):
        with connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall()

    yield fetch
    connection.close()


@pytest.fixture(scope="session")
def browsers(lab, request):
    """``browsers(names)``: the browser that the modules called so share."""
    with ExitStack() as opened:

        @cache
        def open_for(names):
            modules = dict.fromkeys(item.module for item in request.session.items)
            codes = [
                getattr(module, "PREPARED", "")
                for module in modules
                if module.__name__.split("test_")[-1] in names
            ]
            # Each in a namespace of its own: they change their ``env``.
            prepared = "".join(f"exec({code!r}, {{'env': env}})\n" for code in codes)
            return opened.enter_context(demo_browser(lab, prepared))

        yield open_for


@pytest.fixture(scope="module")
def browser(lab, browsers, request):
    """Chromium on the demo, as the code in the modules' ``PREPARED`` has changed it."""
    own = request.module.__name__.split("test_")[-1]
    for names in TOGETHER.values():
        if own in names:
            yield browsers(names)
            return
    with demo_browser(lab, getattr(request.module, "PREPARED", "")) as browser:
        yield browser


# What technicians use and the walk over every screen are tried on a telephone always.
SIZES = [DESKTOP, pytest.param(PHONE, marks=pytest.mark.long)]


@pytest.fixture(params=SIZES, ids=["desktop", "phone"])
def device(request):
    return request.param
