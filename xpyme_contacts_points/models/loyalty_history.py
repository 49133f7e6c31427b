from odoo import api, fields, models
from odoo.tools import SQL

_EARNED = """
SELECT card.partner_id, COALESCE(document.company_id, card.company_id) AS company_id,
       COALESCE(%(changed)s, document.moment, %(written)s) AS moment,
       %(issued)s AS points, history.id AS history_id
  FROM loyalty_history AS history
  JOIN loyalty_card card ON card.id = history.card_id
   AND card.program_id = ANY(ARRAY(
       SELECT id FROM loyalty_program WHERE program_type = 'loyalty'))
  LEFT JOIN (%(documents)s) AS document
    ON document.model = history.order_model
   AND document.id = history.order_id
"""


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
    is_free_return = fields.Boolean(
        string="Returned without a Link",
        readonly=True,
        help="Goods that came back, and the document does not say of which sale.",
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

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.card_id._check_may_move()
        return lines

    def write(self, vals):
        self.card_id._check_may_move()
        result = super().write(vals)
        if "card_id" in vals:
            self.card_id._check_may_move()
        return result

    def unlink(self):
        self.card_id._check_may_move()
        return super().unlink()

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

        :return: SQL with the columns partner_id, company_id (empty: of all), moment
            (in UTC; of a day its beginning where ``company`` is), points and history_id
        """
        self.flush_model(["card_id", "order_model", "order_id"])
        self.env["loyalty.card"].flush_model(["partner_id", "program_id"])
        documents = [
            self._get_document_moments_sql(model, fname, company)
            for model, fname in self._get_points_documents().items()
        ]
        history = self.sudo()
        written = history._field_to_sql("history", "create_date")
        changed = SQL(
            "CASE WHEN %s IS NOT NULL AND history.order_model = 'sale.order'"
            " THEN %s END",
            history._field_to_sql("history", "changed_order_id"),
            written,
        )
        return SQL(
            _EARNED,
            changed=changed,
            written=written,
            issued=history._field_to_sql("history", "issued"),
            documents=SQL(" UNION ALL ").join(documents),
        )

    @api.model
    def _get_document_moments_sql(self, model, fname, company):
        # sudo: a salesperson sees the points of a customer, not others' documents.
        documents = self.env[model].sudo()
        moment = documents._field_to_sql("document", fname)
        if documents._fields[fname].type == "date":
            moment = self._get_beginning_sql(moment, company._get_zone())
        return SQL(
            "SELECT %s::varchar AS model, document.id, %s AS company_id, %s AS moment"
            " FROM %s AS document",
            model,
            documents._field_to_sql("document", "company_id"),
            moment,
            SQL.identifier(documents._table),
        )

    @api.model
    def _get_beginning_sql(self, day, zone):
        """When a day begins in a zone, in UTC: moments are compared with it as they
        are kept, instead of each of them being brought to the zone."""
        return SQL("(%s)::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC'", day, zone)
