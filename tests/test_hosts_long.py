"""What people do to a shop on several hosts at the same time, and its owner to it while
they work: a new version, a pool before PostgreSQL, a move to a standby."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import websocket

from devkit import hosts
from tests import cluster as clusters
from tests.clients import Refused
from tests.cluster_database import HOST, STANDBY
from tests.cluster_image import make_new_version
from tests.crowd import check_told, send_home

pytest_plugins = ["tests.cluster_fixtures"]
pytestmark = pytest.mark.long
LANES = 4
# Columns of one customer, a person for each, and three more who write the first one.
COLUMNS = ("phone", "mobile", "street", "street2", "city", "function", "email")
COWORKERS = 10
CODE_LOCK = "SELECT pg_advisory_xact_lock(hashtext('xpyme_contacts.code.n'), %s)"
# What nginx answers while no host does.
AWAY = "The shop cannot be reached just now"


# === TEN PEOPLE, ONE CUSTOMER ===#


@pytest.fixture
def customer(cluster):
    session = cluster.sign_in()
    vals = {"name": "Panadería Diez", "customer_flag": True}
    [made] = session.call("res.partner", "create", vals_list=[vals])
    return made


@pytest.fixture
def coworkers(cluster):
    with ThreadPoolExecutor(LANES) as pool:
        return list(pool.map(lambda _n: cluster.sign_in(), range(COWORKERS)))


def save_at_once(coworkers, customer, changes):
    """Have each of them save one change of the customer at the same moment.

    :return: what they were told instead of that it was saved
    """
    start = threading.Barrier(len(coworkers))

    def save(session, vals):
        start.wait()
        try:
            specification = {name: {} for name in vals}
            asked = {"vals": vals, "specification": specification}
            session.call("res.partner", "web_save", [customer], **asked)
        except Refused as refusal:
            return refusal.text
        return None

    began = time.monotonic()
    with ThreadPoolExecutor(len(coworkers)) as pool:
        told = list(pool.map(save, coworkers, changes))
    print(f"ten saved one customer in {time.monotonic() - began:.1f} s")
    return [text for text in told if text]


def get_changes(word):
    """What each of ten writes: the first seven columns of their own."""
    changes = [{name: f"{word} {name}"} for name in COLUMNS]
    changes[-1]["email"] = f"{word}@example.com"
    return [*changes, *({"phone": f"{word} {letter}"} for letter in "abc")]


def check_stored(cluster, customer, changes):
    """Each column is what somebody has written last."""
    query = f"SELECT {', '.join(COLUMNS)} FROM res_partner WHERE id = %s"
    stored = dict(zip(COLUMNS, cluster.rows(query, customer)[0], strict=True))
    for name, value in stored.items():
        assert value in [vals[name] for vals in changes if name in vals], stored


def test_ten_people_who_save_one_customer_are_told_of_no_error(
    cluster, coworkers, customer
):
    for number in range(5):
        changes = get_changes(f"vez{number}")
        assert save_at_once(coworkers, customer, changes) == []
        check_stored(cluster, customer, changes)


def test_who_waits_for_a_code_brings_nine_others_no_error(cluster, coworkers, customer):
    """Another session is giving that code, and lets it go after some seconds."""
    [[code]] = cluster.rows("SELECT max(customer_code) + 1000 FROM res_partner")
    changes = [*get_changes("espera")[:-1], {"ref": str(code)}]
    with hosts.inside(cluster["web1.internal"]):
        connection = cluster.database.connect()
    connection.cursor().execute(CODE_LOCK, [code])
    other = threading.Timer(5, connection.close)
    other.start()
    assert save_at_once(coworkers, customer, changes) == []
    other.join()
    check_stored(cluster, customer, changes[:-1])
    query = "SELECT customer_code FROM res_partner WHERE id = %s"
    assert cluster.rows(query, customer) == [(code,)]


# === A POOL BEFORE POSTGRESQL ===#


@pytest.fixture
def pool(cluster):
    program = clusters.find("pgbouncer")
    if not program:
        pytest.skip("pgbouncer is not installed here")
    with cluster.database.pool(program):
        yield


def listen(cluster, session):
    """A screen that hears by way of the proxy what its user is told."""
    cookies = session._session.cookies
    [cookie] = [c.value for c in cookies if c.name == "session_id"]
    screen = websocket.create_connection(
        f"{session.url.replace('https', 'wss')}/websocket",
        cookie=f"session_id={cookie}",
        origin=session.url,
        sslopt={"ca_certs": str(cluster.certificate)},
        timeout=20,
    )
    told = {"event_name": "subscribe", "data": {"channels": [], "last": 0}}
    screen.send(json.dumps(told))
    return screen


def check_session_ends(cluster):
    """Of who has nothing pending when they go: lanes are known by their sessions."""
    with hosts.inside(cluster["web1.internal"]):
        connection = cluster.database.connect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [session] = cursor.fetchone()
    connection.commit()
    connection.close()
    time.sleep(2)
    query = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    assert cluster.rows(query, session) == []


def test_screens_lanes_and_codes_work_through_a_pool_in_session_mode(
    cluster, pool, people, campaign, sink
):
    check_session_ends(cluster)
    sessions = [cluster.sign_in(name=name) for name in clusters.WEBS]
    screen = listen(cluster, cluster.sign_in())
    time.sleep(2)
    settings = sessions[0].call("res.users.settings", "search", domain=[])
    for n, session in enumerate(sessions):
        new = {"new_settings": {"is_discuss_sidebar_category_chat_open": bool(n)}}
        method = "set_res_users_settings"
        session.call("res.users.settings", method, settings[:1], **new)
        assert "res.users.settings" in screen.recv()
    screen.close()
    began = time.monotonic()
    campaign.approve()
    lane = cluster["lane1.internal"]
    assert sink.wait_for(cluster.addresses[lane.name], 3)
    print(f"lanes were woken after {time.monotonic() - began:.1f} s")
    assert time.monotonic() - began < 20
    with cluster.network.cut(lane):
        began = time.monotonic()
        campaign.wait_until(lambda states: "unknown" in states, 60)
        print(f"doubtful after {time.monotonic() - began:.1f} s")
        states = campaign.wait_until_sent()
    print(states)
    assert states["unknown"] <= LANES
    campaign.check(sink)
    send_home(people)
    check_told(cluster, people)


# === A NEW VERSION ===#


def test_an_update_while_people_work_loses_nothing(cluster, people):
    """They are told that the shop is away, and go on with the new version."""
    time.sleep(5)
    with pytest.raises(RuntimeError, match="stop all hosts first"):
        cluster.update()
    addon = make_new_version(cluster.folder)

    def update():
        cluster.put_code("xpyme_contacts", addon)
        assert "is updated: start the hosts" in cluster.update()

    stopped = time.monotonic()
    cluster.restart_services(between=update)
    back = time.monotonic()
    print(f"back after {back - stopped:.0f} s")
    time.sleep(5)
    send_home(people)
    check_told(cluster, people)
    assert sum(moment > back for person in people for moment in person.answers)
    errors = [error for person in people for error in person.errors]
    others = [(m - stopped, error) for m, error in errors if AWAY not in error]
    print(f"{len(errors)} were told that the shop is away")
    assert errors and not others
    assert max(moment for moment, _error in errors) < back
    for name in clusters.WEBS:
        session = cluster.sign_in(name=name)
        asked = {"domain": [["rolling_note", "=", "nueva"]], "fields": ["name"]}
        vals = {"name": name, "customer_flag": True, "rolling_note": "nueva"}
        session.call("res.partner", "create", vals_list=[vals])
        found = session.call("res.partner", "search_read", **asked)
        assert name in [row["name"] for row in found]
    cluster.wait_for_lanes(limit=120)


# === A STANDBY THAT LOSES NOTHING ===#


def test_nothing_is_lost_or_sent_twice_when_a_standby_that_was_waited_for_takes_over(
    cluster, people, campaign, sink
):
    """The last test: the hosts' database is another one from now on."""
    cluster.database.start_standby()
    cluster.database.wait_for_standby_at_commit()
    campaign.approve()
    for lane in clusters.LANES:
        assert sink.wait_for(cluster.addresses[lane], 5)
    with cluster.network.cut(cluster[STANDBY]):
        # Nothing is stored that the standby would not know of: nobody is told ok.
        time.sleep(2)
        made = [len(person.made) for person in people]
        time.sleep(3)
        assert made == [len(person.made) for person in people]
        cluster[HOST].stop()
    cluster.database.fail_over()
    campaign.wait_until_paused()
    cluster.wait_for(*clusters.WEBS)
    time.sleep(5)
    send_home(people)
    check_told(cluster, people)
    # What was being handed over is doubtful; nothing that went is to be sent again.
    assert campaign.count_forgotten(sink, "ready") == 0
    campaign.resume()
    states = campaign.wait_until_sent()
    print(states)
    assert states.get("unknown", 0) <= LANES
    campaign.check(sink)
