from odoo import SUPERUSER_ID, models

# A note or a letter that a person wrote, and not what Odoo tells of a change.
_WRITTEN = ("comment", "email", "email_outgoing")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _is_worked_on(self):
        """Whether somebody has changed it since it was made, or wrote a note on it.

        Who confirmed it gave it a number, and deleting it would leave a gap. The lanes
        write as the superuser; in a request all that a run writes has one date.
        """
        self.ensure_one()
        return (
            self.posted_before
            or any(
                record.write_uid.id != SUPERUSER_ID
                and record.write_date > self.create_date
                for record in (self, *self.line_ids)
            )
            or any(message.message_type in _WRITTEN for message in self.message_ids)
        )
