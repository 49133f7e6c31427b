from contextlib import contextmanager

from odoo import api, models

from .loyalty_card import BY_DOCUMENT, QUIETLY


class ResPartner(models.Model):
    """Cards that are merged, or hung under another: nothing of what was given is lost,
    nor given twice."""

    _inherit = "res.partner"

    @api.model
    def _get_outcome_rules(self):
        rule = ("_taking_vouchers_along", ("parent_id", "is_company"))
        return [*super()._get_outcome_rules(), rule]

    @contextmanager
    def _taking_vouchers_along(self, vals):
        """A customer who becomes another's contact takes what they have along."""
        may_move = vals.get("parent_id") or "is_company" in vals
        if not (may_move and (self._get_vouchers() or self._get_settlements())):
            yield
            return
        customers = self.commercial_partner_id
        yield
        for holder, partners in self.grouped("commercial_partner_id").items():
            gone = partners & customers - holder
            holder._take_settlements(gone)
            holder._join_vouchers(holder._get_vouchers(), gone)

    def _get_vouchers(self):
        """The cards of all companies."""
        # sudo: of cards that the user may merge.
        cards = self.env["loyalty.card"].sudo().with_context(**QUIETLY, **BY_DOCUMENT)
        return cards.search(
            [
                ("program_id.is_customer_voucher", "=", True),
                ("partner_id", "in", self.ids),
            ]
        )

    def _get_settlements(self):
        """Those of all companies."""
        # sudo: nobody writes them by hand.
        settlements = self.env["xpyme.points.settlement"].sudo()
        return settlements.search([("partner_id", "in", self.ids)])

    def _join_vouchers(self, own, sources):
        """One voucher in each company, the customer's ``own``, if any.

        Its code can still be scanned; those of the others cannot.

        :param sources: whose cards become theirs
        """
        for cards in (self | sources)._get_vouchers().grouped("program_id").values():
            kept = (cards & own) or cards[:1]
            others = cards - kept
            if others:
                for fname in ("points", "loose_points"):
                    kept[fname] += sum(others.mapped(fname))
                others.write({"points": 0, "loose_points": 0, "active": False})
                others._lead_to(kept)
            if kept.partner_id != self:
                kept.partner_id = self

    def _take_settlements(self, sources):
        """Those of ``sources`` are this customer's: a period is settled once, with both
        sums."""
        self.ensure_one()
        (self | sources)._get_vouchers()._allot_spent()
        settlements = (self | sources)._get_settlements()
        done = settlements.filtered(lambda settlement: settlement.state == "done")
        periods = done.grouped(lambda s: (s.company_id, s.date_from, s.date_to))
        for same in periods.values():
            kept = same.filtered(lambda s: s.partner_id == self)[:1] or same[:1]
            (same - kept)._add_to(kept)
        settlements.exists().partner_id = self
