from collections import namedtuple
from contextlib import contextmanager

from odoo import api, models

# Whose customer somebody was, by which limits he is judged, and what the customer owes
# to each company.
Place = namedtuple("Place", "card judges debts")


class ResPartner(models.Model):
    """A debt stays with the limits that judged it.

    Hung below another partner, taken out, or merged, a card or contact brings what it
    owes along: only risk managers do so where a limit judges on either side.
    """

    _inherit = "res.partner"

    @api.model
    def _get_outcome_rules(self):
        rule = ("_keeping_debts", ("parent_id", "is_company"))
        return [*super()._get_outcome_rules(), rule]

    @contextmanager
    def _keeping_debts(self):
        """:raise AccessError: the user is no risk manager, and a debt gets another
        judge"""
        if self._may_change_judges():
            yield
            return
        before = self._get_places()
        yield
        for partner, place in before.items():
            if partner._has_moved_debt(place, partner):
                self._refuse_other_judges()

    @contextmanager
    def _keeping_judges_of_merged(self):
        """As whoever writes a card; the limits of those that go are judged too.

        :raise AccessError: the user is no risk manager, and the merge changes by which
            limits somebody is judged
        """
        if self._may_change_judges():
            yield
            return
        judged_before, places = self._get_judged(), self._get_places()
        yield
        survivor = self.exists()[:1].with_env(self.env)
        card = survivor.sudo().commercial_partner_id
        for partner, place in places.items():
            judged = judged_before.get(partner)
            if partner._has_moved_debt(place, survivor):
                self._refuse_other_judges()
            if not judged:
                continue
            if judged.has_limit and place.judges != card._get_judges():
                self._refuse_other_judges()
            is_other_key = judged.vat_key != card.vat_key
            if is_other_key and card._is_judged_with_others(judged):
                self._refuse_other_judges()

    def _get_places(self):
        """``{partner: Place}``"""
        # sudo: who is judged by what, and what he owes, is not for every user to read.
        cards = self.sudo().commercial_partner_id
        debts = cards._get_debts_by_card()
        judges = {card: card._get_judges() for card in cards}
        return {
            partner.with_env(self.env): Place(
                card := partner.commercial_partner_id, judges[card], debts[card.id]
            )
            for partner in self.sudo()
        }

    def _get_debts_by_card(self):
        """``{card_id: [debt to each company]}``, a company and its branches as one."""
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        found = [self._get_risk_amounts(company) for company in companies]
        return {
            card.id: [amounts.get(card.id, {}).get("debt", 0.0) for amounts in found]
            for card in self
        }

    def _get_judges(self):
        """What tells by which limits a card is judged; nothing if by none."""
        limits = self._get_all_limits()[self.id]
        key = self.risk_by_vat and self.vat_key
        return (limits, key) if limits or key else None

    def _has_moved_debt(self, place, survivor):
        """Whether another limit judges what ``self`` owed at ``place``.

        :param survivor: who has his documents now
        """
        old, new = place.card, survivor.sudo().commercial_partner_id
        judges = new._get_judges()
        if old.id == self.id:
            return place.judges != judges and any(place.debts)
        if old == new or not (place.judges or judges):
            return False
        return place.debts != old._get_debts_by_card()[old.id]
