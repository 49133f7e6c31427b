from odoo import models

from .customer_exposure_mixin import SPECIAL_LINE


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    _risk_special_idx = models.Index(
        f"(order_id) WHERE {SPECIAL_LINE.replace('line.', '')}"
    )
