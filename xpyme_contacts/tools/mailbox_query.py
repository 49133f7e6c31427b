"""Addresses of boxes, in the database."""

from odoo.tools import SQL


def get_boxes_sql(*texts):
    """SQL of the array of addresses in boxes, as far as ``split_mailboxes`` finds them.

    In small letters: compare with ``lower`` of an address. There may be other words in
    it, which are no addresses.

    :param texts: SQL of what was typed into each box
    """
    return SQL(
        r"regexp_split_to_array(lower(concat_ws(' ', %s)), '[\s\u00a0,;:<>]+')",
        SQL(", ").join(texts),
    )
