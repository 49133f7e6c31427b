from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

# Until when a month end that the machine slept through is made up for, in days.
_LATE_DAYS = 3
# On its last day, when the shop has shut.
_FROM_HOUR = 22


class ResCompany(models.Model):
    """How a company invoices its delivery notes, and when its months end."""

    _inherit = "res.company"

    invoice_months_apart = fields.Boolean(
        string="An Invoice for Each Month",
        compute="_compute_invoice_months_apart",
        store=True,
        readonly=False,
        help="What was delivered in two calendar months is not grouped in one invoice. "
        "Spain asks for it (RD 1619/2012, art. 13).",
    )
    month_end_posts = fields.Boolean(
        string="Confirm Month-End Invoices",
        help="The invoices that the last day of the month makes on its own are "
        "confirmed. Without it they wait as drafts.",
    )

    @api.depends("account_fiscal_country_id")
    def _compute_invoice_months_apart(self):
        for company in self:
            country = company.account_fiscal_country_id
            company.invoice_months_apart = country.code == "ES"

    # === DAYS ===#

    @api.model
    def _is_month_end(self, day):
        return (day + timedelta(days=1)).day == 1

    def _get_next_month_end(self):
        """The last day of the month that it is where the company is."""
        return self._get_local_today() + relativedelta(day=31)

    def _get_due_month_end(self):
        """The last day of a month whose month-end run is due by now, or None."""
        now = self._to_local_time(fields.Datetime.now())
        today = now.date()
        if self._is_month_end(today):
            return today if now.hour >= _FROM_HOUR else None
        last = today.replace(day=1) - relativedelta(days=1)
        return last if today.day <= _LATE_DAYS else None


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    invoice_months_apart = fields.Boolean(
        related="company_id.invoice_months_apart", readonly=False
    )
    month_end_posts = fields.Boolean(
        related="company_id.month_end_posts", readonly=False
    )
