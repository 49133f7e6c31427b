from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contacts_follow_address = fields.Boolean(
        related="company_id.contacts_follow_address", readonly=False
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
    show_customer_comments = fields.Boolean(
        related="company_id.show_customer_comments", readonly=False
    )
    show_customer_risk = fields.Boolean(
        related="company_id.show_customer_risk", readonly=False
    )
