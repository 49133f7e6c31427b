from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .item import (
    MONTH_END,
    NEEDS_PERSON,
    NO_RATE,
    NOT_DELIVERED,
    PENDING,
    SKIPPED,
)
from .run import PREPARED

# A hundred thousand orders are sorted in memory; and a server that compiles what it
# takes for long work would be at that longer than at the work.
_SETTINGS = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off"
_PREPARE = """
WITH open_order AS (
    SELECT sale.id, sale.date_order, sale.invoice_status, sale.journal_id,
           sale.partner_invoice_id, sale.partner_shipping_id, sale.currency_id,
           sale.fiscal_position_id, sale.payment_term_id,
           sale.preferred_payment_method_line_id,
           customer.id AS customer_id, customer.customer_code,
           customer.invoice_month_end AND NOT %(is_due)s AS is_held,
           customer.invoice_grouping_mode AS mode, delivery.day, net.invoices,
           COALESCE(net.amount, 0) AS amount, COALESCE(net.total, 0) AS total
      FROM %(found)s
      LEFT JOIN LATERAL (%(net)s) AS net ON TRUE
     WHERE %(filter)s
), judged AS (
    SELECT sale.*, sale.total < -0.001 AS is_negative,
           CASE WHEN sale.mode IS DISTINCT FROM 'per_delivery' AND %(months_apart)s
                THEN date_trunc('month', sale.day)::date END AS month
      FROM open_order sale
), reasoned AS (
    SELECT sale.*, left_out.reason FROM judged sale
     CROSS JOIN LATERAL (SELECT %(reason)s AS reason OFFSET 0) AS left_out
), keyed AS (
    SELECT sale.*, %(key)s AS key FROM reasoned sale
)
INSERT INTO xpyme_billing_run_item (
    run_id, partner_id, currency_id, journal_id, mode, month, order_list,
    order_count, date_from, date_to, amount, state, reason, invoice_count)
SELECT %(run)s, MIN(customer_id), MIN(currency_id), MIN(journal_id), MIN(mode),
       MIN(month), jsonb_agg(id ORDER BY date_order, id), COUNT(*), MIN(day), MAX(day),
       ROUND(SUM(amount)::numeric, 6),
       CASE WHEN MIN(reason) IS NULL THEN %(pending)s ELSE %(skipped)s END,
       MIN(reason), CASE WHEN MIN(reason) IS NULL THEN MIN(invoices) ELSE 0 END
  FROM keyed
 GROUP BY key
 ORDER BY MIN(customer_code) NULLS LAST, MIN(customer_id), MIN(day), MIN(id)
RETURNING id, (order_list -> 0)::int
"""
# The orders of a run, with who pays them and when they were delivered.
_FOUND = """
    %(orders)s AS sale
      JOIN res_partner payer ON payer.id = sale.partner_invoice_id
      JOIN res_partner customer ON customer.id = payer.commercial_partner_id
      CROSS JOIN LATERAL (SELECT %(day)s AS day OFFSET 0) AS delivery
"""
# Most lines are invoiced whole: their total needs no division.
_NET = """
    SELECT SUM(CASE WHEN %(quantity)s = line.product_uom_qty
                     AND line.is_downpayment IS NOT TRUE
                    THEN line.price_subtotal
                    ELSE %(quantity)s * %(net_unit)s END) AS amount,
           SUM(CASE WHEN %(quantity)s = line.product_uom_qty
                     AND line.is_downpayment IS NOT TRUE
                    THEN line.price_total
                    ELSE %(quantity)s * %(total_unit)s END) AS total,
           1 AS invoices
      FROM sale_order_line line
     WHERE line.order_id = sale.id AND line.display_type IS NULL
"""
# A line that was not ordered has no amounts to divide: by the percents of its taxes.
_PERCENTS = """
    SELECT COALESCE(SUM(tax.amount), 0) / 100
      FROM account_tax_sale_order_line_rel link
      JOIN account_tax tax ON tax.id = link.account_tax_id
      JOIN res_company owner ON owner.id = tax.company_id
     WHERE link.sale_order_line_id = line.id AND tax.amount_type = 'percent'
"""
_NET_UNIT = SQL(
    f"""
    CASE
        WHEN line.is_downpayment
            THEN COALESCE(NULLIF(line.untaxed_amount_invoiced, 0), line.price_unit)
        WHEN line.product_uom_qty <> 0
            THEN line.price_subtotal / line.product_uom_qty
        ELSE line.price_unit * (1 - COALESCE(line.discount, 0) / 100) / (1 + (
            {_PERCENTS} AND COALESCE(
                tax.price_include_override, owner.account_price_include
            ) = 'tax_included')) END
    """
)
# As ``sale.order.line._get_total_to_invoice``.
_TOTAL_UNIT = SQL(
    f"""
    CASE
        WHEN line.product_uom_qty <> 0 AND line.is_downpayment IS NOT TRUE
            THEN line.price_total / line.product_uom_qty
        ELSE %s * (1 + ({_PERCENTS})) END
    """,
    _NET_UNIT,
)
# As ``sale.order._get_corrected_invoice``: one invoice that has all of the lines.
_IS_CORRECTION = SQL(
    """
    EXISTS (
        SELECT FROM sale_order_line line
          JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
          JOIN account_move_line entry ON entry.id = link.invoice_line_id
          JOIN account_move move ON move.id = entry.move_id
         WHERE line.order_id = sale.id AND line.display_type IS NULL
           AND line.qty_to_invoice <> 0
           AND move.state = 'posted' AND move.move_type = 'out_invoice'
         GROUP BY move.id
        HAVING COUNT(DISTINCT line.id) = (
               SELECT COUNT(*) FROM sale_order_line other
                WHERE other.order_id = sale.id AND other.display_type IS NULL
                  AND other.qty_to_invoice <> 0))
    """
)


