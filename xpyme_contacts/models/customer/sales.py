from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date


class ResPartner(models.Model):
    """What a customer has bought (seed 004: Acum; Ventas al cliente).

    One definition for all its figures: posted customer invoices and credit notes,
    without tax, in the currency of the company at work.
    """

    _inherit = "res.partner"

    total_sales = fields.Float(
        compute="_compute_customer_sales",
        help="Invoices less credit notes, without tax, in the company's currency.",
    )
    last_sale_date = fields.Date(
        string="Last Sale",
        compute="_compute_customer_sales",
        help="Date of the customer's last invoice.",
    )

    recent_sales = fields.Float(
        string="Sales of 12 Months",
        compute="_compute_customer_sales",
        help="Invoices less credit notes of the last twelve months, without tax, in "
        "the company's currency.",
    )
    sales_currency_id = fields.Many2one(
        "res.currency", compute="_compute_customer_sales", exportable=False
    )

    @api.depends_context("company")
    def _compute_customer_sales(self):
        found = self._read_customer_sales()
        currency = self.env.company.currency_id
        for partner in self:
            customer = partner.commercial_partner_id._origin
            total, recent, last = found.get(customer.id, (0.0, 0.0, False))
            partner.total_sales = total
            partner.recent_sales = recent
            partner.last_sale_date = last
            partner.sales_currency_id = currency

    def _read_customer_sales(self):
        """``{customer id: (total, of the last twelve months, date of the last)}``.

        One statement, whatever the number of customers and of their invoices.
        """
        if not self.commercial_partner_id._origin:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer_id, SUM(amount),
                       COALESCE(SUM(amount) FILTER (WHERE date > %s), 0),
                       MAX(date) FILTER (WHERE is_sale)
                  FROM (%s) AS source GROUP BY customer_id
                """,
                fields.Date.context_today(self) - relativedelta(years=1),
                SQL(" UNION ALL ").join(self._get_sales_sources()),
            )
        )
        return {customer_id: figures for customer_id, *figures in rows}

    def _read_sales_by_month(self):
        """``{first day of the month: amount}`` of this customer's sales, as above."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                "SELECT date_trunc('month', date)::date, SUM(amount)"
                " FROM (%s) AS source WHERE date IS NOT NULL GROUP BY 1",
                SQL(" UNION ALL ").join(self._get_sales_sources()),
            )
        )
        return dict(rows)

    def get_sales_overview(self):
        """*Acumulados* (seed 004), for the card: HTML with the last twelve months as
        bars and the years as a table.

        :raise AccessError: the user may not read the customer
        """
        self.ensure_one()
        self.check_access("read")
        months = self._read_sales_by_month()
        first = fields.Date.context_today(self).replace(day=1)
        shown = [first - relativedelta(months=back) for back in range(11, -1, -1)]
        highest = max((months.get(month, 0.0) for month in shown), default=0.0)
        years = defaultdict(float)
        for month, amount in months.items():
            years[month.year] += amount
        return self.env["ir.qweb"]._render(
            "xpyme_contacts.sales_overview",
            {
                "card": self,
                "bars": [
                    {
                        "name": format_date(self.env, month, date_format="LLL"),
                        "amount": months.get(month, 0.0),
                        "percent": round(100 * max(months.get(month, 0.0), 0) / highest)
                        if highest > 0
                        else 0,
                    }
                    for month in shown
                ],
                "years": sorted(years.items(), reverse=True),
                "money": self._format_sales_amount,
            },
        )

    def _format_sales_amount(self, amount):
        return self.env.company.currency_id.format(amount)

    def _get_sales_sources(self):
        """What a sale to ``self`` is, for all of its figures; an addon adds its own.

        :return: list of SQL with the columns customer_id, amount (without tax, in the
            company's currency), date and is_sale (no credit note)
        """
        # sudo: a salesperson without accounting rights sees the totals of a customer
        # that they may read, not the invoices behind them.
        moves = self.env["account.move"].sudo()
        moves.flush_model(["amount_untaxed_signed", "invoice_date", "move_type"])
        columns = SQL(
            "commercial_partner_id AS customer_id, amount_untaxed_signed AS amount,"
            " invoice_date AS date, move_type = 'out_invoice' AS is_sale"
        )
        return [moves._search(self._get_sales_domain()).select(columns)]

    def _get_sales_domain(self):
        """Domain of the sales to ``self``, on invoices and on their report."""
        return [
            ("commercial_partner_id", "in", self.commercial_partner_id._origin.ids),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("company_id", "=", self.env.company.id),
            ("state", "=", "posted"),
        ]

    def action_open_sales_graph(self):
        """The same, the graph first."""
        action = self.action_open_customer_sales()
        views = sorted(action["views"], key=lambda view: view[1] != "graph")
        return {**action, "views": views}

    def action_open_customer_sales(self):
        """The customer's sales by month, as a table and as a graph."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts.xpyme_customer_sales_action"
        )
        title = self.env._("Sales to %s", self.commercial_partner_id.name)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": self._get_sales_domain(),
        }
