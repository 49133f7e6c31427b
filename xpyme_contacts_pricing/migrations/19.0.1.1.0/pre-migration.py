import logging

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

_FREE = """
    UPDATE product_pricelist AS second SET tariff_number = 0
      FROM product_pricelist AS first
     WHERE second.company_id IS NULL AND first.company_id IS NULL
       AND second.active AND first.active
       AND second.tariff_number = first.tariff_number AND second.tariff_number > 0
       AND (coalesce(first.sequence, 0), first.id)
           < (coalesce(second.sequence, 0), second.id)
 RETURNING second.id
"""


def migrate(cr, _version):
    """Of pricelists of all companies the first keeps a tariff's number.

    It is the one that prices were shown and learnt for; two may not share it any more.
    """
    cr.execute(SQL(_FREE))
    ids = sorted({pricelist_id for (pricelist_id,) in cr.fetchall()})
    if ids:
        _logger.warning(
            "Pricelists %s had a tariff number that another pricelist of all companies "
            "has: give them free ones.",
            ids,
        )
