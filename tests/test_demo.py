"""The demo is alive: whoever logs in finds something behind each menu."""

import json
from pathlib import Path

import pytest

IN_SHELL = Path(__file__).parent / "in_shell"
WALK = "".join(
    (IN_SHELL / f"{name}.py").read_text() for name in ("demo_menus", "walk_menus")
)
USERS = ("admin", "duena", "vendedor", "tecnico")
# Of whoever has orders of their own: technicians.
OWN = ("My orders of today", "My calendar")
CUSTOMERS = "xpyme_contacts.xpyme_customer_action"


@pytest.fixture(scope="module")
def seen(lab):
    """What the users find, in a fresh demo."""
    with lab.database("demo", template="family_demo") as db:
        told = lab.shell(db, WALK)
    line = next(line for line in told.splitlines() if line.startswith("SEEN "))
    return json.loads(line.removeprefix("SEEN "))


@pytest.mark.parametrize("login", USERS)
def test_no_menu_opens_an_empty_list(seen, login):
    menus = seen["users"][login]["menus"]
    assert menus
    empty = [
        path
        for path, number in menus.items()
        if number == 0 and (login == "tecnico" or not path.endswith(OWN))
    ]
    assert not empty, f"{login}: {empty}"


def test_marked_customers_are_printed_and_not_offered_to_a_technician(seen):
    opened = {
        login: [told for told in user["menus"].values() if isinstance(told, str)]
        for login, user in seen["users"].items()
    }
    assert opened.pop("tecnico") == []
    both = {"ir.actions.report", "ir.actions.act_window"}
    assert all(set(told) == both for told in opened.values()), opened


@pytest.mark.parametrize("login", USERS)
def test_user_lands_where_they_work_without_being_greeted(seen, login):
    user = seen["users"][login]
    orders = "xpyme_contacts.xpyme_my_orders_action"
    assert user["home"] == (orders if login == "tecnico" else CUSTOMERS)
    assert user["robot"] == "disabled"
    shop = "onyar" if login == "vendedor" else "biobio"
    assert user["company"] == f"xpyme_contacts.company_{shop}"
    assert user["lang"] == ("es_ES" if shop == "onyar" else "es_CL")


def test_each_group_of_ours_is_given_to_somebody(seen):
    given = {name for user in seen["users"].values() for name in user["groups"]}
    names = ("customer_documents", "offer_manager", "risk_manager")
    wanted = {f"xpyme_contacts.group_{name}" for name in names}
    assert wanted | {"xpyme_contacts.group_service_technician"} <= given
    assert wanted <= set(seen["users"]["duena"]["groups"])


@pytest.mark.parametrize("shop", ["company_biobio", "company_onyar"])
def test_shop_has_a_year_of_invoices_some_of_them_owed(seen, shop):
    books = seen["shops"][shop]
    assert books["invoices"] > 40
    assert books["drafts"] == books["credit_notes"] == 1
    assert books["partial"] >= 2
    assert books["overdue"] == [10, 40, 100]
