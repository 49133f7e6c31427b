"""Customers with the same taxes, ticked by many sessions at once."""

import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

LOGIN = PASSWORD = "admin"
SESSIONS = 4
RATES = (1, 2, 7, 9, 15, 19)


@pytest.fixture(scope="module")
def call(lab):
    """``call(model, method, *args, **options)`` of one process of the server."""
    with lab.database("spain", template="family_es") as db:
        with lab.server(db, workers=SESSIONS) as server:
            url = f"{server.url}/xmlrpc/2"
            common = xmlrpc.client.ServerProxy(f"{url}/common")
            uid = common.authenticate(db, LOGIN, PASSWORD, {})

            def call(model, method, *args, **options):
                proxy = xmlrpc.client.ServerProxy(f"{url}/object")
                return proxy.execute_kw(
                    *(db, uid, PASSWORD, model, method), args, options
                )

            yield call


def test_sessions_that_tick_the_same_at_once_share_one_position(call):
    """Nobody is refused either: Odoo calls the second again."""
    [spain] = call("res.country", "search", [["code", "=", "ES"]])
    vals = {"name": "Tienda", "customer_flag": True, "country_id": spain}
    shops = call("res.partner", "create", [vals] * SESSIONS)
    for rate in RATES:
        flags = {"irpf_percent": rate, "irpf_base": "total"}
        start = Barrier(SESSIONS)

        def tick(shop, start=start, flags=flags):
            start.wait()
            return call("res.partner", "write", [shop], flags)

        with ThreadPoolExecutor(SESSIONS) as pool:
            assert all(pool.map(tick, shops))
    made = call(
        "account.fiscal.position",
        "search_read",
        [["agreement_key", "!=", False]],
        fields=["agreement_key"],
    )
    keys = [position["agreement_key"] for position in made]
    assert sorted(keys) == sorted(f"position 0, irpf {rate} total" for rate in RATES)
