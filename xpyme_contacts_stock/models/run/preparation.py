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
# An order whose notes are not, each of them, what there is to invoice: something came
# back, is taken off, was invoiced by hand, or will never leave. Of all others the
# invoices are as many as the notes.
_IS_DIFFICULT = SQL(
    """
    EXISTS (
        SELECT FROM sale_order_line line
         CROSS JOIN LATERAL (
             SELECT COALESCE(SUM(note.quantity * unit.factor / own_unit.factor)
                        FILTER (WHERE place.usage = 'customer' AND %(to_invoice)s), 0
                    ) AS quantity,
                    COALESCE(BOOL_OR(note.state NOT IN ('done', 'cancel')
                        AND COALESCE(goal.usage, place.usage) <> 'internal'), FALSE
                    ) AS is_to_come,
                    COALESCE(BOOL_OR(note.state = 'done' AND note.to_refund
                        AND origin.usage = 'customer'), FALSE) AS is_back
               FROM %(notes)s
               JOIN stock_location origin ON origin.id = note.location_id
               JOIN uom_uom unit ON unit.id = note.product_uom
               JOIN uom_uom own_unit ON own_unit.id = ordered.product_uom_id
              WHERE ordered.id = line.id) AS moved
         CROSS JOIN LATERAL (
             SELECT LEAST(line.qty_to_invoice, GREATEST(
                 line.qty_delivered - line.qty_invoiced, 0)) AS quantity) AS gone
         WHERE line.order_id = sale.id AND line.display_type IS NULL
           AND (line.qty_to_invoice < 0
                OR line.qty_to_invoice > 0 AND line.price_total <= 0
                OR line.qty_delivered_method = 'stock_move' AND (
                    moved.is_back
                    OR ABS(moved.quantity - gone.quantity) > 0.0001
                    OR NOT moved.is_to_come
                       AND ABS(moved.quantity - line.qty_to_invoice) > 0.0001)))
    """,
    notes=_NOTES,
    to_invoice=_TO_INVOICE,
)
# Those with a note after the day until which is invoiced.
_WITH_LATER_NOTE = """
    SELECT ordered.order_id
      FROM stock_picking sheet
      JOIN stock_move note ON note.picking_id = sheet.id
      JOIN sale_order_line ordered ON ordered.id = note.sale_line_id
     WHERE sheet.state = 'done' AND sheet.date_done >= %s
"""
# The invoices of all others: one for each note, or one of what needs none.
_COUNT = SQL(
    """
    SELECT CASE WHEN COUNT(note.id) > 0 THEN COUNT(DISTINCT note.picking_id)
                WHEN %s THEN 0 ELSE 1 END
      FROM %s
     WHERE ordered.order_id = sale.id AND place.usage = 'customer' AND %s
    """,
    _TO_COME,
    _NOTES,
    _TO_INVOICE,
)


class BillingRun(models.Model):
    """What a run knows of delivery notes, in the same statement.

    What is difficult the orders reckon themselves, before, all together.
    """

    _inherit = "xpyme.billing.run"

    def _get_day_sql(self):
        return SQL(
            """
            COALESCE((
                SELECT COALESCE(MAX(note.date_done) FILTER (WHERE note.date_done < %s),
                                MIN(note.date_done))
                  FROM stock_picking note
                  JOIN stock_location place ON place.id = note.location_dest_id
                 WHERE note.sale_id = sale.id AND note.state = 'done'
                   AND place.usage = 'customer'
                ) AT TIME ZONE 'UTC' AT TIME ZONE %s, %s)::date
            """,
            self._get_end_sql(),
            self.company_id._get_zone(),
            super()._get_day_sql(),
        )

    def _get_end_sql(self):
        """As ``stock.picking._is_of_next_run``: when the last day is over, in UTC."""
        zone = self.company_id._get_zone()
        return SQL(
            "((%s::date + 1)::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC')",
            self.date_to,
            zone,
        )

    def _reckon_orders(self, orders, filtered):
        """With what their notes make of them, where only they know."""
        orders = super()._reckon_orders(orders, filtered)
        ids = self._find_difficult(orders, filtered)
        difficult = self.env["sale.order"].with_company(self.company_id).browse(ids)
        reckoned = self._lead(difficult)._reckon_by_note()
        amounts, totals, counts = zip(*reckoned, strict=True) if ids else ((), (), ())
        return SQL(
            """
            (SELECT found.*, reckoned.amount AS reckoned_amount,
                    reckoned.total AS reckoned_total, reckoned.count AS reckoned_count
               FROM %s AS found
               LEFT JOIN UNNEST(%s::int[], %s::numeric[], %s::numeric[], %s::int[])
                      AS reckoned (order_id, amount, total, count)
                      ON reckoned.order_id = found.id)
            """,
            orders,
            ids,
            list(amounts),
            list(totals),
            list(counts),
        )

    def _find_difficult(self, orders, filtered):
        """Ids of the orders of which the statement cannot say what is to invoice."""
        query = SQL(
            """
            SELECT sale.id FROM %s
             WHERE %s AND sale.invoice_status = 'to invoice'
               AND (sale.id IN (%s)
                    OR customer.invoice_grouping_mode = 'per_delivery' AND %s)
            """,
            self._get_found_sql(orders),
            filtered,
            SQL(_WITH_LATER_NOTE, self._get_end_sql()),
            _IS_DIFFICULT,
        )
        return [order_id for (order_id,) in self.env.execute_query(query)]

    def _lead(self, orders, items=()):
        orders = super()._lead(orders, items)
        return orders.with_context(**orders._get_plan_of_run().as_context())

    def _get_net_sql(self):
        return SQL(
            """
            SELECT COALESCE(sale.reckoned_amount, net.amount) AS amount,
                   COALESCE(sale.reckoned_total, net.total) AS total,
                   COALESCE(sale.reckoned_count, CASE
                       WHEN customer.invoice_grouping_mode = 'per_delivery'
                       THEN (%s) ELSE net.invoices END) AS invoices
              FROM (%s) AS net
            """,
            _COUNT,
            super()._get_net_sql(),
        )

    def _get_quantity_sql(self):
        """With an invoice for each note goods are invoiced when they have left."""
        return SQL(
            """
            CASE WHEN customer.invoice_grouping_mode = 'per_delivery'
                  AND line.qty_delivered_method = 'stock_move'
                  AND line.qty_to_invoice > 0
                 THEN LEAST(
                    %(quantity)s, GREATEST(line.qty_delivered - line.qty_invoiced, 0))
                 ELSE %(quantity)s END
            """,
            quantity=super()._get_quantity_sql(),
        )

    def _get_reason_sql(self):
        """While goods are to come, and no note is to be invoiced, an order waits; so
        does one of which all left later."""
        return SQL(
            """
            CASE WHEN sale.invoices = 0 THEN %s ELSE %s END
            """,
            NOT_DELIVERED,
            super()._get_reason_sql(),
        )
