"""Ways to change a customer's file, as programs try them.

Each is ``attempt(call, shop)``, where ``call(model, method, ids, **values)`` reaches
the server by one protocol or another.
"""

import uuid

NAME = {"name": "X"}
VOID = {"specification": {}}


def _partner(method, whose="contact", **values):
    """A call on a partner of the shop."""
    return lambda call, shop: call(
        "res.partner", method, [getattr(shop, whose)], **values
    )


def _children(command):
    """One2many commands written on the customer."""
    return lambda call, shop: call(
        "res.partner",
        "write",
        [shop.customer],
        vals={"child_ids": [command(shop)]},
    )


def _make(model, get_vals):
    return lambda call, shop: call(model, "create", vals_list=[get_vals(shop)])


def _change(model, whose, **vals):
    return lambda call, shop: call(model, "write", [getattr(shop, whose)], vals=vals)


def _remove(model, whose):
    return lambda call, shop: call(model, "unlink", [getattr(shop, whose)])


def _resequence(call, shop):
    ids = [shop.contact, shop.mirror]
    order = {"specification": {"name": {}}, "field_name": "contact_sequence"}
    call("res.partner", "web_resequence", ids, **order)


def _tag_contact(call, shop):
    link = {"partner_ids": [[4, shop.contact]]}
    call("res.partner.category", "write", [shop.category], vals=link)


def _translate_category(call, shop):
    values = {"field_name": "name", "translations": {"en_US": "X"}}
    call("res.partner.category", "update_field_translations", [shop.category], **values)


def _merge(call, shop):
    vals = {"partner_ids": [[6, 0, [shop.contact, shop.other]]], "state": "selection"}
    vals["dst_partner_id"] = shop.contact
    model = "base.partner.merge.automatic.wizard"
    (wizard,) = call(model, "create", vals_list=[vals])
    call(model, "action_merge", [wizard])


def _grant_portal(call, shop):
    vals = {"partner_ids": [[6, 0, [shop.contact]]]}
    (wizard,) = call("portal.wizard", "create", vals_list=[vals])
    lines = call("portal.wizard", "read", [wizard], fields=["user_ids"])
    call("portal.wizard.user", "action_grant_access", lines[0]["user_ids"])


def _unblock(model, field, value):
    def attempt(call, _shop):
        (wizard,) = call(model, "create", vals_list=[{field: value}])
        call(model, "action_unblacklist_apply", [wizard])

    return attempt


def _forget(call, _shop):
    vals = {"name": "Juan", "email": "juan@example.com"}
    (wizard,) = call("privacy.lookup.wizard", "create", vals_list=[vals])
    call("privacy.lookup.wizard", "action_lookup", [wizard])
    found = call("privacy.lookup.wizard", "read", [wizard], fields=["line_ids"])
    call("privacy.lookup.wizard.line", "action_unlink", found[0]["line_ids"])


def _convert(kind):
    def attempt(call, shop):
        vals = {"fsm_record_type": kind}
        (wizard,) = call("fsm.wizard", "create", vals_list=[vals])
        context = {"active_model": "res.partner", "active_ids": [shop.other]}
        call("fsm.wizard", "action_convert", [wizard], context=context)

    return attempt


def _missing_contacts(call, shop):
    vals = {"line_ids": [[0, 0, {"partner_id": shop.bare}]]}
    model = "xpyme.contact.creation"
    (wizard,) = call(model, "create", vals_list=[vals])
    call(model, "action_create", [wizard])


def _server_action(call, shop):
    (model,) = call("ir.model", "search", domain=[["model", "=", "res.partner"]])
    (field,) = call(
        "ir.model.fields",
        "search",
        domain=[["model", "=", "res.partner"], ["name", "=", "function"]],
    )
    vals = {"name": "X", "model_id": model, "state": "object_write", "value": "X"}
    vals.update(update_path="function", update_field_id=field)
    (action,) = call("ir.actions.server", "create", vals_list=[vals])
    context = {"active_model": "res.partner", "active_id": shop.contact}
    context["active_ids"] = [shop.contact]
    call("ir.actions.server", "run", [action], context=context)


def _mail_to_gateway(model, get_values=lambda shop: {}, sender="x@example.com"):
    """A message handed to the mail gateway, which works as superuser."""

    def attempt(call, shop):
        lines = [f"From: {sender}", "To: y@example.com", "Subject: X"]
        lines += [f"Message-Id: <{uuid.uuid4()}@example.com>", "", "X"]
        values = {"model": model, "message": "\r\n".join(lines), **get_values(shop)}
        call("mail.thread", "message_process", **values)

    return attempt


def _compose(call, shop):
    vals = {"model": "res.partner", "res_ids": str([shop.contact]), "body": "X"}
    vals["composition_mode"] = "comment"
    (composer,) = call("mail.compose.message", "create", vals_list=[vals])
    call("mail.compose.message", "action_send_mail", [composer])


def _schedule_message(shop):
    vals = {"model": "res.partner", "res_id": shop.contact, "body": "X"}
    return {**vals, "author_id": shop.contact, "scheduled_date": "2099-01-01 00:00:00"}


def _attach(shop):
    vals = {"name": "x.txt", "raw": "X", "res_model": "res.partner"}
    return {**vals, "res_id": shop.contact}


