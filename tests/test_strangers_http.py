"""By real HTTP nobody without business learns or changes what is in a customer's file.

Three try it: a colleague without any right, a salesperson of another company, and a
customer with a login of the portal.
"""

import itertools
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from devkit import addons, place
from tests import stranger_attempts
from tests.clients import CLIENTS, Refused

FURNISH = Path(__file__).parent / "in_shell" / "furnish_strangers.py"
LOGINS = ("bare", "elsewhere", "portal")
RECORD = r"class \w+\(models\.(?:Transient)?Model\):"
NAMED = re.compile(RECORD + r'(?:(?!\nclass ).)*?_name = "(xpyme[.\w]+)"', re.DOTALL)
MODELS = sorted(
    {
        name
        for addon in addons.everywhere()
        for path in (place.ROOT / addon).rglob("*.py")
        for name in NAMED.findall(path.read_text())
    }
)
# Lists and codes that everybody in the company works with.
READ_BY_COLLEAGUES = {
    "xpyme.alternative.code",
    "xpyme.customer.route",
    "xpyme.customer.type",
}
FIGURES = r"RESERVADO|1\D?234[.,]56|2\D?345[.,]67|777[.,]25|7[78][.,]77|33[.,]33"
MARKS = {"bare": FIGURES, "elsewhere": f"{FIGURES}|SECRETO", "portal": FIGURES}
MARKS["portal"] += "|SECRETO"
# Core's own refusal of another company's record names it.
NAMED_BY_CORE = re.compile(r"(?s)Uh-oh!.*no company crossover is allowed!")
GUARDED = {
    "res_partner": "",
    "res_partner_bank": "",
    "res_partner_id_number": "",
    "res_partner_res_partner_category_rel": "",
    "sale_order": "WHERE company_id = 1",
    "sale_order_line": "WHERE company_id = 1",
    "mail_message": "WHERE model = 'res.partner'",
    "mail_activity": "WHERE res_model IN ('res.partner', 'sale.order')",
    "mail_followers": "WHERE res_model = 'res.partner'",
    "mail_mail": "",
}


@pytest.fixture(scope="module")
def secret(lab):
    """The rows of the file by name, and ``client(kind, login)``."""
    with lab.database("strangers") as db:
        told = lab.shell(db, FURNISH.read_text())
        line = next(line for line in told.splitlines() if "STRANGERS " in line)
        made = json.loads(line.partition("STRANGERS ")[2])
        options = ["--max-cron-threads=0", "--log-handler=odoo.addons.rpc:ERROR"]
        with lab.server(db, workers=2, options=options) as server:
            clients = {
                (kind, login): CLIENTS[kind](server, made["users"][login])
                for kind, login in itertools.product(CLIENTS, LOGINS)
            }
            yield SimpleNamespace(**made, db=db, clients=clients)


@pytest.fixture
def untouched(lab, secret):
    """Fails the test when a row of a customer's file has changed."""
    conditions = {**GUARDED, **dict.fromkeys(secret.tables, "")}

    def checksums():
        connection = lab.connect(secret.db)
        with connection, connection.cursor() as cursor:
            found = {}
            for table, condition in conditions.items():
                cursor.execute(
                    f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text))"
                    f" FROM {table} t {condition}"
                )
                found[table] = cursor.fetchone()
        connection.close()
        return found

    before = checksums()
    yield
    after = checksums()
    assert [table for table in conditions if before[table] != after[table]] == []


class Listener:
    """Calls by the four protocols in turn, and listens to what is told."""

    def __init__(self, secret, login):
        self.login = login
        self._calls = itertools.cycle(
            secret.clients[kind, login].call for kind in CLIENTS
        )

    def ask(self, model, method, ids=None, **values):
        """The answer, None for a refusal."""
        try:
            answer = next(self._calls)(model, method, ids, **values)
        except Refused as refusal:
            answer, told = None, refusal.text
        else:
            told = json.dumps(answer, ensure_ascii=False, default=str)
        self.hear(told, f"{model}.{method}")
        return answer

    def hear(self, told, what):
        found = re.search(MARKS[self.login], NAMED_BY_CORE.sub("", told))
        assert not found, f"{self.login} learnt by {what}: {told[:300]}"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.usefixtures("untouched")
def test_no_model_of_the_family_tells_or_changes_anything(secret, login, model):
    ask = Listener(secret, login).ask
    ids = secret.rows.get(model, [])
    if not (login == "bare" and model in READ_BY_COLLEAGUES):
        found = ask(model, "search", domain=[])
        assert not set(found or []) & set(ids)
        for row in ids[:2]:
            assert ask(model, "read", [row], fields=["display_name"]) is None
            assert ask(model, "copy", [row]) is None
        ask(model, "search_read", domain=[])
        ask(model, "web_search_read", domain=[], specification={"display_name": {}})
        ask(model, "name_search", name="")
        ask(
            model,
            "formatted_read_group",
            domain=[],
            groupby=["create_uid"],
            aggregates=["__count"],
        )
    for row in ids[:2]:
        assert ask(model, "write", [row], vals={"name": "X"}) is None
        assert ask(model, "write", [row], vals={"partner_id": secret.own}) is None
        assert ask(model, "unlink", [row]) is None
    links = {
        name: secret.secret if kind == "many2one" else [[6, 0, [secret.secret]]]
        for name, kind in secret.links[model]
    }
    if not links:
        return
    made = ask(model, "create", vals_list=[{**links, "name": "X"}])
    for row in made or []:
        ask(model, "read", [row])


@pytest.mark.parametrize("question", stranger_attempts.QUESTIONS)
@pytest.mark.parametrize("login", ["bare", "portal"])
@pytest.mark.usefixtures("untouched")
def test_no_question_about_a_customer_tells_a_figure(secret, login, question):
    ask = Listener(secret, login).ask
    whose = secret.shopper if login == "portal" else secret.secret
    ids = [whose] if question in stranger_attempts.OF_RECORDS else None
    assert len(secret.guarded) > 20
    for field, kind in secret.guarded:
        method, values = stranger_attempts.ask(question, field, kind)
        answer = ask("res.partner", method, ids, **values)
        if question == "onchange":
            assert field not in (answer or {}).get("value", {})
        else:
            assert answer is None, f"{question} of {field}: {answer}"


@pytest.mark.parametrize("login", ["elsewhere", "portal"])
@pytest.mark.parametrize("name", stranger_attempts.ELSEWHERE)
@pytest.mark.usefixtures("untouched")
def test_nobody_reaches_another_companys_customer(secret, name, login):
    listener = Listener(secret, login)
    for kind in CLIENTS:
        try:
            answer = stranger_attempts.ELSEWHERE[name](
                secret.clients[kind, login].call, secret
            )
        except Refused as refusal:
            listener.hear(refusal.text, name)
            assert not re.search("Traceback|psycopg", refusal.text)
        else:
            told = json.dumps(answer, ensure_ascii=False)
            listener.hear(told, name)
            assert not answer or answer == [], f"{name}: {told}"


@pytest.mark.parametrize("name", stranger_attempts.PAGES)
@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.usefixtures("untouched")
def test_no_page_gives_a_customers_file_away(secret, name, login):
    try:
        told = stranger_attempts.PAGES[name](secret.clients["browser", login], secret)
    except Refused as refusal:
        told = refusal.text
    if not isinstance(told, str):
        told = json.dumps(told, ensure_ascii=False, default=str)
    Listener(secret, login).hear(told, name)
