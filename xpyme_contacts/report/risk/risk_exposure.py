from odoo import api, fields, models
from odoo.tools import SQL

# The keys sort as the ages do.
AGES = [
    ("0_unbilled", "Not invoiced yet"),
    ("1_current", "Not yet due"),
    ("2_30", "1 to 30 days overdue"),
    ("3_60", "31 to 60 days overdue"),
    ("4_90", "61 to 90 days overdue"),
    ("5_older", "More than 90 days overdue"),
]


class RiskExposure(models.Model):
    """What customers owe by age: totals by customer, component and due date."""

    _name = "xpyme.risk.exposure"
    _description = "Exposure by Age"
    _auto = False
    _rec_name = "partner_id"
    _order = "age desc, amount desc, id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Representative", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    code = fields.Selection(selection="_get_codes", string="Item", readonly=True)
    due_date = fields.Date(readonly=True)
    age = fields.Selection(AGES, string="Age of Debt", readonly=True)
    amount = fields.Monetary(
        readonly=True, help="In the currency of the documents' company."
    )
    document_count = fields.Integer(string="Documents", readonly=True)

    @api.model
    def _get_codes(self):
        components = self.env["res.partner"]._get_risk_components()
        return [(code, component["name"]) for code, component in components.items()]

    @property
    def _table_query(self):
        return SQL(
            """
            WITH scope AS (
                SELECT company.id, currency.rounding, currency.id AS currency_id
                  FROM res_company company
                  JOIN res_currency currency ON currency.id = company.currency_id
            ),
            member AS (SELECT id, commercial_partner_id AS card_id FROM res_partner)
            SELECT ROW_NUMBER() OVER () AS id, source.card_id AS partner_id,
                   card.user_id, source.company_id, scope.currency_id, source.code,
                   source.due_date, %(age)s AS age, SUM(source.amount) AS amount,
                   COUNT(DISTINCT source.document_id) AS document_count
              FROM (%(sources)s) AS source
              JOIN scope ON scope.id = source.company_id
              JOIN res_partner card ON card.id = source.card_id
             GROUP BY source.card_id, card.user_id, source.company_id,
                      scope.currency_id, source.code, source.due_date
            HAVING SUM(source.amount) != 0
            """,
            sources=self.env["res.partner"]._get_risk_sources(),
            age=self._get_age(),
        )

    @api.model
    def _get_age(self):
        """SQL of the age of a ``source``."""
        return SQL(
            """
            CASE WHEN source.code NOT IN ('open', 'overdue', 'refund')
                 THEN '0_unbilled'
                 WHEN source.due_date >= %(today)s THEN '1_current'
                 WHEN source.due_date >= %(today)s - 30 THEN '2_30'
                 WHEN source.due_date >= %(today)s - 60 THEN '3_60'
                 WHEN source.due_date >= %(today)s - 90 THEN '4_90'
                 ELSE '5_older' END
            """,
            today=SQL("%s::date", fields.Date.context_today(self)),
        )

    def action_open_risk_report(self):
        """*Revisar riesgo* of the customer, in the documents' company."""
        self.ensure_one()
        customer = self.partner_id.with_company(self.company_id)
        return customer.action_open_risk_report()
