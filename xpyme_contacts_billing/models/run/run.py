from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools.plan import Plan
from .item import (
    CANCELLED as LEFT_CANCELLED,
)
from .item import DONE as MADE_AND_DONE
from .item import FAILED, MADE, PENDING, SKIPPED, UNDO

DRAFT, PREPARED, RUNNING = "draft", "prepared", "running"
PAUSED, DONE, CANCELLED = "paused", "done", "cancelled"
# How many orders, or drafts to undo, are worked on in the request.
INLINE = 200
RUNNER = "xpyme_contacts_billing.group_billing_run"
# Written by the actions only.
_PROTECTED = {
    "state",
    "is_undoing",
    "prepared_by_id",
    "prepared_at",
    "started_by_id",
    "finished_at",
    "month_end_of",
}
# What the preview was made from: it stays as it was looked at.
_CONTENT = {
    "company_id",
    "invoice_date",
    "date_from",
    "date_to",
    "invoicing_group_ids",
    "customer_route_ids",
    "salesperson_ids",
    "partner_ids",
    "grouping_mode",
    "month_end",
}


class BillingRun(models.Model):
    """Invoices of many orders at once (seed 004: Facturar albaranes).

    Draft: a filter. Prepared: a list of what would be invoiced and of what is left
    out, and why. Running: the worker makes it, in the request or in the lanes.
    """

    _name = "xpyme.billing.run"
    _inherit = ["mail.thread", "xpyme.lane.job.mixin"]
    _description = "Billing Run"
    _technicians_only_read = True
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, tracking=True, default=lambda self: self._get_default_name()
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user
    )
    invoice_date = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_local_today(),
        help="Date of all the invoices.",
    )
    date_from = fields.Date(string="Orders from")
    date_to = fields.Date(
        string="Orders until",
        required=True,
        default=lambda self: self.env.company._get_local_today(),
        help="The day of an order, or of its delivery: what comes later waits for the "
        "next run.",
    )
    invoicing_group_ids = fields.Many2many("xpyme.invoicing.group", check_company=True)
    customer_route_ids = fields.Many2many("xpyme.customer.route", string="Routes")
    salesperson_ids = fields.Many2many(
        "res.users",
        "xpyme_billing_run_salesperson_rel",
        string="Representatives",
        help="Of the orders.",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", domain="[('is_customer_card', '=', True)]"
    )
    grouping_mode = fields.Selection(
        [
            ("group", "Group"),
            ("per_delivery", "One per delivery note"),
            ("none", "Not agreed"),
        ],
        string="Way of invoicing",
        help="Only customers who agreed to it.",
    )
    month_end = fields.Selection(
        [
            ("agreed", "As agreed"),
            ("only", "Only them, as agreed"),
            ("now", "Invoice them now too"),
        ],
        string="Customers of month end",
        required=True,
        default="agreed",
        help="As agreed: on the last day of a month only, by the date of the invoices.",
    )
    action_after = fields.Selection(
        [
            ("draft", "Leave them as drafts"),
            ("post", "Confirm them"),
            ("send", "Confirm and send them"),
        ],
        string="What to do with the invoices",
        required=True,
        default="draft",
    )
    state = fields.Selection(
        [
            (DRAFT, "Draft"),
            (PREPARED, "Prepared"),
            (RUNNING, "Invoicing"),
            (PAUSED, "Paused"),
            (DONE, "Finished"),
            (CANCELLED, "Cancelled"),
        ],
        default=DRAFT,
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    is_undoing = fields.Boolean(readonly=True, copy=False)
    item_ids = fields.One2many(
        "xpyme.billing.run.item", "run_id", string="Invoices to make", readonly=True
    )
    prepared_by_id = fields.Many2one(
        "res.users",
        string="Prepared by",
        readonly=True,
        copy=False,
        help="The run holds the orders that they may see.",
    )
    prepared_at = fields.Datetime(string="Prepared on", readonly=True, copy=False)
    started_by_id = fields.Many2one(
        "res.users", string="Started by", readonly=True, copy=False
    )
    finished_at = fields.Datetime(string="Finished on", readonly=True, copy=False)
    month_end_of = fields.Date(string="Month end", readonly=True, copy=False)
    may_change = fields.Boolean(
        compute="_compute_may_change",
        export_string_translation=False,
        exportable=False,
        help="Whether the user may change the run: its buttons are shown.",
    )

    _month_end_uniq = models.UniqueIndex(
        "(company_id, month_end_of) WHERE month_end_of IS NOT NULL",
        "The month-end run of this month has been made already.",
    )

    @api.model
    def _get_default_name(self):
        today = format_date(self.env, self.env.company._get_local_today())
        return self.env._("Billing of %s", today)

    @api.depends("prepared_by_id", "started_by_id")
    @api.depends_context("uid")
    def _compute_may_change(self):
        changeable = self._filtered_access("write")
        for run in self:
            run.may_change = run in changeable

    # === ORM ===#

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            defaults = {f"default_{name}" for name in _PROTECTED}
            if defaults & self.env.context.keys():
                self._refuse_write()
            for vals in vals_list:
                self._check_vals_allowed(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_vals_allowed(vals)
            if _CONTENT & vals.keys():
                self._check_state(DRAFT)
            if "action_after" in vals:
                self._check_state(DRAFT, PREPARED)
        return super().write(vals)

    def unlink(self):
        # sudo: items are written by the actions only; see ``UncheckedLink``.
        items = self.sudo().item_ids
        result = super().unlink()
        items.unlink()
        return result

    @api.model
    def _check_vals_allowed(self, vals):
        """:raise AccessError: a program writes what only the buttons change"""
        if _PROTECTED & vals.keys():
            self._refuse_write()

    @api.model
    def _refuse_write(self):
        raise AccessError(
            self.env._("The state of a billing run is changed by its buttons only.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_at_work(self):
        """:raise UserError: the lanes are at it"""
        if any(run.state == RUNNING or run.is_undoing for run in self):
            raise UserError(
                self.env._("This run is at work. Pause it, or wait, to delete it.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_invoiced(self):
        """:raise UserError: invoices were made"""
        # sudo: a salesperson may not read all of the invoices.
        if self.env["account.move"].sudo().search_count(self._get_made(), limit=1):
            raise UserError(
                self.env._(
                    "This run has made invoices, and tells what became of each order. "
                    "Undo its drafts to delete it."
                )
            )

    # === WHO MAY, AND WHEN ===#

    def _is_in(self, states):
        return super()._is_in(states) and not self.is_undoing

    def _check_may_run(self):
        """:raise AccessError: the user makes no invoices of many customers at once"""
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group(RUNNER)):
            raise AccessError(
                self.env._(
                    "You can see what would be invoiced. Ask somebody with the right "
                    "Billing Runs to make the invoices."
                )
            )

    # === ACTIONS ===#

    def action_prepare(self):
        """List what would be invoiced, and what would not, and why."""
        self.check_access("write")
        self._check_state(DRAFT)
        for run in self:
            if not run._prepare():
                raise UserError(
                    self.env._(
                        "No order is in this run. Change its dates or its filter."
                    )
                )
        return True

    def action_draft(self):
        """Throw the list away, to change the filter."""
        self.check_access("write")
        self._check_state(PREPARED)
        if self.sudo().item_ids.move_ids:
            raise UserError(
                self.env._("Invoices of this run exist. Undo its drafts, or go on.")
            )
        # sudo: items and states are written by the actions only.
        self.sudo().item_ids.unlink()
        self.sudo().write({"state": DRAFT, "prepared_at": False})
        return True

    def action_run(self):
        """Make the invoices: at once if they are few, else in the lanes."""
        self._check_may_run()
        self._check_state(PREPARED, PAUSED)
        self._check_may_send()
        # sudo: see ``action_draft``.
        self.sudo().write({"state": RUNNING, "started_by_id": self.env.uid})
        self._work(PENDING, MADE)
        return True

    def action_pause(self):
        """The lanes stop after what they have at hand."""
        self._check_may_run()
        self._check_state(RUNNING)
        self.sudo().state = PAUSED
        return True

    def action_cancel(self):
        """Make no more invoices; those made stay."""
        self._check_may_run()
        self._check_state(PREPARED, RUNNING, PAUSED)
        self._get_items(PENDING).write({"state": SKIPPED, "reason": LEFT_CANCELLED})
        self.sudo().write({"state": CANCELLED, "finished_at": fields.Datetime.now()})
        return True

    def action_retry(self):
        """Try again what has failed; undoing may have left nothing else to do."""
        self._check_may_run()
        self._check_state(PREPARED, PAUSED, DONE)
        self._check_may_send()
        failed = self._get_items(FAILED)
        made = failed._get_valid_invoices().billing_run_item_id
        made.write({"state": MADE, "note": False})
        (failed - made).write({"state": PENDING, "note": False})
        self.sudo().write({"state": RUNNING, "finished_at": False})
        self._work(PENDING, MADE)
        return True

    def action_undo_drafts(self):
        """Delete the drafts of these runs; what is confirmed stays."""
        self._check_may_run()
        self._check_state(PREPARED, PAUSED, DONE, CANCELLED)
        domain = [*self._get_made(), ("state", "=", "draft")]
        # sudo: states are written by the actions only.
        drafts = self.env["account.move"].sudo().search(domain)
        items = drafts.billing_run_item_id.filtered(
            lambda item: item.state in (MADE, MADE_AND_DONE, FAILED)
        )
        items.write({"state": UNDO, "note": False})
        self.sudo().write({"state": PREPARED, "is_undoing": True, "finished_at": False})
        self._work(UNDO)
        return True

    def _lead(self, orders, items=()):
        """The orders, told by the context what is invoiced of them, and for which of
        the run's items."""
        listed = {order.id: item.id for item in items for order in item.order_ids}
        plan = Plan(listed, self.invoice_date, self.date_to)
        return orders.with_context(**plan.as_context())

    def _get_items(self, state):
        # sudo: items are written by the actions only.
        items = self.env["xpyme.billing.run.item"].sudo()
        return items.search([("run_id", "in", self.ids), ("state", "=", state)])

    def _work(self, *states):
        """Have the items of ``states`` worked on, here or in the lanes."""
        worker = self.env["xpyme.billing.worker"]
        for run in self:
            if run._count_orders(states) <= INLINE:
                worker._work_inline(run)
        if any(run.state == RUNNING or run.is_undoing for run in self):
            self._begin_here()
            worker._wake_lanes()

    def _prepare_stop_vals(self):
        return {**super()._prepare_stop_vals(), "is_undoing": False}

    def _count_orders(self, states):
        items = self.env["xpyme.billing.run.item"].sudo()
        domain = [("run_id", "=", self.id), ("state", "in", states)]
        return items._read_group(domain, [], ["order_count:sum"])[0][0] or 0
