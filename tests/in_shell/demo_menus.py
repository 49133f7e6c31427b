"""Run in ``odoo shell`` before what walks: the demo's users, menus and lists."""
# ruff: noqa: F821 -- odoo shell provides env

import datetime

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
