from odoo import api, models

from odoo.addons.xpyme_contacts.tools.inner import GOODS_OF_TICKET


class StockPicking(models.Model):
    """Whoever judges goods that leave without an order knows those of a ticket."""

    _inherit = "stock.picking"

    @api.model
    def _create_picking_from_pos_order_lines(self, *args, **kwargs):
        notes = super(
            StockPicking, self.with_context(**GOODS_OF_TICKET)
        )._create_picking_from_pos_order_lines(*args, **kwargs)
        return notes.with_env(self.env)


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _launch_stock_rule_from_pos_order_lines(self):
        lines = self.with_context(**GOODS_OF_TICKET)
        return super(PosOrderLine, lines)._launch_stock_rule_from_pos_order_lines()
