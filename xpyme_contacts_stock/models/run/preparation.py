from odoo import models
from odoo.tools import SQL

from odoo.addons.xpyme_contacts_billing.models.run.item import NOT_DELIVERED

# Of an order, to a customer: ``sale`` is the order.
_NOTES = SQL(
    """
    stock_move note
      JOIN sale_order_line ordered ON ordered.id = note.sale_line_id
      JOIN stock_location place ON place.id = note.location_dest_id
      LEFT JOIN stock_location goal ON goal.id = note.location_final_id
    """
)
# While goods of the order are to come.
_TO_COME = SQL(
    """
    EXISTS (
        SELECT FROM %s
         WHERE ordered.order_id = sale.id
           AND COALESCE(goal.usage, place.usage) <> 'internal'
           AND note.state NOT IN ('done', 'cancel'))
    """,
    _NOTES,
)
# As ``sale.order.line._get_note_shares``.
_TO_INVOICE = SQL(
    """
    note.state = 'done' AND NOT EXISTS (
        SELECT FROM stock_move_invoice_line_rel link
          JOIN account_move_line entry ON entry.id = link.invoice_line_id
          JOIN account_move invoice ON invoice.id = entry.move_id
         WHERE link.move_id = note.id AND invoice.state <> 'cancel'
           AND (invoice.move_type <> 'out_refund' OR entry.quantity < 0
                OR place.usage <> 'customer')
           AND invoice.payment_state IS DISTINCT FROM 'reversed')
    """
)
# The largest total of the notes to invoice, with tax: as near as the moves tell it.
_LEFT_OF_NOTES = SQL(
    """
    SELECT COALESCE(MAX(of_note.total), 0)
      FROM (SELECT SUM(note.quantity * unit.factor / ordered_unit.factor
                       * ordered.price_total / ordered.product_uom_qty) AS total
              FROM %s
              JOIN uom_uom unit ON unit.id = note.product_uom
              JOIN uom_uom ordered_unit ON ordered_unit.id = ordered.product_uom_id
             WHERE ordered.order_id = sale.id AND ordered.product_uom_qty <> 0
               AND place.usage = 'customer' AND %s
             GROUP BY note.picking_id) AS of_note
    """,
    _NOTES,
    _TO_INVOICE,
)


class BillingRun(models.Model):
    """What a run knows of delivery notes, in the same statement."""

    _inherit = "xpyme.billing.run"

    def _get_day_sql(self):
        return SQL(
            """
            COALESCE((
                SELECT MAX(note.date_done)
                  FROM stock_picking note
                  JOIN stock_location place ON place.id = note.location_dest_id
                 WHERE note.sale_id = sale.id AND note.state = 'done'
                   AND place.usage = 'customer'
                ) AT TIME ZONE 'UTC' AT TIME ZONE %s, %s)::date
            """,
            self.company_id._get_zone(),
            super()._get_day_sql(),
        )

    def _get_quantity_sql(self):
        """With an invoice for each note goods are invoiced when they have left, and a
        voucher is when they cover it."""
        return SQL(
            """
            CASE WHEN customer.invoice_grouping_mode = 'per_delivery'
                  AND line.qty_delivered_method = 'stock_move'
                  AND line.qty_to_invoice > 0
                 THEN LEAST(
                    %(quantity)s, GREATEST(line.qty_delivered - line.qty_invoiced, 0))
                 WHEN customer.invoice_grouping_mode = 'per_delivery'
                  AND line.price_total < 0 AND line.is_downpayment IS NOT TRUE
                  AND %(to_come)s AND -line.price_total > (%(left)s)
                 THEN 0
                 ELSE %(quantity)s END
            """,
            quantity=super()._get_quantity_sql(),
            to_come=_TO_COME,
            left=_LEFT_OF_NOTES,
        )

    def _get_reason_sql(self):
        """While goods are to come, and no note is to be invoiced, an order waits."""
        return SQL(
            """
            CASE WHEN sale.mode = 'per_delivery'
                  AND %(to_come)s
                  AND NOT EXISTS (
                      SELECT FROM %(notes)s
                       WHERE ordered.order_id = sale.id AND %(to_invoice)s
                         AND (place.usage = 'customer' OR note.to_refund))
                 THEN %(waiting)s ELSE %(reason)s END
            """,
            notes=_NOTES,
            to_come=_TO_COME,
            to_invoice=_TO_INVOICE,
            waiting=NOT_DELIVERED,
            reason=super()._get_reason_sql(),
        )

    def _count_notes(self, orders):
        """``{order id: notes to invoice}`` of the orders that an SQL query gives."""
        self.env.flush_all()
        query = SQL(
            """
            SELECT ordered.order_id, COUNT(DISTINCT note.picking_id) FROM %s
             WHERE ordered.order_id IN (%s) AND place.usage = 'customer' AND %s
             GROUP BY ordered.order_id
            """,
            _NOTES,
            orders,
            _TO_INVOICE,
        )
        return dict(self.env.execute_query(query))
