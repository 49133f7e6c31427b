"""Making sessions meet that work from each other's rows.

What this very transaction has made is left out: nobody else sees it.
"""

from odoo.tools import SQL


def lock(records):
    """Hold cards that are about to change, before the contacts that follow them.

    All sessions take the cards first, by id, so that none waits for another in a ring.
    """
    _run(
        records,
        "SELECT id FROM %(table)s WHERE id = ANY(%(ids)s) "
        "ORDER BY id FOR NO KEY UPDATE",
    )


def touch(records):
    """Let no other session change unseen what is only read here, or add to it.

    Under REPEATABLE READ a lock would make it wait and then go on with its old
    snapshot, without the rows made here. On a row that has changed it starts over:
    Odoo repeats the request.
    """
    _run(
        records,
        """
        WITH held AS (
            SELECT id FROM %(table)s WHERE id = ANY(%(ids)s)
            ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE %(table)s SET write_date = write_date
        FROM held WHERE held.id = %(table)s.id
        """,
    )


def _run(records, query):
    cr = records.env.cr
    # sudo: only the date, of records that the user works with.
    known = records.sudo().filtered(lambda r: r.id and r.create_date != cr.now())
    if known:
        cr.execute(SQL(query, table=SQL.identifier(known._table), ids=known.ids))
