from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.mail import html_to_inner_content

from ...tools.notices import (
    ACTIONS,
    BLOCKED,
    COMMENT,
    DEFAULTER,
    DEREGISTERED,
    LIMIT,
    STANDING,
    Entry,
    Notice,
)
from ...tools.risk_terms import RISK_GROUPS, Excess

_COMMENT_LENGTH = 200


class ResPartner(models.Model):
    """What is told of a customer who enters a document (seed 004: the notices).

    The risk is that of the document's company, in its currency, whatever companies the
    user has switched on.
    """

    _inherit = "res.partner"

    # === ENTRY ===#

    def get_document_entry(self, company_id, model):
        """What a document of ``model`` in a company must know of this customer.

        For the clients of other documents too (the till); plain values, for JSON.

        :return: ``{"blocked", "action", "notices", "risk"}``; ``action`` is the
            strongest thing that happens, and ``risk`` is False for users who may not
            see what customers owe
        :raise AccessError: the user does not work in the company
        """
        self.ensure_one()
        self.check_access("read")
        company = self.env["res.company"].browse(company_id)
        self._check_works_in(company)
        customer = self.commercial_partner_id
        policy = company._get_strongest_risk_action(self._get_risk_stages(model))
        entry = customer._get_notice_entries(company)[customer.id]
        entry = entry._replace(policy=policy)
        notices = customer._get_notices(entry)
        # sudo: whether a customer is blocked is told to whoever makes his documents.
        blocked = customer.sudo().is_blocked
        return {
            "blocked": blocked,
            "action": customer._get_entry_action(entry, blocked, model, notices),
            "notices": [notice.text for notice in notices],
            "risk": customer._get_entry_risk(entry),
        }

    @api.model
    def _check_works_in(self, company):
        """:raise AccessError: the user does not work in the company"""
        if self.env.user.share or company not in self.env.user.company_ids:
            raise AccessError(
                self.env._(
                    "You do not work in this company: choose one of yours to see what "
                    "is told of its customers."
                )
            )

    @api.model
    def _get_risk_stages(self, model):
        """The stages that a document of ``model`` goes through; none: it only tells."""
        stages = {"sale.order": ("quotation", "order"), "account.move": ("invoice",)}
        return stages.get(model, ())

    def _get_notice_entries(self, company):
        """``{customer_id: Entry}`` of the customers ``self`` in a company."""
        figures = {}
        if self._may_see_risk():
            figures = self._get_risk_figures(company)
        return {
            customer.id: Entry(company, figures.get(customer._origin.id), 0.0, "tell")
            for customer in self
        }

    @api.model
    def _may_see_risk(self):
        return self.env.su or self.env.user.has_groups(RISK_GROUPS)

    def _get_entry_action(self, entry, blocked, model, notices):
        if blocked and self._get_risk_stages(model):
            return "block"
        action = "tell" if notices else "none"
        if entry.policy in ACTIONS[2:] and self._get_excesses(entry):
            action = entry.policy
        return action

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
        """What is told of customers: strength and method; addons append to it.

        The method is called with an :class:`Entry` and returns sentences.
        """
        return [
            (BLOCKED, "_get_blocked_notices"),
            (DEFAULTER, "_get_defaulter_notices"),
            (LIMIT, "_get_limit_notices"),
            (DEREGISTERED, "_get_deregistration_notices"),
            (COMMENT, "_get_comment_notices"),
            (STANDING, "_get_standing_notices"),
        ]

    def _get_notices(self, entry):
        """The :class:`Notice` list of one customer, strongest first."""
        self.ensure_one()
        # sudo: told to whoever makes the customer's documents, who may not read the
        # card's accounting fields; the risk is in the entry only if he may see it.
        customer = self.sudo()
        return [
            Notice(strength, text)
            for strength, method in sorted(self._get_notice_sources())
            for text in getattr(customer, method)(entry)
        ]

    def _get_blocked_notices(self, _entry):
        if not self.is_blocked:
            return []
        return [
            self.env._(
                "%s is blocked (Baja): no sales document can be made for him.",
                self.name,
            )
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

    def _get_deregistration_notices(self, _entry):
        notice = self._get_deregistration_notice()
        return [notice] if notice else []

    def _get_comment_notices(self, entry):
        """*Observaciones*, if the company wants them: as text, on one line."""
        if not entry.company.sudo().show_customer_comments or not self.comment:
            return []
        text = html_to_inner_content(self.comment)
        if len(text) > _COMMENT_LENGTH:
            text = text[: _COMMENT_LENGTH - 1].rstrip() + "…"
        return [text] if text else []

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
        debt = self._get_judged_debt(entry)
        limits = {
            "credit_limit": entry.figures["granted"],
            "internal_credit_limit": entry.figures["internal"],
        }
        return [
            Excess(name, limit, debt, debt - limit)
            for name, limit in limits.items()
            if limit and debt > limit
        ]

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
