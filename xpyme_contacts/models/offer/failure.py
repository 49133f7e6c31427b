from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import mail_answers as answers
from .campaign import DONE, PAUSED, RUNNING
from .offer import SENT, UNKNOWN


class Offer(models.Model):
    """Why mails failed, in the reader's words, and what a person settles of them."""

    _inherit = "xpyme.offer"

    error_cause = fields.Selection(
        [
            (answers.DEAD, "The mailbox does not exist"),
            (answers.FULL, "The mailbox takes no mails now"),
            (answers.NO_DOMAIN, "The domain of the address does not exist"),
            (answers.PACE, "The server wants fewer mails at a time"),
            (answers.SENDER, "The server takes no mails from us"),
            (answers.UNWANTED, "Held for unwanted advertising"),
            (answers.TOO_LARGE, "The mail is too large"),
            (answers.UNREACHABLE, "The mail server cannot be reached"),
            (answers.BROKEN, "The connection broke"),
            (answers.UNKNOWN, "Another cause"),
        ],
        string="Cause",
        compute="_compute_error_cause",
        store=True,
        help="What the mail server's answer means; the answer itself stands below it.",
    )

    @api.depends("error")
    def _compute_error_cause(self):
        """The outbox, which writes past this, stores the same."""
        for offer in self:
            offer.error_cause = answers.find_cause(offer.error)

    @api.model
    def _tell_cause(self, error):
        """A failure in the reader's words, and what was said; False without any.

        :param error: what the server, the network or our own code said
        """
        cause = answers.find_cause(error)
        if cause in (None, answers.UNKNOWN):
            return error or False
        selection = self._fields["error_cause"]._description_selection(self.env)
        return f"{dict(selection)[cause]} ({error})"

    def action_settle_sent(self):
        """A person knows that doubtful mails have arrived: they count as sent.

        :raise UserError: one of them is not doubtful, or its campaign was cancelled
        """
        self.campaign_id._check_manager()
        self.campaign_id._check_state(RUNNING, PAUSED, DONE)
        if any(offer.state != UNKNOWN for offer in self):
            raise UserError(
                self.env._(
                    "Only doubtful mails can be taken as sent. Choose those that the "
                    "customers have."
                )
            )
        for offer in self.sudo():
            # sudo: nobody writes offers but the outbox and the buttons.
            offer.write({"state": SENT, "sent_at": offer.claimed_at, "error": False})
        return True
