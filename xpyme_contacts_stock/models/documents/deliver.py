from odoo import api, models
from odoo.exceptions import UserError

# The steps of a delivery, from the shelf to the door, and a few more.
_STEPS = 9
# What Odoo's windows carry along while they ask: the order, and what has gone already.
_ASKED = "deliver_note_asked"
# What of their context holds for what comes after the answer.
_KEPT = ("allowed_company_ids", "lang", "risk_interactive", "tz")


class SaleOrder(models.Model):
    """*Entregar y albarán*: confirm, deliver and print in one press.

    It stops where Odoo has a question: a limit, a lot, what is not in stock.
    """

    _inherit = "sale.order"

    def _get_delivery_note_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Delivery Note"),
            "res_model": "sale.order",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_deliver_note(self):
        """Deliver what is left of the order, and print the note.

        :return: the printing, or the question that comes first
        :raise UserError: there is nothing to deliver
        """
        self.ensure_one()
        if self._is_delivery_open():
            if question := self._confirm_to_deliver():
                return question
        return self._deliver(self.picking_ids.browse())

    def _confirm_to_deliver(self):
        """Confirm the order; the question that comes instead, or None."""
        if question := self._ask_risk("sale", "deliver"):
            return question
        goods = self.order_line.filtered(lambda line: line.product_id.type == "consu")
        # What was offered and nobody wanted.
        goods.filtered(lambda line: not line.product_uom_qty).unlink()
        result = self.action_confirm()
        return result if isinstance(result, dict) else None

    @api.model
    def _get_risk_continuations(self):
        return {**super()._get_risk_continuations(), "deliver": "action_deliver_note"}

    def _get_delivered_notes(self):
        return self.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking._is_delivery_note()
        )

    def _deliver(self, gone, steps=None):
        """Validate the transfers one step after the other.

        :param gone: those which the same press has validated already
        :param steps: those which come next, if that is known: Odoo has asked about them
        :return: the printing of what has left, or Odoo's question
        :raise UserError: there are none, or Odoo says what is missing
        """
        result = None
        for _step in range(_STEPS):
            steps = steps or self._get_next_steps(gone)
            if not steps:
                break
            result = steps.button_validate()
            gone |= steps
            if isinstance(result, dict) and steps.filtered(lambda p: p.state != "done"):
                context = {**(result.get("context") or {}), _ASKED: [self.id, gone.ids]}
                return {**result, "context": context}
            steps = None
        if result is None:
            raise UserError(self.env._("Nothing of this order is left to deliver."))
        return self._get_printing_action(gone, result)

    def _get_next_steps(self, gone):
        """The transfers that have something to move, of a chain those which come first;
        if none has, one of which Odoo says what is missing.

        :param gone: validated by the same press: what they left behind stays
        """
        ahead = self.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
            and picking._is_step_to_customer()
            and picking.backorder_id not in gone
        )
        ahead._take_what_is_to_leave()
        ready = ahead.filtered(lambda picking: picking._has_something_to_move())
        if not ready and gone:
            return ready
        chain = ready or ahead
        first = chain.filtered(
            lambda picking: not picking.move_ids.move_orig_ids.picking_id & chain
        )
        return first if ready else first[:1]

    def _get_printing_action(self, gone, result):
        """:param gone: transfers that are done, of which notes are printed
        :param result: Odoo's answer, with what it prints by itself
        """
        notes = self._get_delivered_notes() & gone
        if not notes:
            return result
        by_itself = notes.picking_type_id.filtered("auto_print_delivery_slip")
        if isinstance(result, dict) and (by_itself or not result.get("params")):
            return result
        report = self.env.ref("stock.action_report_delivery")
        action = report.report_action(notes, data={}, config=False)
        if isinstance(result, dict):
            result["params"].setdefault("reports", []).append(action)
            return result
        return {**action, "close_on_report_download": True}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def button_validate(self):
        """Odoo's windows call it when they have their answer: then what the order's
        button has begun goes on."""
        context = self.env.context
        if not context.get(_ASKED):
            return super().button_validate()
        order_id, gone = context[_ASKED]
        kept = {key: context[key] for key in _KEPT if key in context}
        order = self.env(context=kept)["sale.order"].browse(order_id)
        steps = self.with_context(**{_ASKED: None})
        return order._deliver(order.picking_ids.browse(gone), steps)

    def _is_step_to_customer(self):
        """Whether goods leave with it, or go from one place of the shop to another to
        leave then: not what comes in, nor what came back and is put away."""
        if self._is_delivery_note():
            return True
        moves = self.move_ids
        moves |= moves.browse(moves._rollup_move_dests())
        ends = [move.location_final_id or move.location_dest_id for move in moves]
        is_of_shop = self.location_id.usage in ("internal", "transit")
        return is_of_shop and any(end._is_outgoing() for end in ends)

    def _take_what_is_to_leave(self):
        """Reserve what is in stock; if the company wants it, take the rest too."""
        self.filtered(lambda picking: picking.state == "draft").action_confirm()
        if self.move_ids._filter_open():
            self.action_assign()
        # What was counted stays so: of a note that is begun only that leaves.
        begun = self.move_ids._filter_open().filtered("picked").picking_id
        for move in (self - begun).move_ids._filter_open():
            is_on_its_way = bool(move.move_orig_ids._filter_open())
            if move.company_id.delivers_unreserved and not is_on_its_way:
                move.quantity = move.product_uom_qty

    def _has_something_to_move(self):
        return any(move.quantity for move in self.move_ids._filter_open())


class StockMove(models.Model):
    _inherit = "stock.move"

    def _filter_open(self):
        return self.filtered(lambda move: move.state not in ("done", "cancel"))
