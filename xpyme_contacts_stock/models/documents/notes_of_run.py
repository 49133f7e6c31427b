from odoo import models

from odoo.addons.xpyme_contacts_billing.tools.plan import get_plan

from ...tools.note_plan import NotePart, NotePlan, get_part


class SaleOrder(models.Model):
    """A run until a day invoices what was delivered until that day.

    Notes after it stay for the next run, whether each of them has an invoice or not.
    """

    _inherit = "sale.order"

    def _get_moves_of_next_run(self):
        # sudo: whoever invoices need not read the stock.
        moves = self.sudo().order_line.move_ids
        moves = moves.filtered(lambda move: move.picking_id._is_of_next_run())
        return moves._filter_to_invoice()

    def _get_plan_of_run(self):
        """What a run takes of those orders that have notes after its day, and no
        invoice for each note."""
        grouped = self.filtered(lambda order: not order._is_invoiced_by_note())
        grouped._read_together()
        return NotePlan(
            {
                order.id: order._get_part_of_run()
                for order in grouped
                if order._get_moves_of_next_run()
            }
        )

    def _get_part_of_run(self):
        part = NotePart()
        lines = self._get_invoiceable_lines(final=True)
        for line in lines.filtered(lambda line: not line.display_type):
            quantity, moves = line._get_share_of_run()
            if not line._is_nothing(quantity):
                part.take(line.id, quantity, moves.ids)
        return part


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_share_of_run(self):
        """What is invoiced when ordered is, whole; else what left until the day."""
        shares, _rest = self._get_note_shares(final=True)
        later = [share for share in shares if share[0]._is_of_next_run()]
        if self.product_id.invoice_policy == "order":
            later = []
        moves = [share[2] for share in shares if share not in later]
        quantity = self.qty_to_invoice - self._sum_shares(later)
        return quantity, self.env["stock.move"].union(*moves)

    def _get_total_to_invoice(self):
        part = get_part(self.env.context, self.order_id.id)
        if part is None or self.id not in part.quantities:
            return super()._get_total_to_invoice()
        return self._get_amounts_of(part.quantities[self.id])[1]


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _is_of_next_run(self):
        """Whether it left after the day until which a run invoices."""
        plan = get_plan(self.env.context)
        if plan is None or not self.date_done:
            return False
        return self.company_id._to_local_day(self.date_done) > plan.date_to
