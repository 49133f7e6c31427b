"""Which SQL statements an operation makes, by their shape.

A shape is what was asked, not for which records.
"""

import re
from collections import Counter
from contextlib import contextmanager

_SPACES = re.compile(r"\s+")
_LISTS = re.compile(r"\((?:%s|NULL|\d+)(?:, ?(?:%s|NULL|\d+))*\)(?:, ?\([^()]*\))*")
_TABLE = re.compile(r"(?:FROM|INTO|UPDATE) +\"?([a-z0-9_]+)")


def shape(code):
    """A statement without its values, and without the columns that it reads.

    Columns are left out because an addon's fields are read along with the others.

    >>> shape('SELECT "a"."id", "a"."name" FROM "a" WHERE "a"."id" IN %s')
    'SELECT FROM "a" WHERE "a"."id" IN %s'
    >>> shape('INSERT INTO "a" ("x", "y") VALUES (%s, %s), (%s, %s)')
    'INSERT a'
    >>> shape('SAVEPOINT "x1"')
    'SAVEPOINT'
    """
    text = _LISTS.sub("(…)", _SPACES.sub(" ", code).strip())
    verb = text.split(" ", 1)[0].upper()
    if verb in ("INSERT", "UPDATE"):
        return f"{verb} {table(text)}"
    return f"{verb} {text[text.index('FROM ') :]}" if " FROM " in text else verb


def table(text):
    """The first table of a statement, or of its shape.

    >>> table('SELECT FROM "res_partner" WHERE 1')
    'res_partner'
    """
    found = _TABLE.search(text)
    return found[1] if found else text.split(" ")[-1]


@contextmanager
def recorded(cursor_class):
    """Count the shapes of what cursors of a class execute."""
    shapes = Counter()
    original = cursor_class.execute

    def execute(cursor, query, *arguments, **options):
        shapes[shape(getattr(query, "code", query))] += 1
        return original(cursor, query, *arguments, **options)

    cursor_class.execute = execute
    try:
        yield shapes
    finally:
        cursor_class.execute = original


def compare(stock, ours):
    """Statements that only one side makes, or makes more often: added and saved.

    >>> stock = {'SELECT FROM "a" WHERE "x" = %s': 3}
    >>> ours = {'SELECT FROM "a" WHERE "x" = %s': 1, 'SELECT FROM "b"': 1}
    >>> compare(stock, ours)
    {'added': {'b': 1}, 'saved': {'a': 2}}
    """
    stock, ours = Counter(stock), Counter(ours)
    return {
        name: _by_table(counted)
        for name, counted in (("added", ours - stock), ("saved", stock - ours))
    }


def _by_table(counted):
    found = Counter()
    for text, number in counted.items():
        found[table(text)] += number
    return dict(found.most_common())
