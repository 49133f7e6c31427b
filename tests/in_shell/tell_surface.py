"""Run in ``odoo shell``: what a client may call on the models that know partners."""
# ruff: noqa: F821 -- odoo shell provides env

import inspect
import json

OTHERS = ["mail.alias", "mail.template", "res.groups", "res.users", "calendar.event"]


def knows_partners(model):
    fields = model._fields.values()
    return any(field.comodel_name == "res.partner" for field in fields)


def describe(model):
    methods = {}
    for name, method in inspect.getmembers(type(model), inspect.isfunction):
        if name.startswith("_") or getattr(method, "_api_private", False):
            continue
        parameters = list(inspect.signature(method).parameters.values())[1:]
        methods[name] = [
            parameter.name
            for parameter in parameters
            if parameter.default is parameter.empty
            and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
    fields = {
        name: [field.type, field.comodel_name]
        for name, field in model._fields.items()
        if name not in ("id", "display_name") and not name.endswith(("_uid", "_date"))
    }
    ids = model.search([], limit=20).ids if not model._abstract else []
    return {"methods": methods, "fields": fields, "ids": ids}


surface = {
    name: describe(env[name].with_context(active_test=False))
    for name, model in env.registry.items()
    if not model._abstract
    and model._auto
    and (knows_partners(model) or name in OTHERS or name.startswith("xpyme."))
}
print("SURFACE " + json.dumps(surface))
