from odoo import api, fields, models
from odoo.tools import SQL

from .customer_contact_mixin import WITHOUT_FIRST_CONTACT


class ResCompany(models.Model):
    _inherit = "res.company"

    contacts_follow_address = fields.Boolean(
        string="All contacts share the customer's address",
        help="Keeps Odoo's own rule: a customer and all of his contacts share one "
        "address, whichever of them is edited. Without it only the contact named like "
        "his customer follows the customer's address.",
    )
    show_customer_notes = fields.Boolean(
        string="Show a customer's notes in his documents",
        help="The notes of a customer's card stand above each quotation, order and "
        "invoice in which he is entered.",
    )
    risk_all_companies = fields.Boolean(
        string="Risk over all companies",
        help="A customer's debt is what he owes to all companies of this database, "
        "converted at today's rate. Without it only this company and its branches "
        "count. The limits are always this company's.",
    )
    risk_excludes_open = fields.Boolean(string="Leave out invoices not yet due")
    risk_excludes_overdue = fields.Boolean(string="Leave out overdue invoices")
    risk_excludes_refund = fields.Boolean(
        string="Leave out credit notes and payments on account"
    )
    risk_excludes_draft = fields.Boolean(string="Leave out draft invoices")
    risk_excludes_order = fields.Boolean(string="Leave out orders to invoice")

    # === ORM ===#

    @api.model_create_multi
    def create(self, vals_list):
        companies = super(
            ResCompany, self.with_context(**WITHOUT_FIRST_CONTACT)
        ).create(vals_list)
        return companies.with_env(self.env)

    # === RISK ===#

    def _get_counted_risk_components(self):
        """Codes of the components that make up a customer's debt in this company."""
        self.ensure_one()
        # sudo: what counts is told to whoever sees the debt.
        company = self.sudo()
        components = self.env["res.partner"]._get_risk_components()
        return [
            code
            for code, component in components.items()
            if not company[component["excluded_by"]]
        ]

    def _get_risk_companies(self):
        """The companies whose documents count here."""
        self.ensure_one()
        # sudo: whatever companies the user works in, the debt is the same.
        companies = self.env["res.company"].sudo()
        if self.sudo().risk_all_companies:
            return companies.search([])
        return companies.search([("id", "child_of", self.root_id.id)])

    def _get_risk_scope(self):
        """SQL of the companies whose documents count: id, currency ``rounding``, and
        ``rate`` and ``target_rounding`` of this company's currency, at today's rate."""
        self.ensure_one()
        company = self.sudo()
        target = company.currency_id
        if not company.risk_all_companies:
            # Branches share the currency of their root.
            return SQL(
                """
                SELECT id, %(rounding)s AS rounding, 1::numeric AS rate,
                       %(rounding)s AS target_rounding
                  FROM res_company WHERE parent_path LIKE %(path)s
                """,
                rounding=SQL("%s::numeric", target.rounding),
                path=f"{company.root_id.id}/%",
            )
        today = fields.Date.context_today(self)
        rows = [
            SQL(
                "(%s, %s::numeric, %s::numeric, %s::numeric)",
                other.id,
                other.currency_id.rounding,
                target._get_conversion_rate(other.currency_id, target, company, today),
                target.rounding,
            )
            for other in company._get_risk_companies()
        ]
        return SQL(
            "SELECT * FROM (VALUES %s) AS company(id, rounding, rate, target_rounding)",
            SQL(", ").join(rows),
        )
