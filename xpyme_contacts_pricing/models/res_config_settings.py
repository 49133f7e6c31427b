from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_price_learning = fields.Selection(
        related="company_id.customer_price_learning", readonly=False
    )
    increase_special_prices = fields.Boolean(
        related="company_id.increase_special_prices", readonly=False
    )
