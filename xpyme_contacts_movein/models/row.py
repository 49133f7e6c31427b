from odoo import api, fields, models
from odoo.exceptions import UserError

# What a row is, as it was judged.
CREATE, UPDATE, SAME, DUPLICATE = "create", "update", "same", "duplicate"
NEAR, MIRROR, REJECT = "near", "mirror", "reject"
# What becomes of it.
PENDING, LEFT, DONE, FAILED, UNDO, UNDONE = (
    *("pending", "left", "done", "failed", "undo", "undone"),
)
STATES = (PENDING, LEFT, DONE, FAILED, UNDO, UNDONE)
# External ids of what has moved in are of this module, which no addon is.
MODULE = "xpyme_movein"


class MoveinRow(models.Model):
    """A row of a file: what it says, what it is judged to be, what became of it."""

    _name = "xpyme.movein.row"
    _description = "Row of a File to Move In"
    _technicians_only_read = True
    _order = "movein_id, number"
    _rec_name = "name"
    # A hundred thousand of them come in by one statement for each few thousand.
    _log_access = False

    movein_id = fields.Many2one(
        "xpyme.movein", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="movein_id.company_id")
    movein_state = fields.Selection(
        related="movein_id.state", string="State of the file"
    )
    number = fields.Integer(
        string="Line", readonly=True, aggregator=None, help="Line of the file."
    )
    # Large, and of use to few of those who read a row.
    raw = fields.Json(readonly=True, prefetch=False, help="What stands in its cells.")
    vals = fields.Json(
        readonly=True, prefetch=False, help="What it says, as it would be stored."
    )
    code = fields.Char(readonly=True, help="By which the row is known again.")
    key = fields.Char(readonly=True, help="External id of its record, without module.")
    owner_key = fields.Char(readonly=True, help="The same of its customer.")
    code_number = fields.Integer(readonly=True, aggregator=None)
    customer = fields.Char(
        string="Its customer", readonly=True, help="Code of the customer it belongs to."
    )
    name = fields.Char(readonly=True)
    vat_key = fields.Char(string="Tax ID", readonly=True)
    zip = fields.Char(string="Postal code", readonly=True)
    verdict = fields.Selection(
        [
            (CREATE, "New"),
            (UPDATE, "Changed"),
            (SAME, "The same"),
            (DUPLICATE, "Same tax ID"),
            (NEAR, "Almost the same"),
            (MIRROR, "Contact named like the customer"),
            (REJECT, "Rejected"),
        ],
        readonly=True,
    )
    reason = fields.Char(
        readonly=True, help="Why it is rejected or left out, and what to do about it."
    )
    note = fields.Char(
        readonly=True, help="What of the row is not taken over, though the row is."
    )
    is_chosen = fields.Boolean(
        readonly=True, help="A person has said that it comes in, or does not."
    )
    is_forgotten = fields.Boolean(
        readonly=True, help="Of a customer who has been forgotten: it says nothing."
    )
    state = fields.Selection(
        [
            (PENDING, "To do"),
            (LEFT, "Left out"),
            (DONE, "Done"),
            (FAILED, "Failed"),
            (UNDO, "To undo"),
            (UNDONE, "Undone"),
        ],
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Whom the row became or belongs to, or who is like it.",
    )
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    res_model = fields.Char(readonly=True)
    is_created = fields.Boolean(
        readonly=True, help="The record came into being with this row."
    )
    old_vals = fields.Json(
        readonly=True, help="What it changed, as it was before, to undo it."
    )
    made_at = fields.Datetime(
        readonly=True,
        help="When the record was made, or changed; later changes are a person's.",
    )
    undone_at = fields.Datetime(readonly=True)

    # A line stands there twice where it has moved in and says something else now.
    _number_idx = models.Index("(movein_id, number)")
    _state_idx = models.Index("(movein_id, state, id)")
    _key_idx = models.Index("(key, id)")
    _forgotten_idx = models.Index("(key) WHERE is_forgotten")
    _record_idx = models.Index("(res_model, res_id) WHERE res_id > 0")

    # === WHAT A PERSON DECIDES ===#

    def action_take_in(self):
        """These come in, although they are like somebody who is there already."""
        self._set_chosen(LEFT, PENDING)
        return True

    def action_leave_out(self):
        """These do not come in."""
        self._set_chosen(PENDING, LEFT)
        return True

    def _set_chosen(self, before, after):
        """:raise UserError: nothing is to be decided about one of the rows"""
        self.movein_id._check_may_move()
        self.movein_id._check_state("judged", "paused")
        closed = self.filtered(
            lambda row: row.state != before or row.verdict in (REJECT, SAME)
        )
        if closed:
            raise UserError(
                self.env._(
                    "Line %(line)s cannot be decided on: it is rejected, the same as "
                    "before, or decided already.",
                    line=closed[0].number,
                )
            )
        # sudo: rows are written by the actions only.
        self.sudo().write({"state": after, "is_chosen": True})

    def action_open_record(self):
        """What became of the row, or whom it is like."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    @api.depends("number", "name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.number}: {row.name or ''}"
