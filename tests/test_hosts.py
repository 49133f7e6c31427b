"""A shop on several hosts, while hosts are cut off and PostgreSQL is killed.

Each host is a Linux network namespace of this machine, and is set up with the files of
``deploy/``; see ``tests/cluster.py``.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
import requests

from devkit import hosts
from tests import cluster as clusters
from tests.clients import Refused
from tests.cluster_database import STANDBY
from tests.crowd import check_told, send_home

pytest_plugins = ["tests.cluster_fixtures"]
LONG = bool(os.environ.get("XPYME_LONG"))
LANES = 4
# How long nobody gets an answer, when one of two hosts for people is cut off.
GAP = 5


def test_hosts_share_sessions_customers_and_mirrors(cluster):
    one, two = clusters.WEBS
    session = cluster.sign_in()
    cookies = session._session.cookies
    [cookie] = [cookie for cookie in cookies if cookie.name == "session_id"]
    assert cookie.secure
    users = set()
    for name in clusters.WEBS:
        url = f"{cluster.url(name)}/web/session/get_session_info"
        answer = requests.post(url, json={}, cookies={cookie.name: cookie.value})
        users.add(answer.json()["result"]["uid"])
    assert len(users) == 1 and all(users)
    first, second = (cluster.sign_in(name=name) for name in (one, two))
    vals = {"name": "Taller Uno", "customer_flag": True, "email": "uno@example.com"}
    [made] = first.call("res.partner", "create", vals_list=[vals])
    domain = [["parent_id", "=", made], ["name", "=", "Taller Uno"]]
    asked = {"domain": domain, "fields": ["email"]}
    [mirror] = second.call("res.partner", "search_read", **asked)
    assert mirror["email"] == "uno@example.com"
    second.call("res.partner", "write", [made], vals={"email": "dos@example.com"})
    [mirror] = first.call("res.partner", "search_read", **asked)
    assert mirror["email"] == "dos@example.com"


@pytest.mark.long
def test_a_large_file_is_taken_and_every_host_has_it(cluster):
    session = cluster.sign_in("admin")
    content = os.urandom(5 << 20)
    partner = cluster.rows("SELECT max(id) FROM res_partner")[0][0]
    files = {"ufile": ("large.bin", content)}
    session.post(
        "/web/binary/upload_attachment", files, model="res.partner", id=partner
    )
    [[made]] = cluster.rows("SELECT id FROM ir_attachment WHERE name = 'large.bin'")
    for name in clusters.WEBS:
        other = cluster.sign_in("admin", name)
        assert other.get(f"/web/content/{made}").content == content


@pytest.mark.long
def test_more_people_print_at_once_than_a_host_has_workers(cluster):
    """Styles come from another host: workers that print do not wait for each other."""
    [customer] = cluster.rows("SELECT min(id) FROM res_partner WHERE name ~ '^Cliente'")
    path = f"/report/pdf/xpyme_contacts.contact_sheet/{customer[0]}"
    sessions = [
        cluster.sign_in("admin", "web1.internal") for _n in range(clusters.WORKERS + 1)
    ]
    began = time.monotonic()
    with ThreadPoolExecutor(len(sessions)) as pool:
        pages = list(pool.map(lambda session: session.get(path).content, sessions))
    took = time.monotonic() - began
    print(f"{len(pages)} prints at once: {took:.1f} s")
    assert all(page.startswith(b"%PDF") for page in pages)
    assert took < 20


def test_people_go_on_when_a_host_is_cut_off(cluster, people):
    """Who was answered well is answered by what is in the database; nobody waits."""
    web = cluster["web1.internal"]
    time.sleep(5)
    began = time.monotonic()
    with cluster.network.cut(web):
        time.sleep(30 if LONG else 15)
        ended = time.monotonic()
    send_home(people)
    cluster.wait_for(*clusters.WEBS, limit=60)
    answers = sorted(moment for person in people for moment in person.answers)
    errors = [error for person in people for error in person.errors]
    during = [began, *(m for m in answers if began < m < ended), ended]
    gaps = [later - earlier for earlier, later in pairwise(during)]
    print(
        f"{len(answers)} answers, {len(errors)} errors, longest gap {max(gaps):.1f} s"
    )
    for moment, error in errors[:20]:
        print(f"after {moment - began:.1f} s: {error}")
    assert max(gaps) < GAP
    check_told(cluster, people)


@pytest.mark.long
def test_who_is_cut_off_while_giving_a_code_stops_nobody(cluster):
    """Codes are given on, and that very one within half a minute."""
    session = cluster.sign_in(name="web2.internal")
    context = {"res_partner_search_mode": "customer"}
    asked = ("res.partner", "default_get", ["proposed_code"])
    free = session.call(*asked, context=context)
    code = free["proposed_code"]
    vals = {"name": "Ferretería", "customer_flag": True}
    web = cluster["web1.internal"]
    with hosts.inside(web):
        connection = cluster.database.connect()
    cursor = connection.cursor()
    cursor.execute(
        "SELECT pg_advisory_xact_lock(hashtext('xpyme_contacts.code.n'), %s)",
        [int(code)],
    )
    with cluster.network.cut(web):
        began = time.monotonic()
        session.call("res.partner", "create", vals_list=[vals])
        assert time.monotonic() - began < 5
        vals["ref"] = code
        while True:
            try:
                session.call("res.partner", "create", vals_list=[vals])
                break
            except Refused as refusal:
                assert "just being given" in refusal.text
                assert time.monotonic() - began < 35
        print(f"the code was given after {time.monotonic() - began:.1f} s")
    assert time.monotonic() - began < 35
    connection.close()


def test_a_mail_is_sent_once_when_a_lane_host_is_cut_off(cluster, campaign, sink):
    """What the host was handing over is doubtful within a minute."""
    lane = cluster["lane1.internal"]
    campaign.approve()
    assert sink.wait_for(cluster.addresses[lane.name], 5)
    with cluster.network.cut(lane):
        began = time.monotonic()
        campaign.wait_until(lambda states: "unknown" in states, 60)
        print(f"doubtful after {time.monotonic() - began:.1f} s")
        states = campaign.wait_until_sent()
        print(f"done after {time.monotonic() - began:.1f} s: {states}")
    assert states["unknown"] <= LANES
    campaign.check(sink)


@pytest.mark.long
@pytest.mark.parametrize("seconds", [8, 40])
def test_a_mail_is_sent_once_when_packets_are_lost(cluster, campaign, sink, seconds):
    """Between a lane host and the database, while the mail server hears it."""
    lane = cluster["lane1.internal"]
    campaign.approve()
    assert sink.wait_for(cluster.addresses[lane.name], 5)
    with cluster.network.drop(lane, cluster["db.internal"]):
        time.sleep(seconds)
    states = campaign.wait_until_sent()
    print(states)
    assert states.get("unknown", 0) <= LANES
    campaign.check(sink)


@pytest.mark.long
def test_a_host_of_another_version_does_not_start(cluster):
    version = "SET latest_version = '19.0.0.9.0' WHERE name = 'xpyme_contacts'"
    [[right]] = cluster.rows(
        "SELECT latest_version FROM ir_module_module WHERE name = 'xpyme_contacts'"
    )
    cluster.crash("web1.internal")
    cluster.rows(f"UPDATE ir_module_module {version}")
    cluster.start_service("web1.internal")
    time.sleep(15)
    assert "run xpyme-update" in cluster.read_log("web1.internal")
    with pytest.raises(requests.ConnectionError):
        requests.get(cluster.url("web1.internal"), timeout=5)
    cluster.rows(f"UPDATE ir_module_module {version.replace('19.0.0.9.0', right)}")
    cluster.wait_for("web1.internal", limit=60)


@pytest.mark.long
def test_hosts_come_back_when_postgresql_was_killed(cluster):
    cluster.database.kill_server()
    cluster.database.start_server()
    began = time.monotonic()
    waited = cluster.wait_for(*clusters.WEBS, limit=30)
    # Their services end with the database, and are started again.
    cluster.wait_for_lanes(limit=60)
    print(f"back after {waited:.1f} s, lanes after {time.monotonic() - began:.1f} s")


@pytest.mark.long
def test_a_campaign_pauses_when_a_standby_that_was_behind_takes_over(
    cluster, campaign, sink
):
    """The last test: the hosts' database is another one from now on."""
    cluster.database.start_standby()
    campaign.approve()
    for lane in clusters.LANES:
        assert sink.wait_for(cluster.addresses[lane], 5)
    with cluster.network.cut(cluster[STANDBY]):
        assert sink.wait_for(cluster.addresses["lane1.internal"], 10)
        cluster["db.internal"].stop()
    cluster.database.fail_over()
    campaign.wait_until_paused()
    assert "restored, copied or taken over" in campaign.read("pause_reason")
    forgotten = campaign.count_forgotten(sink)
    print(f"{forgotten} mails were sent that the database does not know of")
    assert forgotten and set(sink.accepted.values()) == {1}
