from odoo import models
from odoo.tools import SQL

from odoo.addons.xpyme_contacts.tools import row_locks
from odoo.addons.xpyme_contacts.tools.inner import heard, inner
from odoo.addons.xpyme_contacts_points.models.loyalty_card import BY_DOCUMENT

# What a till says of points is what its ticket comes to.
_BOUNDED = inner("xpyme_points_bounded")


class PosOrder(models.Model):
    """Points follow what is given back, and who accumulates none earns none."""

    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        """Of points that become money no more than the paid ticket comes to.

        Odoo's till says after the ticket what it earned; anybody may say so, again and
        of any ticket.
        """
        ticket = self.with_context(**_BOUNDED)
        if not self.env.su:
            coupon_data = self._bound_points(coupon_data)
        result = super(PosOrder, ticket).confirm_coupon_programs(coupon_data)
        # What has been given back since takes off what is told only now.
        # sudo: tickets of whichever till.
        for back in self.sudo().lines.refund_orderline_ids.order_id:
            if back._is_paid():
                back._take_points_back()
        return result

    def add_loyalty_history_lines(self, coupon_data, coupon_updates):
        """Odoo's till has no business here but through what is told above."""
        ticket = self
        if heard(self.env.context, "xpyme_points_bounded"):
            ticket = self.with_context(**BY_DOCUMENT)
        return super(PosOrder, ticket).add_loyalty_history_lines(
            coupon_data, coupon_updates
        )

    def _bound_points(self, coupon_data):
        """What is told of loyalty cards: once for each program, of the customer's.

        A card is of its program, whatever is told: Odoo would look for another card.
        """
        told, seen = {}, self.env["loyalty.program"]
        for card_id, values in coupon_data.items():
            program = self._get_program_of(int(card_id), values)
            values = {**values, "program_id": program.id}
            if program.program_type != "loyalty":
                told[card_id] = values
            elif program not in seen and self._may_earn_on(int(card_id)):
                # sudo: a cashier reads neither orders nor all programs.
                points = self.sudo()._get_points_due(program, values["points"])
                if not (points or values.get("line_codes")):
                    continue
                seen |= program
                told[card_id] = {
                    **values,
                    "partner_id": self.partner_id.id,
                    "points": points,
                }
        if seen:
            self._touch_for_points()
        return told

    def _may_earn_on(self, card_id):
        """Whether the paid ticket's customer, or nobody, has the card."""
        # sudo: whose the card is.
        owner = self.env["loyalty.card"].sudo().browse(max(card_id, 0)).partner_id
        customer = self.partner_id.sudo().commercial_partner_id
        is_own = not owner or owner.commercial_partner_id == customer
        return self._is_paid() and is_own and bool(customer or card_id > 0)

    def _touch_for_points(self):
        """Who tells of a ticket twice, or of a customer's first two, meet here."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE pos_order SET write_date = write_date WHERE id = %s", self.id)
        )
        row_locks.touch(self.partner_id.commercial_partner_id)

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
        result = super()._remove_duplicate_coupon_data(coupon_data)
        coupon_data.update(
            {
                card_id: values
                for card_id, values in earning.items()
                if not self._has_told_points(programs.browse(values["program_id"]))
            }
        )
        return result

    def _has_told_points(self, program):
        """Whether a till has told already what the ticket earned, or spent."""
        # sudo: a cashier need not read histories.
        return (
            self.env["loyalty.history"]
            .sudo()
            .search_count(
                [
                    ("card_id.program_id", "=", program.id),
                    ("order_model", "=", self._name),
                    ("order_id", "=", self.id),
                    ("issued", ">=", 0),
                ],
                limit=1,
            )
        )

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self._take_points_back()
        return result

    def _take_points_back(self):
        """What the tickets whose goods come back had earned, in proportion.

        Reckoned anew each time: the history says what the refund took.
        What an order had earned goes off with what its tickets take back.
        """
        # sudo: whoever takes goods back changes their customer's points.
        ticket = self.sudo()
        # Odoo takes goods of one ticket back at a time.
        sold = ticket.lines.refunded_orderline_id.order_id
        orders = ticket.lines.refunded_orderline_id.sale_order_line_id.order_id
        orders._filtered_earning()._update_returned_points(ticket)
        for card, lines in sold._get_earned_lines().grouped("card_id").items():
            ticket._take_back(card, sum(lines.mapped("issued")), sold)
        returned = ticket._list_returned_lines()
        if any(line.total > 0 for line in returned):
            ticket.partner_id._update_free_returns(ticket, returned)

    def _get_earned_lines(self):
        """The lines of history with what the ticket put on loyalty cards."""
        return self.env["loyalty.history"].search(
            [
                ("order_model", "=", self._name),
                ("order_id", "in", self.ids),
                ("card_id.program_id.program_type", "=", "loyalty"),
                ("issued", ">", 0),
            ]
        )

    def _take_back(self, card, earned, sold):
        """:param earned: points that ``sold`` put on the card"""
        others = sold.lines.refund_orderline_ids.order_id - self
        left = earned + sum(card._get_taken_lines(others).mapped("issued"))
        points = max(min(earned * self._get_returned_share(sold), left), 0.0)
        description = self.env._("%s given back", sold.name)
        card._set_taken_back(self, points, description)

    def _get_returned_share(self, sold):
        """Which part of what a ticket sold this one takes back, 0 to 1."""
        lines = self.lines.filtered(
            lambda line: line.refunded_orderline_id.order_id == sold
        )
        total = sold.lines.filtered(lambda line: not line.refunded_orderline_id)
        total = total._sum_up()
        return min(1.0, max(0.0, -lines._sum_up() / total)) if total > 0 else 0.0
