from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.risk_terms import RISK_GROUPS
from ...tools.risk_verdict import EXCEEDED, LIMITS, get_excesses

# Every customer. ``commercial_partner_id = id`` says the same, but the planner takes it
# for one in two hundred and compares all with all.
EVERYBODY = SQL("asked.id IN (SELECT commercial_partner_id FROM res_partner)")
# The fields that it answers, from its columns.
FIGURES = {
    "risk_granted": "%(risk)s.granted",
    "risk_debt": "%(risk)s.debt",
    "risk_available": "%(risk)s.granted - %(risk)s.debt",
    "risk_exceeded": f"({EXCEEDED})",
}


def _figure(fname, alias):
    """SQL of a figure, from the query joined as ``alias``."""
    return SQL(FIGURES[fname], risk=SQL.identifier(alias))


class ResPartner(models.Model):
    """What a customer owes and may owe (seed 004: Acum, Riesgo: Concedido, Deuda,
    Disponible). Nothing that depends on today is stored."""

    _inherit = "res.partner"

    # === FIELDS ===#

    exposure_currency_id = fields.Many2one(
        "res.currency", compute="_compute_exposure_currency"
    )
    risk_granted = fields.Monetary(
        compute="_compute_risk",
        compute_sudo=True,
        search="_search_risk_granted",
        currency_field="exposure_currency_id",
        groups=RISK_GROUPS,
        help="Risk granted to the customer, by tax id if he is judged so; 0 is no "
        "limit. In the company's currency.",
    )
    risk_debt = fields.Monetary(
        string="Debt",
        compute="_compute_risk",
        compute_sudo=True,
        search="_search_risk_debt",
        currency_field="exposure_currency_id",
        groups=RISK_GROUPS,
        help="What the customer owes now: invoices, drafts and orders to invoice, as "
        "the company counts them, with tax. In the company's currency.",
    )
    risk_available = fields.Monetary(
        string="Available Risk",
        compute="_compute_risk",
        compute_sudo=True,
        search="_search_risk_available",
        currency_field="exposure_currency_id",
        groups=RISK_GROUPS,
        help="Granted risk less debt; negative when it is exceeded, and nothing "
        "without a granted risk. In the company's currency.",
    )
    risk_exceeded = fields.Boolean(
        string="Over the Limit",
        compute="_compute_risk",
        compute_sudo=True,
        search="_search_risk_exceeded",
        groups="base.group_user",
        help="The debt is above the granted risk or above the internal limit.",
    )

    risk_left = fields.Monetary(
        string="Available Risk or Internal Limit",
        compute="_compute_risk",
        compute_sudo=True,
        currency_field="exposure_currency_id",
        groups=RISK_GROUPS,
        exportable=False,
        help="What is left of the granted risk, and without one of the internal limit; "
        "the smaller one when a limit is exceeded. In the company's currency.",
    )
    has_risk_limit = fields.Boolean(
        compute="_compute_risk", compute_sudo=True, groups=RISK_GROUPS, exportable=False
    )
    customer_alert = fields.Selection(
        [
            ("blocked", "Blocked"),
            ("defaulter", "Defaulter"),
            ("exceeded", "Risk exceeded"),
            ("deregistered", "Deregistered"),
            ("deregistering", "Leaves soon"),
        ],
        compute="_compute_customer_alert",
        groups="base.group_user",
        exportable=False,
        help="The worst thing that is true of the customer.",
    )

    # === COMPUTE ===#

    @api.depends_context("company")
    def _compute_exposure_currency(self):
        self.exposure_currency_id = self.env.company.currency_id

    @api.depends("commercial_partner_id", *LIMITS, "risk_by_vat", "vat_key")
    @api.depends_context("company")
    def _compute_risk(self):
        figures = self._origin._get_risk_figures(self.env.company)
        for partner in self:
            found = figures.get(partner._origin.id, {})
            partner.risk_granted = found.get("granted") or 0.0
            partner.risk_debt = found.get("debt") or 0.0
            partner.risk_exceeded = found.get("exceeded", False)
            limits = [found[name] for name in LIMITS.values() if found.get(name)]
            left = [limit - found["debt"] for limit in limits]
            granted = found.get("granted")
            partner.risk_available = granted and granted - found["debt"] or 0.0
            partner.has_risk_limit = bool(limits)
            partner.risk_left = min(left) if partner.risk_exceeded else (left or [0])[0]

    @api.depends(
        *("is_blocked", "is_defaulter", "deregistration_date", "risk_exceeded")
    )
    @api.depends_context("company")
    def _compute_customer_alert(self):
        today = fields.Date.context_today(self)
        for partner in self:
            date = partner.deregistration_date
            alerts = {
                "blocked": partner.is_blocked,
                "defaulter": partner.is_defaulter,
                "exceeded": partner.risk_exceeded,
                "deregistered": date and date <= today,
                "deregistering": date and date > today,
            }
            partner.customer_alert = next(
                (a for a, is_so in alerts.items() if is_so), False
            )

    def _search_risk_granted(self, operator, value):
        return self._get_risk_domain("risk_granted", operator, value)

    def _search_risk_debt(self, operator, value):
        return self._get_risk_domain("risk_debt", operator, value)

    def _search_risk_available(self, operator, value):
        return self._get_risk_domain("risk_available", operator, value)

    def _search_risk_exceeded(self, operator, value):
        return self._get_risk_domain("risk_exceeded", operator, value)

    # === FIGURES ===#

    def _get_risk_amounts(self, company):
        """What each partner's customer owes, alone or with the cards of the tax id.

        :param company: the document's company; its root and branches are judged as
            one, and so are all companies if it wants so
        :return: ``{partner_id: {code: amount, …, "debt": amount}}`` of ``self``, in
            the company's currency; ``debt`` adds what the company counts
        """
        names = [*self._get_risk_components(), "debt"]
        return {
            partner_id: dict(zip(names, (*amounts, debt), strict=True))
            for partner_id, _granted, _internal, debt, *amounts in (
                self._fetch_risk(company)
            )
        }

    def _get_risk_figures(self, company):
        """The amounts with the limits and the verdict.

        :return: ``{partner_id: {"granted", "internal" (None: no limit), "debt", code:
            amount, …, "exceeded": bool}}``, in the company's currency
        """
        names = [*LIMITS.values(), "debt", *self._get_risk_components()]
        figures = {
            partner_id: dict(zip(names, values, strict=True))
            for partner_id, *values in self._fetch_risk(company)
        }
        for found in figures.values():
            found["exceeded"] = bool(get_excesses(found))
        return figures

    def _fetch_risk(self, company):
        """Rows of id, granted, internal, debt and the components' amounts."""
        if not self.ids:
            return []
        query = self._get_risk_query(company, SQL("asked.id = ANY(%s)", self.ids))
        return self.env.execute_query(query)

    # === SEARCH AND ORDER ===#

    @api.model
    def _get_risk_domain(self, fname, operator, value):
        """Domain of the partners whose figure ``fname`` compares so with ``value``.

        :raise AccessError: the user may not read the figure
        :raise ValueError: ``value`` is no amount
        """
        # Core asks for a column's groups only, and this is none.
        self._check_field_access(self._fields[fname], "read")
        if operator not in ("in", "not in", "<", ">", "<=", ">="):
            return NotImplemented
        if fname == "risk_exceeded":
            value = {bool(item) for item in value}
            if len(value) != 1:
                return Domain(bool(value) == (operator == "in"))
            is_in = (True in value) == (operator == "in")
            condition, among = _figure(fname, "risk"), self._get_limited_condition()
        else:
            value = self._read_sought_amounts(fname, operator, value)
            condition = SQL("COALESCE(%s, 0)", _figure(fname, "risk"))
            condition = SQL("%s %s %s", condition, SQL(operator.upper()), value)
            is_in, among = True, EVERYBODY
        query = self._get_risk_query(self.env.company, among)
        to_sql = SQL("(SELECT risk.id FROM (%s) risk WHERE %s)", query, condition)
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s %s %s",
                SQL.identifier(alias, "commercial_partner_id"),
                SQL("IN" if is_in else "NOT IN"),
                to_sql,
            )
        )

    @api.model
    def _read_sought_amounts(self, fname, operator, value):
        """An amount, or a tuple of them.

        :raise ValueError: it is none
        """
        many = operator in ("in", "not in")
        try:
            amounts = tuple(float(item or 0) for item in (value if many else [value]))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{fname} {operator} {value!r}: no amount") from error
        return amounts if many else amounts[0]

    @api.model
    def _get_limited_condition(self):
        """SQL of the customers with a limit in some company, alone or by tax id."""
        limits = [self._fields[name] for name in LIMITS]
        company = self.env.company
        if any(
            field.get_company_dependent_fallback(self.with_company(judge))
            for judge in company | company.root_id
            for field in limits
        ):
            return EVERYBODY
        # As one expression: limits just imported are in no statistics yet, and the
        # planner would take each column by itself for empty.
        return SQL(
            "%s AND (card.risk_by_vat"
            " OR COALESCE(card.credit_limit, card.internal_credit_limit) IS NOT NULL)",
            EVERYBODY,
            to_flush=limits,
        )

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name in FIGURES:
            return self._order_by_risk(alias, field_name, direction, query)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _order_by_risk(self, alias, fname, direction, query):
        """SQL of the order by a figure; customers who have none come last."""
        self._check_field_access(self._fields[fname], "read")
        risk = query.make_alias(alias, "risk")
        if risk not in query._joins:
            figures = self._get_risk_query(self.env.company, EVERYBODY)
            customer = SQL.identifier(alias, "commercial_partner_id")
            condition = SQL("%s = %s", SQL.identifier(risk, "id"), customer)
            query.add_join("LEFT JOIN", risk, SQL("(%s)", figures), condition)
        return SQL("%s %s NULLS LAST", _figure(fname, risk), direction)
