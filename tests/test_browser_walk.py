"""Every screen of the family, as each user of the demo: nothing is wrong on it.

The Chilean shop's users see it in es_CL, the Spanish shop's in es_ES.
"""

import json
from pathlib import Path

import pytest

from tests.browser import DESKTOP, PHONE, PUBLIC
from tests.walk import CARD, Walk

IN_SHELL = Path(__file__).parent / "in_shell"
TELL = "".join(
    (IN_SHELL / f"{name}.py").read_text() for name in ("demo_menus", "tell_screens")
)
# In the demo only the Spanish shop has a campaign to approve.
PREPARED = (
    PUBLIC
    + """
campaign = env.ref("xpyme_contacts.offer_campaign_primavera")
company = {"allowed_company_ids": campaign.company_id.ids, "lang": "es_CL"}
campaign.with_context(**company).action_prepare()
"""
    + TELL
)
DEVICES = {"desktop": DESKTOP, "phone": PHONE}
# Who sees the most, and who has nothing but a telephone.
TELLING = (("duena", "desktop"), ("tecnico", "phone"))
WALKS = [
    pytest.param(
        login, width, marks=() if (login, width) in TELLING else pytest.mark.long
    )
    for login in ("duena", "vendedor", "tecnico", "admin")
    for width in DEVICES
]
LINE = [["product_id", "!=", False], ["display_type", "=", False]]
# How each window of ours is opened: an action, or a method of a record.
WINDOWS = {
    "xpyme.change.code": {
        "action": "xpyme_contacts.xpyme_change_code_action",
        "model": "res.partner",
        "domain": CARD,
    },
    "xpyme.contact.creation": {
        "action": "xpyme_contacts.xpyme_contact_creation_action",
        "model": "res.partner",
        "domain": CARD,
    },
    "xpyme.email.export": {
        "action": "xpyme_contacts.xpyme_email_export_action",
        "model": "res.partner",
        "domain": CARD,
    },
    "xpyme.label.print": {
        "model": "res.partner",
        "domain": CARD,
        "method": "action_print_labels",
    },
    "xpyme.offer.approval": {
        "model": "xpyme.offer.campaign",
        "domain": [["state", "=", "prepared"]],
        "method": "action_ask_approval",
    },
    "xpyme.offer.date": {
        "model": "xpyme.offer.campaign",
        "domain": [["state", "=", "prepared"]],
        "method": "action_change_date",
    },
    "xpyme.offer.preview": {
        "model": "xpyme.offer.campaign",
        "domain": [],
        "method": "action_preview",
    },
    "xpyme.price.review": {
        "model": "res.partner",
        "domain": [["customer_price_ids", "!=", False]],
        "method": "action_review_prices",
    },
    "xpyme.price.why": {
        "model": "sale.order.line",
        "domain": LINE,
        "method": "action_why_price",
    },
    "xpyme.risk.decision": {
        "model": "sale.order",
        "domain": [["state", "in", ["draft", "sent"]], ["amount_total", ">", 0]],
        "method": "action_release_risk",
    },
    "xpyme.risk.report": {
        "model": "res.partner",
        "domain": CARD,
        "method": "action_open_risk_report",
    },
    "xpyme.service.order.search": {
        "action": "xpyme_contacts.xpyme_service_order_search_action",
    },
}
# Windows that are not ours and say what is ours, by the model that opens them.
OTHERS = {
    "follow-up done": {
        "model": "mail.activity",
        "domain": [["res_model", "=", "res.partner"], ["active", "=", True]],
        "method": "action_ask_result",
    },
    "follow-up": {
        "model": "res.partner",
        "domain": CARD,
        "method": "action_open_followup",
    },
    "merge": {
        "action": "base.action_partner_merge",
        "model": "res.partner",
        "domain": CARD,
    },
    "invoice orders": {
        "action": "sale.action_view_sale_advance_payment_inv",
        "model": "sale.order",
        "domain": [["state", "=", "sale"]],
    },
    "send quotation": {
        "model": "sale.order",
        "domain": [["state", "=", "draft"]],
        "method": "action_quotation_send",
    },
    "new quotation": {
        "model": "res.partner",
        "domain": CARD,
        "method": "action_new_quotation",
    },
    "new service order": {
        "model": "res.partner",
        "domain": CARD,
        "method": "action_new_service_order",
    },
    "new offer": {
        "model": "res.partner",
        "domain": CARD,
        "method": "action_new_offer",
    },
    "sales of the customer": {
        "model": "res.partner",
        "domain": CARD,
        "method": "action_open_customer_sales",
    },
    "Odoo's form": {
        "model": "res.partner",
        "domain": CARD,
        "method": "action_open_odoo_form",
    },
}
# A salesperson is no dispatcher: the button is not on their card.
NOT_OFFERED = {("vendedor", "new service order")}
PRINTS_OF_CUSTOMERS = {
    "xpyme_contacts.contact_sheet",
    "xpyme_contacts.customer_card",
    "xpyme_contacts.customer_labels",
    "xpyme_contacts.customer_list",
}
RISK_PRINT = "xpyme_contacts.risk_sheet"
# Papers of documents with a word of ours, and whose they are.
PAPERS = {
    "xpyme_contacts_stock.report_valued_note": "stock.picking",
    "sale.report_saleorder": "sale.order",
    "account.report_invoice_with_payments": "account.move",
}


