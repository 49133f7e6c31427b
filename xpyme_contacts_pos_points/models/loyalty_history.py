from odoo import api, models


class LoyaltyHistory(models.Model):
    _inherit = "loyalty.history"

    @api.model
    def _get_points_documents(self):
        return {**super()._get_points_documents(), "pos.order": "date_order"}


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    @api.model
    def _get_voucher_links(self):
        return [*super()._get_voucher_links(), ("pos.order.line", "coupon_id")]
