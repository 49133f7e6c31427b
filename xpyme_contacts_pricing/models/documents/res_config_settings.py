from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_price_learning = fields.Selection(
        related="company_id.customer_price_learning", readonly=False
    )
