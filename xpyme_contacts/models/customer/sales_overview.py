from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL, format_date


class ResPartner(models.Model):
    """*Acumulados* (seed 004) on the card: the last twelve months and the years."""

    _inherit = "res.partner"

    def get_sales_overview(self):
        """HTML with the months as bars and the years as a table.

        :raise AccessError: the user may not read the customer
        """
        self.ensure_one()
        self.check_access("read")
        months = self._read_sales_by_month()
        years = defaultdict(float)
        for month, amount in months.items():
            years[month.year] += amount
        return self.env["ir.qweb"]._render(
            "xpyme_contacts.sales_overview",
            {
                "card": self,
                "bars": self._get_sales_bars(months),
                "years": sorted(years.items(), reverse=True),
                "money": self.env.company.currency_id.format,
            },
        )

    def _read_sales_by_month(self):
        """``{first day of the month: amount}`` of the customer, without tax."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_trunc('month', date)::date, SUM(amount)
                  FROM (%s) AS source
                 WHERE customer_id = %s AND company_id = %s AND date IS NOT NULL
                 GROUP BY 1
                """,
                SQL(" UNION ALL ").join(self._get_sales_sources().values()),
                self.commercial_partner_id.id,
                self.env.company.id,
            )
        )
        return dict(rows)

    def _get_sales_bars(self, months):
        """The last twelve months: name, amount and height, in percent of the best."""
        first = fields.Date.context_today(self).replace(day=1)
        shown = [first - relativedelta(months=back) for back in range(11, -1, -1)]
        best = max(0.0, *(months.get(month, 0.0) for month in shown))
        return [
            {
                "name": format_date(self.env, month, date_format="LLL"),
                "amount": (amount := months.get(month, 0.0)),
                "percent": round(100 * max(amount, 0.0) / best) if best else 0,
            }
            for month in shown
        ]
