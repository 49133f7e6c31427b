"""Run in ``odoo shell`` after demo_menus.py: the screens, windows and prints there are.

Of each user: the actions they can open, with the kinds of view, a record for the form
and whether the demo has something to show there.
"""
# ruff: noqa: F821 -- demo_menus.py provides the names

import json

OURS = ("xpyme_contacts", "xpyme_contacts_billing", "xpyme_contacts_pricing")
# Core's screens that show our fields.
CORE = (
    "contacts.action_contacts",
    "sale.action_quotations_with_onboarding",
    "sale.action_orders",
    "sale.product_template_action",
    "account.action_move_out_invoice_type",
    "account.res_partner_action_customer",
    "fieldservice.action_fsm_operation_order",
    "fieldservice.action_fsm_location",
)
CUSTOMERS = {
    "company_biobio": "Constructora Los Copihues",
    "company_onyar": "Construccions Ter Blau",
}


def get_own(action, user):
    company = user.company_id
    context = {"allowed_company_ids": company.ids, "lang": user.lang}
    return env[action.res_model].with_user(user).with_context(**context)


def get_customer(user):
    """The customer of the user's shop about whom there is most to see."""
    shop = user.company_id.get_external_id()[user.company_id.id].partition(".")[2]
    named = [("name", "=like", f"{CUSTOMERS[shop]}%"), ("parent_id", "=", False)]
    return env["res.partner"].search([*named, ("is_customer_card", "=", True)], limit=1)


def get_first(own, domain, customer):
    """A record for the form: of the shop's customer, if there is one."""
    if own._name == "res.partner" and (own.browse(customer.id) & own.search(domain)):
        return customer.id
    found = own.browse()
    if "partner_id" in own._fields:
        about = ("partner_id", "=", customer.id)
        found = own.search([*domain, about])
    if "default_code" in own._fields:
        # The core's own articles came first.
        found = own.search(domain, order="id desc")
    # Without a limit: the core counts activities before it leaves some out.
    return (found or own.search(domain))[:1].id


def tell(name, action, user, customer):
    own = get_own(action, user)
    told = {
        "name": name,
        "id": action.id,
        "views": [view for view in action.sudo().views if view[1] != "search"],
        "model": action.res_model,
        "transient": own._transient,
    }
    if own._transient:
        return {**told, "record": False, "filled": True}
    text = (action.domain or "[]").replace("active_id", str(customer.id))
    domain = list(read(text, user))
    shown = domain + get_default_domain(own, action, user)
    filled = bool(own.search(shown))
    return {**told, "record": get_first(own, domain, customer), "filled": filled}


def get_actions(user):
    """Name and action of what the user can open, once each."""
    found = {}
    for path, action in walk(user):
        found.setdefault((action._name, action.id), (path, action))
    menus = env["ir.ui.menu"].with_user(user).load_menus(False).values()
    in_menus = {(menu.get("action_model"), menu.get("action_id")) for menu in menus}
    for name in CORE:
        action = env.ref(name)
        if (action._name, action.id) in in_menus:
            found.setdefault((action._name, action.id), (name, action))
    windows = env["ir.actions.act_window"].search([])
    # A menu's action is for whoever sees the menu.
    full = {"ir.ui.menu.full_list": True}
    hung = env["ir.ui.menu"].with_context(**full).search([("action", "!=", False)])
    hung = {menu.action for menu in hung}
    for window, name in windows.get_external_id().items():
        action = windows.browse(window)
        if action in hung:
            continue
        model = env.get(action.res_model)
        if name.partition(".")[0] not in OURS or action.target == "new":
            continue
        if model._transient or not model.with_user(user).has_access("read"):
            continue
        found.setdefault((action._name, action.id), (name.partition(".")[2], action))
    return found.values()


def get_screens(user, customer):
    for name, action in get_actions(user):
        if action._name == "ir.actions.act_window":
            yield tell(name, action.sudo(), user, customer)


def get_windows(user):
    """Models of ours that are windows with a form, of those the user may open."""
    for name, model in env.registry.items():
        if model._transient and model._original_module in OURS:
            if not env[name].with_user(user).has_access("create"):
                continue
            if env["ir.ui.view"].search_count(
                [("model", "=", name), ("type", "=", "form")], limit=1
            ):
                yield name


reports = env["ir.actions.report"].search([("report_name", "=like", "xpyme%")])
users = {}
for login in USERS:
    user = env["res.users"].search([("login", "=", login)])
    customer = get_customer(user)
    users[login] = {
        "lang": user.lang,
        "customer": customer.id,
        "company": user.company_id.id,
        "windows": sorted(get_windows(user)),
        "screens": list(get_screens(user, customer)),
    }
told = {
    "users": users,
    "prints": sorted(reports.mapped("report_name")),
}
print("SCREENS " + json.dumps(told))
