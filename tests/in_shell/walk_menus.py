"""Run in ``odoo shell``: what each user of the demo finds behind each menu."""
# ruff: noqa: F821 -- odoo shell provides env

import datetime
import json

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.tools import safe_eval

USERS = ("admin", "duena", "vendedor", "tecnico")


def walk(user):
    """Path and action of each menu of the family that a user sees."""
    menus = env["ir.ui.menu"].with_user(user).load_menus(False)
    root = env.ref("xpyme_contacts.xpyme_root_menu").id
    waiting = [(menus[root], ())] if root in menus else []
    while waiting:
        menu, path = waiting.pop(0)
        children = [menus[child] for child in menu["children"]]
        # Odoo opens the first child of a menu with children.
        if menu["action_model"] and not children:
            action = env[menu["action_model"]].browse(menu["action_id"])
            yield " / ".join((*path, menu["name"])), action
        waiting += [(child, (*path, menu["name"])) for child in children]


def read(text, user):
    known = {
        "uid": user.id,
        "time": safe_eval.time,
        "datetime": safe_eval.datetime,
        "relativedelta": relativedelta,
        "context_today": datetime.date.today,
        "allowed_company_ids": user.company_id.ids,
        "active_id": False,
        "active_ids": [],
    }
    return safe_eval.safe_eval(text or "[]", known)


def get_default_domain(records, action, user):
    """What the filters leave that are on when the action opens."""
    context = read(action.context or "{}", user)
    view = records.get_view(action.search_view_id.id, "search")
    arch = etree.fromstring(view["arch"])
    domain = []
    for key, value in context.items():
        name = key.removeprefix("search_default_")
        if name == key or not value:
            continue
        for node in arch.iter("filter"):
            if node.get("name") == name and node.get("domain"):
                domain += read(node.get("domain"), user)
    return domain


def look(action, user):
    """How many records are listed, what else it opens, or None of a dialog."""
    context = {"allowed_company_ids": user.company_id.ids, "lang": user.lang}
    if action._name == "ir.actions.server":
        return action.with_user(user).with_context(**context).run()["type"]
    action = action.sudo()
    if action._name != "ir.actions.act_window" or action.target == "new":
        return None
    own = env[action.res_model].with_user(user).with_context(**context)
    if own._transient:
        return None
    domain = list(read(action.domain, user)) + get_default_domain(own, action, user)
    return own.search_count(domain)


seen = {}
for login in USERS:
    user = env["res.users"].search([("login", "=", login)])
    windows = env["ir.actions.act_window"]
    home = user._get_home_action_id()
    seen[login] = {
        "menus": {path: look(action, user) for path, action in walk(user)},
        "home": windows.browse(home).get_external_id()[home],
        "lang": user.lang,
        "company": user.company_id.get_external_id()[user.company_id.id],
        "robot": user.odoobot_state,
        "groups": sorted(
            name
            for name in user.all_group_ids.get_external_id().values()
            if name.startswith("xpyme_contacts")
        ),
    }
moves = env["account.move"].search([("move_type", "in", ("out_invoice", "out_refund"))])
shops = {}
for name in ("company_biobio", "company_onyar"):
    company = env.ref(f"xpyme_contacts.{name}")
    own = moves.filtered(lambda move, company=company: move.company_id == company)
    today = datetime.date.today()
    shops[name] = {
        "invoices": len(own),
        "drafts": len(own.filtered(lambda move: move.state == "draft")),
        "credit_notes": len(own.filtered(lambda m: m.move_type == "out_refund")),
        "partial": len(own.filtered(lambda m: m.payment_state == "partial")),
        "overdue": sorted(
            (today - move.invoice_date_due).days
            for move in own
            if move.state == "posted"
            and move.payment_state in ("not_paid", "partial")
            and move.invoice_date_due < today
        ),
    }
print("SEEN " + json.dumps({"users": seen, "shops": shops}, default=str))
