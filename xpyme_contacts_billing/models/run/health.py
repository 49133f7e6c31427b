from collections import Counter, defaultdict

from odoo import fields, models
from odoo.tools.date_utils import end_of

from .item import DONE, FAILED, MADE, NOTHING, PENDING, SKIPPED, STATES, UNDO
from .run import CANCELLED, DRAFT, PREPARED


class BillingRun(models.Model):
    """How a run is getting on, counted when somebody looks."""

    _inherit = "xpyme.billing.run"

    pending_count = fields.Integer(string="To make", compute="_compute_health")
    made_count = fields.Integer(string="To confirm", compute="_compute_health")
    done_count = fields.Integer(string="Invoiced", compute="_compute_health")
    nothing_count = fields.Integer(string="Nothing left", compute="_compute_health")
    skipped_count = fields.Integer(string="Left out", compute="_compute_health")
    failed_count = fields.Integer(string="Failed", compute="_compute_health")
    undo_count = fields.Integer(string="To undo", compute="_compute_health")
    progress = fields.Float(compute="_compute_health")
    is_complete = fields.Boolean(
        compute="_compute_health", help="Nothing is being undone."
    )
    health = fields.Char(compute="_compute_health")

    def _compute_health(self):
        rows = self.env["xpyme.billing.run.item"]._read_group(
            [("run_id", "in", self._origin.ids)],
            ["run_id", "state", "currency_id"],
            ["__count", "amount:sum", "invoice_count:sum"],
        )
        counts, planned, amounts = Counter(), Counter(), defaultdict(list)
        for run, state, currency, count, amount, invoices in rows:
            counts[run.id, state] += count
            if state == PENDING:
                planned[run.id] += invoices
                amounts[run.id].append(currency.format(amount))
        for run in self:
            row = {state: counts[run._origin.id, state] for state in STATES}
            for state, count in row.items():
                run[f"{state}_count"] = count
            listed = sum(row.values()) - row[SKIPPED]
            left = row[PENDING] + row[MADE] + row[UNDO]
            run.progress = 100.0 * (listed - left) / listed if listed else 0.0
            run.is_complete = not run.is_undoing
            row[PENDING] = planned[run._origin.id]
            run.health = run._get_health_line(row, amounts[run._origin.id])

    def _get_health_line(self, row, amounts):
        """One line for a person, while there is something to tell.

        :param row: items by state; of what waits, the invoices
        :param amounts: of what waits, without tax, one text for each currency
        """
        self.ensure_one()
        if not any(row.values()) or self.state in (DRAFT, CANCELLED):
            return False
        if self.is_undoing or row[UNDO]:
            return self.env._("Drafts still to be undone: %s.", row[UNDO])
        if self.state == PREPARED:
            return self.env._(
                "Invoices to make: %(pending)s, of %(amount)s without tax; "
                "left out: %(skipped)s.",
                pending=row[PENDING],
                amount=" + ".join(amounts) or self.company_id.currency_id.format(0),
                skipped=row[SKIPPED],
            )
        told = (
            (row[DONE] + row[MADE], self.env._("invoiced")),
            (row[PENDING], self.env._("waiting")),
            (row[FAILED], self.env._("failed")),
            (row[NOTHING], self.env._("with nothing left")),
            (row[SKIPPED], self.env._("left out")),
        )
        return self._tell_counts(told)

    def _read_month_sales(self, partners):
        """``{customer id: sales in the month of this run}``, in one statement."""
        self.ensure_one()
        if not self.invoice_date:
            return {}
        first = self.invoice_date.replace(day=1)
        return partners.with_company(self.company_id)._read_sales_between(
            first, end_of(first, "month")
        )

    # === RESULTS ===#

    def action_open_items(self):
        """The items behind a figure; the button's context names the states."""
        self.ensure_one()
        states = self.env.context.get("item_states")
        domain = [("run_id", "=", self.id)]
        if states:
            domain.append(("state", "in", states))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts_billing.xpyme_billing_run_item_action"
        )
        return {
            **action,
            "name": self.name,
            "domain": domain,
            "context": {"search_default_group_reason": states == [SKIPPED]},
        }

    def action_open_invoices(self):
        """The invoices that this run has made, to look at, print or send."""
        self.ensure_one()
        return self._open_invoices(self.env["account.move"].search(self._get_made()))

    def _get_made(self):
        return [("billing_run_item_id.run_id", "in", self.ids)]

    def _open_invoices(self, moves):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return {
            **action,
            "name": self.env._("Invoices of %s", self.name),
            "domain": [("id", "in", moves.ids)],
            "context": {"default_move_type": "out_invoice"},
        }
