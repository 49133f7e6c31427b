"""What the web client asks for: the fields of a form view or of a list."""

import ast

from lxml import etree

# So many of a field's lines are read with a form whose list says nothing else.
LINES = 40


def of_view(model, view_id=None, kind="form"):
    """The full specification of a model's view."""
    views = model.get_views([(view_id, kind)])
    arch = etree.fromstring(views["views"][kind]["arch"])
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
    views = _views_at_a_desk(node)
    for view in views:
        _merge(found, _of_arch(view, models[field["relation"]], models))
    if node.get("widget") == "many2many_tags":
        found["display_name"] = {}
        if "color_field" in (node.get("options") or ""):
            found["color"] = {}
    limit = int(views[0].get("limit", LINES)) if views else LINES
    spec = {"fields": found, "limit": limit}
    context = _literal_context(node.get("context"))
    return {**spec, "context": context} if context else spec


def _views_at_a_desk(node):
    """The list of lines, or their kanban, and the form of a line after it."""
    views = {view.tag: view for view in node}
    lines = views.get("list", views.get("kanban"))
    return [view for view in (lines, views.get("form")) if view is not None]


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
