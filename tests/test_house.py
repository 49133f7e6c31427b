"""The plan of the house, as the code keeps it.

Rooms are the sub-packages of ``models/``. Odoo's code does not import itself, so the
arrows between them are read from the names: what a room defines, and which of these
names another room uses.
"""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from devkit import odoo

ROOT = Path(__file__).resolve().parent.parent
ADDONS = sorted(path.parent.name for path in ROOT.glob("xpyme_contacts*/models"))
# Whom a room may not know: who stands below is used by who stands above.
FORBIDDEN = {
    "customer": {"risk", "offer", "notice", "service"},
    "contact": {"risk", "offer", "notice", "service"},
    "notice": {"risk", "offer"},
    "numbering": {"risk", "offer", "notice", "service"},
    "service": {"risk", "offer", "notice"},
    "risk": {"offer"},
}
# Abstract models with fewer than two heirs here, and whom they are for.
FOR_OTHERS = {
    "xpyme.service.order.mixin": "service orders of other addons",
}
# Addons of Odoo whose fields and methods may be called alike, and words of Python.
CORE = ("base", "mail", "product", "account", "sale", "phone_validation")
DEFINED = re.compile(r"^    (?:def )?(\w+)(?= = fields\.|\()", re.MULTILINE)
WORDS = ("close", "display_name", "kind", "text", "excess", "valid_until")
MAX_LINES = 500
# Without the lines of docstrings and of SQL. What is longer, and why.
MAX_METHOD = 28
LONGER = {
    "_get_receivable_components": "a table, an entry for each component of a debt",
    "_get_risk_components": "a table, an entry for each component of a debt",
    "_get_risk_sentences": "one sentence for each case, in the order of the card",
    "_prepare_vals": "the values of a row of the report, one a line",
    "_get_health_line": "a sentence for each state of a campaign",
    "_search_followup": "one domain",
    "_get_risk_by_card": "one query's settings and what is read from its rows",
    "action_apply_risk_by_vat": "one dialog's values",
    "_describe_unreadable": "a sentence for each reason why a file is refused",
    "_get_target_labels": "a table, a word for each column of a file",
    "_get_contents": "one pass over a batch of customers",
    "_enqueue": "one statement and what it is given",
    "uninstall_hook": "what Odoo leaves behind, step by step",
}


def _files(folder):
    return sorted(p for p in folder.rglob("*.py") if p.name != "__init__.py")


def _classes(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def _calls_super(method):
    """Whether a method extends one of the same name: it is not the room's own."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == method.name
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", None) == "super"
        for node in ast.walk(method)
    )


def _is_field(node):
    value = getattr(node, "value", None)
    return isinstance(value, ast.Call) and (
        getattr(getattr(value.func, "value", None), "id", None) == "fields"
    )


def _own_names(tree):
    """Methods, fields and models that the classes of a file bring into the world.

    A method that calls itself on ``super()`` is somebody else's.
    """
    for cls in _classes(tree):
        for node in cls.body:
            if isinstance(node, ast.FunctionDef) and not _calls_super(node):
                yield node.name
            elif isinstance(node, ast.Assign):
                name = getattr(node.targets[0], "id", "")
                if name == "_name" and isinstance(node.value, ast.Constant):
                    yield node.value.value
                elif _is_field(node):
                    yield name


def _used_names(tree):
    """Pairs of name and line: attributes, and words in texts that may be names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"[\w.]+", node.value):
                yield node.value, node.lineno
                for part in node.value.split("."):
                    yield part, node.lineno


def _words(path):
    """Pairs of name and line: every word of a view."""
    for line, text in enumerate(path.read_text().splitlines(), 1):
        for name in re.findall(r"\w+", text):
            yield name, line


def _room_names(models):
    """``{room: names that it alone defines}``"""
    owners = defaultdict(set)
    for room in (p for p in models.iterdir() if (p / "__init__.py").is_file()):
        for path in _files(room):
            for name in _own_names(ast.parse(path.read_text())):
                owners[name].add(room.name)
    names = defaultdict(set)
    for name, rooms in owners.items():
        if len(rooms) == 1 and not name.startswith("__") and len(name) > 3:
            names[rooms.pop()].add(name)
    return names


def _core_names():
    """What Odoo's own models have too, is no name of a room."""
    names = set(WORDS)
    for addon in CORE:
        for path in (odoo.source()[0] / "odoo" / "addons" / addon).rglob("models/*.py"):
            names.update(DEFINED.findall(path.read_text()))
    return names


