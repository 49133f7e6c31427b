"""What a service order technician keeps, by real HTTP."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdf
import pytest

from tests.clients import CLIENTS, Refused


@pytest.fixture(params=["technician", "humble"])
def login(request):
    return request.param


@pytest.mark.parametrize("kind", CLIENTS)
def test_reads_contacts(shop, kind, login):
    call = shop.client(kind, login).call
    domain = [["parent_id", "=", shop.customer], ["type", "=", "contact"]]
    found = call("res.partner", "search_read", domain=domain, fields=["name", "email"])
    assert {contact["name"] for contact in found} == {"ACME S.A.", "Juan Pérez"}
    assert call("res.partner", "name_search", name="Juan Pérez")
    views = [[False, "list"], [False, "form"], [False, "kanban"]]
    call("res.partner", "get_views", views=views)


def test_prints_contacts(shop, login):
    browser = shop.client("browser", login)
    path = f"/report/pdf/xpyme_contacts.contact_sheet/{shop.customer},{shop.other}"
    text = pdf_text(browser.get(path).content)
    assert "Juan Pérez" in text and "Contacts of Beta Ltda." in text


def test_prints_contacts_from_the_order(shop, login):
    call = shop.client("browser", login).call
    action = call("fsm.order", "action_print_contacts", [shop.order])
    ids = ",".join(map(str, action["context"]["active_ids"]))
    path = f"/report/pdf/{action['report_name']}/{ids}"
    assert "Juan Pérez" in pdf_text(shop.client("browser", login).get(path).content)


def pdf_text(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_opens_the_contacts_of_his_order(shop, login):
    call = shop.client("browser", login).call
    action = call("fsm.order", "action_open_contacts", [shop.order])
    assert call("res.partner", "search_count", domain=action["domain"]) == 2


def test_order_without_tax_id_gives_the_notice(shop, login):
    call = shop.client("browser", login).call
    with pytest.raises(Refused, match="has no tax ID"):
        call("fsm.order", "action_open_contacts", [shop.without_rut])


@pytest.mark.parametrize("kind", CLIENTS)
def test_changes_his_own_preferences(shop, kind, login, rows):
    call, user = shop.client(kind, login).call, shop.users[login]
    mine = {"email": f"{kind}@example.com", "signature": f"<p>{kind}</p>"}
    call("res.users", "write", [user["id"]], vals=mine)
    partner = "SELECT email FROM res_partner WHERE id = %s"
    assert rows(partner, user["partner"]) == [(f"{kind}@example.com",)]


@pytest.mark.parametrize("kind", CLIENTS)
def test_works_on_his_order(shop, kind, rows):
    call = shop.client(kind, "technician").call
    call("fsm.order", "write", [shop.order], vals={"resolution": kind})
    call("fsm.order", "message_post", [shop.order], body=f"Listo {kind}")
    todo = {"act_type_xmlid": "mail.mail_activity_data_todo", "summary": kind}
    call("fsm.order", "activity_schedule", [shop.order], **todo)
    domain = [["res_model", "=", "fsm.order"], ["summary", "=", kind]]
    found = call("mail.activity", "search", domain=domain)
    call("mail.activity", "action_done", found)
    resolution = "SELECT resolution FROM fsm_order WHERE id = %s"
    assert kind in rows(resolution, shop.order)[0][0]
    text = f"%Listo {kind}%"
    assert rows("SELECT 1 FROM mail_message WHERE body LIKE %s", text)


def test_keeps_his_worker_record(shop, rows):
    call = shop.client("xmlrpc", "technician").call
    call("fsm.person", "write", [shop.worker], vals={"mobile": "+56961112233"})
    person = "SELECT mobile FROM fsm_person WHERE id = %s"
    assert rows(person, shop.worker) == [("+56961112233",)]


def test_losing_the_mark_gives_the_rights_back_in_every_process(shop):
    answers = [outcomes_in_parallel(shop)]
    for command in (3, 4):
        mark_promoted(shop, command)
        answers.append(outcomes_in_parallel(shop))
    assert answers == [{"refused"}, {"written"}, {"refused"}]


def mark_promoted(shop, command):
    """Take the mark away (3) or give it (4)."""
    admin = shop.client("xmlrpc", "admin").call
    domain = [["name", "=", "group_service_technician"], ["model", "=", "res.groups"]]
    (mark,) = admin("ir.model.data", "search_read", domain=domain, fields=["res_id"])
    commands = {"group_ids": [[command, mark["res_id"]]]}
    admin("res.users", "write", [shop.users["promoted"]["id"]], vals=commands)


def outcomes_in_parallel(shop):
    """What becomes of many simultaneous writes, so that each process gets some."""
    call = shop.client("json2", "promoted").call
    served_before = len(served_by(shop))

    def attempt(number):
        try:
            call("res.partner", "write", [shop.other], vals={"comment": str(number)})
        except Refused as refusal:
            assert "service order technician" in refusal.text
            return "refused"
        return "written"

    with ThreadPoolExecutor(4) as pool:
        outcomes = set(pool.map(attempt, range(24)))
    assert len(set(served_by(shop)[served_before:])) == 2
    return outcomes


def served_by(shop):
    """Of each request of JSON-2, the process that served it, from the server's log."""
    log = Path(shop.server.log).read_text(errors="replace")
    return re.findall(r'^\S+ \S+ (\d+) INFO \S+ werkzeug: .*"POST /json/2/', log, re.M)
