"""Customer codes given by many sessions at once, against a server with workers."""

import time
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

LOGIN = PASSWORD = "admin"
NEW_CARD = {"res_partner_search_mode": "customer"}


class Client:
    """One session: its calls go to whichever process of the server is free."""

    def __init__(self, server, db):
        self._url, self.db = f"{server.url}/xmlrpc/2", db
        common = xmlrpc.client.ServerProxy(f"{self._url}/common")
        self._uid = common.authenticate(db, LOGIN, PASSWORD, {})

    def call(self, method, *args, **options):
        server = xmlrpc.client.ServerProxy(f"{self._url}/object")
        identity = (self.db, self._uid, PASSWORD)
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


def test_every_customer_gets_a_code_of_their_own(shop):
    """Creations that fail in between give back what they had reserved: the next ones
    fill the gaps, so that there is none in the end."""
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
    codes = {row["customer_code"] for row in rows}
    assert len(codes) == customers
    assert all(row["ref"] == str(row["customer_code"]) for row in rows)
    gaps = set(range(1, max(codes))) - codes
    assert len(gaps) <= 2 * len(clients)
    filled = [clients[0].create() for _gap in gaps]
    rows = clients[0].call("read", filled, fields=["customer_code"])
    assert {row["customer_code"] for row in rows} == gaps


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


def test_nobody_waits_for_a_long_creation(shop, lab, size):
    """Single customers get codes beside those that a batch has reserved."""
    clients, _customers = shop
    rows = [{"name": f"ACME {i}", "customer_flag": True} for i in range(size)]
    batch, *singles = clients
    waits = []

    def work(client):
        if client is batch:
            return client.call("create", rows)
        made, over = [], time.monotonic() + size / 100
        while time.monotonic() < over:
            began = time.monotonic()
            made.append(client.create())
            waits.append(time.monotonic() - began)
        return made

    ids = [partner_id for ids in in_parallel(clients, work) for partner_id in ids]
    read = clients[0].call("read", ids, fields=["customer_code"])
    assert len({row["customer_code"] for row in read}) == len(ids)
    print(f"{size} at once; {len(waits)} beside, the longest {max(waits):.2f} s")


@pytest.fixture(params=[300, pytest.param(5_000, marks=pytest.mark.long)])
def size(request):
    return request.param


@pytest.fixture
def cut_off(lab, shop):
    """A session that is giving the first free code, and whose host is gone."""
    client = shop[0][0]
    free = client.call("default_get", ["proposed_code"], context=NEW_CARD)
    code = int(free["proposed_code"])
    connection = lab.connect(client.db)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('xpyme_contacts.code.n'), %s)",
            [code],
        )
        yield code
    connection.close()


def test_a_host_that_is_cut_off_stops_no_creation(shop, cut_off):
    clients, _customers = shop
    began = time.monotonic()
    made = clients[0].create()
    assert time.monotonic() - began < 5
    [row] = clients[0].call("read", [made], fields=["customer_code"])
    assert row["customer_code"] > cut_off


def test_who_types_a_code_that_is_being_given_is_told_so(shop, cut_off):
    """They wait for it as long as one would, not for ever."""
    clients, _customers = shop
    began = time.monotonic()
    with pytest.raises(xmlrpc.client.Fault, match="just being given"):
        clients[0].create(ref=str(cut_off))
    assert time.monotonic() - began < 35
