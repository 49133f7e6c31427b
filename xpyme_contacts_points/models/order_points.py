from contextlib import contextmanager

from odoo import api, models
from odoo.tools import float_is_zero, float_round

_DIGITS = 2
_INVOICES = ("out_invoice", "out_refund")


class SaleOrder(models.Model):
    """Points follow an order that changes, and goods that come back.

    Core gives them once, when the order is confirmed. What is due is reckoned anew and
    the history gets what it lacks, so it is of no matter how often that is done; a
    cancelled order takes back all that it gave, as core does.
    """

    _inherit = "sale.order"

    @contextmanager
    def _following_points(self):
        """Around whatever may change confirmed orders ``self``."""
        earning, returning = self._filtered_earning(), self._filtered_returning()
        yield
        for order in earning.exists():
            order._update_ordered_points()
        (
            returning | self.exists()._filtered_returning()
        ).exists()._update_free_returns()

    def _filtered_earning(self):
        """The confirmed ones that gave points to a loyalty card."""
        confirmed = self.filtered(lambda order: order.id and order.state == "sale")
        if not confirmed:
            return confirmed
        # sudo: whether points were given, whoever changes the order.
        entries = self.env["sale.order.coupon.points"].sudo()
        entries = entries.search(
            [
                ("order_id", "in", confirmed.ids),
                ("coupon_id.program_id.program_type", "=", "loyalty"),
            ]
        )
        return confirmed.filtered(lambda order: order.id in entries.order_id._ids)

    def _action_cancel(self):
        """What credit notes took back has been taken back with the order."""
        result = super()._action_cancel()
        # sudo: as core does with the order's own lines.
        history = self.env["loyalty.history"].sudo()
        history.search([("changed_order_id", "in", self.ids)]).unlink()
        return result

    # === GIVING AND TAKING BACK ===#

    def _update_ordered_points(self):
        """Give what the order as it is now is due, less what was returned."""
        for entry in self._get_followed_entries():
            order = entry.order_id
            given = sum(entry._get_ordered_lines().mapped("issued"))
            entry._give(order._get_points_due(entry) - given, order)
            entry._update_returned(order._get_last_credit_note() or order)

    def _update_returned_points(self, document):
        """Take back the points of what was returned.

        :param document: the invoice, credit note or ticket that changed something
        """
        for entry in self._get_followed_entries():
            entry._update_returned(document)

    def _get_followed_entries(self):
        # sudo: whoever changes an order changes its customer's points.
        entries = self.sudo().coupon_point_ids
        return entries.filtered(
            lambda entry: entry.coupon_id.program_id.program_type == "loyalty"
            # Orders of before there was a history: what they gave is not known.
            and entry._get_ordered_lines()
        )

    def _get_points_due(self, entry):
        """What the order as it is now gives to a card, nothing being returned."""
        program = entry.coupon_id.program_id
        status = self._program_check_compute_points(program)[program]
        return status["points"][0] if "points" in status else 0.0

    # === RETURNS ===#

    def _get_returned_share(self):
        """Which part of the order was returned and not sold anew, 0 to 1."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.is_downpayment)
        total = sum(lines.mapped("price_total"))
        if total <= 0:
            return 0.0
        sold, returned = self._sum_sold_and_returned(lines)
        returned -= max(0.0, sold - total)
        return min(1.0, max(0.0, returned / total))

    def _sum_sold_and_returned(self, lines):
        """What documents sell of an order's lines, and what they take back; an addon
        adds its own.

        :return: both above 0, with tax, in the currency of the order
        """
        kinds = ("out_invoice", "out_refund")
        return tuple(self._sum_invoiced(lines, kind) for kind in kinds)

    def _sum_invoiced(self, lines, move_type):
        """With tax, in the currency of the order."""
        return sum(
            line.currency_id._convert(
                line.price_total, self.currency_id, self.company_id, line.date
            )
            for line in self._get_posted_lines(lines)
            if line.move_type == move_type
        )

    @api.model
    def _get_posted_lines(self, lines):
        return lines.invoice_lines.filtered(lambda line: line.parent_state == "posted")

    def _get_last_credit_note(self):
        lines = self._get_posted_lines(self.order_line)
        notes = lines.move_id.filtered(lambda move: move.move_type == "out_refund")
        return notes.sorted("id")[-1:]


class SaleOrderCouponPoints(models.Model):
    """What an order gives to one card."""

    _inherit = "sale.order.coupon.points"

    def _get_ordered_lines(self):
        """The lines of history with what the order gave."""
        return self.coupon_id.history_ids.search(
            [
                ("card_id", "=", self.coupon_id.id),
                ("order_model", "=", "sale.order"),
                ("order_id", "=", self.order_id.id),
                ("is_free_return", "=", False),
            ]
        )

    def _get_returned_lines(self):
        """Those with what credit notes, and other documents, took back."""
        return self.coupon_id.history_ids.search(
            [
                ("card_id", "=", self.coupon_id.id),
                ("order_model", "!=", "sale.order"),
                ("changed_order_id", "=", self.order_id.id),
            ]
        )

    def _update_returned(self, document):
        """Take back the points of what was returned.

        :param document: the one that tells it in the history
        """
        given = sum(self._get_ordered_lines().mapped("issued"))
        taken = sum(self._get_returned_lines().mapped("issued"))
        due = -given * self.order_id._get_returned_share()
        self._give(due - taken, document)
        # What core takes back if the order is cancelled.
        self.points = given + due

    def _give(self, points, document):
        """
        :param points: below 0 to take them back
        :param document: the order or invoice that they are due to
        """
        points = float_round(points, precision_digits=_DIGITS)
        if float_is_zero(points, precision_digits=_DIGITS):
            return
        self.coupon_id.points += points
        self.env["loyalty.history"].create(
            {
                "card_id": self.coupon_id.id,
                "issued": points,
                "description": self.env._(
                    "%(order)s changed: %(document)s",
                    order=self.order_id.name,
                    document=document.display_name,
                )
                if document != self.order_id
                else self.env._("%s changed", self.order_id.name),
                "order_model": document._name,
                "order_id": document.id,
                "changed_order_id": self.order_id.id,
            }
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def _get_points_fields(self):
        """Fields of a line on which the points of its order depend."""
        return {
            *("product_id", "product_uom_qty", "product_uom_id", "price_unit"),
            *("discount", "tax_ids", "order_id"),
        }

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("order_id") for vals in vals_list} - {None, False}
        with self.env["sale.order"].browse(ids)._following_points():
            return super().create(vals_list)

    def write(self, vals):
        if self._get_points_fields().isdisjoint(vals):
            return super().write(vals)
        with self.order_id._following_points():
            return super().write(vals)

    def unlink(self):
        with self.order_id._following_points():
            return super().unlink()


class AccountMove(models.Model):
    """Credit notes of orders take points back, and give them back if taken back."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._update_points_of_orders()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._update_points_of_orders()
        return result

    def _update_points_of_orders(self):
        for move in self.filtered(lambda move: move.move_type in _INVOICES):
            # sudo: the orders of an invoice, whoever posts it.
            orders = move.line_ids.sale_line_ids.order_id.sudo()
            orders._filtered_earning()._update_returned_points(move)
            move._update_free_returns()
