from odoo import api, models

from odoo.addons.xpyme_contacts.tools.inner import heard, inner

OF_ORDER = inner("xpyme_note_of_order")
# Who gets the goods of a move, and what excuses it.
_DECISIVE = (
    "partner_id",
    "picking_id",
    "sale_line_id",
    "origin_returned_move_id",
    "location_dest_id",
)


class StockMove(models.Model):
    """Goods that leave for a customer: as far as no order stands behind them they are
    a sale of their own, which *Baja* refuses (seed 004: Esp).

    Links say nothing by themselves, anybody may write them: it is counted what the
    order still has to deliver.
    """

    _inherit = "stock.move"

    def _assign_picking(self):
        """A new picking learns whose order it is of only when it has its moves."""
        if self.sale_line_id:
            moves = self.with_context(**OF_ORDER)
            return super(StockMove, moves)._assign_picking()
        return super()._assign_picking()

    # === WHAT WAS ORDERED ===#

    def _get_unordered(self):
        """What leaves beyond what its customers ordered, or had brought back.

        :return: dict of quantities, in the unit of the article, by move
        """
        # sudo: who packs need not read orders.
        moves, left, found = self.sudo()._origin, {}, {}
        for move in self.sudo()._filter_leaving():
            quantity = move._get_leaving_quantity()
            if source := move._get_source():
                key = source, move.product_id
                if key not in left:
                    left[key] = source._count_left(move.product_id, moves)
                covered = max(min(quantity, left[key]), 0.0)
                left[key] -= covered
                quantity -= covered
            if move.product_id.uom_id.compare(quantity, 0.0) > 0:
                found[move] = quantity
        return found

    def _filter_leaving(self):
        """Those to a customer: no goods of a ticket that is being paid, nor what stays
        because only a part of its note was picked."""
        begun = self.picking_id.move_ids.filtered("picked").picking_id
        return self.filtered(
            lambda move: move.state != "cancel"
            and move.location_dest_id.usage == "customer"
            and (move.picked or move.picking_id not in begun)
            and not move.picking_id._is_of_till()
        )

    def _get_leaving_quantity(self):
        """What leaves, or is to leave, in the unit of the article."""
        quantity = self.quantity
        if self.state != "done" and not self.picked:
            quantity = max(quantity, self.product_uom_qty)
        return self._to_article_unit(quantity)

    def _to_article_unit(self, quantity):
        unit = self.product_id.uom_id
        return self.product_uom._compute_quantity(
            quantity, unit, rounding_method="HALF-UP"
        )

    def _get_source(self):
        """What excuses the move: goods that were brought back, the note of a paid
        ticket, or a line of an order.

        Of the same article, company and customer; the order is confirmed.
        """
        returned = self.origin_returned_move_id
        if returned:
            return returned if self._takes_back(returned) else None
        note = self.picking_id
        if note._get_ticket():
            receivers = self._get_receivers().commercial_partner_id
            is_own = receivers <= note.partner_id.commercial_partner_id
            return note if is_own else None
        line = self.sale_line_id or self.picking_id.sale_id.order_line.filtered(
            lambda line: line.product_id == self.product_id
        )
        line = line[:1]
        return line if line and self._is_ordered_in(line) else None

    def _takes_back(self, returned):
        receivers = self._get_receivers().commercial_partner_id
        return (
            returned.state == "done"
            and returned.location_id.usage == "customer"
            and returned.product_id == self.product_id
            and returned.company_id == self.company_id
            and receivers <= returned._get_receivers().commercial_partner_id
        )

    def _is_ordered_in(self, line):
        order = line.order_id
        parties = order._get_parties().commercial_partner_id
        return (
            order.state == "sale"
            and order.company_id == self.company_id
            and self._get_receivers().commercial_partner_id <= parties
            and line._has_article(self)
        )

    def _get_receivers(self):
        """Whom the goods go to; a supplier's note is addressed to the supplier."""
        is_supplied = self.location_id.usage == "supplier"
        note = self.picking_id.filtered(lambda note: not is_supplied)
        return self.partner_id | note.partner_id

    def _is_component(self):
        """Whether it is of a kit, which only those know who have *Manufacturing*."""
        return "bom_line_id" in self._fields and bool(self.bom_line_id)

    def _count_left(self, _product, moves):
        """How much of what the move brought back may leave again, but for ``moves``."""
        again = self.search([("origin_returned_move_id", "=", self.id)])
        again = again.filtered(lambda move: move.state == "done") - moves
        gone = sum(move._to_article_unit(move.quantity) for move in again)
        return self._to_article_unit(self.quantity) - gone

    # === BAJA ===#

    def _get_direct_customers(self):
        """The partners to whom something is sold by what leaves without an order."""
        partners = self.env["res.partner"]
        for move in self._get_unordered():
            source = move._get_source()
            partners |= move._get_receivers().with_env(self.env)
            if source and source._name == "sale.order.line":
                partners |= source.order_id._get_parties().with_env(self.env)
        return partners

    def _check_receivers_not_blocked(self):
        """:raise ValidationError: a customer on *Baja* gets what was not ordered"""
        # sudo: who packs need not read orders.
        moves = self.sudo()
        orders = moves.sale_line_id.order_id | moves.picking_id.sale_id
        parties = orders._get_parties() | moves.partner_id | moves.picking_id.partner_id
        if parties._get_blocked_customer():
            self._get_direct_customers()._check_not_blocked()

    @api.constrains(*_DECISIVE)
    def _check_customer_not_blocked(self):
        if not heard(self.env.context, "xpyme_note_of_order"):
            self._check_receivers_not_blocked()

    def write(self, vals):
        if vals.keys().isdisjoint(_DECISIVE):
            return super().write(vals)
        notes = self.picking_id | self.picking_id.browse(vals.get("picking_id"))
        with notes._judging_what_has_left():
            return super().write(vals)

    def _action_done(self, cancel_backorder=False):
        """Judged when it has left: only then it is known how much does."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._check_receivers_not_blocked()
        return moves


class StockMoveLine(models.Model):
    """What is added to goods that have left leaves as well."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        notes = self._get_notes(vals_list)
        with notes._judging_what_has_left():
            lines = super().create(vals_list)
        lines._check_receivers_not_blocked()
        return lines

    def write(self, vals):
        if vals.keys().isdisjoint(("quantity", "product_uom_id", "move_id")):
            return super().write(vals)
        notes = self.picking_id | self._get_notes([vals])
        with notes._judging_what_has_left():
            result = super().write(vals)
        self._check_receivers_not_blocked()
        return result

    @api.model
    def _get_notes(self, vals_list):
        """The notes to which lines with such values belong."""
        notes, moves = (
            self[name].browse({vals.get(name) for vals in vals_list} - {None, False})
            for name in ("picking_id", "move_id")
        )
        return notes | moves.picking_id

    def _check_receivers_not_blocked(self):
        moves = self.move_id.filtered(lambda move: move.state == "done")
        moves._check_receivers_not_blocked()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_parties(self):
        """Who orders, who pays and who gets the goods."""
        return self.partner_id | self.partner_invoice_id | self.partner_shipping_id


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _has_article(self, move):
        return self.product_id == move.product_id or move._is_component()

    def _count_left(self, product, moves):
        """How much of an article is left to deliver, but for ``moves``, in its unit."""
        outgoing, incoming = self.move_ids.browse(), self.move_ids.browse()
        if product == self.product_id:
            unit, ordered = product.uom_id, self.product_uom_qty
            left = self.product_uom_id._compute_quantity(ordered, unit)
            outgoing, incoming = self._get_outgoing_incoming_moves()
        else:
            left, outgoing = self._get_components(product)
        gone = outgoing.filtered(lambda move: move.state == "done") - moves
        # An exchange is made out before the goods are back, and leaves afterwards.
        is_planned = any(move.state != "done" for move in moves)
        back = incoming.filtered(lambda move: is_planned or move.state == "done")
        for move in gone:
            left -= move._get_leaving_quantity()
        for move in back:
            left += move._get_leaving_quantity()
        return left

    def _get_components(self, product):
        """How much of a kit's component is asked for, and the moves of it.

        None, when more kits have left than were ordered.
        """
        found = self.move_ids.filtered(
            lambda move: move.product_id == product
            and move.state != "cancel"
            and move.location_dest_id.usage == "customer"
        )
        asked = sum(move._to_article_unit(move.product_uom_qty) for move in found)
        unit, ordered = self.product_uom_id, self.product_uom_qty
        is_beyond = unit.compare(self.qty_delivered, ordered) > 0
        return (0.0 if is_beyond else asked), found
