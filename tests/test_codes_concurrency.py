"""Customer codes given by many sessions at once, against a server with workers."""

import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

LOGIN = PASSWORD = "admin"


class Client:
    """One session: its calls go to whichever process of the server is free."""

    def __init__(self, server, db):
        self._url, self._db = f"{server.url}/xmlrpc/2", db
        common = xmlrpc.client.ServerProxy(f"{self._url}/common")
        self._uid = common.authenticate(db, LOGIN, PASSWORD, {})

    def call(self, method, *args, **options):
        server = xmlrpc.client.ServerProxy(f"{self._url}/object")
        identity = (self._db, self._uid, PASSWORD)
        return server.execute_kw(*identity, "res.partner", method, args, options)

    def create(self, **vals):
        return self.call("create", {"name": "ACME", "customer_flag": True, **vals})


@pytest.fixture(
    scope="module",
    params=[(4, 48), pytest.param((8, 200), marks=pytest.mark.long)],
    ids=["reduced", "long"],
)
def shop(request, lab):
    """Clients of a server, and how many customers they are to create in all."""
    sessions, customers = request.param
    with lab.database("codes", template="family") as db:
        with lab.server(db, workers=sessions) as server:
            yield [Client(server, db) for _session in range(sessions)], customers


def in_parallel(clients, work):
    """What ``work(client)`` answers for each client, all of them started at once."""
    start = Barrier(len(clients))

    def run(client):
        start.wait()
        return work(client)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(run, clients))


def test_every_customer_gets_a_code_of_his_own_without_a_gap(shop):
    """Creations that fail in between give back the code that they had taken."""
    clients, customers = shop
    share = customers // len(clients)

    def work(client):
        ids = []
        for number in range(share):
            ids.append(client.create())
            if number % 4 == 0:
                with pytest.raises(xmlrpc.client.Fault):
                    client.create(child_ids=[[0, 0, {"name": False}]])
        return ids

    ids = [partner_id for ids in in_parallel(clients, work) for partner_id in ids]
    rows = clients[0].call("read", ids, fields=["ref", "customer_code"])
    assert sorted(row["customer_code"] for row in rows) == [*range(1, customers + 1)]
    assert all(row["ref"] == str(row["customer_code"]) for row in rows)


def test_one_typed_code_goes_to_one_of_them(shop):
    clients, _customers = shop

    def work(client):
        try:
            return client.create(name="Dueño", ref="900000")
        except xmlrpc.client.Fault as refusal:
            return refusal.faultString

    answers = in_parallel(clients, work)
    refusals = [answer for answer in answers if isinstance(answer, str)]
    assert len(refusals) == len(clients) - 1
    assert all("Dueño" in refusal for refusal in refusals), refusals


def test_a_batch_and_single_customers_at_once(shop):
    """A long creation keeps the others waiting, and they go on behind it."""
    clients, _customers = shop
    rows = [{"name": f"ACME {i}", "customer_flag": True} for i in range(150)]

    def work(client):
        return client.call("create", rows) if client is clients[0] else client.create()

    first, *others = in_parallel(clients, work)
    read = clients[0].call("read", [*first, *others], fields=["customer_code"])
    codes = sorted(row["customer_code"] for row in read)
    assert codes == [*range(codes[0], codes[0] + len(read))]
