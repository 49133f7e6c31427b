from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.xpyme_contacts_billing.models.run.item import DONE, MADE, PENDING
from odoo.addons.xpyme_contacts_billing.models.run.run import DRAFT

_BY_NOTE = "per_delivery"


class BillingRunItem(models.Model):
    """An order of several notes is one item, and becomes several invoices."""

    _inherit = "xpyme.billing.run.item"

    note_count = fields.Integer(
        string="Delivery notes",
        compute="_compute_note_count",
        help="That are to be invoiced: each of them has an invoice of its own.",
    )

    def _compute_note_count(self):
        apart = self.filtered(
            lambda item: item.mode == _BY_NOTE and item.state == PENDING
        )
        ids = [order_id for item in apart for order_id in item.order_list or ()]
        counts = self.run_id._count_notes(SQL("SELECT unnest(%s)", ids)) if ids else {}
        for item in self:
            own = item.order_list if item in apart else ()
            item.note_count = sum(counts.get(order_id, 0) for order_id in own or ())


class BillingRun(models.Model):
    _inherit = "xpyme.billing.run"

    def _get_health_line(self, row, amount):
        """Invoices are told, of which an item may have several."""
        if self.state != DRAFT and any(row.values()):
            row = {
                **row,
                PENDING: row[PENDING] + self._count_further_notes(),
                DONE: row[DONE] + self._count_further_invoices(row),
            }
        return super()._get_health_line(row, amount)

    def _count_further_notes(self):
        """Notes to invoice, beyond the first of each order."""
        orders = SQL(
            """
            SELECT listed::int FROM xpyme_billing_run_item item,
                   jsonb_array_elements_text(item.order_list) AS listed
             WHERE item.run_id = %s AND item.state = %s AND item.mode = %s
            """,
            self._origin.id,
            PENDING,
            _BY_NOTE,
        )
        return sum(count - 1 for count in self._count_notes(orders).values())

    def _count_further_invoices(self, row):
        """Invoices that were made, beyond the first of each item."""
        # sudo: how many, for whoever may see the run.
        made = self.env["account.move"].sudo()
        domain = [
            *self._origin._get_made(),
            ("billing_run_item_id.state", "in", (MADE, DONE)),
        ]
        return max(made.search_count(domain) - row[MADE] - row[DONE], 0)
