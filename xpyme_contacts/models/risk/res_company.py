from odoo import api, fields, models
from odoo.tools import SQL

# What happens at a stage when a customer is over a limit; left empty, it is told.
RISK_ACTIONS = [
    ("ignore", "Say nothing"),
    ("tell", "Tell"),
    ("ask", "Ask before going on"),
    ("block", "Block until it is released"),
]


class ResCompany(models.Model):
    """How customers' limits judge the company's documents."""

    _inherit = "res.company"

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

    risk_quotation_action = fields.Selection(
        RISK_ACTIONS,
        string="Quotation over a limit",
        help="When it is made, changed or sent. A quotation that asks does so when it "
        "is sent.",
    )
    risk_order_action = fields.Selection(
        RISK_ACTIONS,
        string="Order over a limit",
        help="When it is confirmed, and when a confirmed one grows. Delivering and "
        "invoicing an order confirmed before is never stopped.",
    )
    risk_invoice_action = fields.Selection(
        RISK_ACTIONS,
        string="Invoice over a limit",
        help="When it is posted. What its confirmed order still had left to invoice "
        "does not count.",
    )
    show_customer_risk = fields.Boolean(
        string="Always tell the risk",
        help="Documents show the debt and the limits of every customer who has any, "
        "also when he is within them.",
    )

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
            # A handful, and each of them counts.
            return companies.search([])  # pylint: disable=no-search-all
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

    @api.model
    def _get_risk_action_field(self, stage):
        """Name of the setting of a stage; addons with stages of their own extend it."""
        return f"risk_{stage}_action"

    def _get_risk_action(self, stage):
        """ignore, tell, ask or block: what a limit does at a stage.

        A branch without a setting of its own takes that of its root company.
        """
        self.ensure_one()
        # sudo: it holds for whoever sells.
        company, name = self.sudo(), self._get_risk_action_field(stage)
        return company[name] or company.root_id[name] or "tell"

    def _get_strongest_risk_action(self, stages):
        """The strongest action of some stages; documents without stages only tell."""
        order = [action for action, _label in RISK_ACTIONS]
        actions = [self._get_risk_action(stage) for stage in stages]
        return max(actions, key=order.index, default="tell")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    risk_all_companies = fields.Boolean(
        related="company_id.risk_all_companies", readonly=False
    )
    risk_excludes_open = fields.Boolean(
        related="company_id.risk_excludes_open", readonly=False
    )
    risk_excludes_overdue = fields.Boolean(
        related="company_id.risk_excludes_overdue", readonly=False
    )
    risk_excludes_refund = fields.Boolean(
        related="company_id.risk_excludes_refund", readonly=False
    )
    risk_excludes_draft = fields.Boolean(
        related="company_id.risk_excludes_draft", readonly=False
    )
    risk_excludes_order = fields.Boolean(
        related="company_id.risk_excludes_order", readonly=False
    )
    risk_quotation_action = fields.Selection(
        related="company_id.risk_quotation_action", readonly=False
    )
    risk_order_action = fields.Selection(
        related="company_id.risk_order_action", readonly=False
    )
    risk_invoice_action = fields.Selection(
        related="company_id.risk_invoice_action", readonly=False
    )
    show_customer_risk = fields.Boolean(
        related="company_id.show_customer_risk", readonly=False
    )
