"""A service order technician by real HTTP: whatever he tries, no row changes."""

import re

import pytest

from tests import attempts, page_attempts
from tests.clients import CLIENTS, Refused

GUARDED = {
    "res_partner": "",
    "res_partner_category": "",
    "res_partner_res_partner_category_rel": "",
    "res_partner_bank": "",
    "res_partner_id_number": "",
    "mail_blacklist": "",
    "phone_blacklist": "",
    "fsm_person": "",
    "fsm_location": "",
    "mail_message": "WHERE model = 'res.partner'",
    "mail_activity": "WHERE res_model = 'res.partner'",
    "mail_followers": "WHERE res_model = 'res.partner'",
    "mail_scheduled_message": "WHERE model = 'res.partner'",
    "ir_attachment": "WHERE res_model = 'res.partner'",
}
# What a client may put in its context, hoping that the server believes it.
TRICKS = {
    "xpyme_mirror_unlocked": True,
    "xpyme_without_first_contact": True,
    "tracking_disable": True,
    "no_vat_validation": True,
    "install_mode": True,
    "module": "xpyme_contacts",
    "import_file": True,
    "_partners_skip_fields_sync": True,
    "mail_create_nosubscribe": True,
    "signup_valid": True,
    "su": True,
    "sudo": True,
    "uid": 1,
}
REFUSAL = "As a service order technician you can read and print contacts, not"
IN_USE = "as a service order technician you change none"
CORE_REFUSAL = "security restrictions|not allowed to access"
FORBIDDEN = "Forbidden|NotFound|404$|rights to export|not allowed to upload"
ORM = {**attempts.RECORDS, **attempts.RELATED, **attempts.MAIL, **attempts.EXPORTS}
WAYS = [pytest.param(kind, {}, id=kind) for kind in CLIENTS]
WAYS.append(pytest.param("browser", TRICKS, id="browser-tricks"))
WAYS += [
    pytest.param(kind, TRICKS, id=f"{kind}-tricks", marks=pytest.mark.long)
    for kind in CLIENTS
    if kind != "browser"
]


@pytest.fixture
def untouched(rows):
    """Fails the test when a row of a customer's file has changed."""

    def checksums():
        return {
            table: rows(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text))"
                f" FROM {table} t {condition}"
            )
            for table, condition in GUARDED.items()
        }

    before = checksums()
    yield
    after = checksums()
    assert [table for table in GUARDED if before[table] != after[table]] == []


def with_context(call, tricks):
    """``call`` with more in its context."""

    def tricked(model, method, ids=None, /, context=None, **values):
        context = {**(context or {}), **tricks}
        return call(model, method, ids, context=context, **values)

    return tricked


def assert_human(text, name):
    """Words for a person, without technical names; of messages core speaks itself."""
    if name in attempts.MAIL:
        assert REFUSAL in text or re.search(CORE_REFUSAL, text)
        return
    assert REFUSAL in text or IN_USE in text
    assert not re.search(r"res\.partner|Traceback|\bmodel\b|odoo\.", text)


@pytest.mark.parametrize(("kind", "tricks"), WAYS)
@pytest.mark.parametrize("name", ORM)
@pytest.mark.usefixtures("untouched")
def test_no_call_changes_a_customers_file(shop, name, kind, tricks):
    call = with_context(shop.client(kind, "technician").call, tricks)
    with pytest.raises(Refused) as refusal:
        ORM[name](call, shop)
    assert_human(refusal.value.text, name)


@pytest.mark.parametrize("login", ["technician", "humble"])
@pytest.mark.parametrize("name", page_attempts.PAGES)
@pytest.mark.usefixtures("untouched")
def test_no_page_changes_or_gives_away_a_customers_file(shop, name, login):
    browser = shop.client("browser", login)
    try:
        told = page_attempts.PAGES[name](browser, shop)
    except Refused as refusal:
        told = f"{refusal.text} {refusal.kind}"
    assert re.search(f"{REFUSAL}|{CORE_REFUSAL}|{FORBIDDEN}", told)


@pytest.mark.parametrize("name", page_attempts.SILENT)
@pytest.mark.usefixtures("untouched")
def test_nobody_is_made_from_an_address(shop, name, rows):
    page_attempts.SILENT[name](shop.client("browser", "technician"), shop)
    assert not rows("SELECT 1 FROM res_partner WHERE email = 'nuevo@example.com'")
