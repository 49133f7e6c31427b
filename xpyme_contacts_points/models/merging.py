from odoo import models

from .loyalty_card import QUIETLY


class ResPartner(models.Model):
    """Cards that are merged: nothing of what was given is lost, nor given twice."""

    _inherit = "res.partner"

    def _get_vouchers(self):
        """The cards of all companies."""
        # sudo: of cards that the user may merge.
        cards = self.env["loyalty.card"].sudo().with_context(**QUIETLY)
        return cards.search(
            [
                ("program_id.is_customer_voucher", "=", True),
                ("partner_id", "in", self.ids),
            ]
        )

    def _join_vouchers(self, own):
        """After a merge: one voucher in each company, the customer's ``own``, if any.

        Its code can still be scanned; those of the others cannot.
        """
        for cards in self._get_vouchers().grouped("program_id").values():
            kept = (cards & own) or cards[:1]
            others = cards - kept
            if others:
                kept.points += sum(others.mapped("points"))
                others.write({"points": 0, "active": False})
                others._lead_to(kept)

    def _take_settlements(self, sources):
        """Before ``sources`` are merged: a period is settled once, with both sums."""
        self.ensure_one()
        # sudo: settlements of all companies, which nobody writes by hand.
        settlements = self.env["xpyme.points.settlement"].sudo()
        done = settlements.search(
            [("partner_id", "in", (self | sources).ids), ("state", "=", "done")]
        )
        periods = done.grouped(lambda s: (s.company_id, s.date_from, s.date_to))
        for same in periods.values():
            kept = same.filtered(lambda s: s.partner_id == self)[:1] or same[:1]
            (same - kept)._add_to(kept)
