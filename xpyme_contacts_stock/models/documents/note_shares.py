from odoo import models
from odoo.tools import float_is_zero


class SaleOrderLine(models.Model):
    """What the notes that are not invoiced yet delivered of a line.

    How much may be invoiced is what Odoo says; the notes say of which invoice it is.
    """

    _inherit = "sale.order.line"

    def _get_note_shares(self, final):
        """What each note has of the quantity to invoice, and what no note has.

        A return before the invoice lowers its note; one after it is a note of its own,
        of a negative quantity.

        :param final: whether what came back is credited
        :return: list of (note, quantity in the unit of the line, moves), the oldest
            first, and the rest
        """
        self.ensure_one()
        shares, left = self._get_moved_shares(), self.qty_to_invoice
        if not final:
            shares = [share for share in shares if share[1] > 0]
            left = max(left, 0.0)
        shares = self._spare_returns(shares, left)
        shares = self._cut_shares(shares, left)
        moved = self._sum_shares(shares)
        rest = left - moved
        if rest > 0 and self._has_goods_to_come():
            delivered = self.qty_delivered - self.qty_invoiced - moved
            rest = min(rest, max(delivered, 0.0))
        shares = [share for share in shares if not self._is_nothing(share[1])]
        return shares, 0.0 if self._is_nothing(rest) else rest

    def _sum_shares(self, shares):
        return sum(quantity for _note, quantity, _moves in shares)

    def _is_nothing(self, quantity):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_is_zero(quantity, precision_digits=digits)

    def _get_moved_shares(self):
        """The same of what was moved, whatever there is to invoice."""
        outgoing, incoming = self._get_outgoing_incoming_moves()
        # sudo: whoever invoices need not read the stock.
        outgoing = outgoing.sudo()._filter_to_invoice()
        incoming = incoming.sudo().filtered(lambda move: move.state == "done")
        shares = []
        for move in outgoing:
            back = incoming.filtered(
                lambda m, move=move: m.origin_returned_move_id == move
            )
            incoming -= back
            quantity = self._count_moved(move) - self._count_moved(back)
            shares.append((move.picking_id, quantity, move | back))
        for move in incoming._filter_to_invoice():
            shares.append((move.picking_id, -self._count_moved(move), move))
        return sorted(shares, key=lambda share: share[0]._get_note_order())

    def _count_moved(self, moves):
        """As Odoo counts what was delivered of the line."""
        return sum(
            move.product_uom._compute_quantity(
                move.quantity, self.product_uom_id, rounding_method="HALF-UP"
            )
            for move in moves
        )

    def _spare_returns(self, shares, left):
        """Less of the first returns: what gives nothing to invoice is not credited.

        Somebody has credited it by hand; or the line is invoiced when it is ordered,
        and what is ordered stays.
        """
        back = self._sum_shares(share for share in shares if share[1] < 0)
        spared = left - self._sum_shares(shares)
        if self.product_id.invoice_policy == "order":
            spared = min(left, 0.0) - back
        return self._lessen(shares, spared, -1)

    def _cut_shares(self, shares, left):
        """Less of the last notes: somebody has invoiced some of it by hand."""
        excess = self._sum_shares(shares) - left
        return self._lessen(shares[::-1], excess, 1)[::-1]

    def _lessen(self, shares, excess, sign):
        """The same, those of a sign with so much less, as far as they have it."""
        cut = []
        for note, quantity, moves in shares:
            less = max(min(sign * quantity, excess), 0.0)
            excess -= less
            cut.append((note, quantity - sign * less, moves))
        return cut

    def _has_goods_to_come(self):
        """Whether something of the line is still on its way out, at whatever step."""
        # sudo: whoever invoices need not read the stock.
        return any(
            move.state not in ("done", "cancel")
            and (move.location_final_id or move.location_dest_id).usage != "internal"
            for move in self.sudo().move_ids
        )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _filter_to_invoice(self):
        """Those done that no invoice holds: neither a draft nor one that counts."""
        return self.filtered(
            lambda move: move.state == "done" and not move._is_invoiced()
        )

    def _is_invoiced(self):
        """Not by an invoice that was taken back, nor by what took it back."""
        lines = self.invoice_line_ids
        if self.location_id.usage != "customer":
            # A sale in a credit note stands there with the sign turned.
            lines = lines.filtered(
                lambda line: line.move_type != "out_refund" or line.quantity < 0
            )
        return any(
            line.parent_state != "cancel" and line.move_id.payment_state != "reversed"
            for line in lines
        )

    def write(self, vals):
        """OCA takes what leaves of an article that is invoiced when ordered for part of
        the invoices there are: of customers with an invoice for each note it is not.
        """
        result = super().write(vals)
        if vals.get("state") == "done":
            # sudo: whoever packs need not read orders and invoices.
            for move in self.sudo().filtered("invoice_line_ids"):
                if move._is_beyond_invoices():
                    move.invoice_line_ids = False
        return result

    def _is_beyond_invoices(self):
        line = self.sale_line_id
        if not line.order_id._is_invoiced_by_note():
            return False
        invoiced, delivered = line.qty_invoiced, line.qty_delivered
        return delivered < invoiced if self.to_refund else delivered > invoiced


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_note_order(self):
        return (self.date_done, self.id)
