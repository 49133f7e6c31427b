from odoo import api, fields, models
from odoo.tools import format_date


class ResPartner(models.Model):
    """How things stand with a customer, in a word: the worst that is true."""

    _inherit = "res.partner"

    card_status = fields.Char(string="Situation", compute="_compute_card_status")
    card_status_tone = fields.Selection(
        [("success", "Fine"), ("warning", "Warning"), ("danger", "Alarm")],
        compute="_compute_card_status",
    )

    @api.depends_context("company", "uid")
    @api.depends(lambda self: self._get_status_fields())
    def _compute_card_status(self):
        for card in self:
            found = (getattr(card, source)() for source in self._get_status_sources())
            fine = ("success", self.env._("Up to date"))
            tone, text = next(filter(None, found), fine)
            card.card_status_tone = tone
            card.card_status = text

    @api.model
    def _get_status_fields(self):
        """What the status goes by; rooms add theirs."""
        return ["is_blocked", "deregistration_date"]

    @api.model
    def _get_status_sources(self):
        """Methods that tell ``(tone, text)`` or None, the worst first."""
        return ["_get_blocked_status", "_get_deregistered_status"]

    def _get_blocked_status(self):
        return ("danger", self.env._("Blocked")) if self.is_blocked else None

    def _get_deregistered_status(self):
        date = self.deregistration_date
        if not date:
            return None
        if date > fields.Date.context_today(self):
            text = self.env._("Leaves on %s", format_date(self.env, date))
        else:
            text = self.env._("Deregistered since %s", format_date(self.env, date))
        return "warning", text