def _wrong_arrows(models, forbidden):
    """File, line and name of each use of a room that the user may not know."""
    names, common = _room_names(models), _core_names()
    wrong = []
    for room, unknown in forbidden.items():
        views = sorted((models.parent / "views" / room).glob("*.xml"))
        uses = [
            (path, _used_names(ast.parse(path.read_text())))
            for path in _files(models / room)
        ]
        for path, used in [*uses, *((path, _words(path)) for path in views)]:
            own = names[room]
            for name, line in used:
                for other in unknown:
                    if name in names[other] and name not in own | common:
                        wrong.append(f"{path.name}:{line} {room} → {other}: {name}")
    return sorted(set(wrong))


def test_rooms_know_only_whom_they_may():
    assert not _wrong_arrows(ROOT / "xpyme_contacts" / "models", FORBIDDEN)


def test_an_arrow_the_wrong_way_is_found(tmp_path):
    for name, text in {
        "models/customer/__init__.py": "",
        "models/customer/a.py": "class A:\n    def a(self):\n        self.risk_debt\n",
        "models/risk/__init__.py": "",
        "models/risk/b.py": "class B:\n    risk_debt = fields.Float()\n",
        "views/customer/a_views.xml": '<field name="risk_debt" />\n',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    wrong = _wrong_arrows(tmp_path / "models", {"customer": {"risk"}})
    assert wrong == [
        "a.py:3 customer → risk: risk_debt",
        "a_views.xml:1 customer → risk: risk_debt",
    ]


def _abstract_models():
    """``{model: heirs}`` of the family's abstract models."""
    heirs, abstract = defaultdict(set), set()
    for addon in ADDONS:
        for path in _files(ROOT / addon / "models"):
            for cls in _classes(ast.parse(path.read_text())):
                values = {
                    getattr(node.targets[0], "id", ""): node.value
                    for node in cls.body
                    if isinstance(node, ast.Assign)
                }
                is_abstract = any(
                    getattr(base, "attr", "") == "AbstractModel" for base in cls.bases
                )
                try:
                    name = ast.literal_eval(values.get("_name", ast.Constant(None)))
                    parents = ast.literal_eval(values.get("_inherit", ast.Constant([])))
                except ValueError:
                    continue
                parents = [parents] if isinstance(parents, str) else parents or []
                if is_abstract and name and name not in parents:
                    abstract.add(name)
                for parent in parents:
                    if parent != name and name:
                        heirs[parent].add(name)
    return {name: heirs[name] for name in abstract}


def test_an_abstract_model_has_two_heirs_or_none():
    """One heir is a file cut by a ruler; none is a service, called by its name."""
    lonely = {name for name, heirs in _abstract_models().items() if len(heirs) == 1}
    assert not lonely - FOR_OTHERS.keys()


def _count_lines(method):
    """Lines of a method, without those that are text: docstrings and SQL."""
    texts = sum(
        node.end_lineno - node.lineno
        for node in ast.walk(method)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    described = ast.get_docstring(method) is not None
    return method.end_lineno - method.lineno + 1 - texts - described


@pytest.mark.parametrize("addon", ADDONS)
def test_files_and_methods_have_the_size_of_one_concern(addon):
    large = []
    for path in _files(ROOT / addon):
        text = path.read_text()
        where = path.relative_to(ROOT)
        if len(text.splitlines()) > MAX_LINES:
            large.append(f"{where}: {len(text.splitlines())} lines")
        if "/tests/" in str(where):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name not in LONGER:
                lines = _count_lines(node)
                if lines > MAX_METHOD:
                    large.append(f"{where}:{node.lineno} {node.name}: {lines} lines")
    assert not large


@pytest.mark.parametrize("addon", ADDONS)
def test_the_developers_map_names_files_that_exist(addon):
    text = (ROOT / addon / "readme" / "DEVELOP.md").read_text()
    named = re.findall(r"`((?:models|tools|wizard|report)/[\w/]+\.py)`", text)
    missing = [name for name in named if not (ROOT / addon / name).is_file()]
    assert named and not missing


@pytest.mark.parametrize("addon", ADDONS)
def test_each_file_of_tests_is_run(addon):
    """Odoo runs those that the package imports, and says nothing of the others."""
    folder = ROOT / addon / "tests"
    tree = ast.parse((folder / "__init__.py").read_text())
    imported = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert {path.stem for path in folder.glob("test_*.py")} == imported
