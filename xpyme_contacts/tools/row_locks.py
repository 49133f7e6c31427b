"""Making sessions meet that work from each other's rows.

What this very transaction has made is left out: nobody else sees it.
"""

from odoo.tools import SQL


def lock(partners):
    """Hold cards that are about to change, before the contacts that follow them.

    All sessions take the cards first, by id, so that none waits for another in a ring.
    """
    _run(
        partners,
        "SELECT id FROM res_partner WHERE id = ANY(%(ids)s) "
        "ORDER BY id FOR NO KEY UPDATE",
    )


def touch(partners):
    """Let no other session change cards unseen that are only read here.

    Under REPEATABLE READ a lock would make it wait and then go on with its old
    snapshot, without the rows made here. On a row that has changed it starts over:
    Odoo repeats the request.
    """
    _run(
        partners,
        """
        WITH card AS (
            SELECT id FROM res_partner WHERE id = ANY(%(ids)s)
            ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE res_partner SET write_date = write_date
        FROM card WHERE card.id = res_partner.id
        """,
    )


def _run(partners, query):
    cr = partners.env.cr
    # sudo: only the date, of cards that the user works with.
    known = partners.sudo().filtered(lambda p: p.id and p.create_date != cr.now())
    if known:
        cr.execute(SQL(query, ids=known.ids))
