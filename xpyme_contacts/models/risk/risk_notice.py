from odoo import api, models

from ...tools.notices import ACTIONS
from ...tools.risk_terms import (
    LIMIT,
    RISK_GROUPS,
    STANDING,
    STOPS,
    RiskEntry,
)
from ...tools.risk_verdict import get_excesses


class ResPartner(models.Model):
    """A customer's risk in words, and what documents and their clients tell of it."""

    _inherit = "res.partner"

    # === WORDS ===#

    @api.model
    def _get_risk_sentences(self, figures, company):
        """What is to be said of a customer's risk, the strongest first.

        :param figures: as :meth:`_get_risk_figures` gives them
        :return: one sentence, or two when both limits are exceeded
        """
        if excesses := get_excesses(figures):
            return [self._get_excess_sentence(excess, company) for excess in excesses]
        return [self._get_available_sentence(figures, company)]

    @api.model
    def _get_excess_sentence(self, excess, company):
        values = self._format_risk_amounts(
            company, limit=excess.limit, debt=excess.debt, amount=excess.amount
        )
        if excess.name == "credit_limit":
            return self.env._(
                "Risk exceeded by %(amount)s: granted %(limit)s, debt %(debt)s.",
                **values,
            )
        return self.env._(
            "Over the internal limit by %(amount)s: limit %(limit)s, debt %(debt)s.",
            **values,
        )

    @api.model
    def _get_available_sentence(self, figures, company):
        """What is left of the granted risk, else of the internal limit."""
        debt, granted, internal = (
            figures[name] for name in ("debt", "granted", "internal")
        )
        limit = internal if granted is None else granted
        if limit is None:
            values = self._format_risk_amounts(company, debt=debt)
            return self.env._("No limit: debt %(debt)s.", **values)
        values = self._format_risk_amounts(
            company, limit=limit, debt=debt, amount=limit - debt
        )
        if granted is None:
            return self.env._(
                "%(amount)s up to the internal limit: limit %(limit)s, debt %(debt)s.",
                **values,
            )
        return self.env._(
            "%(amount)s available: granted %(limit)s, debt %(debt)s.", **values
        )

    @api.model
    def _describe_excess(self, excess, company):
        """An excess as part of a sentence."""
        values = self._format_risk_amounts(
            company, excess=excess.amount, limit=excess.limit
        )
        if excess.name == "credit_limit":
            return self.env._("%(excess)s over the granted risk (%(limit)s)", **values)
        return self.env._("%(excess)s over the internal limit (%(limit)s)", **values)

    @api.model
    def _format_risk_amounts(self, company, **amounts):
        # sudo: the sign of the currency, for users of other companies too.
        currency = company.sudo().currency_id
        return {name: currency.format(amount) for name, amount in amounts.items()}

    # === ENTRY ===#

    def _get_notice_entries(self, company, model=None):
        """Add ``risk``: a :class:`RiskEntry`, None for users who may not see debts."""
        figures, policy = {}, "tell"
        if self._may_see_risk():
            figures = self._get_risk_figures(company)
        if model:
            stages = self._get_document_stages(model)
            policy = company._get_strongest_risk_action(stages)
        entries = super()._get_notice_entries(company, model)
        for customer in self:
            known = figures.get(customer._origin.id)
            entries[customer.id]["risk"] = known and RiskEntry(known, 0.0, policy)
        return entries

    @api.model
    def _may_see_risk(self):
        return self.env.su or self.env.user.has_groups(RISK_GROUPS)

    def _prepare_document_entry(self, entry, model):
        """Add ``risk``, False for users who may not see debts; a limit may stop."""
        vals = super()._prepare_document_entry(entry, model)
        risk = entry["risk"]
        if risk and risk.policy in STOPS and get_excesses(risk.figures):
            vals["action"] = max(vals["action"], risk.policy, key=ACTIONS.index)
        return {**vals, "risk": bool(risk) and self._prepare_entry_risk(entry)}

    @api.model
    def _prepare_entry_risk(self, entry):
        """The figures as the till and other clients get them."""
        # sudo: the currency of the document's company, for users of others too.
        currency = entry["company"].sudo().currency_id
        codes = list(self._get_risk_components())
        amounts = {
            name: value is not None and currency.round(value)
            for name, value in entry["risk"].figures.items()
            if name in ("granted", "internal", "debt", *codes)
        }
        granted, debt = amounts["granted"], amounts["debt"]
        return {
            "granted": granted,
            "internal": amounts["internal"],
            "debt": debt,
            "available": granted is not False and currency.round(granted - debt),
            "components": {code: amounts[code] for code in codes},
            "currency": currency.name,
        }

    # === NOTICES ===#

    @api.model
    def _get_notice_sources(self):
        return [
            *super()._get_notice_sources(),
            (LIMIT, "_get_limit_notices"),
            (STANDING, "_get_standing_notices"),
        ]

    def _get_limit_notices(self, entry):
        """One sentence per limit; *No Avisar* silences both."""
        risk = entry["risk"]
        if self.risk_no_warning or not risk or risk.policy == "ignore":
            return []
        if not get_excesses(risk.figures):
            return []
        aside = self.env._("with this document") if risk.added else ""
        return self._get_spoken_risk(entry, aside)

    def _get_standing_notices(self, entry):
        """The risk of a customer within the limits, if the company wants it."""
        risk = entry["risk"]
        if not risk or not entry["company"].sudo().show_customer_risk:
            return []
        known = any(risk.figures[name] for name in ("granted", "internal", "debt"))
        if not known or get_excesses(risk.figures):
            return []
        return self._get_spoken_risk(entry)

    def _get_spoken_risk(self, entry, aside=""):
        """The sentences of the risk report, for a banner without its title; the aside
        once."""
        sentences = self._get_risk_sentences(entry["risk"].figures, entry["company"])
        return [
            (sentence, "" if place else aside)
            for place, sentence in enumerate(sentences)
        ]
