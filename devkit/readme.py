"""README.rst of the addons, made from their ``readme/*.md`` fragments.

Runs inside the virtual environment: ``python -m devkit.readme [--fix] ADDON…`` tells
what is out of date, what docutils complains about and which files are linked in vain.
"""

import io
import re
import sys
from textwrap import indent

from docutils.core import publish_doctree
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from . import addons, place

SECTIONS = {
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues / Roadmap",
    "DEVELOP": "Development",
    "HISTORY": "Changelog",
    "CONTRIBUTORS": "Credits",
}
NOTE = ".. Made from readme/*.md by ./dev lint --fix: change those instead."
CONTENTS = "**Table of contents**\n\n.. contents::\n   :local:\n   :depth: 2"
MARKS = {"strong": "**", "em": "*", "code_inline": "``", "softbreak": "\n"}
DOCUMENTS = ("*.md", "*/README.*", "*/readme/*.md", "*/static/description/*.html")
LINKED = re.compile(r'(?:\]\(|src="|href="|image:: |<)([\w./-]+\.\w+)[")>#\n]')


def to_rst(text):
    """A Markdown fragment as reStructuredText.

    >>> print(to_rst("1. **Save** `a`, see [it](../b.md)."))
    #. **Save** ``a``, see `it <b.md>`__.
    """
    return _blocks(SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text)))


def _blocks(node):
    return "\n\n".join(BLOCKS[child.type](child) for child in node.children)


def _titled(title, line):
    return f"{title}\n{line * len(title)}"


def _list(node):
    mark = "- " if node.type == "bullet_list" else "#. "
    return "\n".join(_hung(mark, _blocks(item)) for item in node.children)


def _hung(mark, text):
    """``text`` with a mark before it and its other lines below its first."""
    return mark + indent(text, " " * len(mark))[len(mark) :]


def _table(node):
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in (row for part in node.children for row in part.children):
        cells = (_hung("- ", _inline(cell)) for cell in row.children)
        lines.append(indent(_hung("* ", "\n".join(cells)), "   "))
    return "\n".join(lines)


def _inline(node):
    return "".join(_piece(child) for child in node.children)


def _piece(node):
    if node.type == "inline":
        return _inline(node)
    if node.type == "text":
        return re.sub(r"([\\*`|]|_(?!\w))", r"\\\1", node.content)
    if node.type == "image":  # alone in its paragraph
        source = node.attrs["src"].removeprefix("../")
        return f".. image:: {source}\n   :alt: {node.content}"
    if node.type == "link":
        return f"`{_inline(node)} <{node.attrs['href'].removeprefix('../')}>`__"
    mark, inside = MARKS[node.type], node.content or _inline(node)
    return f"{mark}{inside}{mark}" if inside else mark


BLOCKS = {
    "heading": lambda node: _titled(_inline(node), " -~"[int(node.tag[1]) - 1]),
    "paragraph": _inline,
    "bullet_list": _list,
    "ordered_list": _list,
    "table": _table,
    "fence": lambda node: f".. code:: {node.info}\n\n{indent(node.content, '   ')}",
}


def render(folder):
    """The README.rst that an addon should have."""
    name = addons.manifest(folder)["name"]
    texts = {path.stem: to_rst(path.read_text()) for path in folder.glob("readme/*.md")}
    parts = [_titled(name, "="), NOTE, texts["DESCRIPTION"], CONTENTS]
    for key in filter(texts.get, SECTIONS):
        parts += [_titled(SECTIONS[key], "="), texts[key]]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def check(folder, fix):
    """Sentences about what is wrong with an addon's README.rst."""
    text, path = render(folder), folder / "README.rst"
    if fix:
        path.write_text(text)
    if not path.is_file() or path.read_text() != text:
        yield f"{folder.name}/README.rst is out of date: run ./dev lint --fix"
    with io.StringIO() as warnings:
        publish_doctree(text, settings_overrides={"warning_stream": warnings})
        yield from warnings.getvalue().splitlines()


if __name__ == "__main__":
    chosen = [place.ROOT / name for name in sys.argv[1:] if name != "--fix"]
    found = [text for one in chosen for text in check(one, "--fix" in sys.argv)]
    for path in sorted(path for names in DOCUMENTS for path in place.ROOT.glob(names)):
        linked = {path.parent / target for target in LINKED.findall(path.read_text())}
        found += [f"{path} links {t} in vain" for t in linked if not t.exists()]
    sys.exit("\n".join(found) or 0)
