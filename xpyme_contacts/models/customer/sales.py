from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.figure_search import get_figure_domain

# What was given for nothing is no purchase.
_IS_PURCHASE = SQL("is_sale AND amount > 0")
_LAST_SALE = SQL("MAX(date) FILTER (WHERE %s)", _IS_PURCHASE)


class ResPartner(models.Model):
    """What a customer has bought (seed 004: Acum; Ventas al cliente).

    One definition for all its figures: posted customer invoices and credit notes,
    without tax, in the currency of the company at work.
    """

    _inherit = "res.partner"

    total_sales = fields.Float(
        compute="_compute_customer_sales",
        search="_search_total_sales",
        help="Invoices less credit notes, without tax, in the company's currency.",
    )
    last_sale_date = fields.Date(
        string="Last Sale",
        compute="_compute_customer_sales",
        search="_search_last_sale_date",
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
        customers = self.commercial_partner_id._origin
        if not customers:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer_id, SUM(amount),
                       COALESCE(SUM(amount) FILTER (WHERE date > %s), 0),
                       %s
                  FROM (%s) AS source
                 WHERE customer_id IN %s AND company_id = %s
                 GROUP BY customer_id
                """,
                fields.Date.context_today(self) - relativedelta(years=1),
                _LAST_SALE,
                SQL(" UNION ALL ").join(self._get_sales_sources().values()),
                customers._ids,
                self.env.company.id,
            )
        )
        return {customer_id: figures for customer_id, *figures in rows}

    @api.model
    def _search_total_sales(self, operator, value):
        sums = self._get_sales_sql(SQL("SUM(amount)"), self.env.company)
        return get_figure_domain(self, "total_sales", operator, value, sums)

    @api.model
    def _search_last_sale_date(self, operator, value):
        dates = self._get_last_sales_sql(self.env.company)
        return get_figure_domain(self, "last_sale_date", operator, value, dates)

    @api.model
    def _get_last_sales_sql(self, company, ids=None):
        """SQL of rows of ``customer_id`` and ``date``, the day of their last purchase.

        :param ids: of the customers; without them of all
        """
        dates = SQL("%s AS date", _LAST_SALE)
        return self._get_sales_sql(dates, company, ids)

    @api.model
    def _get_has_bought_sql(self, customer, company):
        """SQL of whether a customer has ever bought.

        :param customer, company: SQL of their ids
        """
        return SQL(
            "EXISTS (SELECT FROM (%s) AS source WHERE customer_id = %s"
            " AND company_id = %s AND %s)",
            SQL(" UNION ALL ").join(self._get_sales_sources().values()),
            customer,
            company,
            _IS_PURCHASE,
        )

    @api.model
    def _get_sales_sql(self, figure, company, ids=None):
        return SQL(
            "SELECT customer_id, %s FROM (%s) AS source"
            " WHERE company_id = %s AND %s GROUP BY customer_id",
            figure,
            SQL(" UNION ALL ").join(self._get_sales_sources().values()),
            company.id,
            SQL("TRUE") if ids is None else SQL("customer_id = ANY(%s)", list(ids)),
        )

    @api.model
    def _get_sales_sources(self):
        """What a sale is, for all figures of sales; an addon adds its own.

        :return: ``{model of the documents: SQL}`` with the columns customer_id,
            company_id, document_id, name (the document's number), amount and
            amount_with_tax (in the company's currency), date and is_sale (no credit
            note)
        """
        # sudo: a salesperson without accounting rights sees the totals of a customer
        # that they may read, not the invoices behind them.
        moves = self.env["account.move"].sudo()
        domain = [
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("state", "=", "posted"),
        ]
        columns = SQL(
            "commercial_partner_id AS customer_id, company_id, id AS document_id, name,"
            " amount_untaxed_signed AS amount, amount_total_signed AS amount_with_tax,"
            " invoice_date AS date, move_type = 'out_invoice' AS is_sale",
            to_flush=[
                moves._fields[fname]
                for fname in (
                    *("commercial_partner_id", "company_id", "name", "invoice_date"),
                    *("amount_untaxed_signed", "amount_total_signed", "move_type"),
                )
            ],
        )
        return {"account.move": moves._search(domain).select(columns)}

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
            "domain": [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.env.company.id),
            ],
        }
