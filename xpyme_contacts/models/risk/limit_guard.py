from collections import namedtuple
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.risk_verdict import LIMITS
from ...tools.value_rule import ValueRule

# By which limits a customer card was judged.
Judged = namedtuple("Judged", "has_limit by_vat vat_key is_defaulter")


class ResPartner(models.Model):
    """Only risk managers change by which limits a customer is judged.

    A limit is typed, or reached by moving the card: below another partner, into the
    group of a tax id or out of one. So the outcome is judged, and the person: who works
    as superuser through core, a portal or an import is still no risk manager.
    """

    _inherit = "res.partner"

    @api.model
    def _get_value_rules(self):
        typed = ValueRule("_check_limits_vals", LIMITS)
        together = ValueRule("_check_new_by_vat_vals", ("risk_by_vat",))
        return [typed, together, *super()._get_value_rules()]

    @api.model
    def _get_outcome_rules(self):
        deciding = ("parent_id", "is_company", "vat", "country_id")
        deciding += ("risk_by_vat", "is_defaulter")
        rule = ("_keeping_judges", deciding)
        return [*super()._get_outcome_rules(), rule]

    @api.model
    def _may_change_judges(self):
        return self.env.uid == SUPERUSER_ID or self._is_risk_manager()

    # === TYPED ===#

    @api.model
    def _check_limits_vals(self, vals_list, partners):
        for vals in vals_list:
            (partners or self.browse())._check_risk_limit_vals(vals)

    def _check_risk_limit_vals(self, vals):
        """Whether the user may give these limits: called before create and write.

        :raise AccessError: the user changes one and is no risk manager
        """
        if not self:
            # A client's context may bring a limit too.
            vals = {**self._get_default_limits(), **vals}
        names = [name for name in LIMITS if name in vals]
        if not names or self.env.su or self._is_risk_manager():
            return
        # sudo: users who may not read a limit still write a whole card back unchanged,
        # and a new contact takes the limits of the customer.
        place = {name: vals.get(name) for name in ("parent_id", "is_company")}
        known = self.sudo() or self.sudo().new(place)
        for partner in known:
            for name in names:
                same = {partner[name], partner.commercial_partner_id[name]}
                if (vals[name] or 0.0) not in same:
                    raise AccessError(
                        self.env._(
                            "Only a risk manager changes a customer's limits: ask one, "
                            "or leave the limit as it was."
                        )
                    )

    @api.model
    def _get_default_limits(self):
        context = self.env.context
        keys = {name: f"default_{name}" for name in LIMITS}
        return {name: context[key] for name, key in keys.items() if key in context}

    @api.model
    def _check_new_by_vat_vals(self, vals_list, partners):
        """:raise AccessError: a new card would be judged by others' limits"""
        if partners is not None or self._may_change_judges():
            return
        default = self.env.context.get("default_risk_by_vat")
        if any(vals.get("risk_by_vat", default) for vals in vals_list):
            self._refuse_other_judges()

    # === THE OUTCOME ===#

    @contextmanager
    def _keeping_judges(self, _vals):
        """:raise AccessError: the user is no risk manager, and others judge a card"""
        if self._may_change_judges():
            yield
            return
        before = self._get_judged()
        yield
        (self - self.browse([card.id for card in before]))._drop_inherited_limits()
        for card, judged in before.items():
            # sudo: who is judged by what is not for every user to read.
            after = card.sudo()
            if judged.has_limit and after.commercial_partner_id != after:
                self._refuse_other_judges()
            if judged.by_vat != after.risk_by_vat:
                self._refuse_other_judges()
            if judged.vat_key != after.vat_key and card._is_judged_with_others(judged):
                self._refuse_other_judges()
            if judged.is_defaulter and not after.is_defaulter:
                raise AccessError(
                    self.env._(
                        "Only a risk manager says that %(name)s is no defaulter any "
                        "more: ask one.",
                        name=after.display_name,
                    )
                )

    def _get_judged(self):
        """``{card: Judged}`` of the commercial entities among ``self``."""
        # sudo: as in _keeping_judges.
        cards = self.sudo().filtered(lambda p: p.commercial_partner_id == p)
        if not cards:
            return {}
        limits = cards._get_all_limits()
        return {
            card.with_env(self.env): Judged(
                bool(limits[card.id]) or card.risk_by_vat,
                card.risk_by_vat,
                card.vat_key,
                card.is_defaulter,
            )
            for card in cards
        }

    def _get_all_limits(self):
        """``{partner_id: {(name of the limit, company_id): limit}}`` of those that are
        not 0: one of another company is evaded too."""
        self.flush_recordset([*LIMITS])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM res_partner WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, LIMITS)),
                self.ids,
            )
        )
        return {
            row_id: {
                (name, int(company_id)): limit
                for name, by_company in zip(LIMITS, limits, strict=True)
                for company_id, limit in (by_company or {}).items()
                if limit
            }
            for row_id, *limits in rows
        }

    def _drop_inherited_limits(self):
        """Those of ``self`` that have become cards had the limits of their customer.

        :raise AccessError: others judge one
        """
        # sudo: as in _keeping_judges; a limit that nobody granted them is taken off.
        cards = self.sudo().filtered(lambda p: p.commercial_partner_id == p)
        if cards.filtered("risk_by_vat"):
            self._refuse_other_judges()
        for card_id, limits in cards._get_all_limits().items() if cards else ():
            for name, company_id in limits:
                card = cards.browse(card_id).with_company(company_id)
                card[name] = 0.0

    def _is_judged_with_others(self, judged):
        """Whether this card, by its tax id of before or of now, weighs on others.

        So it does with a limit or a debt of its own, where a card is judged by tax id.
        """
        card = self.sudo()
        if judged.by_vat:
            return True
        keys = [key for key in (judged.vat_key, card.vat_key) if key]
        together = card.with_context(active_test=False).search_count(
            [("vat_key", "in", keys), ("risk_by_vat", "=", True)], limit=1
        )
        return bool(together) and (judged.has_limit or bool(card.risk_debt))

    @api.model
    def _refuse_other_judges(self):
        raise AccessError(
            self.env._(
                "Only a risk manager changes by which limits a customer is judged: ask "
                "one, or leave the company above, the tax id and “By Tax ID” as they "
                "were."
            )
        )
