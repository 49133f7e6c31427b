from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.xpyme_contacts_billing.models.documents.sale_order_grouping import (
    PER_DELIVERY,
)

from ...tools.note_plan import NotePart, get_part, in_rounds


class SaleOrder(models.Model):
    """*AlbxFra* (seed 004, Factura: Forma de facturar): an invoice for each note.

    Odoo makes the invoices: it is told which part of an order each one is of.
    """

    _inherit = "sale.order"

    # === WHICH NOTES ===#

    def _is_invoiced_by_note(self):
        customer = self._get_paying_customer()
        return customer.invoice_grouping_mode == PER_DELIVERY

    def _has_notes(self):
        """Whether goods of the order leave, or have left, with notes."""
        # sudo: whoever invoices need not read the stock.
        moves = self.sudo().order_line.move_ids
        return any(move.state != "cancel" for move in moves)

    def _get_note_parts(self, final):
        """The parts that the invoices of the order are made of, the oldest note first.

        What no note has goes with the first one that sells something. While goods are
        to come it waits for theirs.
        """
        self.ensure_one()
        parts, rest, deductions = self._divide_by_note(final)
        is_finished = not self._has_goods_to_come()
        selling = [part for part in parts if self._get_total_of_part(part) > 0]
        if selling:
            selling[0].join(rest)
        elif rest.quantities and is_finished:
            parts.append(rest)
            selling = [rest]
        if final:
            deductions += self._get_down_payments()
        self._place_deductions(parts, selling, deductions, is_finished)
        return parts

    def _divide_by_note(self, final):
        """The parts of the notes, the oldest first; what no note has, and what is to be
        taken off: pairs of a line and its quantity."""
        parts, rest, deductions = {}, NotePart(), []
        for line in self.order_line.filtered(lambda line: not line.is_downpayment):
            shares, remainder = line._get_note_shares(final)
            for note, quantity, moves in shares:
                if note._is_of_next_run():
                    continue
                part = parts.setdefault(note, NotePart([note.id]))
                part.take(line.id, quantity, moves.ids)
            if remainder and line._get_amounts_of(remainder)[1] < 0:
                deductions.append((line, remainder))
            elif remainder:
                rest.take(line.id, remainder)
        notes = sorted(parts, key=lambda note: note._get_note_order())
        return [parts[note] for note in notes], rest, deductions

    def _has_goods_to_come(self):
        """Whether something of the order is to leave, or left too late for a run."""
        return any(line._has_goods_to_come() for line in self.order_line) or bool(
            self._get_moves_of_next_run()
        )

    def _get_total_of_part(self, part):
        return self._get_amounts_of_part(part)[1]

    def _get_amounts_of_part(self, part):
        """What a part is worth, without tax and with it, in the order's currency."""
        lines = self.order_line.filtered(lambda line: line.id in part.quantities)
        amounts = [line._get_amounts_of(part.quantities[line.id]) for line in lines]
        return tuple(sum(amount[place] for amount in amounts) for place in (0, 1))

    def _has_negative_net(self, final):
        """What waits for its note makes no credit note of the others."""
        if not (self._is_invoiced_by_note() and self._has_notes()):
            return super()._has_negative_net(final)
        lines = self._get_invoiceable_lines(final)
        if all(line._get_total_to_invoice() >= 0 for line in lines):
            return False
        total = sum(map(self._get_total_of_part, self._get_note_parts(final)))
        return self.currency_id.compare_amounts(total, 0) < 0

    def _reckon_by_note(self):
        """What the invoices of each order come to: without tax, with it; their number.

        As a billing run makes them: what came back is credited.
        """
        self._read_together()
        reckoned = []
        for order in self:
            parts = order._get_run_parts()
            amounts = [order._get_amounts_of_part(part) for part in parts]
            net, total = (sum(amount[place] for amount in amounts) for place in (0, 1))
            reckoned.append((net, total, len(parts)))
        return reckoned

    def _get_run_parts(self):
        part = get_part(self.env.context, self.id)
        if part is not None:
            return [part] if part.quantities else []
        if self._has_notes():
            return self._get_note_parts(final=True)
        lines = self._get_invoiceable_lines(final=True)
        lines = lines.filtered(lambda line: not line.display_type)
        quantities = {line.id: line.qty_to_invoice for line in lines}
        return [NotePart(quantities=quantities)] if quantities else []

    def _read_together(self):
        """Read for all of the orders what each of them asks for, by itself.

        Of many records Odoo reads a field that is missing alone: all of them first.
        """
        # sudo: see ``_has_notes``.
        moves = self.sudo().order_line.move_ids
        moves.fetch()
        moves.picking_id.fetch()
        self.mapped("currency_id"), self.order_line.mapped("tax_ids")
        moves.mapped("picking_id.date_done")
        moves.mapped("invoice_line_ids.move_id.payment_state")

    # === VOUCHERS AND DOWN PAYMENTS ===#

    def _get_down_payments(self):
        """Pairs of a line and how much of it is to be taken off."""
        lines = self.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        )
        return [
            (line, line.qty_to_invoice)
            for line in lines
            if not line._is_nothing(line.qty_to_invoice)
        ]

    def _place_deductions(self, parts, selling, deductions, is_finished):
        """What is taken off goes with the first note whose total covers it.

        Once all is delivered and none does, a voucher or a discount goes with as many
        of the last ones as cover it: a sale is no credit note. A down payment, which
        has its own invoice, goes with the last one: the customer has it.
        """
        if not deductions:
            return
        left = [self._get_total_of_part(part) for part in selling]
        for line, quantity in deductions:
            amount = -line._get_amounts_of(quantity)[1]
            fits = (n for n, total in enumerate(left) if self._covers(total, amount))
            number = next(fits, None)
            if number is None and is_finished:
                if not selling:
                    parts.append(NotePart())
                    selling, left = parts[-1:], [0.0]
                if not line.is_downpayment:
                    self._join_last_parts(parts, selling, left, amount)
                number = len(selling) - 1
            if number is not None:
                selling[number].take(line.id, quantity)
                left[number] -= amount

    def _join_last_parts(self, parts, selling, left, amount):
        """One invoice of as many of the last notes as cover an amount, if all do."""
        if not self._covers(sum(left), amount):
            return
        while not self._covers(left[-1], amount):
            last, total = selling.pop(), left.pop()
            parts.remove(last)
            selling[-1].join(last)
            left[-1] += total

    def _covers(self, total, amount):
        return self.currency_id.compare_amounts(total, amount) >= 0

    # === INVOICING ===#

    def _create_part_invoices(self, part, final, date):
        """:raise UserError: there is nothing to invoice, and nobody is to be spared"""
        if part[0] != PER_DELIVERY:
            return super()._create_part_invoices(part, final, date)
        noted = self.filtered(lambda order: order._has_notes())
        if not noted:
            return super()._create_part_invoices(part, final, date)
        moves = self.env["account.move"]
        quiet = self.with_context(raise_if_nothing_to_invoice=False)
        if others := quiet - noted:
            moves += super(SaleOrder, others)._create_part_invoices(part, final, date)
        parts = {order.id: order._get_note_parts(final) for order in noted}
        for plan in in_rounds(parts):
            orders = quiet.browse(plan.parts).with_context(**plan.as_context())
            moves += super(SaleOrder, orders)._create_part_invoices(part, final, date)
        if not moves and self.env.context.get("raise_if_nothing_to_invoice", True):
            raise UserError(self._nothing_to_invoice_error_message())
        return moves.with_env(self.env)

    def _get_invoiceable_lines(self, final=False):
        part = get_part(self.env.context, self.id)
        if part is None:
            return super()._get_invoiceable_lines(final)
        return self._get_lines_of_part(part)

    def _get_lines_of_part(self, part):
        """As Odoo's: headings of what is invoiced, all notes, down payments last."""
        lines, heading, down_payments = [], [], []
        for line in self.order_line:
            if line.display_type == "line_section":
                heading = [line.id]
            elif line.display_type == "line_subsection":
                heading = [*heading[:1], line.id]
            elif line.display_type:
                (heading or lines).append(line.id)
            elif line.id not in part.quantities:
                continue
            elif line.is_downpayment:
                down_payments.append(line.id)
            else:
                lines += [*heading, line.id]
                heading = []
        return self.env["sale.order.line"].browse(lines + down_payments)

    def _prepare_invoice(self):
        """With the note, and the day when its goods left."""
        vals = super()._prepare_invoice()
        part = get_part(self.env.context, self.id)
        if part and part.note_ids:
            # sudo: whoever invoices need not read the stock.
            notes = self.env["stock.picking"].sudo().browse(part.note_ids)
            vals["invoice_origin"] = ", ".join([self.name, *notes.mapped("name")])
            day = self.company_id._to_local_day(notes[-1].date_done)
            vals["delivery_date"] = day
        return vals

    # === DAYS ===#

    def _get_delivery_day(self):
        """The day of the last note that is invoiced."""
        # sudo: whoever invoices need not read the stock.
        notes = self.sudo()._get_delivered_notes()
        notes = notes.filtered(lambda note: not note._is_of_next_run()) or notes
        days = notes.mapped("date_done")
        if not days:
            return super()._get_delivery_day()
        return self.company_id._to_local_day(max(days))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_invoice_line(self, **optional_values):
        """The quantity and the moves of the note that is invoiced."""
        part = get_part(self.env.context, self.order_id.id)
        if part is None or self.display_type or self.is_downpayment:
            return super()._prepare_invoice_line(**optional_values)
        optional_values["quantity"] = part.quantities[self.id]
        vals = super()._prepare_invoice_line(**optional_values)
        # OCA takes the last moves.
        vals["move_line_ids"] = [Command.set(part.moves.get(self.id, []))]
        return vals
