from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """A ticket without an invoice is a sale too (seed 004: Acum; Ventas al cliente)."""

    _inherit = "res.partner"

    @api.model
    def _get_sales_sources(self):
        return {**super()._get_sales_sources(), "pos.order": self._get_sold_tickets()}

    @api.model
    def _get_sold_tickets(self):
        """Paid tickets without an invoice, by the day that it was where the company is.

        In the company's currency, as their session posts them.
        """
        orders, companies = self.env["pos.order"], self.env["res.company"]
        return SQL(
            """
            SELECT customer.commercial_partner_id AS customer_id, ticket.company_id,
                   ticket.id AS document_id, ticket.name,
                   (ticket.amount_total - ticket.amount_tax) / %(rate)s AS amount,
                   ticket.amount_total / %(rate)s AS amount_with_tax,
                   (ticket.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                   AS date,
                   ticket.amount_total >= 0 AS is_sale
              FROM pos_order ticket
              JOIN res_partner customer ON customer.id = ticket.partner_id
             WHERE ticket.state IN ('paid', 'done') AND ticket.account_move IS NULL
            """,
            rate=SQL("COALESCE(NULLIF(ticket.currency_rate, 0), 1)::numeric"),
            zone=companies._get_till_zones_sql(SQL("ticket.company_id")),
            to_flush=[
                *(
                    orders._fields[fname]
                    for fname in (
                        *("partner_id", "company_id", "name", "amount_total"),
                        *("amount_tax", "currency_rate", "date_order", "state"),
                        "account_move",
                    )
                ),
                self._fields["commercial_partner_id"],
            ],
        )
