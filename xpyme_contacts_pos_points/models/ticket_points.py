from odoo import api, models
from odoo.tools import float_round


class PosOrder(models.Model):
    """Points follow what is given back, and who accumulates none earns none."""

    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        """Without what a customer who accumulates no points would earn."""
        customer = self.partner_id.sudo().commercial_partner_id
        if customer.no_points:
            coupon_data = {
                card_id: values
                for card_id, values in coupon_data.items()
                if values.get("points", 0) <= 0
                or self._get_program_of(int(card_id), values).program_type != "loyalty"
            }
        return super().confirm_coupon_programs(coupon_data)

    def _remove_duplicate_coupon_data(self, coupon_data):
        """What goods that come back took off a card is not what the ticket earned."""
        # sudo: a cashier need not read programs.
        programs = self.env["loyalty.program"].sudo()
        earning = {
            card_id: values
            for card_id, values in coupon_data.items()
            if programs.browse(values["program_id"]).program_type == "loyalty"
        }
        for card_id in earning:
            del coupon_data[card_id]
        super()._remove_duplicate_coupon_data(coupon_data)
        coupon_data.update(
            {
                card_id: values
                for card_id, values in earning.items()
                if not self._has_told_points(programs.browse(values["program_id"]))
            }
        )

    def _has_told_points(self, program):
        """Whether a till has told already what the ticket earned, or spent."""
        # sudo: a cashier need not read histories.
        return self.env["loyalty.history"].sudo().search_count(
            [
                ("card_id.program_id", "=", program.id),
                ("order_model", "=", self._name),
                ("order_id", "=", self.id),
                ("issued", ">=", 0),
            ],
            limit=1,
        )

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self._take_points_back()
        return result

    def _take_points_back(self):
        """What the tickets whose goods come back had earned, in proportion.

        Once for each refund: the history says what it took. What an order had earned
        goes off with what its tickets take back.
        """
        # sudo: whoever takes goods back changes their customer's points.
        orders = self.sudo().lines.refunded_orderline_id.sale_order_line_id.order_id
        orders._filtered_earning()._update_returned_points(self.sudo())
        # sudo: a cashier does not write histories.
        history = self.env["loyalty.history"].sudo()
        mark = {"order_model": self._name, "order_id": self.id}
        for sold in self.lines.refunded_orderline_id.order_id:
            domain = [("order_model", "=", self._name), ("order_id", "=", sold.id)]
            domain += [("card_id.program_id.program_type", "=", "loyalty")]
            for earned in history.search(domain):
                card = earned.card_id
                own = [(name, "=", value) for name, value in mark.items()]
                taken = history.search_count([("card_id", "=", card.id), *own])
                points = min(
                    earned.issued * self._get_returned_share(sold),
                    earned.issued - self._get_taken_back(sold, card),
                )
                points = float_round(points, precision_digits=2)
                if taken or points <= 0:
                    continue
                card.points -= points
                history.create(
                    {
                        **mark,
                        "card_id": card.id,
                        "issued": -points,
                        "description": self.env._("%s given back", sold.name),
                    }
                )

    @api.model
    def _get_taken_back(self, sold, card):
        """Points that refunds of a ticket took off a card so far."""
        history = self.env["loyalty.history"].sudo()
        taken = history.search(
            [
                ("card_id", "=", card.id),
                ("order_model", "=", self._name),
                ("order_id", "in", sold.lines.refund_orderline_ids.order_id.ids),
                ("issued", "<", 0),
            ]
        )
        return -sum(taken.mapped("issued"))

    def _get_returned_share(self, sold):
        """Which part of a ticket this one takes back, 0 to 1."""
        lines = self.lines.filtered(
            lambda line: line.refunded_orderline_id.order_id == sold
        )
        returned = -sum(lines.mapped("price_subtotal_incl"))
        total = sold.amount_total
        return min(1.0, max(0.0, returned / total)) if total > 0 else 0.0
