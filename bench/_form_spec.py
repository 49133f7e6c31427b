"""What the web client asks ``web_read`` for: the fields of a form view."""

import ast

from lxml import etree


def of_view(model, view_id=None):
    """The full specification of a model's form view."""
    views = model.get_views([(view_id, "form")])
    arch = etree.fromstring(views["views"]["form"]["arch"])
    models = {name: info["fields"] for name, info in views["models"].items()}
    return _of_arch(arch, models[model._name], models)


def _of_arch(arch, fields, models):
    spec = {}
    for node in _field_nodes(arch):
        name = node.get("name")
        known = spec.setdefault(name, {})
        _merge(known, _of_field(node, fields[name], models))
    return spec


def _field_nodes(arch):
    """The fields of this view, without those of the views inside of it."""
    for node in arch:
        if node.tag == "field":
            yield node
        elif isinstance(node.tag, str):
            yield from _field_nodes(node)


def _of_field(node, field, models):
    kind = field["type"]
    if kind in ("many2one", "reference"):
        return {"fields": {"display_name": {}}}
    if kind not in ("one2many", "many2many"):
        return {}
    found = {}
    # the form of a line is asked for together with its list or kanban
    for view in node:
        if view.tag in ("list", "kanban", "form"):
            _merge(found, _of_arch(view, models[field["relation"]], models))
    if node.get("widget") == "many2many_tags":
        found["display_name"] = {}
        if "color_field" in (node.get("options") or ""):
            found["color"] = {}
    spec = {"fields": found, "limit": 40}
    context = _literal_context(node.get("context"))
    return {**spec, "context": context} if context else spec


def _literal_context(text):
    """The keys of a context that depend on no other field."""
    tree = ast.parse(text or "{}", mode="eval").body
    found = {}
    for key, value in zip(tree.keys, tree.values, strict=True):
        if isinstance(value, ast.Constant):
            found[key.value] = value.value
    return found


def _merge(spec, other):
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(spec.get(key), dict):
            _merge(spec[key], value)
        else:
            spec[key] = value
