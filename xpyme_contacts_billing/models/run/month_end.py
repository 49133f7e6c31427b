from odoo import api, models

from .run import RUNNING


class BillingRun(models.Model):
    """The run of the last day of a month (seed 004: Fin de mes)."""

    _inherit = "xpyme.billing.run"

    @api.model
    def _run_month_end(self):
        """Once for each company and month (scheduled action)."""
        for company in self.env["res.company"].search([("id", "!=", False)]):
            if day := company._get_due_month_end():
                self.with_company(company)._make_month_end_run(company, day)
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _make_month_end_run(self, company, day):
        """The run of a company's last day, or none: it was made, or nobody is due."""
        if self.search_count(
            [("company_id", "=", company.id), ("month_end_of", "=", day)], limit=1
        ):
            return self.browse()
        savepoint = self.env.cr.savepoint()
        run = self._create_month_end_run(company, day)
        has_orders = run._prepare()
        # Nobody is told every hour that there is nothing to invoice.
        savepoint.close(rollback=not has_orders)
        if not has_orders:
            return self.browse()
        # The invoices are made in the lanes, however few.
        run.state = RUNNING
        self.env["xpyme.billing.worker"]._wake_lanes()
        return run

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