RECORDS = {
    "write": _partner("write", vals=NAME),
    "write nothing": _partner("write", vals={}),
    "unlink": _partner("unlink"),
    "copy": _partner("copy"),
    "archive": _partner("action_archive"),
    "unarchive": _partner("action_unarchive", "archived"),
    "web_save": _partner("web_save", vals=NAME, **VOID),
    "web_save_multi": _partner("web_save_multi", vals_list=[NAME], **VOID),
    "web_resequence": _resequence,
    "create": _make("res.partner", lambda shop: {"name": "X", "customer_flag": True}),
    "create child": _make(
        "res.partner", lambda shop: {"name": "X", "parent_id": shop.customer}
    ),
    "name_create": lambda call, shop: call("res.partner", "name_create", name="X"),
    "find_or_create": lambda call, shop: call(
        "res.partner", "find_or_create", email="Nuevo <nuevo@example.com>"
    ),
    "create_company": _partner("create_company", "employee"),
    "o2m create": _children(lambda shop: [0, 0, NAME]),
    "o2m update": _children(lambda shop: [1, shop.contact, NAME]),
    "o2m delete": _children(lambda shop: [2, shop.contact, 0]),
    "o2m take away": _children(lambda shop: [3, shop.contact, 0]),
    "inverse of the main contact": _partner(
        "write", "customer", vals={"contact_phone": "1"}
    ),
    "tax id": _partner("write", "customer", vals={"vat": "12345678-5"}),
    "image": _partner("write", vals={"image_1920": "R0lGODlhAQABAAAAACw="}),
    "property of a company": _partner("write", vals={"credit_limit": 1}),
    "portal invitation": _partner("signup_prepare"),
    "portal invitation by token": _partner("signup_get_auth_param"),
    "invoice settings": _partner(
        "write", "customer", vals={"invoice_edi_format": False}
    ),
}

RELATED = {
    "tag a contact from the tag": _tag_contact,
    "tag create": _make("res.partner.category", lambda shop: NAME),
    "tag unlink": _remove("res.partner.category", "category"),
    "tag translate": _translate_category,
    "industry unlink": _remove("res.partner.industry", "industry"),
    "bank create": _make(
        "res.partner.bank",
        lambda shop: {"partner_id": shop.customer, "acc_number": "9"},
    ),
    "bank write": _change("res.partner.bank", "bank", acc_number="9"),
    "bank unlink": _remove("res.partner.bank", "bank"),
    "bank by delegate": _make(
        "account.setup.bank.manual.config",
        lambda shop: {"partner_id": shop.customer, "acc_number": "9"},
    ),
    "id number create": _make(
        "res.partner.id_number",
        lambda shop: {"partner_id": shop.contact, "category_id": shop.kind, **NAME},
    ),
    "id number write": _change("res.partner.id_number", "number", **NAME),
    "id number unlink": _remove("res.partner.id_number", "number"),
    "location write": _change("fsm.location", "location", street="X"),
    "location create": _make(
        "fsm.location", lambda shop: {"name": "X", "owner_id": shop.customer}
    ),
    "worker write": _change("fsm.person", "worker", name="X"),
    "worker create": _make("fsm.person", lambda shop: {"name": "X"}),
    "user create": _make("res.users", lambda shop: {"name": "X", "login": "x"}),
    "user rename": lambda call, shop: call(
        "res.users", "write", [shop.users["admin"]["id"]], vals=NAME
    ),
    "company address": lambda call, shop: call(
        "res.company", "write", [1], vals={"street": "X"}
    ),
    "mail blacklist create": _make(
        "mail.blacklist", lambda s: {"email": "x@example.com"}
    ),
    "mail blacklist unlink": _remove("mail.blacklist", "blocked"),
    "mail blacklist wizard": _unblock(
        "mail.blacklist.remove", "email", "nunca@example.com"
    ),
    "phone blacklist create": _make(
        "phone.blacklist", lambda shop: {"number": "+56961234568"}
    ),
    "phone blacklist wizard": _unblock(
        "phone.blacklist.remove", "phone", "+56961234567"
    ),
    "merge": _merge,
    "portal access": _grant_portal,
    "privacy lookup": _forget,
    "convert to location": _convert("location"),
    "convert to worker": _convert("person"),
    "missing contacts": _missing_contacts,
    "server action": _server_action,
}

MAIL = {
    "message": _partner("message_post", body="X"),
    "composer": _compose,
    "activity": _partner(
        "activity_schedule", act_type_xmlid="mail.mail_activity_data_todo"
    ),
    "follower": lambda call, shop: call(
        "res.partner", "message_subscribe", [shop.contact], partner_ids=[shop.other]
    ),
    "scheduled message": _make("mail.scheduled.message", _schedule_message),
    "note unlink": _remove("mail.message", "note"),
    "attachment create": _make("ir.attachment", _attach),
    "attachment write": _change("ir.attachment", "file", name="X"),
    "attachment unlink": _remove("ir.attachment", "file"),
    "gateway creates a customer": _mail_to_gateway("res.partner"),
    "gateway creates a contact": _mail_to_gateway(
        "res.partner",
        lambda shop: {"custom_values": {"name": "X", "parent_id": shop.customer}},
    ),
    "gateway in another's name": _mail_to_gateway(
        "res.partner", sender="admin@example.com"
    ),
    "gateway writes on a contact": _mail_to_gateway(
        "res.partner", lambda shop: {"thread_id": shop.contact}
    ),
}

EXPORTS = {
    "export_data": _partner("export_data", fields_to_export=["name"]),
    "export_data of the order": lambda call, shop: call(
        "fsm.order",
        "export_data",
        [shop.order],
        fields_to_export=["customer_vat"],
    ),
    "vcards": _partner("action_download_contact_vcards"),
}
