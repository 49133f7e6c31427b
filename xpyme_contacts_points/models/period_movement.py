from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# The partition begins with the customer: only the rows of those asked for are read.
_MOVEMENTS = """
SELECT movement.id, movement.partner_id, movement.company_id, company.currency_id,
       movement.document_model, movement.document_id, movement.name, movement.date,
       movement.points, movement.sales, settled.id AS settlement_id,
       period.is_running OR settled.id IS NOT NULL
           AND round(SUM(movement.points) OVER own, 6) != 0 AS is_of_points,
       period.is_running OR settled.id IS NOT NULL
           AND round(SUM(movement.sales) OVER own, 6) != 0 AS is_of_sales
  FROM (%(rows)s) AS movement
  JOIN res_company company ON company.id = movement.company_id
  JOIN (%(periods)s) AS customer ON customer.customer_id = movement.partner_id
  LEFT JOIN LATERAL (
       SELECT settlement.id
         FROM xpyme_points_settlement settlement
        WHERE settlement.partner_id = movement.partner_id
          AND settlement.company_id = movement.company_id
          AND settlement.state IN ('done', 'empty')
          AND settlement.date_to < customer.date_from
          AND customer.date_to IS NOT NULL
          AND (settlement.id = movement.settlement_id
               OR movement.settlement_id IS NULL
              AND movement.date BETWEEN settlement.date_from AND settlement.date_to)
        ORDER BY settlement.state, settlement.id LIMIT 1
       ) AS settled ON TRUE
 CROSS JOIN LATERAL (
       SELECT movement.settlement_id IS NULL AND COALESCE(
              movement.date BETWEEN customer.date_from AND customer.date_to, FALSE
              ) AS is_running
       ) AS period
WINDOW own AS (
       PARTITION BY movement.partner_id, movement.company_id, settled.id)
"""
_ROWS = """
SELECT sale.id * 3 AS id, sale.partner_id, sale.company_id, sale.document_model,
       sale.document_id, sale.name, sale.date, 0::numeric AS points,
       sale.amount_with_tax::numeric AS sales, NULL::integer AS settlement_id
  FROM (%(sales)s) AS sale WHERE sale.company_id = %(company)s
 UNION ALL
SELECT earned.history_id::bigint * 3 + 1, holder.commercial_partner_id, %(company)s,
       CASE WHEN history.order_id > 0 THEN history.order_model
            ELSE 'loyalty.card' END,
       COALESCE(NULLIF(history.order_id, 0), history.card_id), history.description,
       (earned.moment AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date,
       earned.points::numeric, 0, NULL
  FROM (%(points)s) AS earned
  JOIN loyalty_history history ON history.id = earned.history_id
  JOIN res_partner holder ON holder.id = earned.partner_id
 WHERE COALESCE(earned.company_id, %(company)s) = %(company)s
 UNION ALL
SELECT settlement.id::bigint * 3 + 2, settlement.partner_id, settlement.company_id,
       'xpyme.points.settlement', settlement.id, %(settled)s, settlement.date_to,
       -COALESCE(settlement.points, 0), -COALESCE(settlement.base, 0), settlement.id
  FROM xpyme_points_settlement settlement
 WHERE settlement.state = 'done' AND settlement.company_id = %(company)s
"""


class PeriodMovement(models.Model):
    """What *Acumulado* and *Ventas en Periodo* add up, in the company at work.

    The sales and points of the running period; and of a period that has changed since
    it was settled, all that is of it, less what was settled.
    """

    _name = "xpyme.points.movement"
    _description = "Points and Sales of a Customer"
    _auto = False
    _rec_name = "name"
    _order = "date desc, id desc"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference(
        string="Document ID", model_field="document_model", readonly=True
    )
    name = fields.Char(string="Document", readonly=True)
    date = fields.Date(readonly=True)
    points = fields.Float(
        digits=(16, 2), readonly=True, help="Earned, below 0 taken back or settled."
    )
    sales = fields.Monetary(
        readonly=True,
        help="With tax, in the currency of the company; below 0 credited or settled.",
    )
    settlement_id = fields.Many2one(
        "xpyme.points.settlement",
        string="Settled in",
        readonly=True,
        help="The settled period whose days it is of.",
    )
    is_of_points = fields.Boolean(
        string="Points of the Period",
        readonly=True,
        help="It is of the running period, or of one whose points have changed since "
        "they were settled.",
    )
    is_of_sales = fields.Boolean(
        string="Sales of the Period",
        readonly=True,
        help="It is of the running period, or of one whose sales have changed since "
        "they were settled.",
    )

    @property
    def _table_query(self):
        company = self.env.company
        return SQL(
            _MOVEMENTS,
            rows=self._get_rows_sql(company),
            periods=self.env["res.partner"]._get_points_periods_sql(),
        )

    @api.model
    def _get_rows_sql(self, company):
        self.env["xpyme.points.settlement"].flush_model()
        return SQL(
            _ROWS,
            sales=self.env["xpyme.customer.sale"]._table_query,
            points=self.env["loyalty.history"]._get_earned_points_sql(company),
            settled=self.env._("Settled"),
            zone=company._get_zone(),
            company=company.id,
        )

    def action_open_document(self):
        """The invoice, order, ticket or settlement; the card of what has none.

        :raise UserError: the user may not see it, or it is no more
        """
        self.ensure_one()
        document = self.env[self.document_model].browse(self.document_id).exists()
        if not (document and document.has_access("read")):
            raise UserError(
                self.env._(
                    "Your rights do not show you %s, or it has been deleted: ask the "
                    "office for it.",
                    self.name,
                )
            )
        return document.get_formview_action()
