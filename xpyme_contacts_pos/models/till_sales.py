from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """A ticket is a sale, once and on its day, whenever it is invoiced (seed 004: Acum;
    Ventas al cliente)."""

    _inherit = "res.partner"

    @api.model
    def _get_sales_sources(self):
        sources = super()._get_sales_sources()
        day = self._get_ticket_day_sql()
        return {
            **sources,
            "account.move": self._date_by_tickets(sources["account.move"], day),
            "pos.order": self._get_sold_tickets(day),
        }

    @api.model
    def _date_by_tickets(self, invoices, day):
        """SQL of invoices, that of a ticket on the day of the ticket, and without those
        of several tickets, which are sales themselves.

        A ticket that is invoiced later is no sale of another period.
        """
        return SQL(
            """
            SELECT sale.customer_id, sale.company_id, sale.document_id, sale.name,
                   sale.amount, sale.amount_with_tax,
                   COALESCE(own.day, sale.date) AS date, sale.is_sale
              FROM (%s) AS sale
             CROSS JOIN LATERAL (
                   SELECT COUNT(*) AS tickets, MIN(%s) AS day FROM pos_order ticket
                    WHERE ticket.account_move = sale.document_id
                   ) AS own
             WHERE own.tickets <= 1
            """,
            invoices,
            day,
        )

    @api.model
    def _get_ticket_day_sql(self):
        """The day that it was where the company is."""
        orders, companies = self.env["pos.order"], self.env["res.company"]
        return SQL(
            "(ticket.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            companies._get_till_zones_sql(SQL("ticket.company_id")),
            to_flush=[
                orders._fields[fname]
                for fname in ("account_move", "company_id", "date_order")
            ],
        )

    @api.model
    def _get_sold_tickets(self, day):
        """Paid tickets without an invoice of their own, in the company's currency, as
        their session posts them."""
        orders = self.env["pos.order"]
        return SQL(
            """
            SELECT customer.commercial_partner_id AS customer_id, ticket.company_id,
                   ticket.id AS document_id, ticket.name,
                   (ticket.amount_total - ticket.amount_tax) / %(rate)s AS amount,
                   ticket.amount_total / %(rate)s AS amount_with_tax,
                   %(day)s AS date,
                   ticket.amount_total >= 0 AS is_sale
              FROM pos_order ticket
              JOIN res_partner customer ON customer.id = ticket.partner_id
             WHERE ticket.state IN ('paid', 'done') AND (
                   ticket.account_move IS NULL
                   OR EXISTS (
                      SELECT FROM pos_order other
                       WHERE other.account_move = ticket.account_move
                         AND other.id != ticket.id))
            """,
            rate=SQL("COALESCE(NULLIF(ticket.currency_rate, 0), 1)::numeric"),
            day=day,
            to_flush=[
                *(
                    orders._fields[fname]
                    for fname in (
                        *("partner_id", "name", "amount_total"),
                        *("amount_tax", "currency_rate", "state"),
                    )
                ),
                self._fields["commercial_partner_id"],
            ],
        )
