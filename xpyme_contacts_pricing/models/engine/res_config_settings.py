from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    increase_special_prices = fields.Boolean(
        related="company_id.increase_special_prices", readonly=False
    )
