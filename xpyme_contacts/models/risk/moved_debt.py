from collections import namedtuple
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError

# Whose customer somebody was, by which limits they are judged, and what the customer
# owes to each company.
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
    def _keeping_debts(self, _vals):
        """:raise AccessError: the user is no risk manager, and a debt gets another
        judge"""
        if self._may_change_judges():
            yield
            return
        before = self._get_places()
        yield
        if self._has_moved_debt(before):
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
        # sudo: as in _get_places.
        card = survivor.sudo().commercial_partner_id
        judges = card._get_judges()[card]
        if self._has_moved_debt(places, survivor):
            self._refuse_merge()
        for partner, judged in judged_before.items():
            if judged.has_limit and places[partner].judges != judges:
                self._refuse_merge()
            is_other_key = judged.vat_key != card.vat_key
            if is_other_key and card._is_judged_with_others(judged):
                self._refuse_merge()

    @api.model
    def _refuse_merge(self):
        """:raise AccessError: always"""
        raise AccessError(
            self.env._(
                "Only a risk manager merges these customers: one of them owes "
                "something, or has a limit that another does not. Ask one to merge "
                "them."
            )
        )

    def _get_places(self):
        """``{partner: Place}``"""
        # sudo: who is judged by what, and what they owe, is not for every user to read.
        partners = self.sudo()
        cards = partners.commercial_partner_id
        judges, debts = cards._get_judges(), cards._get_debts_by_card()
        return {
            partner.with_env(self.env): Place(
                card := partner.commercial_partner_id, judges[card], debts[card.id]
            )
            for partner in partners
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
        """``{card: what tells by which limits it is judged}``, nothing if by none."""
        limits = self._get_all_limits()
        keys = {card: card.risk_by_vat and card.vat_key for card in self}
        return {
            card: (limits[card.id], key) if limits[card.id] or key else None
            for card, key in keys.items()
        }

    @api.model
    def _has_moved_debt(self, places, survivor=None):
        """Whether another limit judges what somebody owed before.

        :param places: ``{partner: Place}`` of before
        :param survivor: who has the documents of all now; None: all have their own
        """
        # sudo: as in _get_places.
        cards = {
            partner: (survivor or partner).sudo().commercial_partner_id
            for partner in places
        }
        nobody = self.browse().sudo()
        judges = nobody.concat(*set(cards.values()))._get_judges()
        left = []
        for partner, place in places.items():
            now = judges[cards[partner]]
            if place.card.id == partner.id:
                if place.judges != now and any(place.debts):
                    return True
            elif place.card != cards[partner] and (place.judges or now):
                left.append(place)
        old = nobody.concat(*{place.card for place in left})
        debts = old._get_debts_by_card() if old else {}
        return any(place.debts != debts[place.card.id] for place in left)
