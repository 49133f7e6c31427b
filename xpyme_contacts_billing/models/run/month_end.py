from odoo import api, models
from odoo.tools import SQL

from .item import BY_HAND, CANCELLED, PENDING, SKIPPED
from .run import DONE, RUNNING


class BillingRun(models.Model):
    """The run of the last day of a month (seed 004: Fin de mes).

    One for each company and month. While it is due it is gone on with: orders of the
    month that it has not made, nor a person kept out, are listed again.
    """

    _inherit = "xpyme.billing.run"

    @api.model
    def _run_month_end(self):
        """For each company whose month end is due (scheduled action, each hour)."""
        for company in self.env["res.company"].search([("id", "!=", False)]):
            if day := company._get_due_month_end():
                self.with_company(company)._make_month_end_run(company, day)
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _make_month_end_run(self, company, day):
        """The run of a company's last day, set to work; or none: nothing is to be made,
        or it is at work, or in the hands of a person."""
        domain = [("company_id", "=", company.id), ("month_end_of", "=", day)]
        run = self.search(domain, limit=1)
        if run and run.state != DONE:
            return self.browse()
        savepoint = self.env.cr.savepoint()
        if run:
            run._get_left_by_itself().unlink()
            run._list()
        else:
            run = self._create_month_end_run(company, day)
            run._prepare()
        has_work = bool(run._get_items(PENDING))
        # Nobody is told every hour that there is nothing to invoice.
        savepoint.close(rollback=not has_work)
        if not has_work:
            return self.browse()
        # The invoices are made in the lanes, however few.
        run.write({"state": RUNNING, "finished_at": False})
        self.env["xpyme.billing.worker"]._wake_lanes()
        return run

    def _get_left_by_itself(self):
        """What the run left out, and no person did."""
        left = self._get_items(SKIPPED)
        return left.filtered(lambda item: item.reason not in (BY_HAND, CANCELLED))

    def _get_filter_sql(self):
        """What a month end has listed already is not listed twice."""
        condition = super()._get_filter_sql()
        if not self.month_end_of:
            return condition
        return SQL(
            "%s AND sale.id NOT IN (SELECT jsonb_array_elements(order_list)::int"
            " FROM xpyme_billing_run_item WHERE run_id = %s)",
            condition,
            self.id,
        )

    @api.model
    def _create_month_end_run(self, company, day):
        lang = company.partner_id.lang or self.env.lang
        env = self.with_context(lang=lang).env
        month = env["ir.qweb.field.date"].value_to_html(day, {"format": "MMMM y"})
        return self.create(
            {
                "name": env._("Month end of %s", month),
                "company_id": company.id,
                "invoice_date": day,
                "date_to": day,
                "month_end": "only",
                "action_after": "post" if company.month_end_posts else "draft",
                "month_end_of": day,
            }
        )
