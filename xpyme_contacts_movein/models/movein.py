import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools.inner import heard

from ..tools.targets import KINDS
from .row import CREATE, FAILED, LEFT, PENDING, UNDO
from .row import DONE as ROW_DONE

DRAFT, JUDGED, RUNNING = "draft", "judged", "running"
PAUSED, DONE, UNDONE = "paused", "done", "undone"
DEFAULT_SOURCE = "other"
# How many rows are worked on in the request.
INLINE = 200
MOVER = "xpyme_contacts_movein.group_movein"
# Written by the actions only.
_PROTECTED = {
    *("state", "is_undoing", "judged_at", "moved_before", "started_by_id"),
    "finished_at",
}
# What rows are read by: changing it asks for a new judgement.
_CONTENT = {"source", "kind", "file", "part", "codes", "company_id", "is_company_only"}
# What is decided of rows that have been read.
_DECISIONS = {"duplicates", "nears"}


class Movein(models.Model):
    """A file of the old program on its way in.

    Draft: the file, and what its columns are. Judged: each row says what it would be.
    Running: the worker does what is to be done, in the request or in the lanes. Done:
    it can be undone, as far as nobody has used it since. From wherever it rests it can
    be looked at again: what has moved in stays, the rest is read and judged anew.
    """

    _name = "xpyme.movein"
    _inherit = ["mail.thread", "xpyme.lane.job.mixin"]
    _description = "File to Move In"
    _technicians_only_read = True
    _order = "id desc"

    name = fields.Char(
        required=True, tracking=True, default=lambda self: self.env._("Moving in")
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user
    )
    source = fields.Char(
        string="Program",
        required=True,
        default=DEFAULT_SOURCE,
        help="A short word for the old program. A file of the same program knows again "
        "whom an earlier one has brought in: keep the word.",
    )
    kind = fields.Selection(
        selection="_get_kinds",
        string="What it holds",
        required=True,
        default="customers",
    )
    file = fields.Binary(
        attachment=True,
        help="Text (csv), spreadsheet (xlsx, xls, ods), dBase (dbf), XML, or a zip of "
        "one of them.",
    )
    file_name = fields.Char()
    part = fields.Char(
        string="Table",
        help="Which table of the file, where it has several: a sheet, a file in a zip.",
    )
    parts = fields.Json(readonly=True, help="Names of the tables of the file.")
    has_parts = fields.Boolean(compute="_compute_has_parts")
    layout_id = fields.Many2one(
        "xpyme.movein.layout", string="Layout", readonly=True, ondelete="set null"
    )
    column_ids = fields.One2many("xpyme.movein.column", "movein_id", string="Columns")
    row_ids = fields.One2many(
        "xpyme.movein.row", "movein_id", string="Rows", readonly=True
    )
    codes = fields.Selection(
        [("keep", "Keep the codes"), ("new", "Give new codes")],
        string="Codes of customers",
        required=True,
        default="keep",
        help="Keep: the program's codes are the customers' codes here. Give new: the "
        "first free ones; the old code becomes an alternative code, by which the "
        "customer is found too.",
    )
    duplicates = fields.Selection(
        [
            ("leave", "Leave them out, to look at"),
            ("update", "Complete the card that is there"),
            ("card", "Bring them in with a card of their own"),
        ],
        string="Same tax ID as a customer",
        required=True,
        default="leave",
    )
    nears = fields.Selection(
        [
            ("leave", "Leave them out, to look at"),
            ("card", "Bring them in with a card of their own"),
        ],
        string="Almost the same name",
        required=True,
        default="leave",
        help="In the same postal code.",
    )
    is_company_only = fields.Boolean(
        string="For this company only",
        help="The customers are seen in this company only. Without it, in all of them.",
    )
    state = fields.Selection(
        [
            (DRAFT, "File"),
            (JUDGED, "Looked at"),
            (RUNNING, "Moving in"),
            (PAUSED, "Paused"),
            (DONE, "Moved in"),
            (UNDONE, "Undone"),
        ],
        default=DRAFT,
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    is_undoing = fields.Boolean(readonly=True, copy=False)
    judged_at = fields.Datetime(string="Looked at on", readonly=True, copy=False)
    moved_before = fields.Integer(
        readonly=True, copy=False, help="Rows of other files that it was judged by."
    )
    started_by_id = fields.Many2one(
        "res.users", string="Moved in by", readonly=True, copy=False
    )
    finished_at = fields.Datetime(string="Finished on", readonly=True, copy=False)

    _running_uniq = models.UniqueIndex(
        "(company_id, source, kind) WHERE state = 'running'",
        "Another file of this program is just moving in. Wait until it has finished, "
        "then look at this one again.",
    )

    @api.depends("parts")
    def _compute_has_parts(self):
        for job in self:
            job.has_parts = len(job.parts or ()) > 1

    @api.model
    def _get_kinds(self):
        """The kinds of files that can move in here; addons may lack for some."""
        labels = self._get_kind_labels()
        return [(kind, labels[kind]) for kind in KINDS if self._has_kind(kind)]

    @api.model
    def _get_kind_labels(self):
        return {
            "customers": self.env._("Customers"),
            "contacts": self.env._("Contacts of customers"),
            "addresses": self.env._("Addresses of customers"),
            "prices": self.env._("Special prices"),
            "family_discounts": self.env._("Discounts on families"),
            "leaves": self.env._("Leaves of customers"),
        }

    @api.model
    def _has_kind(self, kind):
        """Whether what a file of this kind holds can be stored."""
        return self._get_kind_model(kind) in self.env

    @api.model
    def _get_kind_model(self, kind):
        return {
            "prices": "xpyme.customer.price",
            "family_discounts": "xpyme.customer.family.discount",
            "leaves": "xpyme.customer.leave",
        }.get(kind, "res.partner")

    # === ORM ===#

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_vals_allowed(vals)
            self._fold_source(vals)
            self._name_by_file(vals)
        jobs = super().create(vals_list)
        jobs.filtered("file")._read_columns()
        return jobs

    def write(self, vals):
        self._check_vals_allowed(vals)
        vals = self._fold_source(dict(vals))
        if (_CONTENT | _DECISIONS) & vals.keys() and not self.env.su:
            self._check_state(DRAFT, JUDGED)
        if _CONTENT & vals.keys() and not self.env.su:
            self._check_nobody_moved_in()
        result = super().write(vals)
        self._judge_again(vals.keys())
        is_read = heard(self.env.context, "xpyme_movein_read")
        if {"file", "part", "kind"} & vals.keys() and not is_read:
            self._read_columns()
        return result

    def _judge_again(self, names):
        """What a file was judged by has changed: so has the judgement."""
        for job in self.filtered(lambda job: job.state == JUDGED):
            if names & _DECISIONS:
                # sudo: rows are written by the actions only.
                job.sudo()._decide()
            if names & _CONTENT:
                job.action_draft()

    @api.model
    def _name_by_file(self, vals):
        """A file that nobody has named is called as it is; ``vals`` changes."""
        unnamed = self.default_get(["name"])["name"]
        if vals.get("file_name") and vals.get("name", unnamed) == unnamed:
            vals["name"] = vals["file_name"]

    @api.model
    def _fold_source(self, vals):
        """Programs are told apart by a plain word; ``vals`` changes."""
        if vals.get("source"):
            word = re.sub(r"[^a-z0-9]+", "_", vals["source"].lower()).strip("_")
            vals["source"] = word or DEFAULT_SOURCE
        return vals

    def _check_vals_allowed(self, vals):
        """
        :raise AccessError: a program writes what only the buttons change, or a company
            that the user does not work in
        """
        given = _PROTECTED & vals.keys()
        if not self:
            given = {name for name in given if vals[name] not in (False, DRAFT)}
        if given and not self.env.su:
            raise AccessError(
                self.env._("The state of a file is changed by its buttons only.")
            )
        company_id = vals.get("company_id")
        if (
            company_id
            and not self.env.su
            and company_id not in self.env.user.company_ids.ids
        ):
            raise AccessError(
                self.env._("Choose a company for the file in which you work.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_moved_in(self):
        """:raise UserError: rows have moved in"""
        if self._get_rows(ROW_DONE, UNDO, limit=1):
            raise UserError(
                self.env._(
                    "Customers have moved in with this file, and it knows what they "
                    "were. Undo it to delete it."
                )
            )

    # === WHO MAY, AND WHEN ===#

    def _is_in(self, states):
        return super()._is_in(states) and not self.is_undoing

    def _check_nobody_moved_in(self):
        """:raise UserError: the rows that have moved in would be of another file"""
        if self._get_rows(ROW_DONE, UNDO, limit=1):
            raise UserError(
                self.env._(
                    "Rows of this file have moved in. Only its columns can still be "
                    "changed: bring what differs in as a new file, or undo this one."
                )
            )

    def _check_may_move(self):
        """:raise AccessError: the user moves no files in"""
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group(MOVER)):
            raise AccessError(
                self.env._("Ask somebody with the right Moving In to do this.")
            )

    def _get_moved_query(self):
        """SQL of the number of rows that other files of the program brought in."""
        self.ensure_one()
        return SQL(
            """
            SELECT count(*) FROM xpyme_movein_row row
              JOIN xpyme_movein job ON job.id = row.movein_id
             WHERE job.source = %s AND job.kind = %s AND job.company_id = %s
               AND job.id <> %s AND row.state = %s
            """,
            *(self.source, self.kind, self.company_id.id, self.id, ROW_DONE),
        )

    def _get_met_query(self):
        """SQL of a new row whose tax id or code somebody has by now."""
        self.ensure_one()
        return SQL(
            """
            SELECT row.id FROM xpyme_movein_row row JOIN res_partner card
                ON card.is_customer_card AND (
                   card.vat_key = row.vat_key AND %s
                OR card.customer_code = row.code_number AND %s)
             WHERE row.movein_id = %s AND row.state = %s AND row.verdict = %s
               AND %s LIMIT 1
            """,
            self._get_seen_sql(SQL("card.company_id")),
            self._get_range_sql(SQL("card.company_id")),
            *(self.id, PENDING, CREATE, SQL("%s = %s", self.kind, "customers")),
        )

    def _check_fresh(self):
        """:raise UserError: a customer of the file came in since the judgement

        Asked through a fresh cursor: a session that waited for the other one goes on
        with what it saw before.
        """
        for job in self:
            with self.env.registry.cursor() as cr:
                cr.execute(job._get_moved_query())
                (moved,) = cr.fetchone()
                cr.execute(job._get_met_query())
                has_met = bool(cr.fetchone())
            if has_met or moved > job.moved_before:
                raise UserError(
                    self.env._(
                        "Customers of %s have been typed or have moved in since it was "
                        "looked at. Look at it again, to see what is left to do.",
                        job.name,
                    )
                )

    # === ACTIONS ===#

    def action_judge(self):
        """Say of each row what it would be, and write nothing else.

        The way back, too, of a file that was paused, has ended or was undone.
        """
        self._check_may_move()
        self._check_state(DRAFT, JUDGED, PAUSED, DONE, UNDONE)
        # sudo: rows and states are written by the actions only.
        for job in self.sudo():
            job._read_rows()
            job._judge()
            self.env["xpyme.movein.worker"]._try(job)
            (moved,) = self.env.execute_query(job._get_moved_query())[0]
            job.write(
                {
                    "state": JUDGED,
                    "judged_at": fields.Datetime.now(),
                    "finished_at": False,
                    "moved_before": moved,
                }
            )
        return True

    def action_draft(self):
        """Back to the file and its columns."""
        self._check_may_move()
        self._check_state(JUDGED)
        self._drop_rows()
        # sudo: see ``action_judge``.
        self.sudo().write({"state": DRAFT, "judged_at": False})
        return True

    def _drop_rows(self):
        """Forget a judgement; what has moved in stays, to be undone some day.

        So does a row that knows that somebody has been forgotten.
        """
        rows = self.env["xpyme.movein.row"]
        rows.flush_model()
        query = SQL(
            "DELETE FROM xpyme_movein_row WHERE movein_id = ANY(%s)"
            " AND (state IS NULL OR state NOT IN %s) AND is_forgotten IS NOT TRUE",
            *(self.ids, (ROW_DONE, UNDO)),
        )
        self.env.cr.execute(query)
        rows.invalidate_model()
        self.invalidate_recordset(["row_ids"])

    def action_run(self):
        """Bring the rows in: at once if they are few, else in the lanes."""
        self._check_may_move()
        self._check_state(JUDGED, PAUSED)
        # sudo: see ``action_judge``.
        self.sudo().write({"state": RUNNING, "started_by_id": self.env.uid})
        # From here on no other file of the program moves in.
        self.flush_recordset()
        self._check_fresh()
        for job in self.sudo():
            job._make_named()
            job._reserve_codes()
        self._work(PENDING)
        return True

    def action_pause(self):
        """The lanes stop after what they have at hand."""
        self._check_may_move()
        self._check_state(RUNNING)
        self.sudo().state = PAUSED
        return True

    def action_finish(self):
        """What has not moved in yet stays out."""
        self._check_may_move()
        self._check_state(JUDGED, PAUSED)
        self._get_rows(PENDING).write({"state": LEFT})
        self.sudo().write({"state": DONE, "finished_at": fields.Datetime.now()})
        return True

    def action_retry(self):
        """Try again what has failed."""
        self._check_may_move()
        self._check_state(PAUSED, DONE)
        self._get_rows(FAILED).write({"state": PENDING, "reason": False})
        for job in self.sudo():
            job._reserve_codes()
        self.sudo().write({"state": RUNNING, "finished_at": False})
        self._work(PENDING)
        return True

    def action_undo(self):
        """Take back what moved in and nobody has used since; the rest is listed."""
        self._check_may_move()
        self._check_state(JUDGED, PAUSED, DONE)
        self._get_rows(PENDING).write({"state": LEFT})
        self._get_rows(ROW_DONE).write({"state": UNDO, "reason": False})
        self.sudo().write({"is_undoing": True, "finished_at": False})
        self._work(UNDO)
        return True

    def _get_rows(self, *states, limit=None):
        # sudo: rows are written by the actions only.
        rows = self.env["xpyme.movein.row"].sudo()
        domain = [("movein_id", "in", self.ids), ("state", "in", states)]
        return rows.search(domain, limit=limit)

    def _work(self, state):
        """Have the rows in ``state`` worked on, here or in the lanes."""
        worker = self.env["xpyme.movein.worker"]
        for job in self:
            domain = [("movein_id", "=", job.id), ("state", "=", state)]
            if self.env["xpyme.movein.row"].search_count(domain) <= INLINE:
                worker._work_inline(job)
        if any(job.state == RUNNING or job.is_undoing for job in self):
            self._begin_here()
            worker._wake_lanes()

    def _prepare_stop_vals(self):
        return {**super()._prepare_stop_vals(), "is_undoing": False}
