from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contacts_follow_address = fields.Boolean(
        related="company_id.contacts_follow_address", readonly=False
    )
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
    show_customer_comments = fields.Boolean(
        related="company_id.show_customer_comments", readonly=False
    )
    show_customer_risk = fields.Boolean(
        related="company_id.show_customer_risk", readonly=False
    )
    offer_skip_defaulters = fields.Boolean(
        related="company_id.offer_skip_defaulters", readonly=False
    )
    offer_skip_over_risk = fields.Boolean(
        related="company_id.offer_skip_over_risk", readonly=False
    )
    offer_consent_required = fields.Boolean(
        related="company_id.offer_consent_required", readonly=False
    )
    offer_legal_text = fields.Char(
        related="company_id.offer_legal_text", readonly=False
    )
