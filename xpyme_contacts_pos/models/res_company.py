from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.models.risk.res_company import RISK_ACTIONS


class ResCompany(models.Model):
    """How a company's tills judge what is put on a customer's account."""

    _inherit = "res.company"

    risk_till_action = fields.Selection(
        RISK_ACTIONS,
        string="Ticket on account over a limit",
        help="Before it is paid, by what of it is put on the customer's account. What "
        "is paid at once is never stopped, nor what was sold without connection.",
    )
    risk_excludes_till = fields.Boolean(
        string="Leave out tickets on account",
        help="What open sessions of the till have put on customers' accounts without "
        "an invoice.",
    )

    @api.model
    def _get_till_zones_sql(self, company_id):
        """SQL of the zone of a ticket's company.

        :param company_id: SQL of its id
        """
        # A handful, and each of them sells.
        companies = self.sudo().search([])  # pylint: disable=no-search-all
        return SQL(
            "CASE %s %s ELSE 'UTC' END",
            company_id,
            SQL(" ").join(
                SQL("WHEN %s THEN %s", company.id, company._get_zone())
                for company in companies
            ),
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    risk_till_action = fields.Selection(
        related="company_id.risk_till_action", readonly=False
    )
    risk_excludes_till = fields.Boolean(
        related="company_id.risk_excludes_till", readonly=False
    )
