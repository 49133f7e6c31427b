"""What people do by hand with the invoices that a run has made."""

from odoo import SUPERUSER_ID, models

from .item import DONE, FAILED, MADE
from .run import CANCELLED

# A note or a letter that a person wrote, and not what Odoo tells of a change.
_WRITTEN = ("comment", "email", "email_outgoing")


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("posted", "cancel"):
            # sudo: whoever may confirm or cancel it need not see the run.
            self.sudo().billing_run_item_id._follow_invoices()
        return result

    def unlink(self):
        # sudo: as in ``write``.
        items = self.sudo().billing_run_item_id
        result = super().unlink()
        items._follow_invoices()
        return result

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


class BillingRunItem(models.Model):
    _inherit = "xpyme.billing.run.item"

    def _get_valid_invoices(self):
        return self.move_ids.filtered(lambda move: move.state != "cancel")

    def _follow_invoices(self):
        """Tell what somebody has done with the invoices of these items."""
        items = self.filtered(lambda item: item.state in (MADE, DONE, FAILED))
        without = items.filtered(lambda item: not item._get_valid_invoices())
        note = self.env._(
            "Its invoice was deleted or cancelled: try it again, or leave its orders "
            "to the next run."
        )
        without.write({"state": FAILED, "note": note})
        confirmed = (items - without).filtered(lambda item: item._is_left_confirmed())
        confirmed.write({"state": DONE, "note": False})

    def _is_left_confirmed(self):
        """Whether its invoices are confirmed, and the run does no more with them."""
        waits = self.state == MADE or self.run_id.action_after == "send"
        if self.state == DONE or (waits and self.run_id.state != CANCELLED):
            return False
        return set(self._get_valid_invoices().mapped("state")) == {"posted"}
