from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date


class CustomerSale(models.Model):
    """*Ventas al cliente* (seed 004): each sale to a customer, to be added up by month.

    What a sale is, ``res.partner._get_sales_sources()`` says: so it adds up to *Total
    Ventas*. Whoever may read a customer reads their sales, and not the invoices.
    """

    _name = "xpyme.customer.sale"
    _description = "Sale to a Customer"
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
    year = fields.Char(readonly=True)
    month = fields.Selection(selection="_get_months", readonly=True)
    amount = fields.Monetary(
        string="Sales",
        readonly=True,
        help="Without tax, credit notes subtracted, in the currency of the company.",
    )
    amount_with_tax = fields.Monetary(
        string="Sales with Tax",
        readonly=True,
        help="Credit notes subtracted, in the currency of the company.",
    )
    is_sale = fields.Boolean(string="No Credit Note", readonly=True)

    @api.model
    def _get_months(self):
        """The months by number, for them to sort as in a year."""
        firsts = (date(2000, number, 1) for number in range(1, 13))
        return [
            (f"{first:%m}", format_date(self.env, first, date_format="LLLL").title())
            for first in firsts
        ]

    @property
    def _table_query(self):
        sources = self.env["res.partner"]._get_sales_sources()
        # The place of a source makes the number of its document one of all: a window
        # function would have to see every sale before one customer's are chosen.
        documents = [
            SQL(
                "SELECT sale.*, sale.document_id::bigint * %s + %s AS id,"
                " %s AS document_model FROM (%s) AS sale",
                len(sources),
                place,
                model,
                source,
            )
            for place, (model, source) in enumerate(sources.items())
        ]
        return SQL(
            """
            SELECT source.id, source.customer_id AS partner_id, source.company_id,
                   company.currency_id, source.document_model, source.document_id,
                   source.name, source.date, to_char(source.date, 'YYYY') AS year,
                   to_char(source.date, 'MM') AS month, source.amount,
                   source.amount_with_tax, source.is_sale
              FROM (%s) AS source
              JOIN res_company company ON company.id = source.company_id
            """,
            SQL(" UNION ALL ").join(documents),
        )

    def action_open_document(self):
        """The invoice or credit note.

        :raise UserError: the user may not see it
        """
        self.ensure_one()
        document = self.env[self.document_model].browse(self.document_id)
        if not document.has_access("read"):
            raise UserError(
                self.env._(
                    "Your rights show you the amount of %s, not the document: ask the "
                    "office for it.",
                    self.name,
                )
            )
        return document.get_formview_action()
