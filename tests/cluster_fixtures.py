"""The shop on several hosts, and who is at work there, for the tests of some files."""

import itertools
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest

from tests import cluster as clusters
from tests.crowd import Campaign, Person, SlowSink

LONG = bool(os.environ.get("XPYME_LONG"))
CUSTOMERS = 300 if LONG else 150
PEOPLE = 20
CROWDS = itertools.count(1)
# How many people sign in at the same moment.
DOORS = 4


@pytest.fixture(scope="module")
def sink():
    return SlowSink()


@pytest.fixture(scope="module")
def cluster(lab, sink, request):
    if reason := clusters.missing():
        pytest.skip(reason)
    name = request.module.__name__.rpartition("test_")[2]
    with clusters.running(lab, name, sink, CUSTOMERS) as cluster:
        settings = {"REQUESTS_CA_BUNDLE": str(cluster.certificate), "NO_PROXY": "*"}
        with patch.dict(os.environ, settings):
            yield cluster


@pytest.fixture
def people(cluster):
    """Twenty people at work by way of the proxy."""
    over = threading.Event()
    with ThreadPoolExecutor(DOORS) as pool:
        sessions = list(pool.map(lambda _n: cluster.sign_in(), range(PEOPLE)))
    name = f"Gente {next(CROWDS)}"
    crowd = [Person(session, name, n, over) for n, session in enumerate(sessions)]
    for person in crowd:
        person.start()
    yield crowd
    over.set()
    for person in crowd:
        person.join(60)


@pytest.fixture
def campaign(cluster, sink):
    sink.accepted.clear()
    cluster.wait_for_lanes(limit=120)
    return Campaign(cluster, cluster.sign_in("admin", "web2.internal"))