@pytest.fixture(scope="module")
def screens(browser):
    told = browser.told.splitlines()
    line = next(line for line in told if line.startswith("SCREENS "))
    return json.loads(line.removeprefix("SCREENS "))


def test_each_window_and_print_of_ours_is_walked(screens):
    assert set(screens["users"]["admin"]["windows"]) == {
        *WINDOWS,
        "xpyme.price.learning",
    }
    papers = {name for name in PAPERS if name.startswith("xpyme_")}
    assert set(screens["prints"]) == PRINTS_OF_CUSTOMERS | {RISK_PRINT} | papers


@pytest.mark.parametrize("login, width", WALKS)
def test_nothing_is_wrong_on_any_screen(browser, screens, login, width):
    user = screens["users"][login]
    with browser.page(login, DEVICES[width]) as page:
        who = f"{login} ({user['lang']}), {width}"
        walk = Walk(browser, page, who, user["customer"])
        for told in user["screens"]:
            walk.open_screen(told)
        open_windows(walk, user, login)
        open_prints(walk, user, as_pdf=width == "desktop")
        faults = list(walk.faults.values())
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)


def open_windows(walk, user, login):
    for name in user["windows"]:
        if name in WINDOWS:
            walk.open_window(name, WINDOWS[name])
    if login != "tecnico":
        open_learning(walk, user)
        for name, recipe in OTHERS.items():
            if (login, name) not in NOT_OFFERED:
                walk.open_window(name, recipe)


def open_learning(walk, user):
    """The question about typed prices, as a confirmed order asks it."""
    line = {
        "partner_id": user["customer"],
        "product_id": walk.find("product.product", [["sale_ok", "=", True]])[0],
        "company_id": user["company"],
        "tariff": 1,
        "side": "n",
        "price": 1234.5,
        "document": "S00001",
        "is_chosen": True,
    }
    vals = {"line_ids": [[0, 0, line]]}
    [asked] = walk.call("xpyme.price.learning", "create", [[vals]])
    window = {
        "type": "ir.actions.act_window",
        "res_model": "xpyme.price.learning",
        "res_id": asked,
        "views": [[False, "form"]],
        "target": "new",
    }
    walk.open_window("xpyme.price.learning", {"action": window})


def open_prints(walk, user, as_pdf):
    for name in sorted(PRINTS_OF_CUSTOMERS):
        walk.open_print(name, [user["customer"]], as_pdf)
    if "xpyme.risk.report" in user["windows"]:
        method = "action_open_risk_report"
        opened = walk.call("res.partner", method, [[user["customer"]]])
        walk.open_print(RISK_PRINT, [opened["res_id"]], as_pdf)
        for name, model in PAPERS.items():
            about = [["partner_id", "=", user["customer"]]]
            found = walk.find(model, about) or walk.find(model, [])
            walk.open_print(name, found, as_pdf)
