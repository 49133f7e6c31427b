"""What differs between two databases: their structure, and the rows of every table."""

from collections import Counter
from dataclasses import dataclass

from psycopg2 import sql

STRUCTURE = """
SELECT 'column', table_name, column_name,
       concat_ws(' ', data_type, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
 UNION ALL
SELECT 'index', tablename, indexname, indexdef
  FROM pg_indexes WHERE schemaname = 'public'
 UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
 UNION ALL
SELECT 'relation ' || relkind::text, relname, '', ''
  FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Change:
    """A row that is not the same in both databases."""

    table: str
    kind: str  # new, gone, changed
    key: object
    columns: frozenset = frozenset()

    def __str__(self):
        columns = f" ({', '.join(sorted(self.columns))})" if self.columns else ""
        return f"{self.kind} {self.table} {self.key}{columns}"


# Groups and rules of Odoo declare their common table differently, so what holds is what
# was looked at last; an addon that extends ``base`` has all tables looked at.
TOGGLED = "rule_group_rel_group_id_fkey"


def structure(connection):
    """Tables, columns, indexes and constraints, as a set of descriptions."""
    with connection.cursor() as cr:
        cr.execute(STRUCTURE)
        return {row for row in cr.fetchall() if TOGGLED not in row}


def changed_rows(before, after):
    """The rows of the tables and columns of ``before`` that differ in ``after``."""
    found = []
    for table, columns in _tables(before).items():
        if "id" in columns:
            found += _changes_by_id(before, after, table, columns)
        else:
            found += _changes_without_id(before, after, table, columns)
    return found


def _tables(connection):
    with connection.cursor() as cr:
        cr.execute(
            """
            SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
              FROM information_schema.columns
              JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
             GROUP BY table_name ORDER BY table_name
            """
        )
        return dict(cr.fetchall())


def _select(connection, text, table, columns, *arguments):
    query = sql.SQL(text).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    with connection.cursor() as cr:
        cr.execute(query, arguments)
        return cr.fetchall()


def _changes_by_id(before, after, table, columns):
    text = "SELECT id, md5(ROW({columns})::text) FROM {table}"
    old, new = (dict(_select(db, text, table, columns)) for db in (before, after))
    found = [Change(table, "gone", key) for key in sorted(old.keys() - new.keys())]
    found += [Change(table, "new", key) for key in sorted(new.keys() - old.keys())]
    ids = sorted(key for key in old.keys() & new.keys() if old[key] != new[key])
    text = "SELECT {columns} FROM {table} WHERE id = ANY(%s) ORDER BY id"
    if ids:
        rows = (_select(db, text, table, columns, ids) for db in (before, after))
        for key, one, other in zip(ids, *rows, strict=True):
            names = zip(columns, one, other, strict=True)
            changed = frozenset(name for name, old, new in names if old != new)
            found.append(Change(table, "changed", key, changed))
    return found


def _changes_without_id(before, after, table, columns):
    text = "SELECT ROW({columns})::text FROM {table}"
    old, new = (Counter(_select(db, text, table, columns)) for db in (before, after))
    found = [Change(table, "gone", row) for (row,) in (old - new).elements()]
    return found + [Change(table, "new", row) for (row,) in (new - old).elements()]
