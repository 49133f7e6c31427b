from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# PostgreSQL cannot know that the cards asked for have most of the history, nor how much
# of it is of the period. It would look up each line by itself and sort them all; so the
# partners are read first, and what is not of the period is left out while adding up.
_FIGURES = """
WITH period AS (%(periods)s), settled AS (
    SELECT period.customer_id, SUM(settlement.base) AS sales,
           SUM(settlement.points) AS points,
           range_agg(daterange(settlement.date_from, settlement.date_to, '[]')) AS days,
           range_agg(tsrange(%(settled_since)s, %(settled_until)s)) AS moments
      FROM period
      JOIN xpyme_points_settlement settlement
        ON settlement.partner_id = period.customer_id
       AND settlement.company_id = %(company)s AND settlement.state IN ('done', 'empty')
       AND settlement.date_to < period.date_from
     GROUP BY period.customer_id
), counted AS (
    SELECT period.customer_id, COALESCE(settled.sales, 0) AS settled_sales,
           COALESCE(settled.points, 0) AS settled_points,
           datemultirange(daterange(period.date_from, period.date_to, '[]'))
           + COALESCE(settled.days, '{}') AS days,
           tsmultirange(tsrange(period.since, period.until))
           + COALESCE(settled.moments, '{}') AS moments
      FROM period LEFT JOIN settled USING (customer_id)
     WHERE period.date_from IS NOT NULL AND period.date_to IS NOT NULL
), sold AS (
    SELECT counted.customer_id, SUM(sale.amount_with_tax) AS sales
      FROM counted
      JOIN (%(sales)s) AS sale
        ON sale.customer_id = counted.customer_id AND sale.date <@ counted.days
     WHERE sale.company_id = %(company)s
     GROUP BY counted.customer_id
), holder AS MATERIALIZED (
    SELECT partner.id, counted.customer_id, counted.moments
      FROM counted
      JOIN res_partner partner ON partner.commercial_partner_id = counted.customer_id
), gained AS (
    SELECT holder.customer_id,
           SUM(earned.points) FILTER (
               WHERE earned.moment <@ holder.moments
               AND COALESCE(earned.company_id, %(company)s) = %(company)s
           ) AS points
      FROM holder JOIN (%(points)s) AS earned ON earned.partner_id = holder.id
     GROUP BY holder.customer_id
)
SELECT customer_id,
       round((COALESCE(gained.points, 0) - settled_points)::numeric, 6)::float,
       round(COALESCE(sold.sales, 0) - settled_sales, 6)::float
  FROM counted LEFT JOIN sold USING (customer_id) LEFT JOIN gained USING (customer_id)
"""


class ResPartner(models.Model):
    """What a customer bought and earned in a period (seed 004: Acum › Puntos).

    Each company has its own period of a customer: it settles by itself.
    """

    _inherit = "res.partner"

    points_period_start = fields.Date(
        string="Start of Period",
        company_dependent=True,
        copy=False,
        help="First day of the period whose points and sales are settled next.",
    )
    points_period_end = fields.Date(
        string="End of Period",
        company_dependent=True,
        copy=False,
        help="Last day of the period. Once it is settled, the next one follows.",
    )
    no_points = fields.Boolean(
        string="Accumulate no Points",
        help="The customer earns no points and is left out of settlements. Vouchers "
        "that they have can still be used.",
    )
    points_period_total = fields.Float(
        string="Points of the Period",
        digits=(16, 2),
        compute="_compute_points_figures",
        help="Points earned in the period, less those of returned goods; and what has "
        "changed of periods since they were settled.",
    )
    points_period_sales = fields.Float(
        string="Sales of the Period",
        compute="_compute_points_figures",
        help="Invoices less credit notes of the period, tax included, in the company's "
        "currency; and what has changed of periods since they were settled.",
    )

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            *("points_period_start", "points_period_end", "no_points"),
        ]

    @api.constrains("points_period_start", "points_period_end")
    def _check_points_period(self):
        """:raise ValidationError: it ends before it begins"""
        for partner in self:
            start, end = partner.points_period_start, partner.points_period_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "The period of points of %s ends before it begins: type the "
                        "last day after the first.",
                        partner.display_name,
                    )
                )

    @api.depends("points_period_start", "points_period_end")
    @api.depends_context("company")
    def _compute_points_figures(self):
        figures = self._read_points_figures()
        for partner in self:
            customer = partner.commercial_partner_id._origin
            points, sales = figures.get(customer.id, (0.0, 0.0))
            partner.points_period_total = points
            partner.points_period_sales = sales

    def _read_points_figures(self):
        """``{customer id: (points, sales with tax)}`` of each customer's period.

        All of the days that have been settled before and of the period, less what was
        settled: what comes late, or is cancelled, is of the period in which it is seen.

        One statement, whatever the number of customers, of their points and sales.
        """
        customers = self.commercial_partner_id._origin
        if not customers:
            return {}
        company, history = self.env.company, self.env["loyalty.history"]
        self.env["xpyme.points.settlement"].flush_model()
        zone = company._get_zone()
        rows = self.env.execute_query(
            SQL(
                _FIGURES,
                settled_since=history._get_beginning_sql(
                    SQL("settlement.date_from"), zone
                ),
                settled_until=history._get_beginning_sql(
                    SQL("settlement.date_to + 1"), zone
                ),
                periods=self._get_points_periods_sql(customers),
                sales=SQL(" UNION ALL ").join(self._get_sales_sources().values()),
                points=history._get_earned_points_sql(company),
                company=company.id,
            )
        )
        return {customer_id: figures for customer_id, *figures in rows}

    @api.model
    def _get_points_periods_sql(self, customers=None):
        """Days of the periods, and the moments in UTC when they begin and are over.

        :param customers: of all where none are given
        """
        # sudo: the dates, of customers whose figures the user may read.
        partners, history = self.sudo(), self.env["loyalty.history"]
        # by which a card's partner is looked up
        partners.flush_model(["commercial_partner_id"])
        start = partners._field_to_sql("customer", "points_period_start")
        end = partners._field_to_sql("customer", "points_period_end")
        zone = self.env.company._get_zone()
        condition = SQL("TRUE")
        if customers is not None:
            condition = SQL("customer.id IN %s", customers._ids)
        return SQL(
            """
            SELECT customer.id AS customer_id, %s AS date_from, %s AS date_to,
                   %s AS since, %s AS until
              FROM res_partner customer WHERE %s
            """,
            start,
            end,
            history._get_beginning_sql(start, zone),
            history._get_beginning_sql(SQL("%s + 1", end), zone),
            condition,
        )

    # === DOCUMENTS BEHIND THE FIGURES ===#

    def action_open_period_points(self):
        """What the points of the period add up."""
        return self._get_movements_action("points", self.env._("Points of %s"))

    def action_open_period_sales(self):
        """What the sales of the period add up."""
        return self._get_movements_action("sales", self.env._("Sales to %s"))

    def _get_movements_action(self, figure, title):
        self.ensure_one()
        customer = self.commercial_partner_id
        action = "xpyme_contacts_points.xpyme_points_movement_action"
        title %= customer.name
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(action),
            "name": title,
            "display_name": title,
            "domain": [
                ("partner_id", "=", customer.id),
                ("company_id", "=", self.env.company.id),
            ],
            "context": {
                "figure": figure,
                f"search_default_{figure}": 1,
                "search_default_group_month": 1,
            },
        }
