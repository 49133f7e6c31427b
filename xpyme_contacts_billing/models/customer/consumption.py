from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """What a customer bought this month, beside what they agreed to buy (seed 004,
    Factura: Consumo Mínimo)."""

    _inherit = "res.partner"

    consumption_note = fields.Char(
        string="Sales of this Month",
        compute="_compute_consumption_note",
        groups="sales_team.group_sale_salesman,account.group_account_invoice,"
        "account.group_account_readonly",
    )

    @api.depends("minimum_consumption")
    @api.depends_context("company", "lang")
    def _compute_consumption_note(self):
        agreed = self.filtered(lambda partner: partner.minimum_consumption > 0)
        (self - agreed).consumption_note = False
        today = fields.Date.context_today(self)
        sales = agreed._read_sales_between(today.replace(day=1), today)
        for partner in agreed:
            sold = sales.get(partner.commercial_partner_id._origin.id, 0.0)
            partner.consumption_note = partner._get_consumption_sentence(sold)

    def _get_consumption_sentence(self, sold):
        """:param sold: this month's sales, as of ``_read_sales_between``"""
        self.ensure_one()
        currency = self.env.company.currency_id
        missing = currency.round(self.minimum_consumption - sold)
        if missing > 0:
            return self.env._(
                "%(sold)s, %(missing)s less than agreed",
                sold=currency.format(sold),
                missing=currency.format(missing),
            )
        return self.env._(
            "%(sold)s, what was agreed is reached", sold=currency.format(sold)
        )

    def _read_sales_between(self, first, last):
        """``{customer id: sales}`` from the first day to the last, without tax, in the
        company's currency.

        One statement, whatever the number of customers.
        """
        customers = self.commercial_partner_id._origin
        if not customers:
            return {}
        query = SQL(
            """
            SELECT customer_id, SUM(amount)
              FROM (%s) AS source
             WHERE customer_id IN %s AND company_id = %s AND date BETWEEN %s AND %s
             GROUP BY customer_id
            """,
            SQL(" UNION ALL ").join(self._get_sales_sources().values()),
            customers._ids,
            self.env.company.id,
            first,
            last,
        )
        return dict(self.env.execute_query(query))
