from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...tools.risk_terms import DEFAULTER


class ResPartner(models.Model):
    """A customer who does not pay (seed 004, Riesgo: Moroso).

    Told wherever the customer is chosen; core's degree of trust is not touched.
    """

    _inherit = "res.partner"

    is_defaulter = fields.Boolean(
        string="Defaulter",
        groups="base.group_user",
        copy=False,
        tracking=True,
        help="Tells it wherever the customer is chosen.",
    )

    @api.model
    def _get_notice_sources(self):
        source = (DEFAULTER, "_get_defaulter_notices")
        return [*super()._get_notice_sources(), source]

    def _get_defaulter_notices(self, entry):
        """Since when and how much, for users who may see debts."""
        if not self.is_defaulter:
            return []
        company = entry["company"]
        due = entry["risk"] and self._get_oldest_due(company)
        if not due:
            return [self.env._("Defaulter.")]
        overdue = entry["risk"].figures["overdue"]
        today = fields.Date.context_today(self)
        return [
            self.env._(
                "Defaulter: owes %(amount)s overdue since %(date)s (%(days)s days).",
                **self._format_risk_amounts(company, amount=overdue),
                date=format_date(self.env, due),
                days=(today - due).days,
            )
        ]

    def _get_oldest_due(self, company):
        """The due date of what has been overdue longest, of the cards judged with this
        customer; None: nothing is overdue."""
        query = self._get_risk_cards()._get_risk_entries(
            company, SQL("SELECT MIN(due_date) FROM entry WHERE code = 'overdue'")
        )
        return self.env.execute_query(query)[0][0]
