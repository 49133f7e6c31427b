from odoo import api, models
from odoo.exceptions import RedirectWarning


class AccountPaymentMethodLine(models.Model):
    """The account in which receipts wait until the bank pays them."""

    _inherit = "account.payment.method.line"

    def _get_remitting_line(self, journal):
        """The line that payments of a remittance to ``journal`` are made with."""
        self.ensure_one()
        if self.bank_account_link == "fixed":
            return self
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("journal_id", "=", journal.id),
                ("payment_method_id", "=", self.payment_method_id.id),
                ("bank_account_link", "=", "fixed"),
            ],
            limit=1,
        )

    def _get_remittance_accounts(self):
        """Ids in the chart of accounts of what may be proposed, the best one first."""
        return [
            "account_common_4312",
            "account_journal_payment_debit_account_id",
        ]

    def _propose_remittance_account(self):
        """The account to propose for receipts on their way; may be empty."""
        charts = self.env["account.chart.template"].with_company(self.company_id)
        for name in self._get_remittance_accounts():
            account = charts.ref(name, raise_if_not_found=False)
            if account and account.reconcile:
                return account
        return self.env["account.account"]

    def _check_remittance_account(self, journal):
        """:raise RedirectWarning: only the first instalment of an invoice would ever
        be debited: without an account the whole invoice counts as being paid"""
        line = self._get_remitting_line(journal)
        if line.payment_account_id:
            return
        line = line or self
        raise RedirectWarning(
            self.env._(
                "“%s” has no account for receipts on their way to the bank, so of an "
                "invoice in instalments only the first would ever be debited. Choose "
                "its outstanding receipts account.",
                line.display_name,
            ),
            {
                "type": "ir.actions.act_window",
                "res_model": line._name,
                "res_id": line.id,
                "views": [(False, "form")],
                "target": "new",
            },
            self.env._("Choose the account"),
        )


class AccountJournal(models.Model):
    """A series that is made later is remitted as those that were there."""

    _inherit = "account.journal"

    @api.model_create_multi
    def create(self, vals_list):
        journals = super().create(vals_list)
        series = journals.filtered(lambda journal: journal.type == "sale")
        for theirs in series.grouped("company_id").values():
            theirs._join_payment_methods()
        return journals

    def _join_payment_methods(self):
        """Join the methods of direct debits that take all other series of the company,
        for OCA fills in their journals once."""
        company = self.company_id.ids
        series = [("type", "=", "sale"), ("company_id", "in", company)]
        others = self.search([*series, ("id", "not in", self.ids)])
        lines = self.env["account.payment.method.line"].search(
            [
                ("payment_order_ok", "=", True),
                ("payment_type", "=", "inbound"),
                ("company_id", "in", company),
                ("default_journal_ids", "!=", False),
            ]
        )
        for line in lines:
            if others <= line.default_journal_ids:
                line.default_journal_ids |= self
