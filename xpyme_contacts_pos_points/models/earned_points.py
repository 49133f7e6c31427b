from odoo import models
from odoo.tools import float_round

from odoo.addons.xpyme_contacts_points.models.free_return import ReturnedLine


class PosOrder(models.Model):
    """What a ticket earns by the rules of a loyalty program, reckoned of its lines."""

    _inherit = "pos.order"

    def _get_points_due(self, program, told):
        """What a paid ticket puts on its customer's card, less what rewards cost.

        :param told: what the till says, which knows the codes that were typed
        """
        rewards = self.lines.filtered(lambda line: line.reward_id.program_id == program)
        cost = max(sum(rewards.mapped("points_cost")), 0.0)
        earned = min(told + cost, self._reckon_points(program, program.rule_ids))
        if self.lines.refunded_orderline_id:
            # A till that was not loaded anew takes off what the server takes back.
            rules = program.rule_ids.filtered(lambda rule: rule.mode == "auto")
            earned = max(earned, self._reckon_points(program, rules))
        return earned - cost

    def _reckon_points(self, program, rules):
        """What the rules give for what the ticket sells anew, as the till does."""
        customer = self.partner_id.commercial_partner_id
        if customer.no_points or program not in self.config_id._get_program_ids():
            return 0.0
        lines = self.lines.filtered(lambda line: line._earns_points(program))
        missing = self._get_missing_payment()
        return sum(
            rule._reckon_ticket(lines.filtered(rule._is_for_line), missing)
            for rule in rules
        )

    def _list_returned_lines(self):
        """What the ticket sells anew, and what comes back without a link.

        With tax alone: what a till says to be without it is not believed.
        """
        lines = self.lines.filtered(
            lambda line: not (
                line.reward_id
                or line.refunded_orderline_id
                or line.sale_order_origin_id
            )
        )
        amounts = {line: line._sum_up() for line in lines}
        return [
            ReturnedLine(
                line.product_id,
                -line.qty if line.price_unit >= 0 else 0.0,
                -amount,
                -amount,
            )
            for line, amount in amounts.items()
        ]

    def _get_missing_payment(self):
        """What the lines come to and the ticket was not paid for, but for rounding."""
        missing = self.lines._sum_up() - self._compute_amount_paid()
        slack = self.currency_id.rounding * len(self.lines)
        if self.config_id.cash_rounding:
            slack += self.config_id.rounding_method.rounding
        return missing if missing > slack else 0.0


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _earns_points(self, program):
        """Whether it counts: goods that are sold anew, and discounts on them.

        An order gives its own points.
        """
        own = self.reward_id.program_id
        is_reward = own == program or own.program_type in ("gift_card", "ewallet")
        return not (
            is_reward or self.refunded_orderline_id or self.sale_order_origin_id
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_free_lines(self):
        """A ticket gives and takes points itself; what the office credits of its
        invoice takes them off."""
        if self._is_of_ticket():
            return self.invoice_line_ids.browse()
        return super()._get_free_lines()


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    def _is_for_line(self, line):
        return self.any_product or line.product_id in self.valid_product_ids

    def _reckon_ticket(self, lines, missing):
        """Points for lines of a ticket, of whose price an amount is missing."""
        amount = lines._sum_up() - missing
        goods = lines.filtered(lambda line: not line.reward_id and line.price_unit >= 0)
        quantity = sum(goods.mapped("qty"))
        if quantity < self.minimum_qty or amount < self.minimum_amount:
            return 0.0
        units = {"money": amount, "unit": quantity, "order": 1}
        points = self.reward_point_amount * units[self.reward_point_mode]
        return float_round(max(points, 0.0), precision_digits=2)