class BillingRun(models.Model):
    """From a filter to a list of invoices: one statement, however many orders.

    What it reckons of an order is what ``sale.order._get_invoicing_part`` says of it;
    an addon that extends one extends the other.
    """

    _inherit = "xpyme.billing.run"

    def _prepare(self):
        """List the invoices and what is left out; the number of both."""
        self.ensure_one()
        # First the state: of two who prepare the run at once the second one waits
        # here, and finds it prepared.
        # sudo: states are written by the actions only.
        self.sudo().write(
            {
                "state": PREPARED,
                "prepared_at": fields.Datetime.now(),
                "prepared_by_id": self.env.uid,
            }
        )
        return len(self._list())

    def _list(self, **options):
        """Add to the list; pairs of the id and the first order of what is added."""
        self.env.flush_all()
        self.env.cr.execute(_SETTINGS)
        rows = self.env.execute_query(SQL(_PREPARE, **self._get_preparation(**options)))
        self.env["xpyme.billing.run.item"].invalidate_model()
        return rows

    def _list_taken_in(self, items):
        """Make of left out items the invoices that their orders make, each judged anew
        but for the month end.

        The first that becomes of an item stands in its place.
        """
        self.ensure_one()
        places = {order: item.id for item in items for order in item.order_list}
        # sudo: items are written by the actions only.
        items.sudo().unlink()
        moved = {}
        for new, order in self._list(taken_in=list(places)):
            moved.setdefault(places[order], new)
        query = SQL(
            "UPDATE xpyme_billing_run_item item SET id = place.id"
            " FROM UNNEST(%s, %s) AS place (id, moved_id) WHERE item.id = moved_id",
            list(moved),
            list(moved.values()),
        )
        self.env.cr.execute(query)
        self.env["xpyme.billing.run.item"].invalidate_model()

    def _get_preparation(self, taken_in=None):
        """What stands in the statement. ``sale`` is the order, with its ``day`` of
        delivery, ``amount`` and ``total`` to invoice (without and with tax), how many
        ``invoices`` it would be by itself, ``customer_id``, ``mode``, ``month`` and
        ``is_held`` (for the month end).

        :param taken_in: ids of orders that were left out, and whose month end is now
        """
        # What is archived filters too; and asking which of thousands of customers are
        # would be a statement for each thousand.
        self = self.with_context(active_test=False)
        is_due = self.month_end == "now" or self.company_id._is_month_end(
            self.invoice_date
        )
        filtered = self._get_filter_sql() if taken_in is None else SQL("TRUE")
        orders = self._reckon_orders(self._get_orders_sql(taken_in), filtered)
        return {
            "found": self._get_found_sql(orders),
            "net": self._get_net_sql(),
            "filter": filtered,
            "is_due": is_due or taken_in is not None,
            "months_apart": self.company_id.sudo().invoice_months_apart,
            "reason": self._get_reason_sql(),
            "key": self._get_key_sql(),
            "run": self.id,
            "pending": PENDING,
            "skipped": SKIPPED,
        }

    def _get_found_sql(self, orders):
        return SQL(_FOUND, orders=orders, day=self._get_day_sql())

    def _get_orders_sql(self, taken_in):
        """The orders to look at."""
        if taken_in is not None:
            return SQL("(SELECT * FROM sale_order WHERE id = ANY(%s))", taken_in)
        orders = self.env["sale.order"].with_company(self.company_id)
        found = orders._search(self._get_orders_domain())
        return SQL("(%s)", found.select("sale_order.*"))

    def _reckon_orders(self, orders, filtered):
        """Have orders reckon themselves what the statement cannot say of them.

        :param orders: SQL of the orders to look at
        :param filtered: SQL condition of those that are listed
        :return: SQL of the same orders, with what was reckoned in further columns
        """
        return orders

    def _get_orders_domain(self):
        """Confirmed orders of the run's company that its user may see."""
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("state", "=", "sale")
        domain &= Domain("invoice_status", "in", ("to invoice", "no"))
        if self.salesperson_ids:
            domain &= Domain("user_id", "in", self.salesperson_ids.ids)
        return domain

    def _get_day_sql(self):
        """As ``sale.order._get_delivery_day``."""
        zone = self.company_id._get_zone()
        return SQL("(sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", zone)

    def _get_net_sql(self):
        """What an order has to invoice: ``amount``, ``total`` and ``invoices``."""
        return SQL(
            _NET,
            quantity=self._get_quantity_sql(),
            net_unit=_NET_UNIT,
            total_unit=_TOTAL_UNIT,
        )

    def _get_quantity_sql(self):
        """What an order's ``line`` has to invoice."""
        return SQL("line.qty_to_invoice")

    def _get_filter_sql(self):
        """Which customers and days."""
        conditions = [SQL("delivery.day <= %s", self.date_to)]
        if self.date_from:
            conditions.append(SQL("delivery.day >= %s", self.date_from))
        if self.partner_ids:
            condition = SQL(
                "customer.id IN (SELECT chosen.commercial_partner_id"
                " FROM res_partner chosen WHERE chosen.id = ANY(%s))",
                self.partner_ids.ids,
            )
            conditions.append(condition)
        for column, records in (
            ("invoicing_group_id", self.invoicing_group_ids),
            ("customer_route_id", self.customer_route_ids),
        ):
            if records:
                column = SQL.identifier("customer", column)
                conditions.append(SQL("%s = ANY(%s)", column, records.ids))
        if self.grouping_mode:
            mode = SQL("COALESCE(customer.invoice_grouping_mode, 'none')")
            conditions.append(SQL("%s = %s", mode, self.grouping_mode))
        if self.month_end == "only":
            conditions.append(SQL("customer.invoice_month_end"))
        return SQL(" AND ").join(conditions)

    def _get_reason_sql(self):
        """Why an order is left out; NULL if it is not."""
        company = self.company_id
        has_rate = SQL(
            "EXISTS (SELECT FROM res_currency_rate rate"
            " WHERE rate.currency_id = sale.currency_id AND rate.name <= %s"
            " AND COALESCE(rate.company_id, %s) = %s)",
            self.invoice_date,
            company.root_id.id,
            company.root_id.id,
        )
        return SQL(
            """
            CASE WHEN sale.invoice_status = 'no' THEN %s
                 WHEN sale.is_held THEN %s
                 WHEN sale.currency_id <> %s AND NOT %s THEN %s
                 WHEN sale.is_negative AND NOT %s THEN %s END
            """,
            NOT_DELIVERED,
            MONTH_END,
            company.currency_id.id,
            has_rate,
            NO_RATE,
            _IS_CORRECTION,
            NEEDS_PERSON,
        )

    def _get_key_sql(self):
        """Orders with the same one share an invoice, or a row of what is left out.

        A run makes no invoice of two terms or months of a customer who agreed to no
        way of invoicing either: nobody looks at each order there, as in Odoo's window.
        """
        grouped = ("partner_invoice_id", "currency_id", "fiscal_position_id")
        grouped += ("payment_term_id", "preferred_payment_method_line_id", "journal_id")
        apart = (*grouped, "partner_shipping_id")

        def join(*columns):
            columns = [SQL.identifier("sale", column) for column in columns]
            return SQL(", ").join(SQL("COALESCE(%s, 0)", column) for column in columns)

        return SQL(
            """
            CASE WHEN sale.reason IS NOT NULL
                 THEN concat_ws('|', sale.reason, sale.customer_id, sale.currency_id)
                 WHEN sale.mode = 'per_delivery' OR sale.is_negative
                 THEN concat_ws('|', 'order', sale.id)
                 WHEN sale.mode = 'group'
                 THEN concat_ws('|', 'group', sale.month, %s)
                 ELSE concat_ws('|', 'stock', sale.month, %s) END
            """,
            join(*grouped),
            join(*apart),
        )
