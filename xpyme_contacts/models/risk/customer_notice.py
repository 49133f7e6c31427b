from odoo import api, models

from ...tools.notices import ACTIONS, DEFAULTER, LIMIT, STANDING
from ...tools.risk_terms import RISK_GROUPS
from ...tools.risk_verdict import judge


class ResPartner(models.Model):
    """What is told of a customer's limits, beside what else is told.

    The risk is that of the document's company, in its currency, whatever companies the
    user has switched on.
    """

    _inherit = "res.partner"

    # === ENTRY ===#

    @api.model
    def _get_notice_policy(self, company, model):
        return company._get_strongest_risk_action(self._get_risk_stages(model))

    def _get_notice_entries(self, company):
        entries = super()._get_notice_entries(company)
        figures = self._get_risk_figures(company) if self._may_see_risk() else {}
        return {
            customer.id: entries[customer.id]._replace(
                figures=figures.get(customer._origin.id)
            )
            for customer in self
        }

    def _prepare_document_entry(self, entry, model):
        values = super()._prepare_document_entry(entry, model)
        values["risk"] = self._get_entry_risk(entry)
        is_stopped = entry.policy in ACTIONS[2:] and self._get_excesses(entry)
        if is_stopped and values["action"] != "block":
            values["action"] = entry.policy
        return values

    @api.model
    def _may_see_risk(self):
        return self.env.su or self.env.user.has_groups(RISK_GROUPS)

    def _get_entry_risk(self, entry):
        """The figures as the till and other clients get them."""
        if entry.figures is None:
            return False
        currency = entry.company.sudo().currency_id
        amounts = {
            name: currency.round(value)
            for name, value in entry.figures.items()
            if value is not None and name != "exceeded"
        }
        granted, debt = amounts.get("granted", False), amounts["debt"]
        return {
            "granted": granted,
            "internal": amounts.get("internal", False),
            "debt": debt,
            "available": granted is not False and currency.round(granted - debt),
            "components": {code: amounts[code] for code in self._get_risk_components()},
            "currency": currency.name,
        }

    # === NOTICES ===#

    @api.model
    def _get_notice_sources(self):
        return [
            *super()._get_notice_sources(),
            (DEFAULTER, "_get_defaulter_notices"),
            (LIMIT, "_get_limit_notices"),
            (STANDING, "_get_standing_notices"),
        ]

    def _get_defaulter_notices(self, _entry):
        if not self.is_defaulter:
            return []
        return [self.env._("%s is a defaulter.", self.name)]

    def _get_limit_notices(self, entry):
        """One sentence per limit; *No Avisar* silences both."""
        if self.risk_no_warning or entry.policy == "ignore":
            return []
        if not self._get_excesses(entry):
            return []
        speaker = self.env._("%s, with this document", self.name)
        return self._get_spoken_risk(entry, speaker if entry.added else self.name)

    def _get_spoken_risk(self, entry, speaker):
        """The sentences of the risk report, for a banner without its title."""
        sentences = self._get_risk_sentences(
            {**entry.figures, "debt": self._get_judged_debt(entry)}, entry.company
        )
        return [f"{speaker}: {sentence}" for sentence in sentences]

    def _get_standing_notices(self, entry):
        """The risk of a customer who is within his limits, if the company wants it."""
        if not entry.figures or not entry.company.sudo().show_customer_risk:
            return []
        known = (entry.figures["granted"], entry.figures["internal"])
        if not any((*known, self._get_judged_debt(entry))) or self._get_excesses(entry):
            return []
        return self._get_spoken_risk(entry, self.name)

    # === LIMITS ===#

    @api.model
    def _get_excesses(self, entry):
        """The limits that the figures are over, each judged apart."""
        if entry.figures is None:
            return []
        return judge(entry.figures, self._get_judged_debt(entry))

    @api.model
    def _get_judged_debt(self, entry):
        """What the customer owes with the document, which counts once."""
        # sudo: the currency of the document's company, for users of others too.
        currency = entry.company.sudo().currency_id
        return currency.round(entry.figures["debt"] + entry.added)

    def _shares_risk_with(self, other):
        """Whether the debt of another customer counts towards this one's limits."""
        self.ensure_one()
        if self == other:
            return True
        # sudo: how the customer is judged.
        key = self.sudo().risk_by_vat and self.sudo().vat_key
        return bool(key) and key == other.sudo().vat_key

    @api.model
    def _describe_excess(self, excess, company):
        values = {
            "excess": self._format_risk_amount(excess.amount, company),
            "limit": self._format_risk_amount(excess.limit, company),
        }
        if excess.name == "credit_limit":
            return self.env._("%(excess)s over the granted risk (%(limit)s)", **values)
        return self.env._("%(excess)s over the internal limit (%(limit)s)", **values)

    @api.model
    def _format_risk_amount(self, amount, company):
        return company.sudo().currency_id.format(amount)
