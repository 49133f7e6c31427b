from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.due_dates import get_releases
from ...tools.risk_verdict import judge


class ResPartner(models.Model):
    """A risk in words, and what its figures are made of."""

    _inherit = "res.partner"

    # === WORDS ===#

    @api.model
    def _get_risk_sentences(self, figures, company):
        """What is to be said of a customer's risk, the strongest first.

        :param figures: as :meth:`_get_risk_figures` gives them
        :return: one sentence, or two when both limits are exceeded
        """
        debt, granted, internal = (
            figures[name] for name in ("debt", "granted", "internal")
        )
        sentences = {
            "credit_limit": self.env._(
                "Over by %(amount)s: granted %(limit)s, debt %(debt)s."
            ),
            "internal_credit_limit": self.env._(
                "Over the internal limit by %(amount)s: limit %(limit)s, debt %(debt)s."
            ),
        }
        exceeded = [
            self._format_risk(
                sentences[excess.name], company, excess.limit, debt, excess.amount
            )
            for excess in judge(figures, debt)
        ]
        if exceeded:
            return exceeded
        if granted is not None:
            sentence = self.env._(
                "%(amount)s available: granted %(limit)s, debt %(debt)s."
            )
            return [self._format_risk(sentence, company, granted, debt, granted - debt)]
        if internal is not None:
            sentence = self.env._(
                "%(amount)s up to the internal limit: limit %(limit)s, debt %(debt)s."
            )
            return [
                self._format_risk(sentence, company, internal, debt, internal - debt)
            ]
        return [
            self._format_risk(
                self.env._("No limit: debt %(debt)s."), company, 0, debt, 0
            )
        ]

    @api.model
    def _format_risk(self, sentence, company, limit, debt, amount):
        # sudo: the sign of the currency, for users of other companies too.
        currency = company.sudo().currency_id
        amounts = {"limit": limit, "debt": debt, "amount": amount}
        return sentence % {
            name: currency.format(value) for name, value in amounts.items()
        }

    # === PARTS ===#

    def _get_risk_cards(self):
        """The cards whose amounts are judged with this customer's, himself first."""
        self.ensure_one()
        customer = self.sudo().commercial_partner_id
        return (
            customer | customer._get_same_tax_id() if customer.risk_by_vat else customer
        )

    def _get_same_tax_id(self):
        """The other cards with this customer's tax id, archived ones too."""
        self.ensure_one()
        # sudo: a card of another company counts; its name is told to no one.
        customer = self.sudo().commercial_partner_id.with_context(active_test=False)
        if not customer.vat_key:
            return customer.browse()
        domain = [("vat_key", "=", customer.vat_key), ("id", "!=", customer.id)]
        return customer.search(domain)

    def _get_risk_parts(self, company):
        """The amounts of the cards ``self``, in the company's currency.

        :return: rows of card id, company id, component's code, number of documents
            and amount; they add up to the figures
        """
        query = self._get_risk_entries(
            company,
            SQL(
                """
                SELECT card_id, company_id, code, COUNT(DISTINCT document_id),
                       ROUND(ROUND(SUM(amount) * MIN(rate), 8) / MIN(target_rounding))
                       * MIN(target_rounding)
                  FROM entry GROUP BY card_id, company_id, code
                """
            ),
        )
        return self.env.execute_query(query)

    def _get_risk_releases(self, company, count=4):
        """The next dates when credit of the cards ``self`` frees, with the amounts."""
        query = self._get_risk_entries(
            company,
            SQL(
                """
                SELECT due_date, ROUND(SUM(amount * rate), 2)
                  FROM entry WHERE code = 'open' GROUP BY due_date
                """
            ),
        )
        today = fields.Date.context_today(self)
        return get_releases(self.env.execute_query(query), today, count)

    def _get_risk_entries(self, company, query):
        """``query`` on the documents of the cards ``self``, as the table ``entry``."""
        return SQL(
            """
            WITH scope AS (%(scope)s),
            member AS (
                SELECT id, commercial_partner_id AS card_id FROM res_partner
                 WHERE commercial_partner_id = ANY(%(ids)s)
            ),
            entry AS (
                SELECT source.*, scope.rate, scope.target_rounding
                  FROM (%(sources)s) AS source JOIN scope ON scope.id = company_id
            )
            %(query)s
            """,
            scope=company._get_risk_scope(),
            ids=self.ids,
            sources=self._get_risk_sources(),
            query=query,
        )
