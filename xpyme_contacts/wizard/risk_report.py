from odoo import fields, models


class RiskReport(models.TransientModel):
    """*Revisar riesgo* (seed 004): what a customer owes now, explained."""

    _name = "xpyme.risk.report"
    _description = "Risk Report"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
