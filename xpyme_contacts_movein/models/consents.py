from odoo import api, models

from .row import DONE

# Where a row keeps the event that it noted, to undo it.
CONSENT = "consent_id"


class Movein(models.Model):
    """What a file says of who agrees to offers, in the register of consents."""

    _inherit = "xpyme.movein"

    def _note_consents(self, rows, last):
        """Whoever a column of the file says it of has agreed to offers, or refused.

        A cell that says what it said before says nothing new: whoever has refused
        since has refused. Nobody knows when a file's yes was said, so it undoes none.

        :param last: of ``_read_last_vals``
        """
        told = rows.filtered(lambda row: self._says_anew(row, last))
        register = self.env["xpyme.offer.consent"]
        boxes = {row.vals["email"] for row in told}
        refused = register._filter_said("withdrawn", boxes, self.company_id)
        for row in told:
            if row.vals["advertising"] and row.vals["email"] in refused:
                self._tell_refused(row)
                told -= row
        noted = register.create([self._prepare_consent_vals(row) for row in told])
        for row, event in zip(told, noted, strict=True):
            row.old_vals = {**(row.old_vals or {}), CONSENT: event.id}

    @api.model
    def _says_anew(self, row, last):
        if row.state != DONE or not row.vals or not row.vals.get("email"):
            return False
        said = row.vals.get("advertising")
        before = (last.get(row.key) or {}).get("advertising")
        return said is not None and said != before

    def _prepare_consent_vals(self, row):
        return {
            "email": row.vals["email"],
            "partner_id": row.partner_id.id,
            "company_id": self.company_id.id,
            "kind": "granted" if row.vals["advertising"] else "withdrawn",
            "text": self.env._(
                "Brought in from %(program)s: the file %(file)s says so in line "
                "%(line)s.",
                program=self.source,
                file=self.file_name or self.name,
                line=row.number,
            ),
        }

    def _tell_refused(self, row):
        told = self.env._(
            "%s has refused offers, and the file does not say since when it agrees: "
            "note it among the consents if it came later.",
            row.vals["email"],
        )
        row.note = " ".join(filter(None, (row.note, told)))

    def _withdraw_consents(self, rows):
        """Take back what rows that are undone said: the register only grows.

        Whoever has agreed or refused by themselves since is left as they are.
        """
        register = self.env["xpyme.offer.consent"]
        ids = [(row.old_vals or {}).get(CONSENT) for row in rows]
        noted = register.browse(filter(None, ids)).exists()
        granted = noted.filtered(lambda event: event.kind == "granted" and event.email)
        latest = {}
        for event in register.search(
            [("email_hash", "in", granted.mapped("email_hash"))]
        ):
            latest.setdefault((event.email_hash, event.company_id), event)
        register.create(
            [
                {
                    "email": event.email,
                    "partner_id": event.partner_id.id,
                    "company_id": event.company_id.id,
                    "kind": "withdrawn",
                    "text": self.env._(
                        "The file %s, which said so, has been undone.",
                        self.file_name or self.name,
                    ),
                }
                for event in granted
                if latest[event.email_hash, event.company_id] == event
            ]
        )
