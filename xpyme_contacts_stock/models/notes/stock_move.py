from odoo import models

from odoo.addons.xpyme_contacts.tools.inner import inner

OF_ORDER = inner("xpyme_note_of_order")


class StockMove(models.Model):
    _inherit = "stock.move"

    def _assign_picking(self):
        """A new picking learns whose order it is of only when it has its moves."""
        if self.sale_line_id:
            moves = self.with_context(**OF_ORDER)
            return super(StockMove, moves)._assign_picking()
        return super()._assign_picking()
