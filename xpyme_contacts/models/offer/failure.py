from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import mail_causes as causes
from .campaign import DONE, PAUSED, RUNNING
from .offer import SENT, UNKNOWN


class Offer(models.Model):
    """Why mails failed, in the reader's words, and what a person settles of them."""

    _inherit = "xpyme.offer"

    error_cause = fields.Selection(
        [
            (causes.NO_MAILBOX, "The mailbox does not exist"),
            (causes.FULL, "The mailbox is full"),
            (causes.NO_DOMAIN, "The domain of the address does not exist"),
            (causes.ADDRESS, "The server does not take the address"),
            (causes.PACE, "The server wants fewer mails at a time"),
            (causes.SENDER, "The server does not take our sender"),
            (causes.UNWANTED, "Held for unwanted advertising"),
            (causes.TOO_LARGE, "The mail is too large"),
            (causes.UNREACHABLE, "The mail server cannot be reached"),
            (causes.BROKEN, "The connection broke"),
            (causes.OTHER, "Another cause"),
        ],
        string="Cause",
        compute="_compute_error_cause",
        search="_search_error_cause",
        help="What the mail server's answer means; the answer itself stands below it.",
    )

    @api.depends("error")
    def _compute_error_cause(self):
        for offer in self:
            offer.error_cause = causes.find_cause(offer.error)

    @api.model
    def _search_error_cause(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = set(value) - {False}
        none = Domain("error", "=", False) if False in value else Domain.FALSE
        return none | Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", self._get_cause_sql(alias), tuple(found) or ("",)
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Grouped by as if it were stored: outbox and gateway write what was said."""
        if field_expr == "error_cause":
            return self._get_cause_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _get_cause_sql(self, alias):
        """SQL of what ``find_cause`` answers."""
        said = self._field_to_sql(alias, "error")
        cases = [
            SQL("WHEN lower(%s) ~ %s THEN %s", said, pattern, cause)
            for cause, pattern in causes.CAUSES
        ]
        empty = SQL("WHEN coalesce(%s, '') = '' THEN NULL", said)
        return SQL(
            "(CASE %s ELSE %s END)", SQL(" ").join([empty, *cases]), causes.OTHER
        )

    @api.model
    def _tell_cause(self, error):
        """A failure in the reader's words, and what was said; False without any.

        :param error: what the server, the network or our own code said
        """
        cause = causes.find_cause(error)
        if cause in (None, causes.OTHER):
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
