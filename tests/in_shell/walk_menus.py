"""Run in ``odoo shell`` after demo_menus.py: what each user finds behind each menu."""
# ruff: noqa: F821 -- demo_menus.py provides the names

import datetime
import json

from odoo.exceptions import UserError


def look(action, user):
    """How many records are listed, what else it opens, or None of a dialog."""
    context = {"allowed_company_ids": user.company_id.ids, "lang": user.lang}
    if action._name == "ir.actions.server":
        try:
            return action.with_user(user).with_context(**context).run()["type"]
        except UserError as refusal:
            # What one user is refused does not hide what the others find.
            return f"refused: {refusal}"
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
