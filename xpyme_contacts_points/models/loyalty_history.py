from odoo import api, fields, models
from odoo.tools import SQL


class LoyaltyHistory(models.Model):
    """What points were earned, and when."""

    _inherit = "loyalty.history"

    changed_order_id = fields.Many2one(
        "sale.order",
        string="Order Changed",
        readonly=True,
        index="btree_not_null",
        help="The order whose points this line changes: it grew or shrank, or some of "
        "it was returned.",
    )

    voucher_amount = fields.Monetary(
        string="Amount",
        compute="_compute_voucher_amount",
        currency_field="voucher_currency_id",
        help="What a voucher got, below 0 what went off it.",
    )
    voucher_currency_id = fields.Many2one(
        string="Currency of the Voucher", related="card_id.currency_id"
    )

    @api.depends("issued", "used", "card_id")
    def _compute_voucher_amount(self):
        for line in self:
            # sudo: what a point is worth, for whoever sees the history.
            program = line.card_id.program_id.sudo()
            coin = program._get_coin() if program.is_customer_voucher else 0
            line.voucher_amount = (line.issued - line.used) * coin

    @api.model
    def _get_points_documents(self):
        """Documents that earn or take back points; an addon adds its own.

        :return: ``{model: field with its date}``, a day or a moment; the model has a
            ``company_id``
        """
        return {"sale.order": "date_order", "account.move": "invoice_date"}

    @api.model
    def _get_earned_points_sql(self, company):
        """Points earned on loyalty cards, of whatever program of that kind.

        Each when its document was made; what has none, and the change of an order, when
        it was written: a period that is settled does not change any more.

        :return: SQL with the columns customer_id, company_id (empty: of all), moment
            (in UTC; of a day its beginning where ``company`` is), points and history_id
        """
        joined = self._join_points_documents(company._get_points_zone())
        joins, moments, companies = zip(*joined, strict=True)
        history = self.sudo()
        written = history._field_to_sql("history", "create_date")
        changed = SQL(
            "CASE WHEN %s IS NOT NULL AND history.order_model = 'sale.order'"
            " THEN %s END",
            history._field_to_sql("history", "changed_order_id"),
            written,
        )
        return SQL(
            """
            SELECT holder.commercial_partner_id AS customer_id,
                   COALESCE(%(companies)s, card.company_id) AS company_id,
                   COALESCE(%(moments)s) AS moment, %(issued)s AS points,
                   history.id AS history_id
              FROM loyalty_history AS history
              JOIN loyalty_card card ON card.id = history.card_id
              JOIN loyalty_program program ON program.id = card.program_id
               AND program.program_type = 'loyalty'
              JOIN res_partner holder ON holder.id = card.partner_id
              %(joins)s
            """,
            companies=SQL(", ").join(companies),
            moments=SQL(", ").join([changed, *moments, written]),
            issued=history._field_to_sql("history", "issued"),
            joins=SQL(" ").join(joins),
        )

    @api.model
    def _join_points_documents(self, zone):
        """SQL of each kind of document: its join, its moment and its company."""
        for place, (model, fname) in enumerate(self._get_points_documents().items()):
            # sudo: a salesperson sees the points of a customer, not others' documents.
            documents = self.env[model].sudo()
            alias = f"document_{place}"
            join = SQL(
                "LEFT JOIN %s AS %s ON history.order_model = %s"
                " AND %s = history.order_id",
                SQL.identifier(documents._table),
                SQL.identifier(alias),
                model,
                SQL.identifier(alias, "id"),
            )
            moment = documents._field_to_sql(alias, fname)
            if documents._fields[fname].type == "date":
                moment = self._get_beginning_sql(moment, zone)
            yield join, moment, documents._field_to_sql(alias, "company_id")

    @api.model
    def _get_beginning_sql(self, day, zone):
        """When a day begins in a zone, in UTC: moments are compared with it as they
        are kept, instead of each of them being brought to the zone."""
        return SQL("(%s)::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC'", day, zone)
