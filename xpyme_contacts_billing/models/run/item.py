from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What becomes of an item.
PENDING, MADE, DONE = "pending", "made", "done"
NOTHING, SKIPPED, FAILED, UNDO = "nothing", "skipped", "failed", "undo"
STATES = (PENDING, MADE, DONE, NOTHING, SKIPPED, FAILED, UNDO)
# Why it is left out.
MONTH_END, BY_HAND, CANCELLED = "month_end", "by_hand", "cancelled"
NOT_DELIVERED, NO_RATE = "not_delivered", "no_rate"
NEEDS_PERSON, GONE = "needs_person", "gone"
# What a person may take in all the same.
_OPTIONAL = (MONTH_END, BY_HAND)


class UncheckedLink(fields.Many2one):
    """A link that the database does not check.

    Of a list of thirty thousand invoices each link that it checks, row by row, takes an
    eighth of the time. Left out are those that cannot break: whoever prepares a run
    holds it, and deleting it deletes its list; a currency is held by the orders.
    """

    def update_db_foreign_key(self, model, column):
        """Add none."""


class BillingRunItem(models.Model):
    """An invoice that a run is to make, or orders that it leaves out, and why."""

    _name = "xpyme.billing.run.item"
    _description = "Billing Run Item"
    _technicians_only_read = True
    _order = "id"
    _rec_name = "partner_id"
    # Whoever prepares a run is told on it; and those are links to be checked, too.
    _log_access = False

    run_id = UncheckedLink("xpyme.billing.run", required=True, readonly=True)
    run_state = fields.Selection(related="run_id.state", string="State of the run")
    company_id = fields.Many2one(related="run_id.company_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index=True
    )
    currency_id = UncheckedLink("res.currency", readonly=True)
    journal_id = fields.Many2one("account.journal", string="Series", readonly=True)
    mode = fields.Selection(
        [("group", "Group"), ("per_delivery", "One per delivery note")],
        string="Way of invoicing",
        readonly=True,
    )
    month = fields.Date(
        string="Month of delivery",
        readonly=True,
        help="Its first day, where the months are invoiced apart.",
    )
    order_list = fields.Json(
        readonly=True, help="Ids of the orders, in the order of their dates."
    )
    order_ids = fields.Many2many(
        "sale.order",
        string="Orders",
        compute="_compute_order_ids",
        search="_search_order_ids",
    )
    order_count = fields.Integer(string="Orders to invoice", readonly=True)
    date_from = fields.Date(string="First order", readonly=True)
    date_to = fields.Date(string="Last order", readonly=True)
    amount = fields.Monetary(
        string="To invoice, without tax", readonly=True, aggregator="sum"
    )
    invoice_count = fields.Integer(
        string="Planned invoices",
        readonly=True,
        default=1,
        aggregator="sum",
        help="How many were to become of it when the run was prepared.",
    )
    minimum_consumption = fields.Float(
        related="partner_id.minimum_consumption", string="Minimum agreed"
    )
    month_sales = fields.Monetary(
        string="Sales of the month",
        compute="_compute_month_sales",
        currency_field="company_currency_id",
        help="What the customer has been invoiced in the month of the run, without "
        "tax.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the company"
    )
    state = fields.Selection(
        [
            (PENDING, "To invoice"),
            (MADE, "To confirm"),
            (DONE, "Invoiced"),
            (NOTHING, "Nothing left"),
            (SKIPPED, "Left out"),
            (FAILED, "Failed"),
            (UNDO, "To undo"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        [
            (NOT_DELIVERED, "Nothing has been delivered that is not invoiced"),
            (MONTH_END, "Is invoiced on the last day of the month"),
            (NEEDS_PERSON, "Takes back more than it invoices: needs a person"),
            (NO_RATE, "There is no exchange rate for its currency"),
            (BY_HAND, "Left out by hand"),
            (CANCELLED, "The run was cancelled"),
            (GONE, "Somebody else has invoiced it"),
        ],
        readonly=True,
    )
    note = fields.Char(string="Problem", readonly=True)
    move_ids = fields.One2many(
        "account.move", "billing_run_item_id", string="Invoices", readonly=True
    )
    retry_at = fields.Datetime(readonly=True)

    _state_idx = models.Index("(run_id, state, id)")

    @api.depends("order_list")
    def _compute_order_ids(self):
        ids = {order_id for item in self for order_id in item.order_list or ()}
        found = set(self.env["sale.order"].browse(ids).exists()._ids)
        for item in self:
            item.order_ids = [id_ for id_ in item.order_list or () if id_ in found]

    @api.model
    def _search_order_ids(self, operator, value):
        orders = self.env["sale.order"]._search([("id", operator, value)])
        listed = SQL(
            "(SELECT item.id FROM xpyme_billing_run_item item,"
            " jsonb_array_elements_text(item.order_list) AS listed"
            " WHERE listed::int IN %s)",
            orders.subselect(),
        )
        return [("id", "in", listed)]

    @api.depends("partner_id", "run_id.invoice_date")
    def _compute_month_sales(self):
        for run, items in self.grouped("run_id").items():
            sales = run._read_month_sales(items.partner_id)
            for item in items:
                item.month_sales = sales.get(item.partner_id.id, 0.0)

    # === ACTIONS ===#

    def action_leave_out(self):
        """Do not make this invoice."""
        self._check_may_choose(PENDING)
        # sudo: items are written by the actions only.
        self.sudo().write({"state": SKIPPED, "reason": BY_HAND})
        return True

    def action_take_in(self):
        """Make it all the same, unless something else is missing."""
        optional = self.filtered(lambda item: item.reason in _OPTIONAL)
        if self - optional:
            raise UserError(
                self.env._(
                    "This cannot be invoiced as it is. The list says what is missing."
                )
            )
        self._check_may_choose(SKIPPED)
        for run, items in self.grouped("run_id").items():
            run._list_taken_in(items)
        return True

    def _check_may_choose(self, state):
        """:raise UserError: the run is at work, or an item has not this state"""
        self.run_id._check_may_run()
        self.run_id._check_state("prepared", "paused")
        if any(item.state != state for item in self):
            raise UserError(
                self.env._("This has changed meanwhile. Reload the page to see it.")
            )

    def action_open_invoices(self):
        """The invoice that became of it."""
        self.ensure_one()
        return self.run_id._open_invoices(self.move_ids)

    def action_open_orders(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of %s", self.partner_id.name),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", self.order_list)],
        }
