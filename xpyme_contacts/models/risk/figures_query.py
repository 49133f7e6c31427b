from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.due_dates import get_releases


def _list(template, codes):
    """SQL of ``template`` for each code, with commas between."""
    return SQL(", ").join(SQL(template, code=SQL.identifier(code)) for code in codes)


class ResPartner(models.Model):
    """What customers owe and may owe: one SQL query for any number of them."""

    _inherit = "res.partner"

    # === QUERY ===#

    @api.model
    def _get_risk_query(self, company, asked):
        """SQL of id, granted, internal, debt and the components' amounts.

        :param company: whose limits, currency and settings judge
        :param asked: condition on the partners ``asked`` and the ``card`` of their
            customer
        """
        codes = list(self._get_risk_components())
        counted = company._get_counted_risk_components()
        return SQL(
            """
            WITH scope AS (%(scope)s), %(cards)s, %(judged)s
            SELECT id, granted, internal, %(debt)s AS debt, %(columns)s FROM judged
            """,
            scope=company._get_risk_scope(),
            cards=self._get_asked_cards(company, asked),
            judged=self._get_judged_amounts(company, codes),
            columns=_list("%(code)s", codes),
            debt=SQL(" + ").join(
                [SQL("0"), *(SQL.identifier(code) for code in codes if code in counted)]
            ),
        )

    @api.model
    def _get_asked_cards(self, company, asked):
        """SQL tables: the partners ``asked``, each ``card`` that judges them, and each
        ``member``, the partners whose documents count for a card."""
        return SQL(
            """
            asked AS (
                SELECT asked.id, card.id AS card_id, card.vat_key,
                       CASE WHEN card.risk_by_vat THEN card.vat_key END AS key,
                       %(granted)s AS granted, %(internal)s AS internal
                  FROM res_partner asked
                  JOIN res_partner card ON card.id = asked.commercial_partner_id
                 WHERE %(asked)s
            ),
            card AS (
                SELECT card_id AS id, vat_key, granted, internal FROM asked
                 UNION
                SELECT card.id, card.vat_key, %(granted)s, %(internal)s
                  FROM asked JOIN res_partner card ON card.vat_key = asked.key
            ),
            member AS (
                SELECT partner.id, card.id AS card_id
                  FROM card
                  JOIN res_partner partner ON partner.commercial_partner_id = card.id
            )
            """,
            asked=asked,
            granted=self._get_risk_limit("credit_limit", company),
            internal=self._get_risk_limit("internal_credit_limit", company),
            to_flush=self._get_flushed_fields(
                "res.partner", "commercial_partner_id", "vat_key", "risk_by_vat"
            ),
        )

    @api.model
    def _get_judged_amounts(self, company, codes):
        """SQL tables: each card's ``own`` amounts, the ``joint`` ones of a tax id, and
        those by which each partner asked for is ``judged``."""
        return SQL(
            """
            own AS (
                SELECT card.id, card.vat_key, card.granted, card.internal, %(amounts)s
                  FROM card LEFT JOIN (%(by_card)s) owed ON owed.card_id = card.id
            ),
            joint AS (
                SELECT vat_key AS key, SUM(granted) AS granted,
                       SUM(internal) AS internal, %(sums)s
                  FROM own
                 WHERE vat_key IN (SELECT key FROM asked)
                 GROUP BY vat_key
            ),
            judged AS (
                SELECT asked.id, own.granted, own.internal, %(own)s
                  FROM asked JOIN own ON own.id = asked.card_id
                 WHERE asked.key IS NULL
                 UNION ALL
                SELECT asked.id, joint.granted, joint.internal, %(joint)s
                  FROM asked JOIN joint ON joint.key = asked.key
            )
            """,
            by_card=self._get_risk_by_card(company, codes),
            amounts=_list("COALESCE(owed.%(code)s, 0) AS %(code)s", codes),
            sums=_list("SUM(%(code)s) AS %(code)s", codes),
            own=_list("own.%(code)s", codes),
            joint=_list("joint.%(code)s", codes),
        )

    @api.model
    def _get_risk_by_card(self, company, codes):
        """The components' amounts by card, each company's converted once."""
        converts = company.sudo().risk_all_companies
        by_company = SQL(
            "SELECT card_id, %s FROM (%s) AS source GROUP BY %s",
            SQL(", ").join(
                [
                    *([SQL("company_id")] if converts else []),
                    *(
                        SQL(
                            "SUM(amount) FILTER (WHERE code = %s) AS %s",
                            code,
                            SQL.identifier(code),
                        )
                        for code in codes
                    ),
                ]
            ),
            self._get_risk_sources(),
            SQL("card_id, company_id" if converts else "card_id"),
        )
        if not converts:
            # A company and its branches have one currency.
            return by_company
        return SQL(
            """
            SELECT card_id, %s
              FROM (%s) entry JOIN scope ON scope.id = entry.company_id
             GROUP BY card_id
            """,
            _list(
                "SUM(ROUND(ROUND(%(code)s * scope.rate, 8) / scope.target_rounding)"
                " * scope.target_rounding) AS %(code)s",
                codes,
            ),
            by_company,
        )

    @api.model
    def _get_risk_limit(self, fname, company):
        """SQL of a ``card``'s limit in a company, NULL for none.

        A branch without a limit of its own takes the one of its root company.
        """
        field = self._fields[fname]
        limits = []
        for judge in dict.fromkeys((company, company.root_id)):
            fallback = field.get_company_dependent_fallback(self.with_company(judge))
            limits.append(
                SQL(
                    "NULLIF(GREATEST(COALESCE((card.%s->>%s)::numeric, %s), 0), 0)",
                    SQL.identifier(fname),
                    str(judge.id),
                    fallback or 0,
                    to_flush=field,
                )
            )
        return SQL("COALESCE(%s)", SQL(", ").join(limits))

    # === CARDS ===#

    def _get_risk_cards(self):
        """The cards whose amounts are judged together, this customer's first."""
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

    def _shares_risk_with(self, other):
        """Whether the debt of another customer counts towards this one's limits."""
        self.ensure_one()
        if self == other:
            return True
        # sudo: how the customer is judged.
        key = self.sudo().risk_by_vat and self.sudo().vat_key
        return bool(key) and key == other.sudo().vat_key

    # === PARTS ===#

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

    def _get_risk_documents(self, company, codes):
        """The documents behind the amounts of the cards ``self``, the first due first.

        :return: rows of component's code, company id, card id, document id, due date
            and amount in the company's currency
        """
        query = self._get_risk_entries(
            company,
            SQL(
                """
                SELECT code, company_id, card_id, document_id, MIN(due_date),
                       ROUND(ROUND(SUM(amount) * MIN(rate), 8) / MIN(target_rounding))
                       * MIN(target_rounding)
                  FROM entry WHERE code = ANY(%s)
                 GROUP BY code, company_id, card_id, document_id
                HAVING SUM(amount) != 0
                 ORDER BY MIN(due_date) NULLS LAST, document_id
                """,
                list(codes),
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
