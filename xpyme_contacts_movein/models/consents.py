from odoo import models

from .row import DONE

# Where a row keeps the event that it noted, to undo it.
CONSENT = "consent_id"


class Movein(models.Model):
    """What a file says of who agrees to offers, in the register of consents."""

    _inherit = "xpyme.movein"

    def _note_consents(self, rows, last):
        """Whoever a column of the file says it of has agreed to offers, or refused.

        A cell that says what it said before says nothing new: whoever has refused
        since has refused.

        :param last: of ``_read_last_vals``
        """
        events, told = [], []
        for row in rows.filtered(lambda row: row.state == DONE and row.vals):
            said, email = row.vals.get("advertising"), row.vals.get("email")
            before = (last.get(row.key) or {}).get("advertising")
            if said is None or said == before or not email:
                continue
            told.append(row)
            events.append(
                {
                    "email": email,
                    "partner_id": row.partner_id.id,
                    "company_id": self.company_id.id,
                    "kind": "granted" if said else "withdrawn",
                    "text": self.env._(
                        "Brought in from %(program)s: the file %(file)s says so in "
                        "line %(line)s.",
                        program=self.source,
                        file=self.file_name or self.name,
                        line=row.number,
                    ),
                }
            )
        noted = self.env["xpyme.offer.consent"].create(events)
        for row, event in zip(told, noted, strict=True):
            row.old_vals = {**(row.old_vals or {}), CONSENT: event.id}

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
