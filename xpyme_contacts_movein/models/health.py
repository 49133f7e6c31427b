import base64
import csv
import io

from odoo import fields, models

from .movein import DRAFT, JUDGED
from .row import (
    CREATE,
    DONE,
    DUPLICATE,
    FAILED,
    LEFT,
    MIRROR,
    NEAR,
    PENDING,
    REJECT,
    SAME,
    STATES,
    UNDO,
    UNDONE,
    UPDATE,
)

# A program for tables would take these for a formula.
_FORMULAS = ("=", "+", "-", "@")


class Movein(models.Model):
    """How a file is getting on, and what is wrong in it."""

    _inherit = "xpyme.movein"

    pending_count = fields.Integer(string="To do", compute="_compute_health")
    done_count = fields.Integer(string="Rows done", compute="_compute_health")
    left_count = fields.Integer(string="Rows left out", compute="_compute_health")
    failed_count = fields.Integer(string="Rows failed", compute="_compute_health")
    rejected_count = fields.Integer(string="Rows rejected", compute="_compute_health")
    asked_count = fields.Integer(
        string="To decide",
        compute="_compute_health",
        help="Left out because they are like somebody who is there already.",
    )
    same_count = fields.Integer(string="The same", compute="_compute_health")
    progress = fields.Float(compute="_compute_health")
    health = fields.Char(compute="_compute_health")
    is_complete = fields.Boolean(
        compute="_compute_health", help="Nothing is being undone."
    )

    def _compute_health(self):
        rows = self.env["xpyme.movein.row"]._read_group(
            [("movein_id", "in", self._origin.ids)],
            ["movein_id", "state", "verdict"],
            ["__count"],
        )
        counts = {job.id: {} for job in self._origin}
        for job, state, verdict, count in rows:
            counts[job.id][state, verdict] = count
        for job in self:
            found = counts.get(job._origin.id, {})
            job._set_health(found)

    def _set_health(self, found):
        """
        :param found: ``{(state, verdict): number of rows}``
        """
        self.ensure_one()
        states = {
            state: sum(n for (s, _verdict), n in found.items() if s == state)
            for state in STATES
        }
        self.pending_count = states[PENDING]
        self.done_count = states[DONE] + states[UNDO]
        self.left_count = states[LEFT]
        self.failed_count = states[FAILED]
        self.rejected_count = found.get((LEFT, REJECT), 0)
        self.same_count = found.get((LEFT, SAME), 0)
        self.asked_count = sum(found.get((LEFT, v), 0) for v in (DUPLICATE, NEAR))
        waiting = states[UNDO] if self.is_undoing else states[PENDING]
        worked = states[UNDONE] if self.is_undoing else states[DONE] + states[FAILED]
        total = waiting + worked
        self.progress = 100.0 * worked / total if total else 0.0
        self.is_complete = not self.is_undoing
        self.health = self._get_health_line(found, states)

    def _get_health_line(self, found, states):
        """One line for a person, while there is something to tell."""
        if self.state == DRAFT or not any(states.values()):
            return False
        if self.is_undoing:
            return self.env._("%s rows are still to be undone.", states[UNDO])
        if self.state == JUDGED:
            waiting = {key: n for key, n in found.items() if key[0] in (PENDING, LEFT)}
            told = (
                (states[DONE], self.env._("moved in before")),
                *self._get_verdict_words(waiting),
            )
        else:
            told = (
                (states[DONE], self.env._("moved in")),
                (states[PENDING], self.env._("waiting")),
                (states[FAILED], self.env._("failed")),
                (states[LEFT], self.env._("left out")),
                (states[UNDONE], self.env._("undone")),
            )
        return self._tell_counts(told)

    def _get_verdict_words(self, found):
        def count(*verdicts):
            return sum(
                n for (_state, verdict), n in found.items() if verdict in verdicts
            )

        return (
            (count(CREATE), self.env._("new")),
            (count(MIRROR), self.env._("named like their customer")),
            (count(UPDATE), self.env._("changed")),
            (count(SAME), self.env._("the same as before")),
            (count(DUPLICATE), self.env._("with the tax ID of another")),
            (count(NEAR), self.env._("almost the same as another")),
            (count(REJECT), self.env._("rejected")),
        )

    # === RESULTS ===#

    def action_open_rows(self):
        """The rows behind a figure; the button's context names states or verdicts."""
        self.ensure_one()
        context = self.env.context
        domain = [("movein_id", "=", self.id)]
        if states := context.get("row_states"):
            domain.append(("state", "in", states))
        if verdicts := context.get("row_verdicts"):
            domain.append(("verdict", "in", verdicts))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xpyme_contacts_movein.xpyme_movein_row_action"
        )
        return {**action, "name": self.name, "domain": domain, "context": {}}

    def action_open_customers(self):
        """The customers that have moved in with this file."""
        self.ensure_one()
        done = self._get_rows(DONE).partner_id
        action = self.env["ir.actions.actions"]._for_xml_id(
            "xpyme_contacts.xpyme_customer_action"
        )
        domain = [("id", "in", done.commercial_partner_id.ids)]
        return {**action, "name": self.name, "domain": domain, "context": {}}

    def action_download_errors(self):
        """A file of what has not come in, to correct and load again.

        The columns are those of the file, with the reason after them.
        """
        self.ensure_one()
        self._check_may_move()
        columns = self.column_ids.sorted("position")
        written = io.StringIO()
        sheet = csv.writer(written, delimiter=";")
        sheet.writerow([*columns.mapped("heading"), self.env._("Reason")])
        for row in self._get_rows(LEFT, FAILED):
            if row.verdict != SAME and not row.is_forgotten:
                blank = [""] * (len(columns) - len(row.raw))
                cells = [*row.raw[: len(columns)], *blank, row.reason or ""]
                sheet.writerow([*map(self._guard, cells)])
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._("Rows left out of %s.csv", self.name),
                "res_model": self._name,
                "res_id": self.id,
                "mimetype": "text/csv",
                "datas": base64.b64encode(written.getvalue().encode("utf-8-sig")),
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=1",
            "target": "download",
        }

    def _guard(self, cell):
        return f"'{cell}" if cell.startswith(_FORMULAS) else cell
